"""The order of the calls, against every order that a small WeChat takes, as the brute force has it.

Nothing here but `plan_steps` is asked: what WeChat takes, what a follower sees and what a gap is
stands below once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.live import Console, Live
from menuops.core.model import Buttons, Click, ConditionalMenu, Menus, Parent, View
from menuops.core.planner import plan_steps
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, Steps

from .strategies import click, labelled, live_of, menu_for, parent, view

OLD, NEW = (click("old"),), (click("new"),)


def hosts(menus: Sequence[ConditionalMenu]) -> set[str]:
    leaves = [
        leaf
        for menu in menus
        for entry in menu.button
        for leaf in (entry.sub_button if isinstance(entry, Parent) else (entry,))
    ]
    return {leaf.url.split("/")[2] for leaf in leaves if isinstance(leaf, View)}


Kind: TypeAlias = tuple[str | None, str | None]


def kinds_of(*states: Menus) -> list[Kind]:
    """List the kinds of followers that the rules tell apart."""
    rules = [menu.matchrule for state in states for menu in state.conditionalmenu]
    by_platform = any(rule.client_platform_type for rule in rules)
    tags = sorted({rule.tag_id for rule in rules if rule.tag_id})
    return list(product((*tags, None), ("1", "2", "3") if by_platform else (None,)))


def seen(
    default: Buttons, conditional: Sequence[ConditionalMenu], kinds: Sequence[Kind]
) -> list[Buttons]:
    """Give what each kind of followers sees."""
    found = []
    for tag, platform in kinds:
        for menu in conditional:
            rule = menu.matchrule
            if rule.tag_id in (None, tag) and rule.client_platform_type in (None, platform):
                found.append(menu.button)
                break
        else:
            found.append(default)
    return found


class Change:
    """One change, with all ways of making it in the fewest calls."""

    def __init__(self, live: Live, after: Menus, *, delete_first: bool = False) -> None:
        self.live = live
        self.before = live.menus.conditionalmenu
        self.after = after
        self.delete_first = delete_first
        self.creates = after.button != live.menus.button or live.console.in_force
        self.kinds = kinds_of(live.menus, after)
        self.fine = [
            {old, new}
            for old, new in zip(
                seen(live.menus.button, self.before, self.kinds),
                seen(after.button, after.conditionalmenu, self.kinds),
                strict=True,
            )
        ]

    def kept(self) -> Iterator[tuple[int, ...]]:
        """Choose live menus that can stay: as many as can, in every way.

        In the fewest calls none that was added is deleted, so those that stay are the lowest of
        the wanted ones; and adds stand in their order.
        """
        for number in range(len(self.after.conditionalmenu), -1, -1):
            tail = self.after.conditionalmenu[len(self.after.conditionalmenu) - number :]
            found = [
                chosen
                for chosen in combinations(range(len(self.before)), number)
                if tuple(self.before[i] for i in chosen) == tail
            ]
            if found:
                yield from found
                return

    def gaps(self, created: bool, added: int, gone: Sequence[int], top: int) -> int:
        new = self.after.conditionalmenu[top - added : top]
        old = [menu for i, menu in enumerate(self.before) if i not in gone]
        default = self.after.button if created else self.live.menus.button
        return sum(
            menu not in fine
            for menu, fine in zip(seen(default, (*new, *old), self.kinds), self.fine, strict=True)
        )

    def fewest(self) -> int:
        """Count the gaps of the best of all orders; of live menus that are alike the older stay.

        Where deletes must go first it can be better to keep the newer one. But which stays also
        decides what is told removed, and nobody has a reason to keep two alike.
        """
        alike = len(set(self.before)) < len(self.before)
        kept = list(self.kept())
        chosen = kept[-1:] if alike and (self.delete_first or hosts(self.before)) else kept
        return min(map(self.fewest_keeping, chosen))

    def fewest_keeping(self, kept: tuple[int, ...]) -> int:
        top = len(self.after.conditionalmenu) - len(kept)
        going = tuple(i for i in range(len(self.before)) if i not in kept)
        memo: dict[tuple[bool, int, tuple[int, ...]], float] = {}

        def rest(created: bool, added: int, gone: tuple[int, ...]) -> float:
            if created == self.creates and added == top and len(gone) == len(going):
                return 0
            state = created, added, gone
            if state not in memo:
                ways = []
                if self.creates and not created:
                    ways.append((True, added, gone))
                if added < top and self.taken(created, added, gone, going, top):
                    ways.append((created, added + 1, gone))
                ways += [
                    (created, added, tuple(sorted((*gone, i)))) for i in going if i not in gone
                ]
                memo[state] = min(
                    (self.gaps(*way, top) + rest(*way) for way in ways), default=float("inf")
                )
            return memo[state]

        found = rest(False, 0, ())
        assert found < float("inf")
        return int(found)

    def taken(
        self,
        created: bool,
        added: int,
        gone: Sequence[int],
        going: Sequence[int],
        top: int,
    ) -> bool:
        """Tell whether WeChat takes the next add, and whether it may come yet."""
        if not created and (not self.live.menus.button or self.live.console.in_force):
            return False
        if self.delete_first and len(gone) < len(going):
            return False
        new = self.after.conditionalmenu[top - added - 1 : top]
        there = [menu for i, menu in enumerate(self.before) if i not in gone]
        stay = [menu for i, menu in enumerate(self.before) if i not in going]
        least = len(hosts((*new, *stay)))
        return len(hosts((*new, *there))) <= max(3, least)

    def check(self) -> None:
        labels = labelled(self.live.menus, self.after)
        steps = plan_steps(self.live, self.after, labels, delete_first=self.delete_first)
        assert self.gaps_of(steps) == self.fewest(), (self.live, self.after, steps)

    def gaps_of(self, steps: Steps) -> int:
        """Count the gaps of steps, each of which must be taken."""
        going = [
            self.live.menuids.index(step.menuid)
            for step in steps
            if isinstance(step, DeleteConditional)
        ]
        top = sum(isinstance(step, AddConditional) for step in steps)
        created, added, gone, total = False, 0, list[int](), 0
        for step in steps:
            match step:
                case CreateMenu():
                    created = True
                case AddConditional():
                    assert self.taken(created, added, gone, going, top)
                    added += 1
                    assert step.conditional == self.after.conditionalmenu[top - added]
                case DeleteConditional():
                    gone.append(self.live.menuids.index(step.menuid))
            total += self.gaps(created, added, gone, top)
        return total


def lists(some: Sequence[ConditionalMenu], longest: int) -> list[tuple[ConditionalMenu, ...]]:
    return [chosen for n in range(longest + 1) for chosen in product(some, repeat=n)]


PLAIN = (menu_for("1", *OLD), menu_for("1", *NEW), menu_for("1+ios", click("x")), menu_for("ios"))
"""A tag's menu with the old default's and the new one's content, and two that overlap it."""


@pytest.mark.parametrize("default", [OLD, NEW, (click("y"),)], ids=["old", "new", "another"])
@pytest.mark.parametrize("delete_first", [False, True])
def test_no_order_has_fewer_gaps(default: Buttons, delete_first: bool) -> None:
    """Up to 3 live and 2 wanted: 85 * 21 states, 3 defaults, 2 ways: 10,710 changes."""
    for before, after in product(lists(PLAIN, 3), lists(PLAIN, 2)):
        live = live_of(Menus(OLD, before))
        Change(live, Menus(default, after), delete_first=delete_first).check()


@pytest.mark.parametrize("delete_first", [False, True])
def test_no_order_has_fewer_gaps_with_three_wanted(delete_first: bool) -> None:
    """Three live and three wanted of three menus, 27 * 27 states, 2 ways: 1,458 changes."""
    for before, after in product(product(PLAIN[:3], repeat=3), repeat=2):
        Change(live_of(Menus(OLD, before)), Menus(NEW, after), delete_first=delete_first).check()


@pytest.mark.parametrize("console", [Console.MADE, Console.OVERRIDES, Console.CLOSED])
@pytest.mark.parametrize("default", [(), OLD, NEW], ids=["none", "old", "new"])
def test_no_order_has_fewer_gaps_over_a_menu_of_the_console(
    console: Console, default: Buttons
) -> None:
    """No add before the create: 21 * 21 states, 3 defaults, 3 consoles: 3,969 changes."""
    for before, after in product(lists(PLAIN, 2), repeat=2):
        Change(live_of(Menus(default, before), console), Menus(NEW, after)).check()


def linking(rule: str, *to: str) -> ConditionalMenu:
    return menu_for(rule, parent("P", *(view(host, f"https://{host}/") for host in to)))


LINKED = (
    linking("1", "a.cn", "b.cn"),
    linking("1", "c.cn"),
    linking("2", "d.cn", "a.cn"),
    linking("ios", "e.cn"),
)


@pytest.mark.parametrize("delete_first", [False, True])
@pytest.mark.parametrize("default", [OLD, NEW], ids=["old", "new"])
def test_no_order_within_the_limit_of_hosts_has_fewer_gaps(
    default: Buttons, delete_first: bool
) -> None:
    """Up to 3 live and 2 wanted: 85 * 21 states, 2 defaults, 2 ways: 7,140 changes."""
    for before, after in product(lists(LINKED, 3), lists(LINKED, 2)):
        live = live_of(Menus(OLD, before))
        Change(live, Menus(default, after), delete_first=delete_first).check()


def test_no_order_within_the_limit_of_hosts_has_fewer_gaps_with_three_wanted() -> None:
    """Three live and three wanted of three menus, 27 * 27 states: 729 changes."""
    for before, after in product(product(LINKED[:3], repeat=3), repeat=2):
        Change(live_of(Menus(OLD, before)), Menus(NEW, after)).check()


MENU = st.builds(
    lambda rule, name, to: menu_for(rule, *(view(name, f"https://{host}/") for host in to)),
    st.sampled_from(["1", "2", "ios", "android", "1+ios", "2+ios", "1+other"]),
    st.sampled_from(["a", "b"]),
    st.lists(st.sampled_from(["a.cn", "b.cn", "c.cn", "d.cn"]), min_size=1, max_size=2),
)
DEFAULT = st.sampled_from([(), OLD, NEW, (Click("z", "z"),)])


@given(
    st.lists(MENU, max_size=4),
    st.lists(MENU, max_size=4),
    DEFAULT,
    DEFAULT.filter(bool),
    st.sampled_from(Console),
    st.booleans(),
    st.data(),
)
def test_no_order_has_fewer_gaps_whatever_there_is(
    before: list[ConditionalMenu],
    after: list[ConditionalMenu],
    default: Buttons,
    wanted: Buttons,
    console: Console,
    delete_first: bool,
    data: st.DataObject,
) -> None:
    stay = data.draw(st.integers(0, len(before)))
    if stay:
        after = after[:2] + before[-stay:]
    live = live_of(Menus(default, tuple(before)), console)
    Change(live, Menus(wanted, tuple(after)), delete_first=delete_first).check()


@given(
    st.lists(MENU, min_size=9, max_size=14),
    st.lists(MENU, max_size=14),
    DEFAULT,
    st.sampled_from(Console),
    st.booleans(),
)
def test_more_calls_than_can_be_searched_are_all_taken(
    before: list[ConditionalMenu],
    after: list[ConditionalMenu],
    default: Buttons,
    console: Console,
    delete_first: bool,
) -> None:
    live = live_of(Menus(default, tuple(before)), console)
    wanted = Menus(NEW, tuple(after))
    steps = plan_steps(live, wanted, labelled(live.menus, wanted), delete_first=delete_first)
    Change(live, wanted, delete_first=delete_first).gaps_of(steps)
