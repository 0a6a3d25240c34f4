"""Calls of which the answer doesn't tell what became of them, and others who write meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from menuops.emulator.state import AccountState
from tests.site import Site, click

from . import gateway
from .gateway import Act, Line
from .stage import (
    AFTER,
    CALLS,
    NAMES,
    Stage,
    appid,
    assert_all_as_wanted,
    assert_end_is_right,
    assert_journal_is_true,
    plan_and_apply,
    set_stage,
)

ADD = CALLS.index("menu/addconditional")
DELETE = CALLS.index("menu/delconditional")


@pytest.fixture
def stage(site: Site) -> Iterator[Stage]:
    with set_stage(site) as opened:
        yield opened


@pytest.mark.parametrize("step", [1, 2])
def test_a_menu_that_a_proxy_adds_twice_is_told_and_taken_out(
    stage: Stage, step: int, counted: Callable[..., None]
) -> None:
    stage.gateway.acts[stage.request_of(0, step)] = gateway.sent_twice
    ended = stage.run("apply", "plan.json")
    assert_end_is_right(stage, ended, 6)
    assert "is there more than once, as menuid 4500000" in ended.out
    assert stage.menus_of("two") == stage.menus_of("three")
    plan_and_apply(stage, "")
    counted()


@pytest.mark.parametrize("fails", [gateway.errcode(45009), gateway.reset_before])
def test_a_menu_that_a_proxy_adds_twice_is_told_where_a_later_call_fails_too(
    stage: Stage, fails: Act, counted: Callable[..., None]
) -> None:
    stage.gateway.acts[stage.request_of(0, ADD)] = gateway.sent_twice
    stage.gateway.acts[stage.request_of(0, ADD + 1)] = fails
    ended = stage.run("apply", "plan.json")
    assert_end_is_right(stage, ended, 6)
    assert "ios is there more than once" in ended.out
    plan_and_apply(stage, "")
    counted()


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("step", range(len(CALLS)))
def test_an_unknown_errcode_is_settled_by_reading(
    stage: Stage, step: int, done: bool, counted: Callable[..., None]
) -> None:
    answer = gateway.unclear(b'{"errcode":-1000,"errmsg":"new"}', done=done)
    stage.gateway.acts[stage.request_of(1, step)] = answer
    ended = stage.run("apply", "plan.json")
    assert_end_is_right(stage, ended, 0 if done else 6)
    (run,) = stage.runs()
    assert_journal_is_true(stage, run)
    if done:
        assert "found done by reading the account" in ended.out
        assert_all_as_wanted(stage)
    else:
        assert stage.outcomes(run, "two")[step + 1] == "failed"
        plan_and_apply(stage, run)
    counted()


def test_a_delete_that_was_done_and_is_sent_again_is_done(site: Site) -> None:
    """A proxy sends it twice and gives the second answer, 65301."""
    with set_stage(site) as stage:
        stage.gateway.acts[stage.request_of(0, DELETE)] = gateway.sent_twice
        ended = stage.run("apply", "plan.json")
        assert_end_is_right(stage, ended, 0)
        assert "found done by reading the account" in ended.out
        assert_all_as_wanted(stage)


@pytest.mark.parametrize("step", range(len(CALLS)))
def test_a_call_that_lands_after_the_first_look_is_found_or_told(
    site: Site, step: int, counted: Callable[..., None]
) -> None:
    """It hangs somewhere, is sent again, and then both are done."""
    with set_stage(site, retry_s=1.0) as stage:
        late: list[Line] = []

        def hang(line: Line) -> None:
            line.read()
            late.append(line)
            line.reset()

        def land(line: Line) -> None:
            line.read()
            late[0].ask()
            gateway.passing(line)

        number = stage.request_of(0, step)
        stage.gateway.acts[number] = hang
        stage.gateway.acts[number + 3] = land  # two requests read what became of it
        ended = stage.run("apply", "plan.json")
        twice = CALLS[step] == "menu/addconditional"
        assert_end_is_right(stage, ended, 6 if twice else 0)
        assert ("is there more than once" in ended.out) is twice
        stage.gateway.begin()
        plan_and_apply(stage, "")
    counted()


def test_a_call_that_lands_while_it_is_refused_is_found(site: Site) -> None:
    """The first sending hangs, the second is refused, and in between the first was done."""
    with set_stage(site, retry_s=1.0) as stage:
        late: list[Line] = []

        def hang(line: Line) -> None:
            line.read()
            late.append(line)
            line.reset()

        def refuse(line: Line) -> None:
            line.read()
            late[0].ask()
            line.answer(b'{"errcode":45011,"errmsg":"slower"}')

        number = stage.request_of(0, ADD)
        stage.gateway.acts[number] = hang
        stage.gateway.acts[number + 3] = refuse
        ended = stage.run("apply", "plan.json")
        assert_end_is_right(stage, ended, 0)
        assert_all_as_wanted(stage)


def by_another(change: Callable[[AccountState], AccountState]) -> Callable[[Stage], None]:
    return lambda stage: stage.site.emulator._edit(appid("one"), change)


def other_default(state: AccountState) -> AccountState:
    assert state.default is not None
    return replace(state, default=replace(state.default, buttons=(click("他们的"),)))


def one_more(state: AccountState) -> AccountState:
    theirs = replace(
        state.conditional[0], menuid=state.next_menuid, rule={"client_platform_type": "2"}
    )
    return replace(
        state, conditional=(theirs, *state.conditional), next_menuid=state.next_menuid + 1
    )


@pytest.mark.parametrize("lost", [gateway.reset_after, gateway.reset_before])
@pytest.mark.parametrize(
    ("step", "change"), [(0, other_default), (ADD, one_more)], ids=["create", "add"]
)
def test_an_answer_that_is_lost_while_somebody_else_writes(
    stage: Stage,
    step: int,
    change: Callable[[AccountState], AccountState],
    lost: Act,
    counted: Callable[..., None],
) -> None:
    """What they wrote is not written over, and a menu that was added isn't added again."""

    def act(line: Line) -> None:
        lost(line)
        by_another(change)(stage)

    stage.gateway.acts[stage.request_of(0, step)] = act
    number = len(stage.gateway.seen)
    ended = stage.run("apply", "plan.json")
    sent = [asked.call for asked in stage.gateway.seen[number:]]
    done = lost is gateway.reset_after and change is one_more
    assert sent.count(CALLS[step]) == (CALLS.count(CALLS[step]) if done else 1)
    (run,) = stage.runs()
    assert stage.outcomes(run, "one")[step + 1] == ("done" if done else "unknown")
    assert_end_is_right(stage, ended, 6)
    counted()


def test_a_token_that_is_voided_before_each_call_is_renewed(
    stage: Stage, counted: Callable[..., None]
) -> None:
    def void(line: Line) -> None:
        if line.read().call in CALLS:
            sent.append(line)
            if len(sent) % 2:
                for name in NAMES:
                    stage.site.emulator.void_tokens(appid(name))
        gateway.passing(line)

    sent: list[Line] = []
    stage.gateway.every = (1, void)
    ended = stage.run("apply", "plan.json")
    assert_end_is_right(stage, ended, 0)
    assert len(sent) == 2 * len(CALLS) * len(NAMES)
    assert stage.live() == dict.fromkeys(NAMES, AFTER)
    counted()
