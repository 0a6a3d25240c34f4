"""The Redis store trusts no value that isn't its own, and lets no old token replace a newer one."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from menuops.core.secret import Secret
from menuops.locks import RedisServer
from menuops.wechat.tokens.redis_store import RedisStore
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey
from tests.redis_server import LocalRedis
from tests.site import NOON_S

from .conftest import in_threads

KEY = TokenKey("https://api.weixin.qq.com", "wx0123456789abcdef")
NAME = "menuops:{wx0123456789abcdef-def862e4c8b6649b}:token"
TOKEN = StoredToken(Secret("the-token"), "stable", NOON_S, NOON_S + 7200)
NEXT = StoredToken(Secret("the-next"), "stable", NOON_S + 7000, NOON_S + 14200)
OTHER = StoredToken(Secret("the-other"), "stable", NOON_S + 7000, NOON_S + 14200)


@contextmanager
def opened(url: str, timeout_s: float = 5.0) -> Iterator[RedisStore]:
    with RedisServer(Secret(url), named_by="SHOP_REDIS", timeout_s=timeout_s) as server:
        yield RedisStore(server)


@pytest.fixture
def store(redis_server: LocalRedis) -> Iterator[RedisStore]:
    with opened(redis_server.url) as made:
        yield made


def test_what_is_put_is_got_by_all(redis_server: LocalRedis, store: RedisStore) -> None:
    assert store.get(KEY) is None
    assert store.put(KEY, TOKEN, over=None)
    assert store.get(KEY) == TOKEN
    with opened(redis_server.url) as others:
        assert others.get(KEY) == TOKEN
    assert store.get(TokenKey("http://127.0.0.1:1", KEY.appid)) is None
    assert store.get(TokenKey(KEY.api, "wxother")) is None


def test_another_process_gets_it(redis_server: LocalRedis, store: RedisStore) -> None:
    program = """
import sys
from menuops.core.secret import Secret
from menuops.locks import RedisServer
from menuops.wechat.tokens.redis_store import RedisStore
from menuops.wechat.tokens.store import TokenKey
url, *key = sys.argv[1:]
with RedisServer(Secret(url), named_by="it") as server:
    print(RedisStore(server).get(TokenKey(*key)).value.reveal())
"""
    store.put(KEY, TOKEN, over=None)
    command = [sys.executable, "-c", program, redis_server.url, KEY.api, KEY.appid]
    assert subprocess.check_output(command, text=True) == "the-token\n"


@pytest.mark.parametrize(("life_s", "ttl_s"), [(7200.0, 7200), (0.2, 1), (29.1, 30)])
def test_key_ends_with_its_token(
    redis_server: LocalRedis, store: RedisStore, life_s: float, ttl_s: int
) -> None:
    store.put(KEY, replace(TOKEN, expires_at_s=NOON_S + life_s), over=None)
    assert redis_server.call("KEYS", "*") == [NAME.encode()]
    assert ttl_s * 1000 - 900 < redis_server.call("PTTL", NAME) <= ttl_s * 1000


def test_token_is_replaced_only_by_who_knows_it(store: RedisStore) -> None:
    assert store.put(KEY, TOKEN, over=None)
    assert not store.put(KEY, OTHER, over=None)
    assert not store.put(KEY, OTHER, over=NEXT)
    assert store.get(KEY) == TOKEN
    assert store.put(KEY, NEXT, over=TOKEN)
    assert not store.put(KEY, OTHER, over=TOKEN)
    assert store.get(KEY) == NEXT


def test_token_is_told_by_its_value_and_not_by_its_life(store: RedisStore) -> None:
    """A stable token that is asked for again comes back with what is left of its life."""
    store.put(KEY, replace(TOKEN, expires_at_s=NOON_S + 7000), over=None)
    assert store.put(KEY, NEXT, over=TOKEN)
    assert store.put(KEY, replace(NEXT, expires_at_s=NEXT.expires_at_s - 1), over=TOKEN)


def test_token_that_ended_or_was_dropped_meanwhile_is_replaced(store: RedisStore) -> None:
    store.put(KEY, TOKEN, over=None)
    store.drop(KEY)
    assert store.get(KEY) is None
    assert store.put(KEY, NEXT, over=TOKEN)
    store.drop(KEY)
    store.drop(KEY)


def test_of_many_who_put_at_once_one_wins(redis_server: LocalRedis, store: RedisStore) -> None:
    """A lock that was lost lets that happen."""
    store.put(KEY, TOKEN, over=None)
    ours = [replace(NEXT, value=Secret(f"token-{n}")) for n in range(8)]
    todo = iter(ours)
    with opened(redis_server.url) as others:

        def put() -> tuple[bool, StoredToken]:
            mine = next(todo)
            where = store if ours.index(mine) % 2 else others
            return where.put(KEY, mine, over=TOKEN), mine

        results = in_threads(put, 8)
    (winner,) = (mine for won, mine in results if won)
    assert store.get(KEY) == winner


DAMAGE = {
    "nothing": b"",
    "half": b'{"format": 1, "api"',
    "no object": b"[]",
    "deep": b"[" * 10_000,
    "not text": b"\xff\xfe\x00",
    "another format": b'{"format": 2}',
    "another's token": b"the-token-of-a-bot",
}


@pytest.mark.parametrize("raw", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_value_counts_as_none_and_is_replaced(
    redis_server: LocalRedis, store: RedisStore, caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    redis_server.call("SET", NAME, raw)
    with caplog.at_level(logging.WARNING):
        assert store.get(KEY) is None
    assert NAME in caplog.text
    assert redis_server.address in caplog.text
    assert "will be replaced" in caplog.text
    assert "the-token" not in caplog.text
    assert store.put(KEY, TOKEN, over=None)
    assert store.get(KEY) == TOKEN
    assert redis_server.call("PTTL", NAME) > 0


@pytest.mark.parametrize(
    "words",
    [
        ("RPUSH", NAME, "a"),
        ("HSET", NAME, "a", "b"),
        ("SADD", NAME, "a"),
        ("XADD", NAME, "*", "a", "b"),
    ],
    ids=lambda words: words[0],
)
def test_key_of_another_type_counts_as_none_and_is_replaced(
    redis_server: LocalRedis,
    store: RedisStore,
    caplog: pytest.LogCaptureFixture,
    words: tuple[str, ...],
) -> None:
    redis_server.call(*words)
    assert store.get(KEY) is None
    assert "will be replaced" in caplog.text
    assert store.put(KEY, TOKEN, over=None)
    assert store.get(KEY) == TOKEN
    redis_server.call("DEL", NAME)
    redis_server.call(*words)
    store.drop(KEY)
    assert redis_server.call("EXISTS", NAME) == 0


FIELDS = ("format", "api", "appid", "source", "issued_at", "expires_at", "access_token")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(change=st.dictionaries(st.sampled_from(FIELDS), JSON), tail=st.binary(max_size=8))
@example(change={"issued_at": 10**400}, tail=b"")
@example(change={"access_token": "\ud800"}, tail=b"")
def test_no_value_raises(
    redis_server: LocalRedis, store: RedisStore, change: dict[str, object], tail: bytes
) -> None:
    said = json.loads(TOKEN.to_json(KEY)) | change
    redis_server.call("SET", NAME, json.dumps(said).encode() + tail)
    got = store.get(KEY)
    assert got is None or got.value
    assert store.put(KEY, NEXT, over=got)
    assert store.get(KEY) == NEXT


def test_being_ready_leaves_nothing(redis_server: LocalRedis, store: RedisStore) -> None:
    store.ready()
    assert redis_server.call("KEYS", "*") == []


def full(redis: LocalRedis) -> None:
    redis.call("CONFIG", "SET", "maxmemory", "1")


def follows(redis: LocalRedis) -> None:
    redis.call("REPLICAOF", "127.0.0.1", "1")


def barred(redis: LocalRedis) -> None:
    redis.call("ACL", "SETUSER", "default", "-set")


def barred_from_deleting(redis: LocalRedis) -> None:
    redis.call("ACL", "SETUSER", "default", "-del")


def locked(redis: LocalRedis) -> None:
    redis.call("CONFIG", "SET", "requirepass", "hunter2")
    redis.password = "hunter2"


def gone(redis: LocalRedis) -> None:
    redis.stop()


def hanging(redis: LocalRedis) -> None:
    redis.freeze()


@pytest.mark.parametrize(
    "fault", [full, follows, barred, barred_from_deleting, locked, gone, hanging]
)
def test_redis_that_would_not_keep_it_is_told_before_a_token_is_fetched(
    own_redis: LocalRedis, fault: Callable[[LocalRedis], None]
) -> None:
    """A classic token fetched in vain would void another program's."""
    url = own_redis.url
    fault(own_redis)
    with opened(url, timeout_s=0.3) as store:
        with pytest.raises(StoreUnusable, match="tokens can't be kept: Redis at ") as caught:
            store.ready()
        assert own_redis.address in caught.value.message
        assert caught.value.fix


def test_every_call_tells_a_redis_that_is_gone(own_redis: LocalRedis) -> None:
    own_redis.stop()
    with opened(own_redis.url) as store:
        for act in (
            lambda: store.get(KEY),
            lambda: store.put(KEY, TOKEN, over=None),
            lambda: store.drop(KEY),
        ):
            with pytest.raises(StoreUnusable, match="refused"):
                act()


def test_failure_to_put_says_no_token(
    own_redis: LocalRedis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with opened(own_redis.url) as store:
        full(own_redis)
        with pytest.raises(StoreUnusable) as caught:
            store.put(KEY, TOKEN, over=None)
    assert "the-token" not in f"{caught.value}{caught.getrepr(style='long')}{caplog.text}"


def test_description_tells_where_and_no_login() -> None:
    with opened("rediss://bob:hunter2@cache.example:6380/2") as store:
        assert store.description == "redis (cache.example:6380/2)"
