"""Runs a command line while something fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from menuops.emulator import Fault
from menuops.emulator.request import Request
from tests.site import APPID

from .faults import Sent
from .lines import Line
from .watch import APP_SECRET, Watch

T = TypeVar("T")
_ALL: Final = os.environ.get("MENUOPS_TEST_WHOLE_MATRIX") == "1"


def some(cases: Mapping[str, T], *, one_in: int, first: int = 0) -> dict[str, T]:
    """Choose some of the cases, others for each `first`; all with MENUOPS_TEST_WHOLE_MATRIX=1."""
    if _ALL:
        return dict(cases)
    return dict([*cases.items()][first % one_in :: one_in])


def begin(watch: Watch, line: Line) -> None:
    """Do what comes before a line, with nothing in its way."""
    watch.fresh()
    for words in line.before:
        watch.site.run(*words)


def calls_of(watch: Watch, line: Line) -> dict[str, Sent]:
    """Run a line with nothing in its way; gives the calls that it made, and what they sent."""
    seen: dict[str, Sent] = {}
    for form in line.formats:
        begin(watch, line)
        before = len(watch.site.emulator.requests)
        watch.drive(f"{line.words} as {form}", *line.loud(form))
        requests = watch.site.emulator.requests[before:]
        seen |= {each.path: _sent_in(each) for each in requests}
    return seen


def _sent_in(request: Request) -> Sent:
    if APP_SECRET in f"{request.query} {request.body!r}":
        return Sent(APP_SECRET)
    token = request.query.get("access_token") or request.query.get("cloudbase_access_token")
    return Sent(token or "", APP_SECRET)


def play(
    watch: Watch,
    line: Line,
    call: str,
    name: str,
    fault: Callable[[Sent], Fault],
    sent: Sent | None = None,
) -> None:
    """Run a line while one of its calls fails, in the format that is next.

    Without `sent` it is the token that was made last.
    """
    emulator = watch.site.emulator
    begin(watch, line)
    emulator.fail_next(call, fault(sent or _last_token(watch)), times=20)
    before = emulator.feed.since(0).last
    drive(watch, line, f"{call}: {name}")
    played = [each for each in emulator.feed.since(before).exchanges if each.fault is not None]
    assert played != [], f"{line.words}, {call}: {name} was not played"


def _last_token(watch: Watch) -> Sent:
    state = watch.site.emulator.state_of(APPID)
    assert state is not None
    return Sent(state.tokens[-1].value, APP_SECRET)


def drive(watch: Watch, line: Line, why: str, **environ: str | None) -> None:
    """Run a line in the format that is next."""
    form = line.formats[watch.runs % len(line.formats)]
    watch.drive(f"{' '.join(line.words)} as {form}, {why}", *line.loud(form), **environ)
