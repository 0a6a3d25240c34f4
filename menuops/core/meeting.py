"""Where two sides that both moved away from one state meet: the places that both of them moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from menuops.core.conditional import pair_rules
from menuops.core.diff import Change
from menuops.core.labels import DEFAULT, Labels
from menuops.core.model import Menus, Parent
from menuops.core.spots import path_at


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of an account, and what changed from the first to the second."""

    before: Menus
    after: Menus
    labels: Labels
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A place that both sides moved; `alike` where both made the same of it.

    `at` is its place when it was applied, or the place of what both added; `menu` is the label,
    and `name` that of the entry when it was applied, None for a whole menu or what is new.
    """

    menu: str
    at: str
    alike: bool
    name: str | None = None


_Key: TypeAlias = tuple[int | str, str]
"""A menu, by its index in the past (-1 the default menu) or the label of one that is new; and a
place in it: that in the past, `+` and the place of what is new, or _WHOLE."""
_WHOLE: Final = "#"
_IN_DEFAULT: Final = -1


def find_meetings(live: Comparison, files: Comparison) -> Iterator[Meeting]:
    """Find the places that both sides moved, in the order of live; both begin at one state."""
    ours, theirs = _by_place(files), _by_place(live)
    gone = {key for side in (ours, theirs) for key, made in side.items() if _is_removal(key, made)}
    for side in (ours, theirs):
        # Who changes a button of a menu that the other side removes meets it at the whole menu.
        for menu, place in list(side):
            if (menu, _WHOLE) in gone:
                side.setdefault((menu, _WHOLE), [(menu, place)])
    for menu, place in theirs:
        if (menu, place) in ours:
            alike = theirs[menu, place] == ours[menu, place]
            name = _name(menu, place, live.before)
            yield Meeting(_label(menu, files), _shown(menu, place, live), alike, name)


def _by_place(side: Comparison) -> dict[_Key, list[Any]]:
    """Collect what a side made of each place that it moved."""
    was_of = {a: b for b, a in pair_rules(side.before, side.after)}
    index_of = {label: was_of.get(a) for a, label in enumerate(side.labels.after)}
    for b, label in enumerate(side.labels.before):
        index_of.setdefault(label, b)
    index_of[DEFAULT] = _IN_DEFAULT
    made: dict[_Key, list[Any]] = {}
    for change in side.changes:
        index = index_of[change.menu]
        menu: int | str = change.menu if index is None else index
        whole = change.at.startswith("#")
        where = change.at if change.kind in ("add", "move") else None
        content: Any = change.fields
        if whole:
            place = _WHOLE
            if change.kind == "add":
                where = None
                content = side.after.conditionalmenu[side.labels.after.index(change.menu)]
        else:
            place = f"+{change.at}" if change.kind == "add" else change.was_at or change.at
        made.setdefault((menu, place), []).append((change.kind, where, content))
    return made


def _is_removal(key: _Key, made: list[Any]) -> bool:
    return key[1] == _WHOLE and made[0][0] == "remove"


def _label(menu: int | str, files: Comparison) -> str:
    if menu == _IN_DEFAULT:
        return DEFAULT
    return menu if isinstance(menu, str) else files.labels.before[menu]


def _name(menu: int | str, place: str, past: Menus) -> str | None:
    if isinstance(menu, str) or place == _WHOLE or place.startswith("+"):
        return None
    buttons = past.button if menu == _IN_DEFAULT else past.conditionalmenu[menu].button
    first, *below = path_at(place)
    entry = buttons[first]
    return entry.sub_button[below[0]].name if below and isinstance(entry, Parent) else entry.name


def _shown(menu: int | str, place: str, live: Comparison) -> str:
    if place != _WHOLE:
        return place.removeprefix("+")
    return f"#{live.labels.after.index(menu) + 1}" if isinstance(menu, str) else f"#{menu + 1}"
