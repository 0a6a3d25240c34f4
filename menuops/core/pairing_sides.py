"""Two menus whose entries are to be paired, and what a pair is worth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final, TypeAlias

from menuops.core.alignment import longest_run
from menuops.core.limits import ENTRIES, SUB_BUTTONS
from menuops.core.model import Buttons, Parent
from menuops.core.spots import Path, SameBy, Spot, edits, same_by, spots

Pairs: TypeAlias = dict[int, int]
"""Numbers of entries, in the order of `spots`: after -> before."""

CHANGE: Final = 1 << 60
"""What a change less is worth: more than any number of pairs by action, one of which is worth
more than any number by name, and so on down to nearness."""
BY: Final[Mapping[SameBy, int]] = {
    "id": 0,
    "action": 1 << 45,
    "name": 1 << 30,
    "likeness": 1 << 15,
}
_ELSEWHERE: Final = 8
"""Another family is farther than any place in the same one."""


class Sides:
    """Both menus, their entries numbered."""

    def __init__(self, before: Buttons, after: Buttons) -> None:
        self.old: Final[Sequence[Spot]] = tuple(spots(before))
        self.new: Final[Sequence[Spot]] = tuple(spots(after))
        self.values_old: Final = [_value(spot) for spot in self.old]
        self.values_new: Final = [_value(spot) for spot in self.new]
        self.families_old: Final = _families(self.old)
        self.families_new: Final = _families(self.new)
        self.by_id: Final = _same_ids(self.old, self.new)
        self.legal: Final = _legal(before) and _legal(after)
        self._above_old = _parents(self.old)
        self._above_new = _parents(self.new)

    def of_parents(self, i: int, j: int) -> bool:
        """Tell whether two top-level entries can be one, of which a parent is made or was."""
        was, now = self.old[i], self.new[j]
        if was.does is None and now.does is None:
            return True
        return (was.does is None or now.does is None) and was.entry.name == now.entry.name

    def related(self, i: int, j: int) -> bool:
        """Tell whether two leaves have their action or their name in common."""
        was, now = self.old[i], self.new[j]
        return was.does == now.does or was.entry.name == now.entry.name

    def one_family(self, i: int, j: int, pairs: Mapping[int, int]) -> bool:
        """Tell whether two entries stand under one parent, or both under none."""
        above = self._above_new[j]
        old_above = self._above_old[i]
        return old_above is None if above is None else pairs.get(above, -1) == old_above

    def distance(self, i: int, j: int, pairs: Mapping[int, int]) -> int:
        """Tell how far the places of two entries are from each other."""
        was, now = self.old[i].path, self.new[j].path
        if self.one_family(i, j, pairs):
            return abs(was[-1] - now[-1])
        return _ELSEWHERE + abs(was[0] - now[0]) + abs(was[-1] - now[-1])

    def worth(self, pairs: Mapping[int, int]) -> int:
        """Tell what pairs are worth, against telling all as removed and as added."""
        worth = 0
        families: dict[Path, list[int]] = {}
        for j in sorted(pairs):
            i = pairs[j]
            was, now = self.old[i], self.new[j]
            worth += CHANGE * (1 - edits(was, now)) + BY[same_by(was, now)]
            worth -= self.distance(i, j, pairs)
            if self.one_family(i, j, pairs):
                families.setdefault(now.path[:-1], []).append(i)
        return worth + CHANGE * sum(len(longest_run(olds)) for olds in families.values())


def _value(spot: Spot) -> tuple[Hashable, Hashable]:
    return (spot.does, spot.entry.name)


def _legal(buttons: Buttons) -> bool:
    return len(buttons) <= ENTRIES and all(
        len(entry.sub_button) <= SUB_BUTTONS for entry in buttons if isinstance(entry, Parent)
    )


def _families(menu: Sequence[Spot]) -> dict[Path, list[int]]:
    """Sort the numbers of the entries by the place above them; () is the top level."""
    families: dict[Path, list[int]] = {(): []}
    for number, spot in enumerate(menu):
        families.setdefault(spot.path[:-1], []).append(number)
    return families


def _parents(menu: Sequence[Spot]) -> list[int | None]:
    numbers = {spot.path: number for number, spot in enumerate(menu)}
    return [numbers.get(spot.path[:-1]) for spot in menu]


def _same_ids(old: Sequence[Spot], new: Sequence[Spot]) -> Pairs:
    """Pair the entries of one id; of several on a side, which no file may have, the last."""
    numbers = [
        {spot.entry.id: number for number, spot in enumerate(side) if spot.entry.id is not None}
        for side in (old, new)
    ]
    return {j: numbers[0][id_] for id_, j in numbers[1].items() if id_ in numbers[0]}
