"""One menu as rows: every entry once, in its place afterwards, and what went away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from menuops.core.console import SENDS
from menuops.core.diff import Change, Origin
from menuops.core.fields import FieldChange
from menuops.core.model import ACTIONS, Buttons, Entry, Foreign, Parent
from menuops.core.spots import Path, SameBy, fields_of, path_at, position, spots
from menuops.render.deeds import type_and_target
from menuops.render.language.speech import enumerated
from menuops.render.plan.model import Row
from menuops.render.plan.values import field_views
from menuops.render.terminal import Style, safe

ORIGIN_WORDS: Final[Mapping[Origin, str]] = {
    "yours": "yours",
    "reverts": "reverts live",
    "both": "on both sides",
}
_ACTION_WORDS: Final = {
    "view": "same url",
    "miniprogram": "same page",
    "media_id": "same material",
    "view_limited": "same material",
    "article_id": "same article",
    "article_view_limited": "same article",
}
_SAME_WORDS: Final[Mapping[SameBy, str]] = {
    "id": "same id",
    "name": "same name",
    "likeness": "taken for the same: alike",
    "rule": "same rule",
}


def menu_rows(before: Buttons, after: Buttons, changes: Sequence[Change]) -> tuple[Row, ...]:
    """Lay out a menu with the changes of that menu in their places.

    What went away stands where it was, before what is there now.
    """
    by_place: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind != "remove":
            by_place.setdefault(change.at, []).append(change)
    was_of = _places_before(before, after, changes)
    rows = [
        (spot.path, 1, _row(spot.path, spot.entry, by_place, _pushed(spot.path, was_of)))
        for spot in spots(after)
    ]
    old = {position(spot.path): spot for spot in spots(before)}
    for change in changes:
        if change.kind == "remove":
            spot = old[change.at]
            gone = _whole_row("-", "removed", "removed", spot.path, spot.entry, change.fields)
            rows.append(
                (spot.path, 0, replace(gone, notes=("removed", *gone.notes, *_origins([change]))))
            )
        elif change.kind == "move" and change.was_at is not None:
            spot = old[change.was_at]
            row = replace(
                _plain("·", "dim", spot.path, spot.entry),
                word="gone",
                notes=(f"gone from here, now {change.at}",),
                is_before=True,
            )
            rows.append((spot.path, 0, row))
    return tuple(row for _, _, row in sorted(rows, key=lambda item: item[:2]))


def plain_rows(buttons: Buttons) -> tuple[Row, ...]:
    """Lay out a menu of which no change is told."""
    return tuple(
        replace(_plain("", "plain", spot.path, spot.entry), notes=_unknown(spot.entry))
        for spot in spots(buttons)
    )


def whole_menu_rows(buttons: Buttons, *, gone: bool) -> tuple[Row, ...]:
    """Lay out a conditional menu that is all new, or all gone."""
    symbol, style, word = ("-", "removed", "removed") if gone else ("+", "added", "added")
    rows = (
        _whole_row(symbol, style, word, spot.path, spot.entry)  # type: ignore[arg-type]
        for spot in spots(buttons)
    )
    said = "removed" if gone else "new"
    return tuple(replace(row, notes=(said, *row.notes)) for row in rows)


def _places_before(
    before: Buttons, after: Buttons, changes: Iterable[Change]
) -> Mapping[Path, Path]:
    """Give the place before of each entry that isn't new, as the changes tell it.

    What neither went away nor came stands in the same order on both sides.
    """
    left = {c.was_at if c.kind == "move" else c.at for c in changes if c.kind in ("remove", "move")}
    came = {c.at: c.was_at for c in changes if c.kind in ("add", "move")}
    places: dict[Path, Path] = {}

    def follow(old: Buttons, new: Buttons, was: Path, now: Path) -> None:
        stayed = [(*was, i) for i in range(len(old)) if position((*was, i)) not in left]
        same = [(*now, i) for i in range(len(new)) if position((*now, i)) not in came]
        places.update(zip(same, stayed, strict=False))

    for at, was_at in came.items():
        if was_at is not None:
            places[path_at(at)] = path_at(was_at)
    follow(before, after, (), ())
    for i, entry in enumerate(after):
        if isinstance(entry, Parent):
            was = places.get((i,))
            old = before[was[0]] if was is not None and len(was) == 1 else None
            children = old.sub_button if isinstance(old, Parent) else ()
            follow(children, entry.sub_button, was or (), (i,))
    return places


def _pushed(path: Path, was_of: Mapping[Path, Path]) -> Path | None:
    """Tell where an entry was, if others pushed it along; its parent's own way doesn't count."""
    was = was_of.get(path)
    went_along = len(path) > 1 and was == (*was_of.get(path[:-1], ()), path[-1])
    return None if was == path or went_along else was


def _row(path: Path, entry: Entry, by_place: dict[str, list[Change]], was: Path | None) -> Row:
    found = by_place.get(position(path), [])
    added = next((change for change in found if change.kind == "add"), None)
    if added is not None:
        row = _whole_row("+", "added", "added", path, entry, added.fields)
        return replace(row, notes=("new", *_unknown(entry), *_origins(found)))
    row = _plain("", "plain", path, entry)
    if not found:
        pushed = () if was is None else (f"was {position(was)}, pushed along",)
        return replace(row, notes=(*pushed, *_unknown(entry)))
    moves = [change for change in found if change.kind == "move"]
    fields = tuple(field for change in found for field in change.fields)
    origins = _origins(found)
    each = len(origins) > 1
    notes = [f"moved from {change.was_at}{_own_origin(change, each)}" for change in moves]
    for change in found:
        notes += [f"{what}{_own_origin(change, each)}" for what in _what_changed(change.fields)]
    if moves and not fields:
        notes.append("else the same")
    elif fields:
        notes += _same_by(entry, found)
        notes += [f"was {position(was)}"] if was is not None and not moves else []
    notes += [*_unknown(entry), *([] if each else origins)]
    if not fields:
        return replace(row, symbol=">", style="moved", word="moved", notes=tuple(notes))
    renamed = [field.field for field in fields] == ["name"]
    word = ("moved and " if moves else "") + ("renamed" if renamed else "changed")
    return replace(
        row,
        symbol="~",
        style="changed",
        word=word,
        notes=tuple(notes),
        fields=field_views(fields),
    )


def _what_changed(fields: Sequence[FieldChange]) -> list[str]:
    changed = [safe(field.field) for field in fields]
    others = [name for name in changed if name != "name"]
    renamed = ["renamed"] if "name" in changed else []
    return renamed + ([f"{enumerated(others)} changed"] if others else [])


def _same_by(entry: Entry, changes: Iterable[Change]) -> list[str]:
    return list(
        dict.fromkeys(
            _ACTION_WORDS.get(getattr(entry, "TYPE", ""), "same key")
            if by == "action"
            else _SAME_WORDS[by]
            for by in (change.same_by for change in changes)
            if by is not None
        )
    )


def _own_origin(change: Change, each: bool) -> str:
    """Tell the origin beside one change, where those of one entry have several."""
    return f" ({ORIGIN_WORDS[change.origin]})" if each and change.origin is not None else ""


def _origins(changes: Iterable[Change]) -> list[str]:
    return [
        ORIGIN_WORDS[origin]
        for origin in dict.fromkeys(change.origin for change in changes)
        if origin is not None
    ]


def _unknown(entry: Entry) -> tuple[str, ...]:
    """Say what of a live entry isn't known, or can't be made by the API."""
    if not isinstance(entry, Foreign):
        fields = enumerated(safe(name) for name, _ in entry.unknown)
        return (f"unknown: {fields}",) if fields else ()
    if entry.type in SENDS:
        return (f"made in the web console: sends {SENDS[entry.type]}",)
    return ("incomplete",) if entry.type in ACTIONS else ("unknown type",)


def _whole_row(
    symbol: str,
    style: Style,
    word: str,
    path: Path,
    entry: Entry,
    changed: tuple[FieldChange, ...] | None = None,
) -> Row:
    """Lay out an entry that is new or gone; of a change its fields, else all that it has."""
    gone = symbol == "-"
    listed = changed or tuple(
        FieldChange(name, value if gone else None, None if gone else value)
        for name, value in fields_of(entry).items()
    )
    return replace(
        _plain(symbol, style, path, entry),
        word=word,
        notes=_unknown(entry),
        fields=field_views(listed),
        is_whole=True,
        is_before=gone,
    )


def _plain(symbol: str, style: Style, path: Path, entry: Entry) -> Row:
    type_, target = map(safe, type_and_target(entry))
    return Row(symbol, style, "", position(path), len(path), safe(entry.name), type_, target)
