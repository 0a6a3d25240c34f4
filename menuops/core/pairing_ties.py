"""Pairs of what is left over, and the best of pairs that leave equally many changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from typing import Final

from menuops.core.pairing_sides import Pairs, Sides
from menuops.core.spots import Spot, alike

_LOOKED_AT: Final = 20
"""So many partners that are all the same are compared for the nearest."""
_ROUNDS: Final = 4


def pair_leftovers(sides: Sides, pairs: Pairs) -> None:
    """Pair the leaves that are left: equal ones, then by action, then by name."""
    keys: tuple[Callable[[Spot], Hashable], ...] = (
        lambda spot: (spot.does, spot.entry.name),
        lambda spot: spot.does,
        lambda spot: spot.entry.name,
    )
    for key in keys:
        taken = set(pairs.values())
        waiting: dict[Hashable, list[int]] = {}
        for i, spot in enumerate(sides.old):
            if spot.does is not None and i not in taken:
                waiting.setdefault(key(spot), []).append(i)
        for j, spot in enumerate(sides.new):
            partners = waiting.get(key(spot))
            if spot.does is None or j in pairs or not partners:
                continue
            nearest = min(partners[:_LOOKED_AT], key=lambda i: sides.distance(i, j, pairs))
            partners.remove(nearest)
            pairs[j] = nearest


def settle_ties(sides: Sides, pairs: Pairs) -> None:
    """Exchange partners of leaves as long as that is better; for menus that WeChat allows.

    Fewer changes can't come of it, but what is told of can be nearer to what was meant.
    """
    possible = _possible(sides, pairs)
    if not possible:
        return
    worth = sides.worth(pairs)
    for _ in range(_ROUNDS):
        before = worth
        for i, j in possible:
            if pairs.get(j) == i:
                continue
            other = _exchanged(sides, pairs, i, j)
            if (better := sides.worth(other)) > worth:
                pairs.clear()
                pairs.update(other)
                worth = better
        if worth == before:
            break


def _possible(sides: Sides, pairs: Pairs) -> list[tuple[int, int]]:
    by_id = set(sides.by_id.values())
    often = {
        value
        for values in (sides.values_old, sides.values_new)
        for value, number in Counter(values).items()
        if number > 1
    }
    # Equal leaves in one family are settled, unless another that is just so is nearer.
    settled = {
        (i, j)
        for j, i in pairs.items()
        if sides.values_old[i] == sides.values_new[j]
        and sides.one_family(i, j, pairs)
        and (sides.values_old[i] not in often or not sides.distance(i, j, pairs))
    }
    settled_old, settled_new = {i for i, _ in settled}, {j for _, j in settled}
    return [
        (i, j)
        for j, now in enumerate(sides.new)
        if now.does is not None and j not in sides.by_id and j not in settled_new
        for i, was in enumerate(sides.old)
        if was.does is not None and i not in by_id and i not in settled_old
        if can_pair(sides, i, j, pairs)
    ]


def can_pair(sides: Sides, i: int, j: int, pairs: Pairs) -> bool:
    """Tell whether two leaves may be the same."""
    if sides.related(i, j):
        return True
    return sides.one_family(i, j, pairs) and alike(sides.old[i], sides.new[j])


def _exchanged(sides: Sides, pairs: Pairs, i: int, j: int) -> Pairs:
    """Pair two leaves, and those that were their partners, if these may be the same."""
    left = pairs.get(j)
    alone = next((k for k, partner in pairs.items() if partner == i), None)
    other = {**pairs, j: i}
    if alone is not None:
        del other[alone]
        if left is not None and _leaves(sides, left, alone) and can_pair(sides, left, alone, pairs):
            other[alone] = left
    return other


def _leaves(sides: Sides, i: int, j: int) -> bool:
    return sides.old[i].does is not None and sides.new[j].does is not None
