"""What a container is made of, and the accounts that it takes in and forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from menuops.core.account import SecretProvider, StableToken, TokenSource
from menuops.core.secret import Secret
from menuops.locks import FileLocks, Locks, RedisLocks, RedisServer
from menuops.locks.lock import LockKey
from menuops.transport import Http
from menuops.wechat import Client, FileStore, MemoryStore, RedisStore, TokenContainer
from menuops.wechat.tokens.app_secret import NoSecret
from menuops.wechat.tokens.store import StoredToken, TokenKey, TokenStore
from tests.redis_server import LocalRedis

from .conftest import APPID, CLASSIC, ENV, SECRET, STABLE, World


class Homes:
    """Where the files of a user lie by default."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def locks(self) -> FileLocks:
        return FileLocks(self.path / "state" / "menuops" / "locks")


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Homes:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Homes(tmp_path)


@contextmanager
def opened(redis: LocalRedis) -> Iterator[RedisServer]:
    with RedisServer(Secret(redis.url), named_by="the test") as server:
        yield server


def made(world: World, store: TokenStore, locks: Locks | None = None) -> TokenContainer:
    return TokenContainer(world.http, store, locks, clock=world.clock, environ=world.environ)


def is_held_while_fetched(world: World, store: TokenStore, locks: Locks) -> bool:
    """Whether a container with that store alone holds one of `locks` while it asks for a token."""
    held: list[bool] = []

    def provide() -> str:
        held.append(locks.holder(LockKey(world.url, APPID, "token")) is not None)
        return SECRET

    made(world, store).try_token(world.account(StableToken(SecretProvider(provide))))
    return held == [True]


class TestLocks:
    """Who names a store alone has the locks that reach as far."""

    def test_of_a_redis_are_in_that_redis(
        self, world: World, redis_server: LocalRedis, homes: Homes
    ) -> None:
        with opened(redis_server) as mine, opened(redis_server) as another_machines:
            assert is_held_while_fetched(world, RedisStore(mine), RedisLocks(another_machines))
        assert not (homes.path / "state").exists()

    @pytest.mark.parametrize("kind", ["file", "memory"])
    def test_of_files_and_of_memory_are_the_users(
        self, world: World, homes: Homes, kind: str
    ) -> None:
        store = FileStore(homes.path / "tokens") if kind == "file" else MemoryStore()
        assert is_held_while_fetched(world, store, homes.locks)

    def test_that_are_given_count(
        self, world: World, redis_server: LocalRedis, homes: Homes
    ) -> None:
        locks = FileLocks(homes.path / "mine")
        with opened(redis_server) as server:
            made(world, RedisStore(server), locks).try_token(world.account())
            assert redis_server.call("KEYS", "*lock*") == []
        assert (homes.path / "mine").is_dir()

    def test_of_a_store_that_names_none_have_to_be_given(self, world: World, homes: Homes) -> None:
        shared = cast("TokenStore", Shared())
        with pytest.raises(ValueError, match=r"Shared needs `locks`.*RedisLocks\(server\)"):
            made(world, shared)
        assert made(world, shared, homes.locks)


class Shared:
    """Somebody's own store, which may reach anywhere."""


class Empty(MemoryStore):
    """Is false while it holds nothing, as a mapping is."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: set[TokenKey] = set()

    def __len__(self) -> int:
        return len(self.keys)

    def put(self, key: TokenKey, token: StoredToken, over: StoredToken | None) -> bool:
        self.keys.add(key)
        return super().put(key, token, over)


def test_a_store_that_is_empty_is_a_store(world: World, homes: Homes) -> None:
    store = Empty()
    made(world, store).try_token(world.account())
    assert len(store) == 1
    assert not (homes.path / "cache").exists()


def test_only_connections_of_its_own_are_closed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Http] = []
    monkeypatch.setattr(Http, "close", lambda self: closed.append(self))
    world.container().close()
    assert closed == []
    with TokenContainer():
        pass
    assert len(closed) == 1


class TestRegister:
    @pytest.mark.parametrize(
        "api",
        [
            "",
            "emulator",
            "api.weixin.qq.com",
            "ftp://api.weixin.qq.com",
            "http://api.weixin.qq.com",
            "http://10.0.0.1:8080",
            "https://user:pass@api.weixin.qq.com",
            "https://api.weixin.qq.com?x=1",
            "https://api.weixin.qq.com:99999",
            "https://",
        ],
    )
    def test_what_a_token_cannot_be_sent_to_is_refused(self, world: World, api: str) -> None:
        container = world.container()
        account = replace(world.account(), api=api)
        with pytest.raises(ValueError, match="`api` is no base URL") as caught:
            container.register(account)
        assert "pass@" not in str(caught.value)
        assert not container.is_registered(account)

    def test_a_slash_at_the_end_makes_no_other_account(self, world: World) -> None:
        container = world.container()
        slashed = replace(world.account(CLASSIC), api=f"{world.url}/")
        token = container.try_token(slashed)
        assert container.token(world.account(CLASSIC)) == token
        client = Client(world.http, container, slashed, pace=world.clock.pace)
        assert client.get("tags/get")["tags"]
        assert container.renew(slashed)
        assert world.paths() == ["token", "tags/get", "token"]


class TestUnregister:
    def test_token_that_somebody_else_renews_is_not_ours_to_drop(self, world: World) -> None:
        """What the store holds under that name is another program's."""
        theirs = world.container().token(world.account(STABLE))
        container = world.container()
        assert container.unregister(world.account(ENV))
        assert not container.is_registered(world.account(ENV))
        assert world.container().token(world.account(STABLE)) == theirs
        assert world.token_calls() == 1

    @pytest.mark.parametrize("source", [STABLE, CLASSIC])
    def test_nothing_of_it_is_known_any_more(self, world: World, source: TokenSource) -> None:
        """Neither in the store nor here, where a token is used for a minute without a look."""
        account = world.account(source)
        container = world.container()
        container.token(account)
        container.unregister(account)
        container.register(account)
        assert not container.status(account).present
        container.token(account)
        assert world.token_calls() == 2


@pytest.mark.parametrize("given", [None, b"bytes", 7])
def test_provider_that_gives_no_text_is_told(world: World, given: object) -> None:
    secret = SecretProvider(lambda: given)  # type: ignore[arg-type, return-value]
    with pytest.raises(NoSecret, match=f"provider gives {type(given).__name__}") as caught:
        world.container().token(world.account(StableToken(secret)))
    assert "AppSecret" in caught.value.fix
    assert world.paths() == []
