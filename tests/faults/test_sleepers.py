"""Who sleeps through its lease, or dies, in the middle of a renewal; and who takes over.

WeChat may hear of a sleeper's call before or after that of who took over. Of two classic tokens
the one that was asked for last is the one that works.
"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from menuops.emulator import Fault
from tests.redis_server import LocalRedis

from .conftest import (
    LATER,
    OVERLAP_S,
    POINTS,
    Process,
    Start,
    WeChat,
    assert_one_owner,
    end_lease,
    in_files,
    in_redis,
    kept,
    token_file,
    until,
    waiting,
)

SLEEPS = ["asking", "flying", "answered"]
"""Before its call is out, while it is under way, and after its answer came."""


def falls_asleep(wechat: WeChat, agent: Process, point: str) -> None:
    if point == "flying":
        wechat.emulator.fail_next("token", Fault.delay(1.0))
        agent.goes_to("asking")
        agent.tell("go")
        until(lambda: wechat.tokens_given == 1)
    else:
        agent.goes_to(point)
    agent.sleep()


def wakes_up(agent: Process, point: str) -> None:
    agent.wake()
    if point == "flying":
        agent.hear_that_it_is("answered")


@pytest.mark.parametrize("point", SLEEPS)
def test_whose_lease_nobody_took_keeps_its_token(
    start: Start, wechat: WeChat, redis_server: LocalRedis, point: str
) -> None:
    shared = in_redis(redis_server)
    sleeper, other = start(shared, pauses=POINTS), start(shared)
    falls_asleep(wechat, sleeper, point)
    end_lease(wechat, redis_server)
    wakes_up(sleeper, point)
    assert sleeper.goes_on() == {"token": kept(wechat, shared)}
    assert_one_owner(wechat, shared, sleeper, other)
    assert wechat.token_calls == 1


@pytest.mark.parametrize("point", SLEEPS)
@pytest.mark.parametrize("is_done", [True, False], ids=["done", "in-flight"])
def test_who_sleeps_through_its_lease_takes_the_token_of_who_took_over(
    start: Start, wechat: WeChat, redis_server: LocalRedis, point: str, is_done: bool
) -> None:
    """Also where the other has asked and not yet kept what it got."""
    shared = in_redis(redis_server)
    sleeper, other = start(shared, pauses=POINTS), start(shared, pauses=POINTS)
    falls_asleep(wechat, sleeper, point)
    end_lease(wechat, redis_server)
    other.goes_to("answered")
    if is_done:
        said = other.goes_on()
        wakes_up(sleeper, point)
        assert sleeper.goes_on() == said
    else:
        wakes_up(sleeper, point)
        with waiting(redis_server):
            sleeper.tell("go")
            if point == "asking":
                sleeper.hear_that_it_is("answered")
                sleeper.tell("go")
        said = other.goes_on()
        assert sleeper.hear() == said
    assert kept(wechat, shared) == said["token"]
    assert wechat.token_calls == 2
    if point == "asking":
        # WeChat heard of it last, so what is kept works for five minutes more. Then the one that
        # first meets its end heals that.
        wechat.later(OVERLAP_S)
        assert start(shared).ask("call") == {"token": kept(wechat, shared)}
        sleeper.ask(LATER)
        other.ask(LATER)
    assert_one_owner(wechat, shared, sleeper, other)
    assert wechat.token_calls == (3 if point == "asking" else 2)


def test_lease_of_a_sleeper_ends_by_itself(
    start: Start, wechat: WeChat, redis_server: LocalRedis
) -> None:
    shared = in_redis(redis_server)
    sleeper = start(shared, pauses=POINTS, lease_s=1.5)
    falls_asleep(wechat, sleeper, "answered")
    other = start(shared)
    token = other.token()
    sleeper.wake()
    assert sleeper.goes_on() == {"token": token}
    assert_one_owner(wechat, shared, sleeper, other)
    assert wechat.token_calls == 2


@pytest.mark.parametrize("point", POINTS)
def test_lease_of_the_dead_ends_by_itself(
    start: Start, wechat: WeChat, redis_server: LocalRedis, point: str
) -> None:
    shared = in_redis(redis_server)
    dead = start(shared, pauses=POINTS, lease_s=1.5)
    dead.goes_to(point)
    dead.kill()
    assert_one_owner(wechat, shared, start(shared), start(shared))
    assert wechat.token_calls == POINTS.index(point) + 1


@pytest.mark.parametrize("point", POINTS)
def test_who_dies_in_the_middle_leaves_no_lock_on_a_file(
    start: Start, wechat: WeChat, tmp_path: Path, point: str
) -> None:
    shared = in_files(tmp_path)
    dead, waiter = start(shared, pauses=POINTS), start(shared)
    dead.goes_to(point)
    waiter.tell("token")
    dead.kill()
    assert waiter.hear() == {"token": kept(wechat, shared)}
    assert_one_owner(wechat, shared, waiter, start(shared))
    assert wechat.token_calls == POINTS.index(point) + 1


def test_who_sleeps_on_a_lock_of_a_file_is_named_and_never_overtaken(
    start: Start, wechat: WeChat, tmp_path: Path
) -> None:
    """The system takes the lock from nobody who lives."""
    shared = in_files(tmp_path)
    sleeper, waiter = start(shared, pauses=POINTS), start(shared, wait_s=0.3, retry_s=0.0)
    falls_asleep(wechat, sleeper, "asking")
    said = waiter.ask("token")
    assert said["error"] == "Locked"
    assert f"process {sleeper.popen.pid} on " in said["message"]
    assert said["fix"]
    assert said["exit"] == 8
    sleeper.wake()
    sleeper.goes_on()
    assert_one_owner(wechat, shared, sleeper, waiter)
    assert wechat.token_calls == 1


def test_half_a_file_is_never_read(start: Start, wechat: WeChat, tmp_path: Path) -> None:
    shared = in_files(tmp_path)
    dead = start(shared, dies_when_written=True)
    dead.tell("token")
    assert dead.popen.wait() != 0
    (left,) = (tmp_path / "tokens").iterdir()
    assert left != token_file(wechat, shared)
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert_one_owner(wechat, shared, start(shared), start(shared))
    assert wechat.token_calls == 2
