"""How often a renewal asks WeChat, whatever is lost on the way, and which token counts then."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from menuops.core.account import TokenSource
from menuops.core.errors import Locked, MenuopsError
from menuops.core.secret import Secret, secrets_in_memory
from menuops.emulator import Account as Emulated
from menuops.emulator import Fault
from menuops.locks import Confirm, FileLocks, LockLost, LockUnusable
from menuops.locks.lock import LEASE_S, TOKEN_WAIT_S
from menuops.wechat import Client, MemoryStore
from menuops.wechat.errors import NotWhitelisted, WrongSecret
from menuops.wechat.tokens.known import Known, KnownTokens
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey

from .conftest import APPID, CLASSIC, SECRET, STABLE, World, in_threads, with_retry
from .faulty import FaultyLocks, FaultyStore, Meanwhile, forced, made, store_of


class TestLostLock:
    @pytest.mark.parametrize(
        ("source", "force"), [(STABLE, False), (STABLE, True), (CLASSIC, False)]
    )
    def test_renewal_fetches_once_and_keeps_what_it_fetched(
        self, world: World, source: TokenSource, force: bool
    ) -> None:
        account = world.account(source)
        locks = FaultyLocks(world, (2, 2), (3, 1), (4, 1))
        container = made(world, locks=locks)
        container.token(account)
        container.renew(account, force_refresh=force)
        assert locks.turns == 3
        assert world.token_calls() == 2
        assert sum(forced(world)) == force
        assert world.container().token(account) == container.token(account)
        assert world.token_calls() == 2

    @pytest.mark.parametrize("force", [True, False])
    def test_first_token_of_all_is_fetched_once(self, world: World, force: bool) -> None:
        container = made(world, locks=FaultyLocks(world, (1, 3)))
        container.renew(world.account(), force_refresh=force)
        assert world.container().token(world.account()) == container.token(world.account())
        assert forced(world) == [force]

    def test_token_of_who_took_over_counts(self, world: World) -> None:
        """Also for who asked anyway: what it fetched is void."""
        account = world.account(CLASSIC)
        other = world.container()

        locks = Meanwhile(world, lambda: other.renew(account), 2, (1, 3))
        container = made(world, locks=locks)
        container.renew(account)
        assert container.token(account) == other.token(account)
        assert world.token_calls() == 2

    @pytest.mark.parametrize("kind", ["memory", "file", "redis"])
    def test_token_of_who_took_over_is_left_where_none_was_before(
        self, world: World, kind: str, request: pytest.FixtureRequest
    ) -> None:
        with store_of(kind, world, request) as store:
            other = made(world, store, FileLocks(world.directory / "theirs"))

            class TakenOver(FaultyLocks):
                @contextmanager
                def held(self, *args: Any, **options: Any) -> Iterator[Confirm]:
                    with super().held(*args, **options) as confirm:

                        def late() -> None:
                            confirm()
                            if self.turns == 1:
                                other.token(world.account(CLASSIC))

                        yield late

            container = made(world, store, TakenOver(world, (1, 2)))
            token = container.token(world.account(CLASSIC))
            assert token == other.token(world.account(CLASSIC))
            assert made(world, store).token(world.account(CLASSIC)) == token
        assert world.token_calls() == 1

    def test_lost_before_anything_was_asked_it_asks_at_its_next_turn(self, world: World) -> None:
        container = made(world, locks=FaultyLocks(world, (1, 1), (2, 1)))
        assert container.token(world.account())
        assert world.token_calls() == 1

    def test_lost_at_each_turn_before_anything_was_asked_is_an_error(self, world: World) -> None:
        container = made(world, locks=FaultyLocks(world, (1, 1), (2, 1), (3, 1)))
        with pytest.raises(LockLost):
            container.token(world.account())
        assert world.paths() == []
        assert container.token(world.account())

    def test_lost_at_the_last_turn_after_the_fetch_gives_what_was_fetched(
        self, world: World
    ) -> None:
        container = made(world, locks=FaultyLocks(world, (1, 1), (2, 1), (3, 3)))
        token = container.token(world.account(CLASSIC))
        world.clock.now_s += 60
        assert container.token(world.account(CLASSIC)) == token
        assert world.container().token(world.account(CLASSIC)) == token
        assert world.token_calls() == 1

    def test_is_no_failure_that_others_share(self, world: World) -> None:
        """The thread that waits goes on and fetches; the first asks once more meanwhile."""
        locks = FaultyLocks(world, (1, 2), (2, 2), (3, 2))
        container = made(world, MemoryStore(), locks)

        def ask() -> str:
            try:
                container.token(world.account())
            except LockLost:
                return "lost"
            return "token"

        assert in_threads(ask, 6).count("token") >= 5

    @pytest.mark.parametrize(
        "error", [LockUnusable("it can't be taken"), Locked("another has it")], ids=["no", "held"]
    )
    def test_renewal_that_has_a_token_and_gets_no_second_turn_gives_it(
        self, world: World, error: MenuopsError
    ) -> None:
        locks = FaultyLocks(world, (2, 2))
        container = made(world, locks=locks)
        old = container.token(world.account(CLASSIC))
        locks.fails_at[3] = error
        assert container.renew(world.account(CLASSIC))
        assert container.token(world.account(CLASSIC)) != old
        assert world.token_calls() == 2


class TestTrouble:
    def test_known_token_serves_while_there_is_no_turn(self, world: World) -> None:
        store, locks = FaultyStore(), FaultyLocks(world)
        container = made(world, store, locks)
        store.can_put = False
        token = container.token(world.account())
        world.clock.now_s += 60
        locks.fails_at[2] = LockUnusable("it can't be taken")
        assert container.token(world.account()) == token
        assert world.token_calls() == 1

    def test_known_token_serves_while_the_store_cannot_be_read(self, world: World) -> None:
        store = FaultyStore()
        container = made(world, store)
        token = container.token(world.account())
        store.can_get = False
        for _ in range(2):
            world.clock.now_s += 60
            assert container.token(world.account()) == token
        with pytest.raises(StoreUnusable):
            made(world, store).token(world.account())
        assert world.token_calls() == 1

    def test_refused_token_never_does(self, world: World) -> None:
        locks = FaultyLocks(world)
        container = made(world, locks=locks)
        token = container.token(world.account())
        locks.fails_at[2] = LockUnusable("it can't be taken")
        with pytest.raises(LockUnusable):
            container.refused(world.account(), token)

    def test_who_asks_anyway_is_not_put_off_with_what_is_known(self, world: World) -> None:
        locks = FaultyLocks(world)
        container = made(world, locks=locks)
        container.token(world.account())
        locks.fails_at[2] = LockUnusable("it can't be taken")
        with pytest.raises(LockUnusable):
            container.renew(world.account())

    def test_a_turn_is_waited_for_and_held_as_long_as_an_account_may_take(
        self, world: World
    ) -> None:
        locks = FaultyLocks(world)
        made(world, locks=locks).token(with_retry(world.account(), 7.0))
        slow = replace(world.account(), connect_timeout_s=100.0, read_timeout_s=50.0)
        made(world, MemoryStore(), locks).token(slow)
        assert locks.times_s == [(TOKEN_WAIT_S + 7.0, LEASE_S), (TOKEN_WAIT_S + 30.0, 300.0)]


class TestUnkept:
    """The store couldn't take a token, which voids the one that stands there."""

    def test_void_one_in_the_store_is_never_given_for_one_that_is_refused(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        account, store = world.account(CLASSIC), FaultyStore()
        container = made(world, store)
        first = container.token(account)
        store.can_put = False
        with caplog.at_level(logging.WARNING):
            second = container.refused(account, first)
        assert "serves this process alone" in caplog.text
        store.can_put = True
        third = container.refused(account, second)
        assert third not in {first, second}
        assert made(world, store).token(account) == third
        assert world.token_calls() == 3

    def test_call_ends_well_although_both_are_void(self, world: World) -> None:
        account, store = world.account(CLASSIC), FaultyStore()
        container = made(world, store)
        first = container.token(account)
        store.can_put = False
        container.refused(account, first)
        store.can_put = True
        world.emulator.void_tokens(APPID)
        client = Client(world.http, container, account, pace=world.clock.pace)
        assert client.get("tags/get")["tags"]
        assert world.token_calls() == 3

    def test_void_one_in_the_store_is_never_given_after_its_end(self, world: World) -> None:
        account, store = world.account(CLASSIC), FaultyStore()
        container = made(world, store)
        first = container.token(account)
        store.can_put = False
        short = {"access_token": "short", "expires_in": 600}
        world.emulator.fail_next("token", Fault.answer(short))
        assert container.refused(account, first).reveal() == "short"
        store.can_put = True
        world.clock.now_s += 600
        third = container.token(account)
        assert third != first
        assert made(world, store).token(account) == third

    def test_it_is_kept_at_the_next_look(self, world: World) -> None:
        account, store = world.account(CLASSIC), FaultyStore()
        container = made(world, store)
        first = container.token(account)
        store.can_put = False
        second = container.refused(account, first)
        store.can_put = True
        world.clock.now_s += 60
        assert container.token(account) == second
        assert made(world, store).token(account) == second
        assert world.token_calls() == 2

    def test_another_one_that_is_put_there_meanwhile_counts(self, world: World) -> None:
        account, store = world.account(CLASSIC), FaultyStore()
        container = made(world, store)
        first = container.token(account)
        store.can_put = False
        container.refused(account, first)
        store.can_put = True
        world.clock.now_s += 60
        theirs = StoredToken(Secret("theirs"), "classic", world.clock(), world.clock() + 7200)
        store.put_before = theirs
        assert container.token(account) == theirs.value
        assert world.token_calls() == 2

    def test_who_asks_anyway_gets_another(self, world: World) -> None:
        account, store = world.account(CLASSIC), FaultyStore()
        container = made(world, store)
        container.token(account)
        store.can_put = False
        container.renew(account)
        store.can_put = True
        assert container.renew(account)
        assert world.token_calls() == 3

    def test_one_that_was_kept_is_not_kept_again(self, world: World) -> None:
        """Whoever emptied the store may have had a reason."""
        container = world.container()
        token = container.token(world.account())
        (file,) = (world.directory / "tokens").iterdir()
        file.unlink()
        world.clock.now_s += 60
        assert container.token(world.account()) == token
        assert not file.exists()

    def test_token_that_came_back_the_same_is_no_reason_to_ask_again(self, world: World) -> None:
        """A stable token is the same until its last minutes, also in a store that kept it."""
        store = FaultyStore()
        container = made(world, store)
        token = container.token(world.account())
        store.can_put = False
        container.renew(world.account())
        world.clock.now_s += 60
        assert container.token(world.account()) == token
        assert container.refused(world.account(), Secret("another")) == token
        assert world.token_calls() == 2

    def test_of_two_who_fetch_the_one_that_is_kept_counts(self, world: World) -> None:
        """The lock was lost, and nobody noticed but the store."""
        account, store = world.account(CLASSIC), MemoryStore()
        other = made(world, store, FileLocks(world.directory / "theirs"))

        class Late(FaultyLocks):
            @contextmanager
            def held(self, *args: Any, **options: Any) -> Iterator[Confirm]:
                with super().held(*args, **options) as confirm:
                    calls = iter(range(9))

                    def late() -> None:
                        confirm()
                        if self.turns == 1 and next(calls) == 2:
                            other.token(account)

                    yield late

        container = made(world, store, Late(world))
        assert container.token(account) == other.token(account)
        assert world.token_calls() == 2


class TestFailure:
    def test_no_app_secret_outlives_it(self, world: World) -> None:
        """Its traceback has frames that hold one, and waiting threads are to share it."""
        mine = "5ec4e7" * 5 + "00"  # that no other test has
        world.environ["SHOP_APPSECRET"] = mine
        container = world.container()
        with pytest.raises(WrongSecret):
            container.token(world.account())
        gc.collect()
        assert mine not in {each.reveal() for each in secrets_in_memory()}

    def test_each_thread_that_shares_it_has_an_exception_of_its_own(self, world: World) -> None:
        world.emulator.add_account(Emulated(appid=APPID, secret=SECRET, ip_whitelist=("8.8.8.8",)))
        world.emulator.fail_next("stable_token", Fault.delay(0.3))
        container = world.container()
        met: list[NotWhitelisted] = []

        def ask() -> None:
            try:
                container.token(world.account())
            except NotWhitelisted as error:
                met.append(error)

        in_threads(ask, 8)
        assert world.token_calls() == 1
        assert len(set(map(id, met))) == 8
        assert len({(each.message, each.fix, each.code, each.ip, str(each)) for each in met}) == 1
        assert met[0].ip == "127.0.0.1"
        assert {each.__context__ or each.__cause__ for each in met} == {None}

    @pytest.mark.parametrize("act", ["token", "unregister"])
    def test_is_forgotten_with_the_next_token_and_with_its_account(
        self, world: World, act: str
    ) -> None:
        before = alive(WrongSecret)
        world.emulator.fail_next("stable_token", Fault.errcode(40125))
        container = world.container()
        with pytest.raises(WrongSecret):
            container.token(world.account())
        assert alive(WrongSecret) == before + 1
        getattr(container, act)(world.account())
        assert alive(WrongSecret) == before


def test_what_is_known_is_replaced_only_by_who_knew_it() -> None:
    """Another thread may have fetched a newer one since it was looked at."""
    key = TokenKey("https://h", "wx")
    old, new = (Known(StoredToken(Secret(each), "stable", 0, 7200), 0) for each in ("old", "new"))
    known = KnownTokens()
    known.replace(key, None, old)
    known.replace(key, None, new)
    assert known.get(key) == old
    known.replace(key, replace(old, looked_at_s=-60), new)  # looked at meanwhile, and the same
    assert known.get(key) == new
    known.replace(key, old, replace(old, looked_at_s=60))
    assert known.get(key) == new


def alive(kind: type[BaseException]) -> int:
    gc.collect()
    return sum(type(each) is kind for each in gc.get_objects())
