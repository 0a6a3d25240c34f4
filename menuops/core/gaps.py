"""Who sees a menu that is neither the old nor the new one while the calls are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from menuops.core.audience import Follower, followers, name_followers, shown
from menuops.core.labels import Labels
from menuops.core.live import Live
from menuops.core.model import Buttons, ConditionalMenu, Menus
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, DeleteMenus, Steps


@dataclass(frozen=True, slots=True)
class Gap:
    """A time between two calls in which followers see neither their old nor their new menu.

    It begins when step `after_step` (from 1) is done. `sees` is the label, None for no menu.
    """

    after_step: int
    who: str
    sees: str | None


def find_gaps(live: Live, after: Menus, labels: Labels, steps: Steps) -> tuple[Gap, ...]:
    """List for whom, and after which steps, a menu is seen that is neither old nor new."""
    kinds = followers(live.menus, after)
    return tuple(
        Gap(number, name_followers(group, kinds, labels.tag_names), label)
        for (number, label), group in sorted(
            _gaps(live, after, labels, steps).items(), key=lambda item: item[0][0]
        )
    )


def count_gaps(live: Live, after: Menus, labels: Labels, steps: Steps) -> int:
    """Count the gaps, each kind of follower for itself; cheaper than naming them."""
    return sum(len(group) for group in _gaps(live, after, labels, steps).values())


def _gaps(
    live: Live, after: Menus, labels: Labels, steps: Steps
) -> dict[tuple[int, str | None], list[Follower]]:
    kinds = followers(live.menus, after)
    states = list(_states(live, labels, steps))
    gaps: dict[tuple[int, str | None], list[Follower]] = {}
    for follower in kinds:
        seen = [shown(default, conditional, follower) for default, conditional in states]
        fine = (seen[0].button, seen[-1].button)
        for number, menu in enumerate(seen):
            if menu.button not in fine:
                gaps.setdefault((number, menu.label), []).append(follower)
    return gaps


_State: TypeAlias = tuple[Buttons, tuple[tuple[str, ConditionalMenu], ...]]


def _states(live: Live, labels: Labels, steps: Steps) -> Iterator[_State]:
    """Give the state before the first step and after each."""
    default = live.menus.button
    there = [
        (menuid, label, menu)
        for menuid, label, menu in zip(
            live.menuids, labels.before, live.menus.conditionalmenu, strict=True
        )
    ]
    yield default, tuple((label, menu) for _, label, menu in there)
    for step in steps:
        match step:
            case CreateMenu():
                default = step.button
            case AddConditional():
                there.insert(0, ("", step.menu, step.conditional))
            case DeleteConditional():
                there = [item for item in there if item[0] != step.menuid]
            case DeleteMenus():
                default, there = (), []
        yield default, tuple((label, menu) for _, label, menu in there)


def gap_to_json(gap: Gap) -> dict[str, Any]:
    """Give `{after_step, who, sees}`; `sees` null is no menu at all."""
    return {"after_step": gap.after_step, "who": gap.who, "sees": gap.sees}
