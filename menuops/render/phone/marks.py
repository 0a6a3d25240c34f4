"""What is said of an entry on a drawn phone, beside its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from menuops.core.diff import Kind
from menuops.core.preview import Drawn


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign with its word: `+ added`. `style`: added, removed, changed, moved or warned."""

    symbol: str
    word: str
    style: str


Marks: TypeAlias = Mapping[str, Mark]
"""Marks by place: "2" is the second entry, "2.1" the first button that it opens."""

NO_MARKS: Final[Marks] = MappingProxyType({})

_OF_KIND: Final[Mapping[Kind, Mark]] = {
    "add": Mark("+", "added", "added"),
    "remove": Mark("-", "removed", "removed"),
    "change": Mark("~", "changed", "changed"),
    "rename": Mark("~", "renamed", "changed"),
    "move": Mark(">", "moved", "moved"),
}


def marks_of(drawn: Drawn) -> Marks:
    """Mark each changed entry of a menu; one that moved and changed has both words."""
    return {at: _mark([_OF_KIND[kind] for kind in kinds]) for at, kinds in drawn.marks}


def _mark(marks: list[Mark]) -> Mark:
    symbols = "".join(dict.fromkeys(mark.symbol for mark in marks))
    return Mark(symbols, ", ".join(mark.word for mark in marks), marks[0].style)
