"""docs/emulator.md names each switch with its values, the default first."""

from __future__ import annotations

import re
from pathlib import Path

from menuops.emulator.switches import CHOICES

PAGE = Path(__file__).parents[2] / "docs/emulator.md"


def test_the_docs_name_every_switch_and_value() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("### Where the sources disagree")[2]
    table = section.partition("## ")[0].partition("| what |")[2]
    named = {
        name: tuple(values.split(", "))
        for name, values in re.findall(r"`(\w+)` ([\w, ]+?)(?=;| \|)", table)
    }
    assert named == CHOICES
