"""The calls, tried out on a small WeChat, against every other way of making the change."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations, product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.diff import diff
from menuops.core.gaps import find_gaps, gap_times, gap_to_json
from menuops.core.labels import DEFAULT, Labels
from menuops.core.links import hosts
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import (
    Buttons,
    Click,
    ConditionalMenu,
    Foreign,
    MatchRule,
    Menus,
    MiniProgram,
)
from menuops.core.planner import plan_steps
from menuops.core.steps import (
    AddConditional,
    CreateMenu,
    DeleteConditional,
    DeleteMenus,
    Step,
    Steps,
    step_to_json,
)

from .strategies import click, labelled, live_of, lives, menu_for, menus, parent, view

OLD, NEW = (click("old"),), (click("new"),)


class Rejected(Exception):
    """WeChat says no."""


class SmallWeChat:
    """What WeChat's own pages say of the calls, and nothing of ours."""

    def __init__(self, live: Live) -> None:
        # Below a menu of the console there may be none of the API.
        self.default: Buttons = () if live.console.in_force else live.menus.button
        self.conditional = list(zip(live.menuids, live.menus.conditionalmenu, strict=True))
        self.most_hosts = 0

    def do(self, step: Step, menuid: str) -> None:
        match step:
            case CreateMenu(button):
                self.default = button
            case AddConditional(menu):
                if not self.default:
                    raise Rejected(65303)
                self.conditional.insert(0, (menuid, menu))
                self.most_hosts = max(self.most_hosts, self.linked)
            case DeleteConditional(gone):
                kept = [item for item in self.conditional if item[0] != gone]
                if len(kept) != len(self.conditional) - 1:
                    raise Rejected(65301)
                self.conditional = kept

    @property
    def linked(self) -> int:
        menus = (menu for _, menu in self.conditional)
        return len({host for menu in menus for host in hosts(menu.button)})

    @property
    def state(self) -> Menus:
        return Menus(self.default, tuple(menu for _, menu in self.conditional))

    def shown(self, tag: str | None, platform: str | None) -> Buttons:
        for _, menu in self.conditional:
            rule = menu.matchrule
            if rule.tag_id in (None, tag) and rule.client_platform_type in (None, platform):
                return menu.button
        return self.default


def done(live: Live, steps: Sequence[Step]) -> SmallWeChat:
    wechat = SmallWeChat(live)
    for number, step in enumerate(steps):
        wechat.do(step, f"new{number}")
    return wechat


def planned(live: Live, after: Menus, *, delete_first: bool = False) -> Steps:
    return plan_steps(live, after, labelled(live.menus, after), delete_first=delete_first)


def calls(steps: Steps) -> list[str]:
    """Write steps in short: `create`, `+label`, `-menuid`."""
    return [
        "create"
        if isinstance(step, CreateMenu)
        else f"+{step.menu}"
        if isinstance(step, AddConditional)
        else f"-{step.menuid}"
        if isinstance(step, DeleteConditional)
        else "drop all"
        for step in steps
    ]


# The whole change, in the fewest calls.


@given(menus(foreign=True, least=0), menus(), st.sampled_from(Console), st.booleans())
def test_the_calls_make_the_wanted_state(
    before: Menus, after: Menus, console: Console, delete_first: bool
) -> None:
    live = live_of(before, console)
    assert done(live, planned(live, after, delete_first=delete_first)).state == after


@given(menus(least=0), st.data())
def test_some_of_the_live_menus_in_another_order(before: Menus, data: st.DataObject) -> None:
    order = data.draw(st.permutations(before.conditionalmenu))
    after = Menus(NEW, tuple(order[: data.draw(st.integers(0, 4))]))
    live = live_of(before)
    assert done(live, planned(live, after)).state == after


@given(menus(foreign=True))
def test_a_state_that_is_as_wanted_needs_no_call(state: Menus) -> None:
    assert planned(live_of(state), state) == ()
    assert planned(live_of(state, Console.UNREADABLE), state) == ()


_State: TypeAlias = tuple[Buttons, tuple[ConditionalMenu, ...]]


def fewest_calls(before: _State, after: _State) -> int:
    """Search all sequences of calls, breadth first; more than one menu to spare is never of use."""
    longest = max(len(before[1]), len(after[1])) + 1
    seen, queue = {before}, deque([(before, 0)])
    while queue:
        (default, conditional), number = queue.popleft()
        if (default, conditional) == after:
            return number
        following: list[_State] = [(after[0], conditional)]
        if default:
            following += [(default, (menu, *conditional)) for menu in set(after[1])]
        following += [
            (default, (*conditional[:i], *conditional[i + 1 :])) for i in range(len(conditional))
        ]
        for state in following:
            if state not in seen and len(state[1]) <= longest:
                seen.add(state)
                queue.append((state, number + 1))
    raise AssertionError("every state can be reached")


def small_lists(longest: int) -> Iterator[tuple[ConditionalMenu, ...]]:
    """All lists of conditional menus over two rules, one of them with two contents."""
    some = (menu_for("100", *OLD), menu_for("100", *NEW), menu_for("ios", *OLD))
    for length in range(longest + 1):
        yield from product(some, repeat=length)


def test_no_sequence_of_calls_is_shorter() -> None:
    for before, after in product(small_lists(3), small_lists(2)):
        live = live_of(Menus(OLD, before))
        steps = planned(live, Menus(NEW, after))
        assert len(steps) == fewest_calls((OLD, before), (NEW, after))
        assert done(live, steps).state == Menus(NEW, after)


def test_no_sequence_is_shorter_where_there_is_no_menu_yet() -> None:
    for after in small_lists(3):
        assert len(planned(Live(), Menus(NEW, after))) == fewest_calls(((), ()), (NEW, after))


# What is told of the calls is what they do.


@given(menus(least=1), menus(), st.booleans())
def test_a_menu_that_is_told_removed_is_the_one_that_is_deleted(
    before: Menus, after: Menus, keep: bool
) -> None:
    if keep:
        after = Menus(after.button, before.conditionalmenu[1:])
    check_removals(before, after)


def test_removals_are_true_where_equal_menus_stand_side_by_side() -> None:
    for before, after in product(small_lists(3), small_lists(3)):
        check_removals(Menus(OLD, before), Menus(OLD, after))


def check_removals(before: Menus, after: Menus) -> None:
    live, labels = live_of(before), labelled(before, after)
    steps = plan_steps(live, after, labels)
    deleted = {step.menuid: step for step in steps if isinstance(step, DeleteConditional)}
    added = [step.menu for step in steps if isinstance(step, AddConditional)]
    removed = {
        live.menuids[int(change.at[1:]) - 1]
        for change in diff(before, after, labels)
        if change.kind == "remove" and change.at.startswith("#")
    }
    assert {i for i, step in deleted.items() if step.reason == "no longer wanted"} == removed
    for menuid, step in deleted.items():
        assert step.menu == labels.before[live.menuids.index(menuid)]
        assert (step.menu in added) == (menuid not in removed)
    kept = [menuid for menuid in live.menuids if menuid not in deleted]
    stay = labels.after[len(added) :]
    assert tuple(labels.before[live.menuids.index(menuid)] for menuid in kept) == stay


# Gaps.


def seen_between(live: Live, steps: Steps) -> int:
    """Count, without the planner's help, who sees what is neither old nor new, and after what."""
    wechat, gaps = SmallWeChat(live), 0
    wechat.default = live.menus.button
    rules = [menu.matchrule for menu in live.menus.conditionalmenu]
    rules += [step.conditional.matchrule for step in steps if isinstance(step, AddConditional)]
    tags = {rule.tag_id for rule in rules} | {None}
    by_platform = any(rule.client_platform_type for rule in rules)
    kinds = list(product(tags, ("1", "2", "3") if by_platform else (None,)))
    history = [[wechat.shown(*kind) for kind in kinds]]
    for number, step in enumerate(steps):
        wechat.do(step, f"new{number}")
        history.append([wechat.shown(*kind) for kind in kinds])
    for row in history:
        gaps += sum(
            menu not in (old, new)
            for menu, old, new in zip(row, history[0], history[-1], strict=True)
        )
    return gaps


@given(menus(), menus(), st.booleans())
def test_gaps_are_what_followers_would_see(before: Menus, after: Menus, delete_first: bool) -> None:
    live, labels = live_of(before), labelled(before, after)
    steps = plan_steps(live, after, labels, delete_first=delete_first)
    times = gap_times(live, after, labels, steps)
    assert sum(until - since for _, since, until, _ in times) == seen_between(live, steps)


def test_no_place_of_the_create_gives_fewer_gaps() -> None:
    """Adds in their order, then deletes from the bottom: the create goes where least is seen."""
    for before, after in product(small_lists(2), repeat=2):
        live, wanted = live_of(Menus(OLD, before)), Menus(NEW, after)
        steps = planned(live, wanted)
        (create,) = (step for step in steps if isinstance(step, CreateMenu))
        rest = [step for step in steps if step is not create]
        fewest = min(
            seen_between(live, (*rest[:i], create, *rest[i:])) for i in range(len(rest) + 1)
        )
        assert seen_between(live, steps) == fewest


def test_a_tie_puts_the_create_first() -> None:
    live = live_of(Menus(OLD, (menu_for("100"),)))
    after = Menus(NEW, (menu_for("101", *OLD), menu_for("100")))
    assert calls(planned(live, after)) == ["+tag:101", "create"]
    same = Menus(NEW, (menu_for("101", *NEW), menu_for("100")))
    assert calls(planned(live, same)) == ["create", "+tag:101"]


def test_a_gap_names_the_followers_the_time_and_the_menu() -> None:
    """Their old menu goes before the new one is there, though no sooner than it must."""
    live = live_of(Menus(OLD, (menu_for("100"), menu_for("101"))))
    after = Menus(OLD, (menu_for("101", click("w")),))
    labels = labelled(live.menus, after, t101="VIP")
    steps = plan_steps(live, after, labels, delete_first=True)
    assert calls(steps) == ["-9000", "-8999", "+tag:VIP"]
    gaps = find_gaps(live, after, labels, steps)
    assert [gap_to_json(gap) for gap in gaps] == [
        {"after_step": 2, "who": "tag:VIP", "sees": DEFAULT},
    ]
    others = (steps[1], steps[0], steps[2])
    assert [gap.after_step for gap in find_gaps(live, after, labels, others)] == [1, 2]


def test_a_gap_without_any_menu_is_told_as_none() -> None:
    live = Live(Menus((), (menu_for("100"),)), ("1",))
    steps: Steps = (DeleteConditional("1", "tag:100", ""), CreateMenu(NEW, ""))
    (gap,) = find_gaps(live, Menus(NEW), Labels(("tag:100",)), steps)
    assert (gap.after_step, gap.who, gap.sees) == (1, "tag:100", None)


# One case each: live conditional menus, wanted ones, calls.

CASES: list[tuple[str, str, str, list[str]]] = [
    ("nothing live", "", "a b", ["+tag:b", "+tag:a"]),
    ("a new one on top of what stays", "b", "a b", ["+tag:a"]),
    ("one that goes", "a b c", "a c", ["-8999"]),
    ("one that goes on top: two that stay", "a b c", "b c", ["-9000"]),
    ("a new one at the bottom: all are added again", "a", "a b", ["+tag:b", "+tag:a", "-9000"]),
    ("a new one in the middle", "a c", "a b c", ["+tag:b", "+tag:a", "-9000"]),
    ("a swap", "a b", "b a", ["+tag:b", "-8999"]),
    ("the last comes first", "a b c", "c a b", ["+tag:c", "-8998"]),
    ("the first goes last", "a b c", "b c a", ["+tag:c", "+tag:b", "-8998", "-8999"]),
    ("deletes go from the bottom", "a b c", "", ["-8998", "-8999", "-9000"]),
    ("of two alike the older stays", "a a", "a", ["-9000"]),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_calls_over_conditional_menus(before: str, after: str, expected: list[str]) -> None:
    live = live_of(Menus(OLD, tuple(map(menu_for, before.split()))))
    assert calls(planned(live, Menus(OLD, tuple(map(menu_for, after.split()))))) == expected


def test_reasons_say_why_each_call_is_made() -> None:
    live = live_of(Menus(OLD, (menu_for("a"), menu_for("b"), menu_for("c"))))
    after = Menus(NEW, (menu_for("n"), menu_for("a"), menu_for("b", *NEW)))
    steps = planned(live, after)
    assert {(step.CALL, step.menu): step.reason for step in steps} == {
        ("menu/create", DEFAULT): "replaced whole",
        ("menu/addconditional", "tag:b"): (
            "added again with its changes: a conditional menu can't be edited"
        ),
        ("menu/addconditional", "tag:a"): (
            "added again to keep its place: the newest is tried first"
        ),
        ("menu/addconditional", "tag:n"): "new",
        ("menu/delconditional", "tag:c"): "no longer wanted",
        ("menu/delconditional", "tag:b"): "replaced by the one added again",
        ("menu/delconditional", "tag:a"): "replaced by the one added again",
    }


@pytest.mark.parametrize(
    ("live", "reason"),
    [
        (Live(), "none is in force yet, or it is switched off"),
        (live_of(Menus(OLD)), "replaced whole"),
        (live_of(Menus(NEW), Console.MADE), "puts the file's menu in place of the web console's"),
        (
            live_of(Menus((), ()), Console.CLOSED),
            "puts the file's menu in place of the web console's",
        ),
    ],
    ids=["none", "other", "console, though it looks the same", "closed"],
)
def test_a_default_menu_is_created(live: Live, reason: str) -> None:
    assert [step_to_json(step) for step in planned(live, Menus(NEW))] == [
        {"call": "menu/create", "menu": "default", "reason": reason}
    ]


@pytest.mark.parametrize("console", [Console.NONE, Console.CLOSED])
def test_the_first_default_menu_comes_before_any_add(console: Console) -> None:
    live = live_of(Menus((), (menu_for("100"),)), console)
    steps = calls(planned(live, Menus(NEW, (menu_for("101"),)), delete_first=True))
    assert steps == ["create", "-9000", "+tag:101"]


# The limit of three hosts.


def linking(rule: str, *to: str) -> ConditionalMenu:
    return menu_for(rule, parent("P", *(view(host, f"https://{host}/") for host in to)))


def test_deletes_come_first_where_old_and_new_links_pass_three_hosts() -> None:
    live = live_of(Menus(OLD, (linking("100", "a.cn", "b.cn"),)))
    after = Menus(OLD, (linking("100", "c.cn", "d.cn"),))
    assert calls(planned(live, after)) == ["-9000", "+tag:100"]


def test_three_hosts_are_within_the_limit() -> None:
    live = live_of(Menus(OLD, (linking("100", "a.cn", "b.cn"),)))
    after = Menus(OLD, (linking("100", "b.cn", "c.cn"),))
    assert calls(planned(live, after)) == ["+tag:100", "-9000"]


def test_only_the_old_menus_in_the_way_go_before_and_no_sooner_than_they_must() -> None:
    before = (linking("100", "c.cn"), linking("101", "a.cn", "b.cn"))
    live = live_of(Menus(OLD, before))
    after = Menus(OLD, (linking("100", "d.cn"), linking("101", "a.cn")))
    assert calls(planned(live, after)) == ["+tag:101", "-8999", "+tag:100", "-9000"]


def test_an_old_menu_that_links_nowhere_new_is_not_in_the_way() -> None:
    before = (linking("100", "c.cn", "d.cn"), menu_for("101"))
    live = live_of(Menus(OLD, before))
    after = Menus(OLD, (linking("100", "a.cn", "b.cn"),))
    assert calls(planned(live, after)) == ["-9000", "+tag:100", "-8999"]


def test_an_old_menu_that_links_where_one_that_stays_does_is_not_in_the_way() -> None:
    stays = linking("102", "a.cn")
    before = (linking("100", "b.cn"), linking("101", "a.cn"), stays)
    after = Menus(OLD, (linking("103", "c.cn", "d.cn"), stays))
    steps = calls(planned(live_of(Menus(OLD, before)), after))
    assert steps == ["-9000", "+tag:103", "-8999"]


def test_removals_alone_need_no_order_of_hosts() -> None:
    live = live_of(Menus(OLD, (linking("100", "a.cn", "b.cn"), linking("101", "c.cn", "d.cn"))))
    assert calls(planned(live, Menus(OLD))) == ["-8999", "-9000"]


MANY = 60


@pytest.mark.parametrize("delete_first", [False, True])
def test_more_calls_than_can_be_searched_keep_the_limit_all_the_same(delete_first: bool) -> None:
    """Each of 60 new menus links to one of two new hosts, each old one to one of two old ones."""
    before = tuple(linking(str(n), "ab"[n % 2] + ".cn") for n in range(MANY))
    after = tuple(linking(str(n), "cd"[n % 2] + ".cn") for n in range(MANY))
    live = live_of(Menus(OLD, before))
    steps = planned(live, Menus(NEW, after), delete_first=delete_first)
    wechat = done(live, steps)
    assert wechat.state == Menus(NEW, after)
    assert wechat.most_hosts <= 3
    assert len(steps) == 2 * MANY + 1


def test_many_menus_none_of_which_is_in_the_way_keep_their_followers() -> None:
    before = tuple(linking(str(n), "a.cn") for n in range(MANY))
    after = tuple(linking(str(n), "b.cn") for n in range(MANY))
    live = live_of(Menus(OLD, before))
    steps = planned(live, Menus(NEW, after))
    assert seen_between(live, steps) == 0
    made = [step.CALL.removeprefix("menu/") for step in steps]
    assert made == ["create", *["addconditional"] * MANY, *["delconditional"] * MANY]


# Dead menus: listed by WeChat, matching nobody.


def with_dead(live: Live, *to: str) -> Live:
    dead = DeadMenu("77", (("sex", "1"),), linking("x", *to).button)
    return replace(live, dead=(dead,))


def test_dead_menus_stay_unless_somebody_wants_them_removed() -> None:
    live, after = with_dead(live_of(Menus(OLD)), "a.cn"), Menus(NEW, (menu_for("1"),))
    labels = labelled(live.menus, after)
    assert calls(plan_steps(live, after, labels)) == ["+tag:1", "create"]
    steps = plan_steps(live, after, labels, dead=live.dead)
    assert calls(steps) == ["+tag:1", "create", "-77"]
    assert (steps[-1].menu, steps[-1].reason) == (
        "dead:77",
        "matches nobody: WeChat no longer heeds its rule",
    )
    assert calls(plan_steps(live, live.menus, Labels(), dead=live.dead)) == ["-77"]


def test_the_hosts_of_dead_menus_count() -> None:
    live = with_dead(live_of(Menus(OLD, (linking("1", "a.cn"),))), "d.cn")
    after = Menus(OLD, (linking("1", "b.cn", "c.cn"),))
    assert calls(planned(live, after)) == ["-9000", "+tag:1"]
    labels = labelled(live.menus, after)
    assert calls(plan_steps(live, after, labels, dead=live.dead)) == ["-77", "+tag:1", "-9000"]


def test_dead_menus_make_room_first_where_deletes_go_first() -> None:
    live = with_dead(live_of(Menus(OLD, (menu_for("1"),))))
    after = Menus(OLD, (menu_for("2"),))
    labels = labelled(live.menus, after)
    steps = plan_steps(live, after, labels, delete_first=True, dead=live.dead)
    assert calls(steps) == ["-77", "-9000", "+tag:2"]


HOSTS = st.lists(st.sampled_from(["a.cn", "b.cn", "c.cn", "d.cn"]), min_size=1, max_size=2)
LINKING = st.lists(
    st.builds(lambda rule, to: linking(rule, *to), st.sampled_from(["1", "2", "ios"]), HOSTS),
    max_size=3,
)


@given(LINKING, LINKING)
def test_no_call_passes_the_limit_if_the_wanted_menus_keep_it(
    before: list[ConditionalMenu], after: list[ConditionalMenu]
) -> None:
    wanted = Menus(OLD, tuple(after))
    live = live_of(Menus(OLD, tuple(before)))
    wechat = done(live, planned(live, wanted))
    assert wechat.state == wanted
    assert wechat.most_hosts <= 3 or wechat.linked > 3


def test_delete_first_puts_every_delete_before_every_add() -> None:
    live = live_of(Menus(OLD, (menu_for("a"), menu_for("b"))))
    after = Menus(OLD, (menu_for("b", *NEW), menu_for("a", *NEW)))
    steps = calls(planned(live, after, delete_first=True))
    assert steps == ["-8999", "-9000", "+tag:a", "+tag:b"]


def test_hosts_are_those_of_pages_and_of_mini_programs() -> None:
    button: Buttons = (
        view("a", "https://A.cn:8443/x?y#z"),
        parent(
            "P",
            MiniProgram("m", "http://b.cn", "wx1", "p"),
            click("c"),
            view("broken", "https://[::1/"),
            view("none", "mailto:x@c.cn"),
            Foreign("f", "view", (("url", "https://d.cn/"),)),
        ),
    )
    assert hosts(button) == {"a.cn", "b.cn"}


def test_live_menus_that_share_an_id_are_planned_without_a_crash() -> None:
    """WeChat doesn't answer so; a plan file might say so."""
    live = replace(
        live_of(Menus(OLD, (linking("1", "a.cn", "b.cn"), linking("2", "a.cn", "c.cn")))),
        menuids=("7", "7"),
    )
    assert len(planned(live, Menus(OLD, (linking("1", "d.cn"),)))) == 3


def test_menus_in_all_orders_are_reached() -> None:
    some = (
        menu_for("1"),
        menu_for("2"),
        menu_for("ios"),
        ConditionalMenu(MatchRule("1", "1"), NEW),
    )
    for order in permutations(some):
        live = live_of(Menus((Click("old", "old"),), some))
        assert done(live, planned(live, Menus(OLD, order))).state == Menus(OLD, order)


# No menu at all.


@given(lives())
def test_to_no_menu_it_takes_one_call_or_none(live: Live) -> None:
    steps = plan_steps(live, Menus(), labelled(live.menus, Menus()))
    assert len(steps) <= 1
    assert all(isinstance(step, DeleteMenus) for step in steps)
    nothing = live.menus == Menus() and not live.dead and not live.console.in_force
    consoles = live.console is Console.MADE and not (live.menus.conditionalmenu or live.dead)
    assert bool(steps) is not (nothing or consoles)
