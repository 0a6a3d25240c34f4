"""A forced refresh voids what others hold, and WeChat does 20 a day: it is asked for once."""

from __future__ import annotations

from typing import Any

import pytest

from menuops.core.secret import Secret
from menuops.emulator import Account as Emulated
from menuops.emulator import Fault
from menuops.transport import Answer, Http, Unreachable
from menuops.wechat.errors import NotWhitelisted

from .conftest import APPID, SECRET, World, in_threads
from .faulty import FaultyLocks, Meanwhile, forced, made


@pytest.mark.parametrize("is_kept", [True, False], ids=["a token is kept", "none is"])
def test_many_threads_force_once_and_have_the_same_token(world: World, is_kept: bool) -> None:
    container = world.container()
    old = container.token(world.account()) if is_kept else None
    world.emulator.fail_next("stable_token", Fault.delay(0.3))

    def force() -> Secret:
        assert container.renew(world.account(), force_refresh=True)
        return container.token(world.account())

    tokens = in_threads(force, 8)
    assert sum(forced(world)) == 1
    assert len({token.reveal() for token in tokens}) == 1
    assert old not in tokens


def test_many_threads_force_once_where_wechat_refreshes_nothing(world: World) -> None:
    """Within 30 s of the last one it gives the same token again."""
    container = world.container()
    container.renew(world.account(), force_refresh=True)
    world.emulator.fail_next("stable_token", Fault.delay(0.3))
    news = in_threads(lambda: container.renew(world.account(), force_refresh=True), 8)
    assert news == [False] * 8
    assert forced(world) == [True] * 2


@pytest.mark.parametrize("is_kept", [True, False], ids=["a token is kept", "none is"])
@pytest.mark.parametrize("theirs", [True, False], ids=["by force", "plain"])
@pytest.mark.parametrize("where", ["thread", "process"])
def test_refresh_of_another_is_taken_where_it_shows(
    world: World, is_kept: bool, theirs: bool, where: str
) -> None:
    """A plain renewal is no refresh: it brings the token that leaked.

    Of another process only the token shows, so one that had none can't tell what it did.
    """

    def renew() -> None:
        other.renew(world.account(), force_refresh=theirs)

    container = made(world, locks=Meanwhile(world, renew))
    other = container if where == "thread" else world.container()
    if is_kept:
        world.container().token(world.account())
    world.clock.now_s += 5
    container.renew(world.account(), force_refresh=True)
    is_taken = theirs and (is_kept or where == "thread")
    assert forced(world) == [False] * is_kept + [theirs] + [True] * (not is_taken)
    world.clock.now_s += 60
    assert container.token(world.account()) == other.token(world.account())


def test_one_after_the_other_is_asked_for_twice(world: World) -> None:
    container = world.container()
    for _ in range(2):
        world.clock.now_s += 31
        assert container.renew(world.account(), force_refresh=True)
    assert forced(world) == [True, True]


@pytest.mark.parametrize("fault", [Fault.reset_after(), Fault.half_answer()])
def test_lost_answer_is_asked_for_in_plain_mode(world: World, fault: Fault) -> None:
    container = world.container()
    container.token(world.account())
    world.emulator.fail_next("stable_token", fault)
    assert container.renew(world.account(), force_refresh=True)
    assert forced(world) == [False, True, False]


def test_lost_request_that_may_have_been_heard_is_not_forced_again(world: World) -> None:
    container = world.container()
    old = container.token(world.account())
    world.emulator.fail_next("stable_token", Fault.status(502))
    assert not container.renew(world.account(), force_refresh=True)
    assert container.token(world.account()) == old
    assert forced(world) == [False, True, False]


def test_refused_request_is_forced_again(world: World) -> None:
    container = world.container()
    world.emulator.fail_next("stable_token", Fault.errcode(-1), times=2)
    assert container.renew(world.account(), force_refresh=True)
    assert forced(world) == [True] * 3


def test_request_that_never_went_out_is_forced_again(world: World) -> None:
    tries: list[bool] = []

    class Offline(Http):
        def call(self, *args: Any, **options: Any) -> Answer:
            tries.append(options["body"]["force_refresh"])
            if len(tries) < 3:
                raise Unreachable("stable_token", "h", "dns", sent=False, detail="d")
            return super().call(*args, **options)

    with Offline() as http:
        container = world.container(http=http)
        assert container.renew(world.account(), force_refresh=True)
    assert tries == [True] * 3


@pytest.mark.parametrize("fault", [Fault.errcode(-1), Fault.reset_after(), Fault.status(502)])
def test_plain_renewal_is_never_forced(world: World, fault: Fault) -> None:
    container = world.container()
    container.token(world.account())
    world.emulator.fail_next("stable_token", fault, times=2)
    container.renew(world.account())
    assert forced(world) == [False] * 4


def test_threads_that_waited_share_a_failure(world: World) -> None:
    """What was kept before is no answer to who wants a new one."""
    container = world.container()
    container.token(world.account())
    world.emulator.add_account(Emulated(appid=APPID, secret=SECRET, ip_whitelist=("8.8.8.8",)))
    world.emulator.fail_next("stable_token", Fault.delay(0.3))
    met: list[NotWhitelisted] = []

    def force() -> None:
        try:
            container.renew(world.account(), force_refresh=True)
        except NotWhitelisted as error:
            met.append(error)

    in_threads(force, 8)
    assert len(met) == 8
    assert forced(world) == [False, True]


def test_lock_that_is_lost_after_a_lost_answer_forces_no_second_time(world: World) -> None:
    container = made(world, locks=FaultyLocks(world, (2, 2)))
    container.token(world.account())
    world.emulator.fail_next("stable_token", Fault.reset_after())
    assert container.renew(world.account(), force_refresh=True)
    assert forced(world) == [False, True, False]
