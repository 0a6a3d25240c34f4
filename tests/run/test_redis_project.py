"""A project that keeps tokens and locks in Redis."""

from __future__ import annotations

import pytest

from menuops.core.errors import CannotStart, Locked
from menuops.core.secret import Secret
from menuops.locks import LockKey, RedisLocks, RedisServer
from tests.redis_server import LocalRedis
from tests.site import APPID, Site


@pytest.fixture
def shared(site: Site, redis_server: LocalRedis) -> Site:
    site.write(
        "menuops.yaml",
        {
            "accounts": {"shop": site.shop()},
            "token_store": "redis",
            "token_store_env": "TOKENS",
        },
    )
    site.environ["TOKENS"] = redis_server.url
    return site


def test_plan_and_apply_work_and_the_token_is_in_redis_alone(
    shared: Site, redis_server: LocalRedis
) -> None:
    shared.apply(shared.plan())
    assert shared.plan().changed == ()
    assert shared.calls.count("stable_token") == 1
    (key,) = redis_server.call("KEYS", "*")
    assert key.startswith(b"menuops:{")
    assert key.endswith(b"}:token")
    assert not (shared.home / "cache").exists()


def test_another_machines_apply_holds_the_account(shared: Site, redis_server: LocalRedis) -> None:
    """Nothing but the Redis is shared by the two."""
    with RedisServer(Secret(redis_server.url), named_by="the test") as server:
        elsewhere = RedisLocks(server, command="menuops apply elsewhere")
        lock = elsewhere.held(LockKey(shared.url, APPID, "apply"))
        with lock, pytest.raises(Locked, match="menuops apply elsewhere"):
            shared.apply()
    assert shared.writes == []


def test_a_lock_that_is_lost_in_the_middle_stops_before_the_next_call(
    shared: Site, redis_server: LocalRedis
) -> None:

    def flush(*_: object) -> None:
        redis_server.call("FLUSHALL")

    shared.menu(
        {
            "button": [{"name": "y", "type": "click", "key": "K"}],
            "conditionalmenu": [
                {
                    "matchrule": {"client_platform_type": "ios"},
                    "button": [{"name": "z", "type": "click", "key": "K"}],
                }
            ],
        }
    )
    plan = shared.plan()
    assert len(plan.changed[0].steps) == 2
    applied = shared.apply(plan, progress=flush)
    (account,) = applied.accounts
    assert [step.outcome for step in account.steps] == ["done", "failed"]
    error = account.steps[1].error
    assert error is not None
    assert "lock was lost" in error.message
    assert len(shared.writes) == 1


def test_without_the_variable_it_says_which(shared: Site) -> None:
    del shared.environ["TOKENS"]
    with pytest.raises(CannotStart, match="TOKENS isn't set"):
        shared.plan()
    assert shared.calls == []


def test_an_emulated_account_needs_no_redis(shared: Site) -> None:
    del shared.environ["TOKENS"]
    shared.write(
        "menuops.yaml",
        {
            "accounts": {"demo": shared.shop(api="emulator")},
            "token_store": "redis",
            "token_store_env": "TOKENS",
        },
    )
    shared.apply(shared.plan())
    assert shared.plan().changed == ()
