"""Every command, whatever WeChat answers: no secret is in its output or in any file."""

from __future__ import annotations

import pytest

from menuops.cli.main import COMMANDS

from .driving import calls_of, play
from .faults import ALL
from .lines import LINES, Line
from .watch import Watch


def test_every_command_has_a_line() -> None:
    """A new command fails here until `lines.py` has it."""
    assert {line.command for line in LINES.values()} == set(COMMANDS)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_whatever_wechat_answers(watch: Watch, line: Line) -> None:
    """Its own calls fail in every way; of the others each in another fifth of them."""
    for number, (call, sent) in enumerate(calls_of(watch, line).items()):
        for name in list(ALL) if call in line.own else list(ALL)[number % 5 :: 5]:
            play(watch, line, call, name, ALL[name], sent)
    assert watch.leaks == []
