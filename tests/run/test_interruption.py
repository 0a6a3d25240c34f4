"""Ctrl-C and SIGTERM: the call in flight is finished and journalled, the next isn't made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from menuops.core.applied import Applied, StepResult
from menuops.core.errors import Interrupted, Terminated
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan
from menuops.emulator import Fault
from menuops.run.applying import apply_plan
from menuops.run.interruption import Interruption, stopping_at_once
from menuops.run.settings import World
from tests.site import Site, click, conditional

SIGNALS = {signal.SIGINT: Outcome.INTERRUPTED, signal.SIGTERM: Outcome.TERMINATED}


@pytest.fixture(autouse=True)
def _change(site: Site) -> None:
    site.project(retry_s=30)
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [click()], "conditionalmenu": [ios]})


def interrupt(number: signal.Signals, step: int = 1) -> Callable[..., None]:
    def progress(_: AccountPlan, __: StepResult, done: int) -> None:
        if done == step:
            os.kill(os.getpid(), number)

    return progress


def outcomes(applied: Applied) -> list[str]:
    return [step.outcome for account in applied.accounts for step in account.steps]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_stops_between_calls(site: Site, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    applied = site.apply(progress=interrupt(number))
    assert applied.outcome is SIGNALS[number]
    assert outcomes(applied) == ["done", "not_tried"]
    assert site.writes == ["menu/create"]
    assert site.steps() == ["menu/create started", "menu/create done"]
    assert site.journal()[-1]["exit_code"] == SIGNALS[number].exit_code
    assert signal.getsignal(number) is before
    assert site.apply().outcome is Outcome.DONE


def test_a_signal_after_the_last_call_changes_nothing(site: Site) -> None:
    applied = site.apply(progress=interrupt(signal.SIGINT, step=2))
    assert applied.outcome is Outcome.DONE


def test_a_signal_keeps_the_accounts_that_follow_from_being_written(site: Site) -> None:
    site.accounts(2)
    applied = site.apply(progress=interrupt(signal.SIGTERM, step=2))
    assert applied.outcome is Outcome.TERMINATED
    assert outcomes(applied) == ["done", "done", "not_tried", "not_tried"]


def test_a_signal_ends_the_trying_of_a_call_that_wechat_is_too_busy_for(site: Site) -> None:
    site.emulator.fail_next("menu/addconditional", Fault.errcode(-1), times=4)

    def sleep(seconds: float) -> None:
        site.clock.sleep(seconds)
        os.kill(os.getpid(), signal.SIGINT)

    world = World(clock=site.clock, sleep=sleep, environ=site.environ)
    applied = apply_plan(site.settings(), world, site.plan(), expect=(), progress=lambda *_: None)
    assert outcomes(applied) == ["done", "failed"]
    assert site.writes == ["menu/create", "menu/addconditional"]
    assert applied.outcome is Outcome.INTERRUPTED
    assert site.steps()[-1] == "menu/addconditional failed"


def test_in_a_thread_no_signal_is_caught(site: Site) -> None:
    """A program that uses menuops as a library keeps its own handlers."""
    before = [signal.getsignal(number) for number in SIGNALS]
    results: list[Applied] = []
    thread = threading.Thread(target=lambda: results.append(site.apply()))
    thread.start()
    thread.join()
    assert [applied.outcome for applied in results] == [Outcome.DONE]
    assert [signal.getsignal(number) for number in SIGNALS] == before


@pytest.mark.parametrize("command", ["plan", "emulator"])
def test_a_command_leaves_the_handlers_of_its_process_as_they_were(
    site: Site, command: str
) -> None:
    numbers = (*SIGNALS, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    busy = site.url.rpartition(":")[2]
    site.run(command, *(("--port", busy) if command == "emulator" else ()))
    assert [signal.getsignal(number) for number in numbers] == before


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)]
)
def test_outside_of_writing_a_signal_ends_the_command_at_once(
    number: signal.Signals, raised: type[BaseException]
) -> None:
    before = [signal.getsignal(each) for each in SIGNALS]
    with pytest.raises(raised), stopping_at_once():
        os.kill(os.getpid(), number)
    assert [signal.getsignal(each) for each in SIGNALS] == before


def test_at_once_means_no_thread_and_no_signal_that_is_ignored() -> None:
    caught: list[bool] = []

    def watch() -> None:
        with stopping_at_once():
            caught.append(signal.getsignal(signal.SIGTERM) is not before)

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=watch)
    thread.start()
    thread.join()
    hangup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping_at_once():
            os.kill(os.getpid(), signal.SIGHUP)
            caught.append(signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN)
    finally:
        signal.signal(signal.SIGHUP, hangup)
    assert caught == [False, False]


TWICE = """
import os, signal
from menuops.run.interruption import Interruption
with Interruption() as interruption:
    os.kill(os.getpid(), signal.SIGTERM)
    print(interruption.asked(), interruption.outcome.exit_code, flush=True)
    os.kill(os.getpid(), signal.SIGINT)
    print("not reached", flush=True)
"""


def test_the_first_signal_says_what_happens_and_the_second_ends_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (-signal.SIGINT, "True 143\n")
    first, second = filter(None, done.stderr.splitlines())
    assert "once more ends at once" in first
    assert "menuops plan shows what is live" in second


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="needs root, and Linux: nobody else may start a process that is the first of its kind",
)
def test_the_second_signal_ends_the_first_process_of_a_container_too() -> None:
    """Linux spares that one from the signals that it sends itself."""
    as_first = ["unshare", "--pid", "--fork", sys.executable, "-c", TWICE]
    done = subprocess.run(as_first, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (128 + signal.SIGINT, "True 143\n")


def test_a_signal_that_is_ignored_stays_so() -> None:
    """As nohup asks for."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interruption() as interruption:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not interruption.asked()
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [(KeyboardInterrupt, Outcome.INTERRUPTED), (Terminated, Outcome.TERMINATED)],
)
def test_whoever_stops_before_the_first_write_is_told_that_nothing_was_written(
    site: Site, cause: type[BaseException], outcome: Outcome
) -> None:
    def stop(*_: object) -> None:
        raise cause

    with pytest.raises(Interrupted) as caught:
        site.apply(show=stop)
    assert caught.value.outcome is outcome
    assert "Nothing was written" in caught.value.message
    assert (site.writes, site.runs) == ([], [])


def test_a_signal_between_the_journal_and_the_first_call_leaves_the_plan_good(site: Site) -> None:
    plan = site.plan()
    state = site.home / "state" / "menuops" / "runs"

    def clock() -> float:
        if state.exists() and any(state.iterdir()) and not sent:
            sent.append(signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGTERM)
        return site.clock()

    sent: list[signal.Signals] = []
    world = World(clock=clock, sleep=site.clock.sleep, environ=site.environ)
    with pytest.raises(Interrupted) as caught:
        apply_plan(site.settings(), world, plan, expect=(), progress=lambda *_: None)
    assert caught.value.outcome is Outcome.TERMINATED
    assert site.writes == []
    assert site.journal()[-1]["exit_code"] == 143
    assert site.apply(plan).outcome is Outcome.DONE
