"""In which order the calls of a change are made: as few gaps as WeChat's limits let there be.

Free of limits, all adds, then `menu/create`, then the deletes from the bottom have only the gaps
that no order avoids: followers whom two new menus take see the lower one until the upper one
stands. An add takes none of its followers back to an old menu, a delete under another old menu
is seen by nobody, and while both stand side by side everyone sees the old default or the new
one, whichever theirs is. Where the create must come first (65303), those who had the default
menu and are to have a new one see the new default until then, which no delete changes.

So where that order is allowed nothing is searched but the place of the create. Else all orders
are tried, by states rather than one by one, as long as there are few enough of them; beyond that,
a handful of orders that make sense. All of it grows no faster than the number of calls but for
the search, which is bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from menuops.core.gaps import NEVER, unfit
from menuops.core.ordering_search import Search, searchable
from menuops.core.ordering_task import ADD, CREATE, Move, Task, fine_menus, fits, in_the_way


def best_order(task: Task) -> list[Move]:
    """Choose the order with the fewest gaps.

    Of several the one that is nearest to create, adds, deletes from the bottom.
    """
    line = _line(task, ())
    if not task.delete_first and not in_the_way(task):
        return _with_create(task, line)
    if searchable(task):
        return Search(task).best()
    candidates = [_with_create(task, rest) for rest in _sensible(task)]
    return min(candidates, key=lambda order: _gaps(task, order))


def _line(task: Task, first: Iterable[int]) -> list[Move]:
    """Put some deletes before the adds, and the others after them, from the bottom."""
    early = list(first)
    gone = set(early)
    late = [number for number in range(len(task.deletes)) if number not in gone]
    return [*early, *[ADD] * len(task.added_hosts), *late]


def _sensible(task: Task) -> Iterator[list[Move]]:
    """Give orders, create apart, that are allowed and worth a look where there are too many."""
    upwards = list(range(len(task.deletes)))
    losses = _losses(task)
    gently = sorted(upwards, key=lambda number: losses[number])
    for order in (upwards, upwards[::-1], gently):
        yield _line(task, order)
    if task.delete_first:
        return
    goal = task.floors[-1]
    for order in (upwards, upwards[::-1], gently):
        blocking = [number for number in order if task.deleted_hosts[number] - goal]
        yield from _as_late_as_possible(task, blocking)


def _losses(task: Task) -> list[int]:
    """Count for each delete the followers who see that menu now and another one in the end."""
    numbers = {place: number for number, place in enumerate(task.deletes)}
    losses = [0] * len(task.deletes)
    for sight in task.sights:
        was, will_be = fine_menus(sight, task)
        if sight.live and was != will_be and sight.live[0][0] in numbers:
            losses[numbers[sight.live[0][0]]] += 1
    return losses


def _as_late_as_possible(task: Task, blocking: Sequence[int]) -> Iterator[list[Move]]:
    """Delete what is in the way when it first is, once all together, once each for itself."""
    there = dict(enumerate(task.deleted_hosts))
    waiting = iter(blocking)
    early: list[int] = []
    woven: list[Move] = []
    for floor in task.floors:
        while not fits(floor.union(*there.values()), floor):
            number = next(waiting, None)
            if number is None:  # a host of an add that is yet to come
                number = next(other for other in there if there[other] - floor)
            del there[number]
            early.append(number)
            woven.append(number)
        woven.append(ADD)
    yield _line(task, early)
    yield [*woven, *there]


# The place of the create.


def _with_create(task: Task, rest: Sequence[Move]) -> list[Move]:
    """Put the create, if there is one, where the fewest gaps come of it, and as early as that."""
    if not task.create:
        return list(rest)
    last = rest.index(ADD) if task.create_first and ADD in rest else len(rest)
    before, after = _gaps_over_time(task, rest)
    so_far = list(accumulate(before))
    to_go = list(accumulate(reversed(after)))[::-1]
    at = min(range(last + 1), key=lambda place: so_far[place] + to_go[place])
    return [*rest[:at], CREATE, *rest[at:]]


def _gaps_over_time(task: Task, rest: Sequence[Move]) -> tuple[list[int], list[int]]:
    """Count who is in a gap after so many moves: before the create, and after it."""
    added_at, gone_at = _times(task, rest)
    found = []
    for created_at in (NEVER, 0):
        steps = [0] * (len(rest) + 2)
        for sight in task.sights:
            fine = fine_menus(sight, task)
            history = sight.over_time(added_at, gone_at, created_at)
            for since, until, _ in unfit(history, fine, len(rest) + 1):
                steps[since] += 1
                steps[until] -= 1
        found.append(list(accumulate(steps))[:-1])
    return found[0], found[1]


def _times(task: Task, moves: Sequence[Move]) -> tuple[list[int], Mapping[int, int]]:
    """Tell after how many moves each add is made, and each live menu is gone."""
    added_at: list[int] = []
    gone_at: defaultdict[int, int] = defaultdict(lambda: NEVER)
    for number, move in enumerate(moves, 1):
        if move == ADD:
            added_at.append(number)
        elif isinstance(move, int):
            gone_at[task.deletes[move]] = number
    return added_at, gone_at


def _gaps(task: Task, order: Sequence[Move]) -> int:
    added_at, gone_at = _times(task, order)
    created_at = order.index(CREATE) + 1 if CREATE in order else NEVER
    total = 0
    for sight in task.sights:
        fine = fine_menus(sight, task)
        history = sight.over_time(added_at, gone_at, created_at)
        total += sum(until - since for since, until, _ in unfit(history, fine, len(order) + 1))
    return total
