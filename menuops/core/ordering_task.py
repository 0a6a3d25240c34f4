"""Calls that are to be put in order, by number, and what WeChat lets the order be."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeAlias

from menuops.core.gaps import Sight
from menuops.core.limits import CONDITIONAL_HOSTS

CREATE: Final = "create"
ADD: Final = "add"
"""The next of the adds: their order among themselves is part of what is wanted."""
Move: TypeAlias = str | int
"""What is done next: CREATE, ADD, or the delete with this number."""
Hosts: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Task:
    """The calls to be put in order, by number, and what is to be heeded.

    `deletes` are the places of the menus to delete among the live ones, from the bottom up.
    `create_first`: no add before `menu/create`; `delete_first`: none before the last delete.
    `staying` are the hosts that no call does away with.
    """

    sights: tuple[Sight, ...]
    added_hosts: tuple[Hosts, ...]
    deletes: tuple[int, ...]
    deleted_hosts: tuple[Hosts, ...]
    staying: Hosts
    create: bool
    create_first: bool
    delete_first: bool

    @property
    def floors(self) -> list[Hosts]:
        """The hosts that are linked once an add is made, if all that can go has gone."""
        return list(accumulate(self.added_hosts, frozenset.union, initial=self.staying))[1:]


def fits(linked: Hosts, floor: Hosts) -> bool:
    """Tell whether no more hosts are linked than WeChat takes, or than can be helped."""
    return len(linked) <= max(CONDITIONAL_HOSTS, len(floor))


def in_the_way(task: Task) -> bool:
    """Tell whether more hosts than WeChat takes are linked where all adds go before the deletes."""
    old = frozenset().union(*task.deleted_hosts)
    return any(not fits(floor | old, floor) for floor in task.floors)


def fine_menus(sight: Sight, task: Task) -> tuple[int, int]:
    """Give what may be seen without a gap: what was seen at first, and what is in the end."""
    gone = set(task.deletes)
    kept = [menu for index, menu in sight.live if index not in gone]
    was = sight.live[0][1] if sight.live else sight.default[0]
    default = sight.default[1 if task.create else 0]
    will_be = sight.adds[-1][1] if sight.adds else kept[0] if kept else default
    return was.content, will_be.content
