"""Who sees a menu that is neither the old nor the new one while the calls are made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from menuops.core.audience import Follower, KindNames, Rules, followers
from menuops.core.labels import DEFAULT, Labels
from menuops.core.live import Live
from menuops.core.model import Buttons, ConditionalMenu, Menus
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, DeleteMenus, Steps

NEVER: Final = 1 << 60
"""The time of a call that isn't made."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time between two calls in which followers see neither their old nor their new menu.

    It begins when step `after_step` (from 1) is done. `sees` is the label, None for no menu.
    """

    after_step: int
    who: str
    sees: str | None


class Seen(NamedTuple):
    """A menu as followers meet it: what is in it, as a number that equal menus share."""

    content: int
    label: str | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one kind of followers may come to see: the newest add, else what is live, else default.

    `adds` are (index among the adds, menu), oldest first; `live` (index among the live menus,
    menu) in the order of trying. `default` is the one before and the one after `menu/create`.
    """

    follower: Follower
    adds: tuple[tuple[int, Seen], ...]
    live: tuple[tuple[int, Seen], ...]
    default: tuple[Seen, Seen]

    def over_time(
        self, added_at: Sequence[int], gone_at: Mapping[int, int], created_at: int
    ) -> list[tuple[int, Seen]]:
        """List what is seen, each with the time from which on; a time is the calls that are done.

        `added_at` and `gone_at` say when each add, and each delete of a live menu, is done.
        """
        moments = {0, *(added_at[index] for index, _ in self.adds), created_at}
        moments.update(gone_at[index] for index, _ in self.live)
        moments.discard(NEVER)
        return [(at, self._at(at, added_at, gone_at, created_at)) for at in sorted(moments)]

    def _at(
        self, at: int, added_at: Sequence[int], gone_at: Mapping[int, int], created_at: int
    ) -> Seen:
        for index, menu in reversed(self.adds):
            if added_at[index] <= at:
                return menu
        for index, menu in self.live:
            if gone_at[index] > at:
                return menu
        return self.default[created_at <= at]


def sights(
    live: Live, after: Menus, labels: Labels, adds: Sequence[AddConditional]
) -> Iterator[Sight]:
    """Give what each kind of followers may come to see while `adds` are made, in this order."""
    numbers: dict[Buttons, int] = {}

    def seen(button: Buttons, label: str | None) -> Seen:
        return Seen(numbers.setdefault(button, len(numbers)), label)

    def all_seen(menus: Sequence[ConditionalMenu], names: Sequence[str]) -> list[Seen]:
        return [seen(menu.button, name) for menu, name in zip(menus, names, strict=True)]

    there = live.menus.conditionalmenu
    new = [step.conditional for step in adds]
    old_seen, new_seen = all_seen(there, labels.before), all_seen(new, [s.menu for s in adds])
    old_default, default = (
        seen(button, DEFAULT if button else None) for button in (live.menus.button, after.button)
    )
    old_rules, new_rules = (Rules(menu.matchrule for menu in menus) for menus in (there, new))
    for follower in followers(live.menus, after):
        yield Sight(
            follower,
            tuple((index, new_seen[index]) for index in new_rules.taking(follower)),
            tuple((index, old_seen[index]) for index in old_rules.taking(follower)),
            (old_default, default),
        )


def find_gaps(live: Live, after: Menus, labels: Labels, steps: Steps) -> tuple[Gap, ...]:
    """List for whom, and after which steps, a menu is seen that is neither old nor new."""
    names = KindNames(followers(live.menus, after), labels.tag_names)
    gaps: dict[tuple[int, str | None], list[Follower]] = {}
    for follower, since, until, label in gap_times(live, after, labels, steps):
        for number in range(since, until):
            gaps.setdefault((number, label), []).append(follower)
    return tuple(
        Gap(number, names.name(group), label)
        for (number, label), group in sorted(gaps.items(), key=lambda item: item[0][0])
    )


def gap_times(
    live: Live, after: Menus, labels: Labels, steps: Steps
) -> Iterator[tuple[Follower, int, int, str | None]]:
    """Give who is in a gap from which step on until which, and sees what."""
    adds: list[AddConditional] = []
    added_at: list[int] = []
    gone_at = dict.fromkeys(range(len(live.menuids)), NEVER)
    created_at = NEVER
    places: dict[str, list[int]] = {}
    for index, menuid in enumerate(live.menuids):
        places.setdefault(menuid, []).append(index)
    for number, step in enumerate(steps, 1):
        match step:
            case CreateMenu():
                created_at = number
            case AddConditional():
                adds.append(step)
                added_at.append(number)
            case DeleteConditional():
                for index in places.get(step.menuid, ()):
                    gone_at[index] = number
            case DeleteMenus():
                created_at = number  # as one without any button
                gone_at = dict.fromkeys(gone_at, number)
    for sight in sights(live, after, labels, adds):
        history = sight.over_time(added_at, gone_at, created_at)
        fine = (history[0][1].content, history[-1][1].content)
        for since, until, label in unfit(history, fine, len(steps) + 1):
            yield sight.follower, since, until, label


def unfit(
    history: Sequence[tuple[int, Seen]], fine: Collection[int], end: int
) -> Iterator[tuple[int, int, str | None]]:
    """Give the times, since and until, in which a menu is seen whose content isn't fine."""
    ends = [*(since for since, _ in history[1:]), end]
    for (since, menu), until in zip(history, ends, strict=True):
        if menu.content not in fine:
            yield since, until, menu.label


def gap_to_json(gap: Gap) -> dict[str, Any]:
    """Give `{after_step, who, sees}`; `sees` null is no menu at all."""
    return {"after_step": gap.after_step, "who": gap.who, "sees": gap.sees}
