"""The pairs that leave the fewest changes; `pairing` says why this finds them.

Of menus whose leaves nearly all have something in common, `_MOST_DRAWS` leaves ways out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from menuops.core.alignment import (
    Aligned,
    Cell,
    Draws,
    align,
    align_by_draw,
    best_draws,
    worths_of_rests,
)
from menuops.core.pairing_sides import BY, CHANGE, Pairs, Sides
from menuops.core.spots import edits, similar

Family: TypeAlias = tuple[Sequence[int], Sequence[int]]
"""The entries that stand together before, and after."""
_Value: TypeAlias = tuple[Hashable, Hashable]
"""What a leaf is: its action, and its name."""
_EQUAL: Final = CHANGE + BY["action"]
"""What an equal pair is worth that moved."""

_MOST_DRAWS: Final = 48
"""So many ways to draw on the same leaves are followed at once; more are there only where nearly
every leaf has its name or action in common with nearly every other."""


@dataclass(frozen=True, slots=True)
class _Pool:
    """The leaves that may pair with any other, counted by what they are.

    `spare` tells how many more there are before than after, of the values on both sides, which
    are those that are numbered: `numbers` are of two stocks each, before and after. A pair of
    different leaves can be of use only from `sources` to `targets`; all of them together save
    no more changes than there are `chains` for them.
    """

    worth: int
    spare: Mapping[_Value, int]
    numbers: Mapping[_Value, int]
    sources: frozenset[_Value]
    targets: frozenset[_Value]
    chains: int

    def draw(self, old: _Value, new: _Value) -> int:
        """Draw a leaf of each side, for a pair that isn't equal."""
        drawn = Draws.one_of(self.numbers[old]) if old in self.numbers else 0
        return drawn + (Draws.one_of(self.numbers[new] + 1) if new in self.numbers else 0)

    def cost(self, drawn: int) -> int:
        """Tell what draws cost: the equal pairs that there can't be any more."""
        lost = 0
        for value, number in self.numbers.items() if drawn else ():
            spare = self.spare[value]
            old, new = Draws.of(drawn, number), Draws.of(drawn, number + 1)
            lost += max(0, old - max(0, spare), new - max(0, -spare))
        return lost * _EQUAL


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to pair the parents; `bound` is what it is worth if no draw costs anything."""

    bound: int
    fixed: Pairs
    pool: _Pool
    families: tuple[Family, ...]
    aligned: tuple[tuple[int, Pairs], ...]


class ExactSearch:
    """Tries the ways to pair the parents, the most promising first; for menus that are legal."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._pools: dict[tuple[tuple[int, int], ...], _Pool] = {}
        self._parents: dict[tuple[int, int], int] = {}
        self._inner: dict[tuple[int, int, int], tuple[int, Pairs]] = {}

    def pairs(self) -> Pairs:
        """Give the pairs of the parents, of all in place, and by id."""
        promising = sorted(
            ((self._promise(chosen), chosen) for chosen in self._choices()),
            key=lambda item: -item[0],
        )
        most, best = -1, dict[int, int]()
        for promise, chosen in promising:
            if promise <= most:
                break
            way = self._way(chosen)
            if way.bound > most:
                worth, pairs = self._solve(way, most)
                if worth > most:
                    most, best = worth, pairs
        return best

    def _promise(self, chosen: Pairs) -> int:
        """Tell what a choice of parents is worth at most, without looking into any family."""
        sides = self._sides
        tops = min(len(sides.families_old[()]), len(sides.families_new[()]))
        inner = sum(
            min(
                len(sides.families_old.get(sides.old[i].path, ())),
                len(sides.families_new.get(sides.new[j].path, ())),
            )
            for j, i in (*sides.by_id.items(), *chosen.items())
        )
        worth = sum(self._worth_of_parents(i, j) for j, i in chosen.items())
        return self._pool(chosen).worth + worth + (tops + inner) * (CHANGE + BY["action"])

    def _choices(self) -> Iterator[Pairs]:
        """Give each way to pair parents, and leaves that became parents or the other way."""
        sides = self._sides
        taken = set(sides.by_id.values())
        olds = [i for i in sides.families_old[()] if i not in taken]
        news = [j for j in sides.families_new[()] if j not in sides.by_id]

        def go_on(at: int, pairs: Pairs) -> Iterator[Pairs]:
            if at == len(news):
                yield pairs
                return
            for i in olds:
                if i not in pairs.values() and sides.of_parents(i, news[at]):
                    yield from go_on(at + 1, {**pairs, news[at]: i})
            yield from go_on(at + 1, pairs)

        return go_on(0, {})

    def _way(self, chosen: Pairs) -> _Way:
        sides = self._sides
        fixed = {**sides.by_id, **chosen}
        pool = self._pool(chosen)
        families: list[Family] = [(sides.families_old[()], sides.families_new[()])]
        aligned = [self._align(families[0], fixed, pool)]
        for j, i in fixed.items():
            olds = sides.families_old.get(sides.old[i].path)
            news = sides.families_new.get(sides.new[j].path)
            if olds and news:
                families.append((olds, news))
                key = (i, j, id(pool))
                if key not in self._inner:
                    self._inner[key] = self._align(families[-1], fixed, pool)
                aligned.append(self._inner[key])
        bound = pool.worth + sum(self._worth_of_parents(i, j) for j, i in chosen.items())
        bound += sum(worth for worth, _ in aligned)
        return _Way(bound, fixed, pool, tuple(families), tuple(aligned))

    def _worth_of_parents(self, i: int, j: int) -> int:
        """Tell what is saved if two are one entry, though it moved."""
        if (i, j) not in self._parents:
            self._parents[i, j] = self._look_at_parents(i, j)
        return self._parents[i, j]

    def _look_at_parents(self, i: int, j: int) -> int:
        sides = self._sides
        was, now = sides.old[i], sides.new[j]
        worth = CHANGE * (1 - edits(was, now))
        if was.entry.name == now.entry.name:
            return worth + BY["name"]
        children = {sides.values_old[c] for c in sides.families_old.get(was.path, ())}
        is_alike = (
            was.path == now.path
            or similar(was.entry.name, now.entry.name)
            or any(sides.values_new[c] in children for c in sides.families_new.get(now.path, ()))
        )
        return worth + BY["likeness"] * (1 if is_alike else -1)

    def _pool(self, chosen: Pairs) -> _Pool:
        sides = self._sides
        key = tuple(
            (i, j)
            for j, i in chosen.items()
            if sides.old[i].does is not None or sides.new[j].does is not None
        )
        if key not in self._pools:
            not_old = {*sides.by_id.values(), *(i for i, _ in key)}
            not_new = {*sides.by_id, *(j for _, j in key)}
            old = Counter(
                value
                for i, value in enumerate(sides.values_old)
                if sides.old[i].does is not None and i not in not_old
            )
            new = Counter(
                value
                for j, value in enumerate(sides.values_new)
                if sides.new[j].does is not None and j not in not_new
            )
            self._pools[key] = _make_pool(old, new)
        return self._pools[key]

    def _align(self, family: Family, fixed: Pairs, pool: _Pool) -> tuple[int, Pairs]:
        """Choose the pairs in place that are worth most, whatever other families draw."""
        olds, news = family
        cells, _ = self._cells(family, fixed, pool)
        aligned = align(len(olds), len(news), cells)
        return aligned.worth, {news[column]: olds[row] for row, column in aligned.cells}

    def _cells(
        self, family: Family, fixed: Pairs, pool: _Pool
    ) -> tuple[dict[Cell, int], dict[Cell, int]]:
        """Give what pairs in place add to the pool's worth, and what they draw of its leaves."""
        sides = self._sides
        worth: dict[Cell, int] = {}
        drawn: dict[Cell, int] = {}
        taken = set(fixed.values())
        olds, news = family
        for row, i in enumerate(olds):
            was, old = sides.old[i], sides.values_old[i]
            for column, j in enumerate(news):
                now, new = sides.new[j], sides.values_new[j]
                near = -abs(row - column)
                if i in taken or j in fixed:
                    if fixed.get(j) == i:
                        worth[row, column] = CHANGE + near
                elif was.does is None or now.does is None:
                    continue
                elif old == new:
                    worth[row, column] = CHANGE + near
                elif old in pool.sources and new in pool.targets and sides.related(i, j):
                    by = BY["action" if was.does == now.does else "name"]
                    worth[row, column] = CHANGE + by + near
                    drawn[row, column] = pool.draw(old, new)
        return worth, drawn

    def _solve(self, way: _Way, at_least: int) -> tuple[int, Pairs]:
        """Choose the pairs in place that are worth most together.

        Of those that can be, one is given, though it may be worth less than `at_least`.
        """
        sides, pool = self._sides, way.pool
        free = {j: i for _, pairs in way.aligned for j, i in pairs.items() if j not in way.fixed}
        pairs = {**way.fixed, **free}
        drawn = sum(
            pool.draw(sides.values_old[i], sides.values_new[j])
            for j, i in free.items()
            if sides.values_old[i] != sides.values_new[j]
        )
        worth = way.bound - pool.cost(drawn)
        if worth == way.bound:
            return worth, pairs
        # The longest lists draw too much. Without any draw?
        unbound = way.bound - sum(worth for worth, _ in way.aligned)
        sparing = replace(pool, sources=frozenset(), targets=frozenset())
        equal = [self._align(family, way.fixed, sparing) for family in way.families]
        frugal = unbound + sum(worth for worth, _ in equal)
        if frugal > worth:
            worth = frugal
            pairs = {**way.fixed, **{j: i for _, found in equal for j, i in found.items()}}
        bound = min(_changes(way.bound), _changes(frugal) + pool.chains)
        floor = max(_changes(worth), _changes(at_least))
        if bound <= floor:
            return worth, pairs
        better = self._search(way, unbound, floor)
        return better or (worth, pairs)

    def _search(self, way: _Way, unbound: int, floor: int) -> tuple[int, Pairs] | None:
        """Look for pairs that save more changes than `floor`, over all draws that matter."""
        pool = way.pool
        costs: dict[int, int] = {}
        later = sum(worth for worth, _ in way.aligned)
        together: dict[int, Aligned] = {0: Aligned(unbound)}
        for family, (most, _) in zip(way.families, way.aligned, strict=True):
            olds, news = family
            later -= most
            cells, draws = self._cells(family, way.fixed, pool)
            rests = worths_of_rests(len(olds), len(news), cells)

            def prune(
                choices: dict[int, Aligned],
                row: int,
                column: int,
                rests: list[list[int]] = rests,
                later: int = later,
            ) -> dict[int, Aligned]:
                rest = rests[row][column] + later
                hopeful = {}
                for used, aligned in choices.items():
                    if used not in costs:
                        costs[used] = pool.cost(used)
                    if _changes(aligned.worth - costs[used] + rest) > floor:
                        hopeful[used] = aligned
                if len(hopeful) > _MOST_DRAWS:
                    promising = sorted(hopeful, key=lambda u: costs[u] - hopeful[u].worth)
                    hopeful = {used: hopeful[used] for used in promising[:_MOST_DRAWS]}
                return best_draws(hopeful, _EQUAL)

            together = align_by_draw(olds, news, cells, draws, together, prune)
        if not together:
            return None
        worth, best = max(
            ((aligned.worth - pool.cost(used), aligned) for used, aligned in together.items()),
            key=lambda item: item[0],
        )
        return worth, {**way.fixed, **{j: i for i, j in best.cells}}


def _make_pool(old: Counter[_Value], new: Counter[_Value]) -> _Pool:
    """Count, and find what a pair that isn't equal can be of use for.

    Such pairs form chains: the leaf that one takes the place of is taken elsewhere by the next.
    A chain saves something only if it starts at a leaf that is spare before and ends at one
    that is spare after.
    """
    common = [value for value in old if value in new]
    sources, targets = set(old - new), set(new - old)
    if sources and targets:
        _follow(sources, common)
        _follow(targets, common)
    return _Pool(
        _EQUAL * (old & new).total(),
        {value: old[value] - new[value] for value in common},
        {value: 2 * number for number, value in enumerate(common) if value in sources & targets},
        frozenset(sources if targets else ()),
        frozenset(targets if sources else ()),
        min((old - new).total(), (new - old).total()),
    )


def _changes(worth: int) -> int:
    """Give the changes that are saved, nothing else."""
    return (worth + CHANGE // 2) // CHANGE


def _follow(reached: set[_Value], common: Iterable[_Value]) -> None:
    """Add the values that can be reached over others with the same action or name."""
    rest = [value for value in common if value not in reached]
    found = list(reached)
    while found and rest:
        actions = {action for action, _ in found}
        names = {name for _, name in found}
        found = [value for value in rest if value[0] in actions or value[1] in names]
        rest = [value for value in rest if value not in found]
        reached.update(found)
