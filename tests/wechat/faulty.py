"""Locks that are lost and stores that fail, and what WeChat was asked for meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.locks import Confirm, FileLocks, LockKey, LockLost, RedisServer
from menuops.locks.lock import LEASE_S
from menuops.wechat import MemoryStore, RedisStore, TokenContainer
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey, TokenStore
from tests.redis_server import LocalRedis

from .conftest import World


class FaultyLocks(FileLocks):
    """Loses the lock at the turns and calls of Confirm in `lost_at`, and fails at some turns."""

    def __init__(self, world: World, *lost_at: tuple[int, int]) -> None:
        super().__init__(world.directory / "locks")
        self.lost_at = lost_at
        self.fails_at: dict[int, MenuopsError] = {}
        self.turns = 0
        self.times_s: list[tuple[float, float]] = []

    @contextmanager
    def held(
        self, key: LockKey, timeout_s: float = 0.0, *, lease_s: float = LEASE_S
    ) -> Iterator[Confirm]:
        self.turns += 1
        self.times_s.append((timeout_s, lease_s))
        if self.turns in self.fails_at:
            raise self.fails_at[self.turns]
        calls = 0

        def confirm() -> None:
            nonlocal calls
            calls += 1
            if (self.turns, calls) in self.lost_at:
                raise LockLost("the lock is lost")

        with super().held(key, timeout_s):
            yield confirm


class Meanwhile(FaultyLocks):
    """Lets another do something while the turn of this number is waited for."""

    def __init__(
        self, world: World, act: Callable[[], object], turn: int = 1, *lost_at: tuple[int, int]
    ) -> None:
        super().__init__(world, *lost_at)
        self.act = act
        self.turn = turn

    @contextmanager
    def held(self, *args: Any, **options: Any) -> Iterator[Confirm]:
        if self.turns + 1 == self.turn:
            self.turn = 0  # the other may be a thread that waits here, too
            self.act()
        with super().held(*args, **options) as confirm:
            yield confirm


class FaultyStore(MemoryStore):
    """Can't be written, or be read, while a test says so."""

    can_put = True
    can_get = True
    put_before: StoredToken | None = None
    """What another puts there just before the next `put`."""

    def get(self, key: TokenKey) -> StoredToken | None:
        if not self.can_get:
            raise StoreUnusable("it can't be read")
        return super().get(key)

    def put(self, key: TokenKey, token: StoredToken, over: StoredToken | None) -> bool:
        if not self.can_put:
            raise StoreUnusable("it can't be written")
        if self.put_before is not None:
            theirs, self.put_before = self.put_before, None
            super().put(key, theirs, over)
        return super().put(key, token, over)


def made(
    world: World, store: TokenStore | None = None, locks: FileLocks | None = None
) -> TokenContainer:
    container = TokenContainer(
        world.http,
        world.store() if store is None else store,
        FileLocks(world.directory / "locks") if locks is None else locks,
        clock=world.clock,
        pace=world.clock.pace,
        environ=world.environ,
    )
    container.register(world.account())
    return container


@contextmanager
def store_of(kind: str, world: World, request: pytest.FixtureRequest) -> Iterator[TokenStore]:
    match kind:
        case "memory":
            yield MemoryStore()
        case "file":
            yield world.store()
        case _:
            redis: LocalRedis = request.getfixturevalue("redis_server")
            with RedisServer(Secret(redis.url), named_by="the test") as server:
                yield RedisStore(server)


def forced(world: World) -> list[bool]:
    """Of each call of stable_token, whether it forced."""
    return [b'"force_refresh":true' in each.body.replace(b" ", b"") for each in asked(world)]


def asked(world: World) -> list[Any]:
    return [each for each in world.emulator.requests if each.path == "stable_token"]
