"""Every command, whatever WeChat answers: no secret is in its output or in any file."""

from __future__ import annotations

import pytest

from menuops.cli.main import COMMANDS
from menuops.emulator import Fault
from menuops.emulator.request import Request

from .faults import ALL, Sent
from .lines import LINES, Line
from .watch import APP_SECRET, Watch


def test_every_command_has_a_line() -> None:
    """A new command fails here until `lines.py` has it."""
    assert {line.command for line in LINES.values()} == set(COMMANDS)


def begin(watch: Watch, line: Line) -> None:
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
        seen |= {each.path: sent_in(each) for each in requests}
    return seen


def sent_in(request: Request) -> Sent:
    sent = f"{request.query} {request.body!r}"
    token = request.query.get("access_token", "")
    return Sent(APP_SECRET) if APP_SECRET in sent else Sent(token, APP_SECRET)


def play(watch: Watch, line: Line, call: str, name: str, fault: Fault) -> None:
    """Run a line while one of its calls fails, in the format that is next."""
    site = watch.site
    begin(watch, line)
    site.emulator.fail_next(call, fault, times=20)
    before = len(site.emulator._calls)
    form = line.formats[watch.runs % len(line.formats)]
    watch.drive(f"{' '.join(line.words)} as {form}, {call}: {name}", *line.loud(form))
    played = [each for each in list(site.emulator._calls)[before:] if each.fault is not None]
    assert played != [], f"{line.words}, {call}: {name} was not played"


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_whatever_wechat_answers(watch: Watch, line: Line) -> None:
    """Each call fails in every way; in every third of them where another line's did."""
    for call, sent in calls_of(watch, line).items():
        for name in list(ALL)[:: 3 if call in line.alike else 1]:
            play(watch, line, call, name, ALL[name](sent))
    assert watch.leaks == []
