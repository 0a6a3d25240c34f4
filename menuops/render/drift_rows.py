"""What changed between two states as rows, menu by menu.

Names are as they came: whoever writes them escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from menuops.core.diff import Change, Kind
from menuops.core.fields import FieldChange
from menuops.core.jsonform import buttons_to_json, canonical
from menuops.core.labels import DEFAULT
from menuops.core.meeting import Comparison
from menuops.core.model import Action, Buttons, Entry, Foreign, Parent

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
    whole = next((change for change in changes if change.at.startswith("#")), None)
    rule = labels.rule(
        (
            side.after.conditionalmenu[a] if a is not None else side.before.conditionalmenu[b or 0]
        ).matchrule
    )
    whom = "" if rule == label else f", for {rule}"
    title = f"conditional menu {label}{whom}"
    if whole is None:
        return MenuRows(title, "", tuple(_rows(before, after, changes)))
    match whole.kind:
        case "add":
            return MenuRows(title, f"+ {whole.at}, new", tuple(_all(after, "+", "")))
        case "remove":
            return MenuRows(title, f"- was {whole.at}, removed", tuple(_all(before, "-", "")))
    inner = [change for change in changes if change is not whole]
    note = f"> {whole.at}, was {whole.was_at}"
    return MenuRows(title, note, tuple(_rows(before, after, inner)))


def _rows(before: Buttons, after: Buttons, changes: list[Change]) -> Iterator[ChangeRow]:
    old, new = dict(places(before)), dict(places(after))
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


def _order(gone: bool, at: str) -> tuple[list[int], bool]:
    return [int(number) for number in at.split(".")], not gone


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
    for at, entry in places(buttons):
        yield _row(symbol, at, entry, note)


def places(buttons: Buttons) -> Iterator[tuple[str, Entry]]:
    """Walk through a menu, with places as people count them: "2" and "2.1"."""
    for i, entry in enumerate(buttons, 1):
        yield str(i), entry
        if isinstance(entry, Parent):
            for j, child in enumerate(entry.sub_button, 1):
                yield f"{i}.{j}", child


def _row(
    symbol: Symbol, at: str, entry: Entry, note: str, fields: tuple[FieldChange, ...] = ()
) -> ChangeRow:
    told = {field.field for field in fields}
    match entry:
        case Parent():
            type_, target = "", ""
        case Action():
            # A mini program is known by its app and page; the url is for old clients.
            names = entry.FIELDS[1:] if entry.TYPE == "miniprogram" else entry.FIELDS
            values = [str(getattr(entry, name)) for name in names if name not in told]
            type_, target = entry.TYPE, " ".join(values)
        case Foreign():
            (said,) = buttons_to_json((entry,))
            rest = {name: said[name] for name in said if name not in ("type", "name", *told)}
            type_ = entry.type or "?"
            target = " ".join(f"{name}={value_text(value)}" for name, value in rest.items())
    return ChangeRow(symbol, at, entry.name, type_, target, note, fields)


def value_text(value: object) -> str:
    """Write what a field holds: a text as it is, all else as JSON."""
    return value if isinstance(value, str) else canonical(value)
