"""Which button of one menu is which button of another.

A button has no identity at the remote; it is taken for the same one by what the file calls it,
then by what it does, then by its name, then by its place and type.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from menuops.core.jsonform import buttons_to_json, canonical
from menuops.core.model import Buttons, Entry, Parent

Path: TypeAlias = tuple[int, ...]
"""A place in a menu, from 0: (1,) the second entry, (1, 0) the first button below it."""


def position(path: Path) -> str:
    """Write a place as people count: "2" the second entry, "2.1" the first button below it."""
    return ".".join(str(index + 1) for index in path)


@dataclass(frozen=True, slots=True)
class Spot:
    """An entry in its place; `above` is the name of the parent that it stands under."""

    path: Path
    entry: Entry
    above: str | None
    does: str | None
    """What a tap does, name apart, as canonical JSON; None for a parent."""


def spots(buttons: Buttons) -> Iterator[Spot]:
    """Walk through a menu, parents before their children."""
    for i, entry in enumerate(buttons):
        yield Spot((i,), entry, None, _does(entry))
        if isinstance(entry, Parent):
            for j, child in enumerate(entry.sub_button):
                yield Spot((i, j), child, entry.name, _does(child))


def fields_of(entry: Entry) -> dict[str, Any]:
    """Give an entry's own fields as sent, without the children of a parent."""
    (fields,) = buttons_to_json((entry,))
    if isinstance(entry, Parent):
        del fields["sub_button"]
    return fields


def _does(entry: Entry) -> str | None:
    if isinstance(entry, Parent):
        return None
    return canonical({k: v for k, v in fields_of(entry).items() if k != "name"})


def _id(spot: Spot) -> Hashable:
    return spot.entry.id and (spot.does is None, spot.entry.id)


def _action_and_name(spot: Spot) -> Hashable:
    return spot.does and (spot.does, spot.entry.name)


def _action(spot: Spot) -> Hashable:
    return spot.does


def _name(spot: Spot) -> Hashable:
    return (spot.does is None, spot.entry.name)


def _name_of_either_kind(spot: Spot) -> Hashable:
    # A leaf that becomes a parent, or the other way, stays the same entry: on top only.
    return len(spot.path) == 1 and spot.entry.name


def _type_and_place(spot: Spot) -> Hashable:
    return (fields_of(spot.entry).get("type"), spot.path)


_Key: TypeAlias = Callable[[Spot], Hashable]
_SAMENESS: Final[tuple[_Key, ...]] = (
    _id,
    _action_and_name,
    _action,
    _name,
    _name_of_either_kind,
    _type_and_place,
)
_NEARNESS: Final[tuple[_Key, ...]] = (
    lambda spot: spot.path,
    lambda spot: (len(spot.path), spot.above),
    lambda _: None,
)


def pair(before: Buttons, after: Buttons) -> dict[Path, Path]:
    """Pair the entries of two menus: place in `after` -> place in `before`.

    Each entry has one partner at most; the nearest of several alike is taken.
    """
    pairs: dict[Path, Path] = {}
    old, new = list(spots(before)), list(spots(after))
    for same in _SAMENESS:
        for near in _NEARNESS:
            waiting: dict[Hashable, list[Spot]] = {}
            for spot in old:
                if key := same(spot):
                    waiting.setdefault((key, near(spot)), []).append(spot)
            for spot in new:
                partners = waiting.get((same(spot), near(spot)))
                if partners:
                    pairs[spot.path] = partners.pop(0).path
            old = [spot for spot in old if spot.path not in pairs.values()]
            new = [spot for spot in new if spot.path not in pairs]
            if not old or not new:
                return pairs
    return pairs
