"""Redis dies in the middle of a renewal, and comes back or doesn't.

A classic token is asked for, since each voids the one before: a call too many would show.
"""

from __future__ import annotations

import pytest

from tests.redis_server import LocalRedis

from .agent import Said
from .conftest import (
    LATER,
    POINTS,
    Start,
    WeChat,
    assert_one_owner,
    end_lease,
    in_redis,
    kept,
    waiting,
)


def assert_clear(said: Said) -> None:
    """An error that says what is wrong, where, and what to do about it."""
    assert said["error"] in {"LockUnusable", "StoreUnusable"}
    assert "Redis at 127.0.0.1:" in said["message"]
    assert said["fix"]
    assert said["exit"] == 7


def test_who_waits_for_the_lock_is_told_at_once(
    start: Start, wechat: WeChat, own_redis: LocalRedis
) -> None:
    holder = start(in_redis(own_redis), pauses=POINTS)
    waiter = start(in_redis(own_redis))
    holder.goes_to("asking")
    with waiting(own_redis):
        waiter.tell("token")
    own_redis.stop()
    assert_clear(waiter.hear())
    assert wechat.token_calls == 0


@pytest.mark.parametrize("point", POINTS)
def test_what_was_fetched_serves_its_process_for_as_long_as_redis_is_away(
    start: Start, wechat: WeChat, own_redis: LocalRedis, point: str
) -> None:
    holder = start(in_redis(own_redis), pauses=POINTS)
    other = start(in_redis(own_redis))
    holder.goes_to(point)
    own_redis.stop()
    said = holder.goes_on()
    assert wechat.is_latest(said["token"])
    for _ in range(2):
        assert holder.ask("call") == said
        assert holder.ask(LATER) == {}
        assert_clear(other.ask("token"))
    assert wechat.token_calls == 1


@pytest.mark.parametrize("point", POINTS)
def test_what_was_fetched_is_kept_once_redis_is_back(
    start: Start, wechat: WeChat, own_redis: LocalRedis, point: str
) -> None:
    holder = start(in_redis(own_redis), pauses=POINTS)
    other = start(in_redis(own_redis))
    holder.goes_to(point)
    own_redis.stop()
    said = holder.goes_on()
    own_redis.start()
    holder.ask(LATER)
    assert holder.ask("token") == said
    assert_one_owner(wechat, in_redis(own_redis), holder, other)
    assert wechat.token_calls == 1


@pytest.mark.parametrize("point", POINTS)
def test_what_another_fetched_once_redis_is_back_counts(
    start: Start, wechat: WeChat, own_redis: LocalRedis, point: str
) -> None:
    """Nobody but its process knows of the first one, so a second call can't be helped."""
    holder = start(in_redis(own_redis), pauses=POINTS)
    other = start(in_redis(own_redis))
    holder.goes_to(point)
    own_redis.stop()
    said = holder.goes_on()
    own_redis.start()
    assert other.token() != said["token"]
    assert holder.ask("token") == said  # it works for five minutes more
    holder.ask(LATER)
    assert_one_owner(wechat, in_redis(own_redis), holder, other)
    assert wechat.token_calls == 2


@pytest.mark.parametrize("point", POINTS)
def test_redis_that_comes_back_empty_in_the_middle_costs_nothing(
    start: Start, wechat: WeChat, own_redis: LocalRedis, point: str
) -> None:
    """The lock is lost, but nobody else has fetched a token in the meantime."""
    holder = start(in_redis(own_redis), pauses=POINTS)
    other = start(in_redis(own_redis))
    holder.goes_to(point)
    own_redis.stop()
    own_redis.start()
    assert holder.goes_on() == {"token": kept(wechat, in_redis(own_redis))}
    assert_one_owner(wechat, in_redis(own_redis), holder, other)
    assert wechat.token_calls == 1


def test_who_lost_the_lock_with_its_redis_takes_what_the_next_one_fetched(
    start: Start, wechat: WeChat, own_redis: LocalRedis
) -> None:
    """Also where the next one has asked and not yet kept what it got, which voids the first."""
    holder, other = (start(in_redis(own_redis), pauses=POINTS) for _ in range(2))
    holder.goes_to("answered")
    own_redis.stop()
    own_redis.start()
    other.goes_to("answered")
    with waiting(own_redis):
        holder.tell("go")
    said = other.goes_on()
    assert holder.hear() == said
    assert_one_owner(wechat, in_redis(own_redis), holder, other)
    assert wechat.token_calls == 2


def test_running_processes_need_no_redis_while_their_token_lives(
    start: Start, wechat: WeChat, own_redis: LocalRedis
) -> None:
    one, two = (start(in_redis(own_redis)) for _ in range(2))
    token = one.token()
    assert two.token() == token
    own_redis.stop()
    for agent in (one, two):
        agent.ask(LATER)
        assert agent.ask("call") == {"token": token}
    own_redis.start()
    for agent in (one, two):
        agent.ask(LATER)
        assert agent.ask("call") == {"token": token}
    cold = start(in_redis(own_redis))
    cold.token()
    for agent in (one, two):
        agent.ask(LATER)
    assert_one_owner(wechat, in_redis(own_redis), one, two, cold)
    assert wechat.token_calls == 2


def test_redis_that_hangs_is_waited_for_no_longer_than_it_may(
    start: Start, wechat: WeChat, own_redis: LocalRedis
) -> None:
    holder = start(in_redis(own_redis), pauses=POINTS, redis_timeout_s=0.3)
    other = start(in_redis(own_redis), redis_timeout_s=0.3)
    holder.goes_to("answered")
    own_redis.freeze()
    said = holder.goes_on()
    assert_clear(other.ask("token"))
    own_redis.thaw()
    end_lease(wechat, own_redis)
    holder.ask(LATER)
    assert holder.ask("token") == said
    assert_one_owner(wechat, in_redis(own_redis), holder, other)
    assert wechat.token_calls == 1
