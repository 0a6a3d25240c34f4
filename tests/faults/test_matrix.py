"""Each call of a plan with five steps, in the first account and the second of three, each fault.

However it ends: what is live is one of the states that the journal says, no menu is there twice,
the exit code and the last line are right, and a way out reaches its goal. The ways out take
turns over the cases.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final

import pytest

from tests.site import Ended, Site

from . import gateway
from .gateway import Act, Line
from .stage import (
    CALLS,
    NAMES,
    WAYS,
    Stage,
    assert_all_as_wanted,
    assert_end_is_right,
    assert_journal_is_true,
    follow,
    plan_and_apply,
    set_stage,
)

BUSY = gateway.errcode(-1, "system error")
TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one call.

    `goes_on` says that the run gets over it; `retry_s` is what the account allows for that.
    """

    act: Act
    goes_on: bool
    for_ever: bool = False
    retry_s: float = 0.0
    timeout_s: float = 20.0
    says: str = ""


FAULTS: Final[dict[str, Fault]] = {
    "busy once": Fault(BUSY, goes_on=True, retry_s=1.0),
    "busy for ever": Fault(BUSY, goes_on=False, for_ever=True),
    "token refused once": Fault(gateway.errcode(40001, "invalid credential"), goes_on=False),
    "quota of the day used up": Fault(gateway.errcode(45009), goes_on=False, says="16:00"),
    "called too often": Fault(gateway.errcode(45011), goes_on=False, says="minute"),
    "no more menus": Fault(gateway.errcode(65305), goes_on=False, says="plan --delete-first"),
    "too many domains": Fault(gateway.errcode(65316), goes_on=False, says="plan --delete-first"),
    "unknown errcode": Fault(gateway.errcode(99999), goes_on=False, says="99999"),
    "502 with HTML": Fault(gateway.bad_gateway, goes_on=False),
    "502 with HTML once": Fault(gateway.bad_gateway, goes_on=True, retry_s=1.0),
    "502 with HTML after it was done": Fault(gateway.bad_gateway_after, goes_on=True),
    "reset before it is read": Fault(gateway.reset_unread, goes_on=False),
    "reset before it is read, once": Fault(gateway.reset_unread, goes_on=True, retry_s=1.0),
    "reset before it is done": Fault(gateway.reset_before, goes_on=False),
    "reset after it was done": Fault(gateway.reset_after, goes_on=True),
    "half an answer": Fault(gateway.half_answer, goes_on=True),
    "answer too late": Fault(gateway.too_late, goes_on=True, timeout_s=TIMEOUT_S),
    "answer in UTF-16": Fault(gateway.in_encoding("utf-16"), goes_on=True),
    "answer in GBK": Fault(gateway.in_encoding("gbk"), goes_on=True),
    "empty answer": Fault(gateway.unclear(b"", done=True), goes_on=True),
    "empty object": Fault(gateway.unclear(b"{}", done=True), goes_on=True),
    "no more than ok": Fault(
        gateway.unclear(b'{"errcode":0,"errmsg":"ok"}', done=True), goes_on=True
    ),
    "errcode that is no number": Fault(
        gateway.unclear(b'{"errcode":"\xe5\xbf\x99"}', done=True), goes_on=True
    ),
}
POSITIONS: Final = (0, 1)
CASES: Final = list(product(FAULTS, POSITIONS, range(len(CALLS))))
Turn = tuple[str, int, int]


def number_of(case: Turn) -> str:
    fault, account, step = case
    return f"{fault}-{NAMES[account]}-{step + 1}"


def way_of(case: Turn) -> str:
    """The ways out take turns."""
    fault, account, step = case
    turn = list(FAULTS).index(fault) if fault else 0
    return list(WAYS)[(turn + account + step) % len(WAYS)]


@pytest.mark.parametrize("case", CASES, ids=number_of)
def test_fault_of_one_call(site: Site, case: Turn, counted: Callable[..., None]) -> None:
    name, account, step = case
    fault = FAULTS[name]
    timeouts = {"connect": 5, "read": fault.timeout_s}
    with set_stage(site, retry_s=fault.retry_s, timeout_s=timeouts) as stage:
        number = stage.request_of(account, step)
        if fault.for_ever:
            stage.gateway.every = (number, only(CALLS[step], fault.act))
        else:
            stage.gateway.acts[number] = fault.act
        ended = stage.run("apply", "plan.json")
        stage.gateway.begin()
        check(stage, ended, case, goes_on=fault.goes_on, says=fault.says)
    counted()


def only(call: str, act: Act) -> Act:
    """Let nothing but one kind of call meet with it: reads show what became of it."""

    def acts(line: Line) -> None:
        (act if line.read().call == call else gateway.passing)(line)

    return acts


@pytest.mark.parametrize("case", [("", *at) for at in product(POSITIONS, range(len(CALLS)))])
def test_connection_refused(site: Site, case: Turn, counted: Callable[..., None]) -> None:
    """Whoever connects for the call is refused, and all after it."""
    _, account, step = case
    with set_stage(site) as stage:
        before = stage.request_of(account, step) - 1
        stage.gateway.acts[before] = then(stage.gateway.refuse)
        ended = stage.run("apply", "plan.json")
        stage.gateway.listen()
        stage.gateway.begin()
        check(stage, ended, case, goes_on=False, says="refused")
    counted()


@pytest.mark.parametrize("case", [("", *at) for at in product(POSITIONS, range(len(CALLS)))])
def test_connection_refused_for_a_while(
    site: Site, case: Turn, counted: Callable[..., None]
) -> None:
    """Nothing was sent, so the call is sent again without a read."""
    _, account, step = case
    with set_stage(site, retry_s=6.0) as stage:
        again = threading.Timer(0.2, stage.gateway.listen)

        def refuse() -> None:
            stage.gateway.refuse()
            again.start()

        stage.gateway.acts[stage.request_of(account, step) - 1] = then(refuse)
        ended = stage.run("apply", "plan.json")
        again.join()
        assert len(stage.gateway.seen) == stage.request_of(len(NAMES), 0) - 1
        stage.gateway.begin()
        check(stage, ended, case, goes_on=True)
    counted()


def then(act: Callable[[], None]) -> Act:
    """Do something before the answer goes out."""

    def acts(line: Line) -> None:
        answer = line.ask()
        act()
        line.answer(answer)

    return acts


def check(stage: Stage, ended: Ended, case: Turn, *, goes_on: bool, says: str = "") -> None:
    """Check the end of a run, and that a way out reaches its goal."""
    _, account, step = case
    nothing = (account, step) == (0, 0)
    assert_end_is_right(stage, ended, 0 if goes_on else 7 if nothing else 6)
    assert says in ended.said, ended.said
    (run,) = stage.runs()
    assert_journal_is_true(stage, run)
    if goes_on:
        assert_all_as_wanted(stage)
    elif nothing:
        # The plan is as good as it was.
        again = stage.run("apply", "plan.json")
        assert again.code == 0, again.said
        assert_all_as_wanted(stage)
    else:
        assert set(stage.outcomes(run, NAMES[account]).values()) <= {"done", "failed"}
        match way_of(case):
            case "resume":
                follow(stage, ended, "Finish")
                assert_all_as_wanted(stage)
            case "restore":
                follow(stage, ended, "Undo")
                assert stage.live() == stage.before
            case _ if "plan --delete-first" in says:
                (command,) = re.findall(r"menuops (plan --delete-first --out \S+),", ended.out)
                planned = stage.run(*command.split())
                assert planned.code == 0, planned.said
                assert stage.run("apply", command.split()[-1]).code == 0
                assert_all_as_wanted(stage)
            case _:
                plan_and_apply(stage, run)
