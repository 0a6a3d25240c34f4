"""One menu as the rows of a table: every button once, in its place afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from menuops.core.diff import Change
from menuops.core.fields import FieldChange
from menuops.core.model import Action, Buttons, Entry, Foreign, Parent
from menuops.core.pairing import Path, fields_of, pair, position, spots
from menuops.render.terminal import Style, safe


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `changes` are the fields whose old and new value stand below it."""

    symbol: str
    style: Style
    position: str
    depth: int
    name: str
    type: str
    target: str
    note: str
    changes: tuple[FieldChange, ...] = ()


def menu_rows(before: Buttons, after: Buttons, changes: Sequence[Change]) -> list[Row]:
    """Lay out a menu with the changes of that menu in their places.

    What went away stands where it was, before what is there now.
    """
    by_place: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind != "remove":
            by_place.setdefault(change.at, []).append(change)
    was_of = pair(before, after)
    rows = [
        (spot.path, 1, _row(spot.path, spot.entry, by_place, _pushed(spot.path, was_of)))
        for spot in spots(after)
    ]
    old = {position(spot.path): spot for spot in spots(before)}
    for change in changes:
        if change.kind == "remove":
            spot = old[change.at]
            rows.append((spot.path, 0, _plain("-", "removed", spot.path, spot.entry, "removed")))
        elif change.kind == "move" and change.was_at is not None:
            spot = old[change.was_at]
            note = f"gone from here, now {change.at}"
            rows.append((spot.path, 0, _plain("·", "dim", spot.path, spot.entry, note)))
    return [row for _, _, row in sorted(rows, key=lambda item: item[:2])]


def whole_menu_rows(buttons: Buttons, symbol: str, style: Style) -> Iterator[Row]:
    """Lay out a menu that is all new, all gone, or all the same."""
    for spot in spots(buttons):
        yield _plain(symbol, style, spot.path, spot.entry, "")


def _pushed(path: Path, was_of: Mapping[Path, Path]) -> Path | None:
    """Tell where an entry was, if others pushed it along; its parent's own way doesn't count."""
    was = was_of.get(path)
    went_along = len(path) > 1 and was == (*was_of.get(path[:-1], ()), path[-1])
    return None if was == path or went_along else was


def _row(path: Path, entry: Entry, by_place: dict[str, list[Change]], was: Path | None) -> Row:
    found = by_place.get(position(path), [])
    kinds = {change.kind for change in found}
    fields = tuple(field for change in found if change.kind != "add" for field in change.fields)
    if "add" in kinds:
        return _plain("+", "added", path, entry, "new")
    notes = [f"moved from {change.was_at}" for change in found if change.kind == "move"]
    notes += ["renamed"] if "rename" in kinds else []
    notes += [_changed(change.fields) for change in found if change.kind == "change"]
    if not found and was is not None:
        notes = [f"was {position(was)}, pushed along"]
    row = _plain("", "plain", path, entry, ", ".join(notes))
    if fields:
        return replace(row, symbol="~", style="changed", changes=fields)
    return replace(row, symbol=">", style="moved") if "move" in kinds else row


def _changed(fields: Sequence[FieldChange]) -> str:
    return f"{', '.join(safe(field.field) for field in fields)} changed"


def _plain(symbol: str, style: Style, path: Path, entry: Entry, note: str) -> Row:
    type_, target = _type_and_target(entry)
    return Row(symbol, style, position(path), len(path), safe(entry.name), type_, target, note)


def _type_and_target(entry: Entry) -> tuple[str, str]:
    match entry:
        case Parent():
            return "", ""
        case Action():
            values = [str(getattr(entry, name)) for name in entry.FIELDS]
            # A mini program is known by its app and page; the url is for old clients.
            shown = values[1:] if entry.TYPE == "miniprogram" else values
            return entry.TYPE, safe(" ".join(shown))
        case Foreign():
            rest = {k: v for k, v in fields_of(entry).items() if k not in ("type", "name")}
            return safe(entry.type or "?"), safe(" ".join(f"{k}={v}" for k, v in rest.items()))
