"""SIGKILL of an apply before, during and after each call, and around each fsync.

After each of them the journal is true, and all three ways out reach their goals.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from tests.site import Ended, Site

from .gateway import Act, Line
from .processes import At, Running, Zygote, opened_zygote
from .stage import (
    CALLS,
    WAYS,
    Stage,
    assert_all_as_wanted,
    assert_end_is_right,
    assert_journal_is_true,
    set_stage,
)

NAMES: Final = ("one", "two")
STEPS: Final = len(NAMES) * len(CALLS)


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    with opened_zygote(tmp_path_factory.mktemp("zygote")) as opened:
        yield opened


@pytest.fixture
def stage(site: Site) -> Iterator[Stage]:
    with set_stage(site, NAMES) as opened:
        yield opened


@pytest.mark.parametrize("number", range(1, STEPS + 1))
@pytest.mark.parametrize("do", ["die before", "die after", "power cut"])
def test_killed_before_or_after_a_call(
    stage: Stage, zygote: Zygote, do: str, number: int, counted: Callable[..., None]
) -> None:
    ended = zygote.run(stage.site, "apply", "plan.json", at=At("call", number, do))
    counted(assert_ways_out(stage, ended))


def before_it_is_done(kill: Callable[[], None]) -> Act:
    def act(line: Line) -> None:
        line.read()
        kill()
        line.reset()

    return act


def after_it_was_done(kill: Callable[[], None]) -> Act:
    def act(line: Line) -> None:
        answer = line.ask()
        kill()
        line.answer(answer)

    return act


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize("during", [before_it_is_done, after_it_was_done])
def test_killed_during_a_call(
    stage: Stage,
    zygote: Zygote,
    step: int,
    during: Callable[[Callable[[], None]], Act],
    counted: Callable[..., None],
) -> None:
    begun: list[Running] = []
    stage.gateway.hold()
    number = stage.request_of(*divmod(step, len(CALLS)))
    stage.gateway.acts[number] = during(lambda: os.kill(begun[0].pid, signal.SIGKILL))
    begun.append(zygote.begin(stage.site, "apply", "plan.json"))
    stage.gateway.go_on()
    ended = begun[0].ended()
    counted(assert_ways_out(stage, ended))


@pytest.mark.no_cover  # its hundreds of runs reach what others reach, and tracing is a third of it
@pytest.mark.parametrize("do", ["die before", "power cut"])
def test_killed_at_each_fsync(
    site: Site, zygote: Zygote, do: str, counted: Callable[..., None]
) -> None:
    """A process that dies after an fsync leaves what it leaves before it: the file was written."""
    with set_stage(site, NAMES) as stage:
        for number in range(1, fsyncs(stage, zygote) + 1):
            with stage.tried():
                at = At("fsync", number, do)
                ended = zygote.run(stage.site, "apply", "plan.json", at=at)
                counted(assert_ways_out(stage, ended))


def fsyncs(stage: Stage, zygote: Zygote) -> int:
    """Count those of an apply that nothing comes in the way of."""
    with stage.tried():
        running = zygote.begin(stage.site, "apply", "plan.json")
        assert_end_is_right(stage, running.ended(), 0)
        assert_all_as_wanted(stage)
        assert running.tally["call"] == STEPS
        return running.tally["fsync"]


def assert_ways_out(stage: Stage, ended: Ended) -> int:
    """Check what a killed process left, and each way out of it; gives how many."""
    assert ended.code == -signal.SIGKILL, ended.said
    stage.gateway.begin()
    runs = stage.runs()
    run = runs[0] if runs else None
    assert_journal_is_true(stage, run)
    if run is None or not stage.journal(run):
        assert stage.live() == stage.before
        with stage.tried():
            assert stage.run("apply", "plan.json").code == 0
            assert_all_as_wanted(stage)
        return 1
    for way in WAYS.values():
        with stage.tried():
            way(stage, run)
    return len(WAYS)
