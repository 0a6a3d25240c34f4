"""The same faults, met by commands: a clear error with exit code 7, and nothing written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from menuops.core.secret import Secret
from menuops.emulator.answers import Answer
from menuops.emulator.request import Request
from menuops.locks import LockKey, RedisLocks, RedisServer, file_stem
from tests.redis_server import LocalRedis
from tests.site import APPID, Ended, Site

from .conftest import waiting


@pytest.fixture
def shared(site: Site, own_redis: LocalRedis) -> Site:
    """A project whose tokens and locks are in Redis, and whose menu is to change."""
    site.write(
        "menuops.yaml",
        {
            "accounts": {"shop": site.shop()},
            "token_store": "redis",
            "token_store_env": "TOKENS",
        },
    )
    site.environ["TOKENS"] = own_redis.url
    return site


@contextmanager
def running(site: Site, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "menuops", *arguments],
        cwd=site.root,
        env=site.process_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as popen:
        yield popen
        popen.kill()


def ended(popen: subprocess.Popen[str]) -> Ended:
    out, err = popen.communicate()
    return Ended(popen.returncode, out, err)


def assert_clear(result: Ended, *words: str) -> None:
    assert result.code == 7, result.said
    for word in words:
        assert word in " ".join(result.said.split()), "lines are as long as the terminal"
    assert "Traceback" not in result.said


def test_plan_ends_when_redis_dies_while_it_waits(shared: Site, own_redis: LocalRedis) -> None:
    with RedisServer(Secret(own_redis.url), named_by="the test") as server:
        lock = RedisLocks(server).held(LockKey(shared.url, APPID, "token"))
        with lock, running(shared, "plan") as plan:
            with waiting(own_redis):
                pass
            own_redis.stop()
            assert_clear(ended(plan), "Redis at 127.0.0.1:", "TOKENS")
    assert shared.calls == []


def test_plan_goes_on_when_redis_dies_while_its_token_is_fetched(
    shared: Site, own_redis: LocalRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both of its reads get the token that nobody could keep."""
    respond = shared.emulator.respond

    def stop_and_respond(request: Request) -> Answer:
        if request.path == "stable_token":
            own_redis.stop()
        return respond(request)

    monkeypatch.setattr(shared.emulator, "respond", stop_and_respond)
    result = shared.command("plan")
    assert result.code == 0, result.said
    assert "menu/create" in result.out
    assert "this process alone" in result.err
    assert shared.calls.count("stable_token") == 1


def test_apply_writes_nothing_without_its_redis(shared: Site, own_redis: LocalRedis) -> None:
    own_redis.stop()
    assert_clear(shared.command("apply", "--yes"), "Redis at 127.0.0.1:", "TOKENS")
    assert shared.calls == []


def test_directory_in_the_place_of_the_token(site: Site) -> None:
    tokens = site.home / "cache" / "menuops" / "tokens"
    (tokens / f"{file_stem(site.url, APPID)}.json").mkdir(parents=True)
    for command in (["plan"], ["apply", "--yes"], ["token", "--renew"], ["token", "--reveal"]):
        assert_clear(site.command(*command), str(tokens), "can't be kept here")
    assert site.calls == []
