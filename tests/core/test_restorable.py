"""What of an earlier state can be made again, and what going back needs lifted."""

from __future__ import annotations

import pytest
from hypothesis import given

from menuops.core.labels import label_menus
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Click, Foreign, Menus, Parent, each_entry
from menuops.core.plan import AccountPlan, make_account_plan
from menuops.core.restorable import restorable, undo_lifts

from .strategies import REF, account_plans, click, live_of, lives, menu_for, parent, view

TEXT = Foreign("文", "text", (("value", "好"),))


@given(lives())
def test_only_what_the_api_makes_comes_back_and_all_else_is_listed(live: Live) -> None:
    back = restorable(live)
    entries = [
        *each_entry(back.menus.button),
        *(e for menu in back.menus.conditionalmenu for e in each_entry(menu.button)),
    ]
    assert not [entry for entry in entries if isinstance(entry, Foreign)]
    assert not [entry for entry in entries if not isinstance(entry, Foreign) and entry.unknown]
    assert not [entry for entry in entries if isinstance(entry, Parent) and not entry.sub_button]
    assert back.menus.button or not back.menus.conditionalmenu
    if back.menus != live.menus:
        assert back.lost
    if live.dead:
        assert back.lost


@given(lives())
def test_what_comes_back_comes_back_whole(live: Live) -> None:
    back = restorable(live)
    assert restorable(live_of(back.menus)).lost == ()
    assert restorable(live_of(back.menus)).menus == back.menus


def test_no_menu_at_all_is_something_that_can_come_back() -> None:
    back = restorable(Live())
    assert (back.menus, back.lost, back.is_nothing) == (Menus(), (), False)


def test_a_menu_of_which_nothing_can_be_made_is_nothing() -> None:
    back = restorable(Live(Menus((TEXT, parent("多", TEXT))), console=Console.MADE))
    assert back.is_nothing
    assert back.lost == (
        "that the web console (公众号后台) made the default menu: it comes back as one of the API",
        "文 (text) of default: the API can't make it",
        "文 (text) of default: the API can't make it",
        "多 of default: none of its buttons can be made",
    )


def test_parts_are_lost_and_the_rest_stays_in_its_place() -> None:
    odd = Click("怪", "X", unknown=(("new", 1),))
    live = Live(
        Menus((view("甲"), parent("多", TEXT, click("乙")), odd), (menu_for("ios", TEXT),)),
        ("9",),
        dead=(DeadMenu("7", (("sex", "1"),), (click("x"),)),),
    )
    back = restorable(live)
    assert back.menus == Menus((view("甲"), parent("多", click("乙")), Click("怪", "X")))
    assert back.lost == (
        "文 (text) of default: the API can't make it",
        "new of 怪 of default: a field that menuops doesn't know",
        "文 (text) of ios: the API can't make it",
        "the conditional menu for ios: nothing of it can be made",
        'the dead conditional menu 7, which matched nobody: {"sex":"1"}',
    )


def test_a_menu_that_was_switched_off_comes_back_from_what_the_api_had() -> None:
    live = Live(Menus((), (menu_for("ios"),)), ("9",), Console.CLOSED)
    back = restorable(live, (click("甲"),))
    assert back.menus == Menus((click("甲"),), (menu_for("ios"),))
    assert "switched the menu off (停用)" in back.lost[0]
    (_, alone) = restorable(live).lost
    assert alone == "the conditional menu for ios: it needs a default menu below it"


def test_a_tag_that_is_gone_takes_its_menu_with_it() -> None:
    live = live_of(Menus((click("甲"),), (menu_for("100"), menu_for("101+ios"))))
    back = restorable(live, tag_names={"101": "春"}, gone_tags=frozenset({"100"}))
    assert [menu.matchrule.tag_id for menu in back.menus.conditionalmenu] == ["101"]
    assert back.lost == ("the conditional menu for tag:100: the account has no such tag any more",)


@given(account_plans())
def test_with_its_lifts_the_way_back_is_open(account: AccountPlan) -> None:
    """Whatever a plan does: no guard stands in the way back once these are lifted."""
    back = restorable(account.live)
    there = Live(account.after, tuple(f"n{n}" for n in range(len(account.after.conditionalmenu))))
    labels = label_menus(there.menus, back.menus, account.labels.tag_names)
    plan = make_account_plan(REF, there, back.menus, labels, lifts=undo_lifts(account))
    stopped = [guard for guard in plan.guards if not guard.lifted]
    assert back.is_nothing or not stopped


@pytest.mark.parametrize("closed", [True, False])
def test_a_run_that_left_the_consoles_menu_in_force_can_be_undone(closed: bool) -> None:
    console = Console.CLOSED if closed else Console.OVERRIDES
    live = Live(Menus(() if closed else (view("甲"),)), console=console)
    after = Menus((click("乙"),))
    plan = make_account_plan(REF, live, after, label_menus(live.menus, after, {}))
    assert "console-menu" in undo_lifts(plan, (view("甲"),))
