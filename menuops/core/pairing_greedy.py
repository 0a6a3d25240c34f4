"""Good pairs for a menu of any size, such as only a live answer can hold."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final, TypeAlias

from menuops.core.alignment import align
from menuops.core.pairing_sides import CHANGE, Pairs, Sides

_MOST_CELLS: Final = 40_000
"""Families whose sizes multiply to more are paired without looking for the best order."""

_Keys: TypeAlias = Callable[[Sides, int, bool], Iterable[Hashable]]


def _name(sides: Sides, number: int, was: bool) -> Iterator[Hashable]:
    spot = (sides.old if was else sides.new)[number]
    yield spot.does is None, spot.entry.name


def _name_of_either_kind(sides: Sides, number: int, was: bool) -> Iterator[Hashable]:
    yield (sides.old if was else sides.new)[number].entry.name


def _child(sides: Sides, number: int, was: bool) -> Iterator[Hashable]:
    if was:
        children = sides.families_old.get(sides.old[number].path, ())
        yield from (sides.values_old[child] for child in children)
    else:
        children = sides.families_new.get(sides.new[number].path, ())
        yield from (sides.values_new[child] for child in children)


def _any(sides: Sides, number: int, was: bool) -> Iterator[Hashable]:
    yield (sides.old if was else sides.new)[number].does is None


_SAMENESS: Final[tuple[_Keys, ...]] = (_name, _name_of_either_kind, _child, _any)


def greedy_pairs(sides: Sides) -> Pairs:
    """Pair parents by name, by a child in common, then as they stand; then what is in place."""
    pairs = dict(sides.by_id)
    for keys in _SAMENESS:
        _pair_parents(sides, keys, pairs)
    families = [(sides.families_old[()], sides.families_new[()])]
    for j, i in pairs.items():
        olds = sides.families_old.get(sides.old[i].path)
        news = sides.families_new.get(sides.new[j].path)
        if olds and news:
            families.append((olds, news))
    for olds, news in families:
        _pair_in_place(sides, olds, news, pairs)
    return pairs


def _pair_parents(sides: Sides, keys: _Keys, pairs: Pairs) -> None:
    taken = set(pairs.values())
    waiting: dict[Hashable, list[int]] = {}
    for i in reversed(sides.families_old[()]):
        if i not in taken:
            for key in keys(sides, i, True):
                waiting.setdefault(key, []).append(i)
    for j in sides.families_new[()]:
        for key in () if j in pairs else keys(sides, j, False):
            partners = waiting.get(key, [])
            while partners and partners[-1] in taken:
                partners.pop()
            if partners and sides.of_parents(partners[-1], j):
                pairs[j] = partners.pop()
                taken.add(pairs[j])
                break


def _pair_in_place(sides: Sides, olds: list[int], news: list[int], pairs: Pairs) -> None:
    """Pair the leaves of a family that keep their order: equal ends first, then between them."""
    taken = set(pairs.values())

    def same(i: int, j: int) -> bool:
        if j in pairs or i in taken:
            return pairs.get(j) == i
        return sides.old[i].does is not None and sides.values_old[i] == sides.values_new[j]

    start, end_old, end_new = 0, len(olds), len(news)
    while start < min(end_old, end_new) and same(olds[start], news[start]):
        pairs[news[start]] = olds[start]
        start += 1
    while start < min(end_old, end_new) and same(olds[end_old - 1], news[end_new - 1]):
        end_old, end_new = end_old - 1, end_new - 1
        pairs[news[end_new]] = olds[end_old]
    olds, news = olds[start:end_old], news[start:end_new]
    if len(olds) * len(news) > _MOST_CELLS:
        return
    worth = {
        (row, column): 2 * CHANGE if same(i, j) else CHANGE
        for row, i in enumerate(olds)
        for column, j in enumerate(news)
        if same(i, j) or _one_edit(sides, i, j, pairs, taken)
    }
    for row, column in align(len(olds), len(news), worth).cells:
        pairs[news[column]] = olds[row]


def _one_edit(sides: Sides, i: int, j: int, pairs: Pairs, taken: set[int]) -> bool:
    free = j not in pairs and i not in taken
    leaves = sides.old[i].does is not None and sides.new[j].does is not None
    return free and leaves and sides.related(i, j)
