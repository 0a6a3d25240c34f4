"""Which menu file of an account is in force when.

Moments are whole seconds since 1970, UTC. Of a list of windows the first in force counts, so
that a holiday's menu can stand above the everyday one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from menuops.core.finding import Place


@dataclass(frozen=True, slots=True)
class Window:
    """A menu file, in force from `starts_s` on and before `ends_s`; None: no such end.

    `place` is where the project file says so.
    """

    menu: PurePath
    starts_s: int | None = None
    ends_s: int | None = None
    place: Place | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no moment lies in it."""
        return not _before(self.starts_s, self.ends_s)

    def holds(self, moment_s: float) -> bool:
        """Tell whether a moment lies in it."""
        return (self.starts_s is None or self.starts_s <= moment_s) and (
            self.ends_s is None or moment_s < self.ends_s
        )


class Takeover(NamedTuple):
    """At `at_s` the window `to` comes into force; None: from then on none is."""

    at_s: int
    to: Window | None


@dataclass(frozen=True, slots=True)
class NextSwitch:
    """When another menu file of the account's list takes over: UTC, `2026-11-22T10:41:00Z`.

    `menu` is that file; None where from then on none is in force.
    """

    at: str
    menu: str | None


class Hole(NamedTuple):
    """A time in which no window is in force; None: without that end."""

    starts_s: int | None
    ends_s: int | None


def always(menu: PurePath) -> tuple[Window, ...]:
    """Make the schedule of an account that has one menu file."""
    return (Window(menu),)


def in_force(windows: Sequence[Window], moment_s: float) -> Window | None:
    """Choose the first window that holds the moment."""
    return next((window for window in windows if window.holds(moment_s)), None)


def next_switch(windows: Sequence[Window], moment_s: float) -> Takeover | None:
    """Find the next moment at which another menu file comes into force, or none does."""
    now = in_force(windows, moment_s)
    for edge_s in _edges(windows):
        if edge_s > moment_s:
            then = in_force(windows, edge_s)
            if (then and then.menu) != (now and now.menu):
                return Takeover(edge_s, then)
    return None


def never_in_force(windows: Sequence[Window]) -> Iterator[Window]:
    """List the windows that those above them take the whole of."""
    counted = {id(window) for window in _in_turn(windows) if window is not None}
    return (window for window in windows if id(window) not in counted)


def overlaps(windows: Sequence[Window]) -> Iterator[tuple[Window, Window]]:
    """List pairs of windows of which neither lies within the other: one was meant to end.

    A window within one further down is a holiday in the everyday; one within a window above is
    never in force.
    """
    for index, later in enumerate(windows):
        for earlier in windows[:index]:
            nested = _within(earlier, later) or _within(later, earlier)
            if _meet(earlier, later) and not nested:
                yield earlier, later


def holes(windows: Sequence[Window]) -> Iterator[Hole]:
    """List the times in which no window is in force, in their order."""
    edges: list[int | None] = [None, *_edges(windows), None]
    start: int | None = None
    is_open = False
    for index, window in enumerate(_in_turn(windows)):
        if window is None and not is_open:
            start, is_open = edges[index], True
        elif window is not None and is_open:
            yield Hole(start, edges[index])
            is_open = False
    if is_open:
        yield Hole(start, None)


def _edges(windows: Sequence[Window]) -> list[int]:
    both = (moment for window in windows for moment in (window.starts_s, window.ends_s))
    return sorted({moment for moment in both if moment is not None})


def _in_turn(windows: Sequence[Window]) -> list[Window | None]:
    """List what is in force before the first edge, and from each edge to the next."""
    edges = _edges(windows)
    before = edges[0] - 1 if edges else 0
    return [in_force(windows, moment) for moment in (before, *edges)]


def _meet(one: Window, other: Window) -> bool:
    return _before(one.starts_s, other.ends_s) and _before(other.starts_s, one.ends_s)


def _before(start_s: int | None, end_s: int | None) -> bool:
    return start_s is None or end_s is None or start_s < end_s


def _within(inner: Window, outer: Window) -> bool:
    starts = outer.starts_s is None or (
        inner.starts_s is not None and inner.starts_s >= outer.starts_s
    )
    ends = outer.ends_s is None or (inner.ends_s is not None and inner.ends_s <= outer.ends_s)
    return starts and ends
