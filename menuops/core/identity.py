"""What entries and conditional menus are called by `id`, kept beside them or found again.

The remote knows no ids. Those of a live menu are found by what is known of its past: the files
at a commit, or the state that was last applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from menuops.core.conditional import pair_rules
from menuops.core.model import Buttons, ConditionalMenu, Entry, Foreign, Menus, Parent
from menuops.core.pairing import pair
from menuops.core.spots import Path, position, same_by, spots

_IdAt: TypeAlias = Callable[[Path], str | None]


def with_known_ids(live: Menus, known: Menus) -> Menus:
    """Give a live state the ids of a known one, as far as the same entries are in both.

    An entry is the same by its action, or by its name if its type is the same too; a
    conditional menu by its rule. Each id is given once in its menu; ids that `live` had are gone.
    """
    partners = {a: known.conditionalmenu[b] for b, a in pair_rules(known, live)}
    given: set[str] = set()
    menus = []
    for a, menu in enumerate(live.conditionalmenu):
        partner = partners.get(a)
        id_ = None if partner is None or partner.id in given else partner.id
        given.update(() if id_ is None else (id_,))
        button = _buttons(menu.button, () if partner is None else partner.button)
        menus.append(ConditionalMenu(menu.matchrule, button, id=id_))
    return Menus(_buttons(live.button, known.button), tuple(menus))


def _buttons(live: Buttons, known: Buttons) -> Buttons:
    old = {spot.path: spot for spot in spots(known)}
    new = {spot.path: spot for spot in spots(live)}
    ids: dict[Path, str] = {}
    for path, was in pair(known, live).items():
        known_spot, spot = old[was], new[path]
        id_ = known_spot.entry.id
        if id_ is None or id_ in ids.values():
            continue
        by = same_by(known_spot, spot)
        same_type = _type(known_spot.entry) == _type(spot.entry)
        if by in ("id", "action") or (by == "name" and same_type):
            ids[path] = id_
    return _with_ids(live, ids.get)


def _type(entry: Entry) -> str | None:
    match entry:
        case Parent():
            return None
        case Foreign():
            return entry.type
        case _:
            return entry.TYPE


def ids_of(menus: Menus) -> dict[str, str]:
    """List all ids by place, as JSON can hold them.

    `1.2` is an entry of the default menu, `#1` the conditional menu that is tried first,
    `#1/2.1` an entry of it.
    """
    ids = dict(_ids(menus.button, ""))
    for number, menu in enumerate(menus.conditionalmenu, 1):
        if menu.id is not None:
            ids[f"#{number}"] = menu.id
        ids.update(_ids(menu.button, f"#{number}/"))
    return ids


def _ids(buttons: Buttons, prefix: str) -> Iterator[tuple[str, str]]:
    for spot in spots(buttons):
        if spot.entry.id is not None:
            yield prefix + position(spot.path), spot.entry.id


def with_ids(menus: Menus, ids: Mapping[str, str]) -> Menus:
    """Give back the ids that `ids_of` listed, and no others.

    A key that names no place is passed over: `ids_of` of the result is what was of use.
    """
    return Menus(
        _with_ids(menus.button, lambda path: ids.get(position(path))),
        tuple(
            ConditionalMenu(
                menu.matchrule,
                _with_ids(menu.button, _inside(ids, f"#{number}/")),
                id=ids.get(f"#{number}"),
            )
            for number, menu in enumerate(menus.conditionalmenu, 1)
        ),
    )


def _inside(ids: Mapping[str, str], prefix: str) -> _IdAt:
    return lambda path: ids.get(prefix + position(path))


def _with_ids(buttons: Buttons, id_at: _IdAt) -> Buttons:
    entries: list[Entry] = []
    for i, entry in enumerate(buttons):
        id_ = id_at((i,))
        if isinstance(entry, Parent):
            children = tuple(
                child if child.id == (child_id := id_at((i, j))) else replace(child, id=child_id)
                for j, child in enumerate(entry.sub_button)
            )
            entries.append(replace(entry, sub_button=children, id=id_))
        else:
            entries.append(entry if entry.id == id_ else replace(entry, id=id_))
    return tuple(entries)
