"""Checks facts, one after the other; none ends the run."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

from .bench import Bench
from .errors import CannotStart, CannotTell, Lost, OtherShape
from .fact import HAZARDS, Fact, Result
from .visible import visible

BUG = "a bug of this suite"
LOST_IN_A_ROW = 3  # then the server is gone, and each further call would wait for it


def run(
    facts: Iterable[Fact],
    bench: Bench,
    read_only: bool,
    report: Callable[[Result], None],
) -> None:
    """Give each fact its verdict. KeyboardInterrupt passes through."""
    lost = 0
    for fact in facts:
        if lost >= LOST_IN_A_ROW:
            report(Result(fact, "couldn't tell", "not tried: the server can't be reached"))
            continue
        try:
            result = verdict(fact, bench, read_only)
            lost = 0
        except Lost as gone:
            lost += 1
            result = Result(fact, "couldn't tell", f"no answer: {gone}")
        except Exception as bug:  # of ours; the others are still worth checking
            place = traceback.extract_tb(bug.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            result = Result(fact, "couldn't tell", f"{BUG}: {type(bug).__name__} at {where}")
        report(Result(result.fact, result.verdict, visible(bench.caller.redact(result.seen))))


def verdict(fact: Fact, bench: Bench, read_only: bool) -> Result:
    """Check one fact. Raises Lost."""
    if read_only and fact.writes:
        return Result(fact, "couldn't tell", "not tried: it writes")
    if fact.hazard is not None and fact.hazard not in bench.allowance.hazards:
        reason = f"not tried: {HAZARDS[fact.hazard]}; --also {fact.hazard} does it"
        return Result(fact, "couldn't tell", reason)
    try:
        finding = fact.check(bench)
    except CannotTell as why:
        return Result(fact, "couldn't tell", str(why))
    except CannotStart as why:  # the token was refused, and no other is given
        return Result(fact, "couldn't tell", str(why))
    except OtherShape as other:
        if fact.grade == "?":
            return Result(fact, "couldn't tell", f"an answer of another shape: {other}")
        return Result(fact, "differs", str(other))
    if fact.grade == "?":
        return Result(fact, "settled", finding.seen)
    return Result(fact, "as stated" if finding.agrees else "differs", finding.seen)
