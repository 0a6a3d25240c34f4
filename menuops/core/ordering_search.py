"""All orders of a few calls, tried by the states that they lead through."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final, TypeAlias

from menuops.core.gaps import Sight
from menuops.core.ordering_task import ADD, CREATE, Hosts, Move, Task, fine_menus, fits

_SEARCHED: Final = 1 << 14
"""States, and looks at followers, that a search may take: some hundredths of a second."""


_State: TypeAlias = tuple[int, int, int]
"""Adds done, a bit for each delete done, and whether the create is."""
_Cost: TypeAlias = tuple[int, int]
"""Gaps; and how often an add goes before the create, or a delete before either."""


def searchable(task: Task) -> bool:
    """Tell whether there are few enough states; they double with each delete."""
    size = len(task.added_hosts) + 1 + len(task.sights)
    return size << min(len(task.deletes), 64) <= _SEARCHED


class Search:
    """Goes through the states between the first call and the last, from the end.

    How many gaps a state has doesn't depend on the way to it, so the best way is found by states.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._adds = len(task.added_hosts)
        self._all = (1 << len(task.deletes)) - 1
        self._here = self._gaps_of_states()
        self._linked = [self._hosts_left(mask) for mask in range(self._all + 1)]
        self._floors = task.floors
        self._to_go: dict[_State, _Cost] = {}

    def best(self) -> list[Move]:
        """Give the best order."""
        created = (1, 0) if self._task.create else (0,)
        for adds in range(self._adds, -1, -1):
            for create in created:
                for mask in range(self._all, -1, -1):
                    self._settle((adds, mask, create))
        state: _State = (0, 0, 0)
        order: list[Move] = []
        while following := list(self._following(state)):
            # Of equally good moves the first: of deletes that of the lowest menu.
            _, move, state = min(following, key=lambda option: option[0])
            order.append(move)
        return order

    def _settle(self, state: _State) -> None:
        adds, mask, create = state
        if adds == self._adds and mask == self._all and create == self._task.create:
            self._to_go[state] = (0, 0)
            return
        ways = [cost for cost, _, _ in self._following(state)]
        if ways:  # from some states the end can't be reached
            gaps, early = min(ways)
            self._to_go[state] = (gaps + self._here[adds][create][mask], early)

    def _following(self, state: _State) -> Iterator[tuple[_Cost, Move, _State]]:
        """Give the moves that WeChat takes: what the rest costs then, the move, the state after."""
        adds, mask, create = state
        to_create = int(self._task.create and not create)
        if to_create:
            yield from self._way((adds, mask, 1), CREATE)
        if adds < self._adds and self._may_add(adds, mask, create):
            yield from self._way((adds + 1, mask, create), ADD, early=to_create)
        early = to_create + self._adds - adds
        for number in range(len(self._task.deletes)):
            if not mask >> number & 1:
                yield from self._way((adds, mask | 1 << number, create), number, early)

    def _way(
        self, there: _State, move: Move, early: int = 0
    ) -> Iterator[tuple[_Cost, Move, _State]]:
        if there in self._to_go:
            gaps, later = self._to_go[there]
            yield (gaps, later + early), move, there

    def _may_add(self, adds: int, mask: int, create: int) -> bool:
        if self._task.create_first and self._task.create and not create:
            return False
        if self._task.delete_first and mask != self._all:
            return False
        floor = self._floors[adds]
        return fits(floor | self._linked[mask], floor)

    def _hosts_left(self, mask: int) -> Hosts:
        left = (
            hosts for number, hosts in enumerate(self._task.deleted_hosts) if not mask >> number & 1
        )
        return frozenset().union(*left)

    def _gaps_of_states(self) -> list[list[list[int]]]:
        """Count the gaps of each state: by adds done, then create, then deletes."""
        size = self._all + 1
        # Until the first new menu takes them, followers see what depends on the other calls.
        until = [[[0] * size, [0] * size] for _ in range(self._adds + 1)]
        since = [0] * (self._adds + 2)
        bits = {index: 1 << number for number, index in enumerate(self._task.deletes)}
        for sight in self._task.sights:
            fine = fine_menus(sight, self._task)
            numbers = [number for number, _ in sight.adds]
            for create in range(1 + self._task.create):
                seen = until[numbers[0] if numbers else self._adds][create]
                for mask in range(size):
                    if self._beneath(sight, bits, mask, create) not in fine:
                        seen[mask] += 1
            for (number, menu), end in zip(sight.adds, [*numbers, self._adds][1:], strict=True):
                if menu.content not in fine:
                    since[number + 1] += 1
                    since[end + 1] -= 1
        taken = list(accumulate(since))
        for adds in range(self._adds - 1, -1, -1):
            for create in (0, 1):
                above = until[adds + 1][create]
                until[adds][create] = [
                    a + b for a, b in zip(until[adds][create], above, strict=True)
                ]
        return [
            [[gaps + taken[adds] for gaps in of_masks] for of_masks in until[adds]]
            for adds in range(self._adds + 1)
        ]

    @staticmethod
    def _beneath(sight: Sight, bits: dict[int, int], mask: int, create: int) -> int:
        for index, menu in sight.live:
            if not bits.get(index, 0) & mask:
                return menu.content
        return sight.default[create].content
