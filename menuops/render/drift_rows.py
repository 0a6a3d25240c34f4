"""What changed between two states as rows, menu by menu.

Names are as they came: whoever writes them escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from menuops.core.diff import Change, Kind
from menuops.core.fields import FieldChange
from menuops.core.labels import DEFAULT
from menuops.core.meeting import Comparison
from menuops.core.model import Buttons, Entry
from menuops.core.spots import Path, path_at, position, spots
from menuops.render.deeds import type_and_target

Symbol = Literal["+", "-", "~", ">"]
_SYMBOLS: Final[dict[Kind, Symbol]] = {
    "add": "+",
    "remove": "-",
    "change": "~",
    "rename": "~",
    "move": ">",
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry that changed; `fields` are those of which both values are told."""

    symbol: Symbol
    place: str
    name: str
    type: str
    target: str
    note: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuRows:
    """The changes of one menu; `note` is about the menu as a whole."""

    title: str
    note: str
    rows: tuple[ChangeRow, ...]


def comparison_rows(side: Comparison) -> tuple[MenuRows, ...]:
    """Lay out what changed, the default menu first; every change stands in one row or title."""
    of_menu: dict[str, list[Change]] = {}
    for change in side.changes:
        of_menu.setdefault(change.menu, []).append(change)
    return tuple(_menu(side, label, changes) for label, changes in of_menu.items())


def _menu(side: Comparison, label: str, changes: list[Change]) -> MenuRows:
    if label == DEFAULT:
        rows = _rows(side.before.button, side.after.button, changes)
        return MenuRows("default menu", "", tuple(rows))
    labels = side.labels
    b = labels.before.index(label) if label in labels.before else None
    a = labels.after.index(label) if label in labels.after else None
    before = () if b is None else side.before.conditionalmenu[b].button
    after = () if a is None else side.after.conditionalmenu[a].button
    whole = [change for change in changes if change.at.startswith("#")]
    rule = labels.rule(
        (
            side.after.conditionalmenu[a] if a is not None else side.before.conditionalmenu[b or 0]
        ).matchrule
    )
    whom = "" if rule == label else f", for {rule}"
    title = f"conditional menu {label}{whom}"
    notes = []
    for change in whole:
        match change.kind:
            case "add":
                return MenuRows(title, f"+ {change.at}, new", tuple(_all(after, "+", "")))
            case "remove":
                gone = tuple(_all(before, "-", ""))
                return MenuRows(title, f"- was {change.at}, removed", gone)
            case "move":
                notes.append(f"> {change.at}, was {change.was_at}")
            case _:
                was = labels.rule(side.before.conditionalmenu[b or 0].matchrule)
                notes.append(f"~ {change.at}, was for {was}")
    inner = [change for change in changes if change not in whole]
    return MenuRows(title, "; ".join(notes), tuple(_rows(before, after, inner)))


def _rows(before: Buttons, after: Buttons, changes: list[Change]) -> Iterator[ChangeRow]:
    old, new = (
        {position(spot.path): spot.entry for spot in spots(buttons)} for buttons in (before, after)
    )
    of_entry: dict[tuple[bool, str], list[Change]] = {}
    for change in changes:
        of_entry.setdefault((change.kind == "remove", change.at), []).append(change)
    # As a person goes through a menu; what went away before what stands there now.
    for (gone, at), found in sorted(of_entry.items(), key=lambda item: _order(*item[0])):
        entry = old[at] if gone else new[at]
        kinds = [change.kind for change in found]
        edits = tuple(
            field
            for change in found
            if change.kind in ("change", "rename")
            for field in change.fields
        )
        symbol: Symbol = "~" if edits else _SYMBOLS[kinds[0]]
        yield _row(symbol, at, entry, ", ".join(_notes(found)), edits)


def _order(gone: bool, at: str) -> tuple[Path, bool]:
    return path_at(at), not gone


def _notes(found: list[Change]) -> Iterator[str]:
    for change in found:
        match change.kind:
            case "add":
                yield "new"
            case "remove":
                yield "removed"
            case "move":
                yield f"moved from {change.was_at}"
            case "rename":
                yield "renamed"
            case "change":
                yield f"{', '.join(field.field for field in change.fields)} changed"


def _all(buttons: Buttons, symbol: Symbol, note: str) -> Iterator[ChangeRow]:
    for spot in spots(buttons):
        yield _row(symbol, position(spot.path), spot.entry, note)


def _row(
    symbol: Symbol, at: str, entry: Entry, note: str, fields: tuple[FieldChange, ...] = ()
) -> ChangeRow:
    type_, target = type_and_target(entry, {field.field for field in fields})
    return ChangeRow(symbol, at, entry.name, type_, target, note, fields)
