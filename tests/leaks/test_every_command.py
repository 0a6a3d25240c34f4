"""Every command, whatever WeChat answers: no secret is in its output or in any file."""

from __future__ import annotations

import pytest

from menuops.cli.main import COMMANDS

from .driving import calls_of, play, some
from .faults import ALL
from .lines import LINES, Line
from .watch import Watch

pytestmark = pytest.mark.no_cover  # others reach what they reach, and tracing doubles their time


def test_every_command_has_a_line() -> None:
    """A new command fails here until `lines.py` has it."""
    assert {line.command for line in LINES.values()} == set(COMMANDS)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_whatever_wechat_answers(watch: Watch, line: Line) -> None:
    """Its own calls fail in every way, the others each in some."""
    for number, (call, sent) in enumerate(calls_of(watch, line).items()):
        faults = ALL if call in line.own else some(ALL, one_in=8, first=number)
        for name, fault in faults.items():
            play(watch, line, call, name, fault, sent)
    assert watch.leaks == []
