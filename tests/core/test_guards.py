"""What is stopped, and what lifts it."""

from __future__ import annotations

import pytest

from menuops.core.basis import NOTHING_KNOWN, Basis, Past, QuotaLeft
from menuops.core.guard_names import GUARDS, unknown_lifts
from menuops.core.guards import (
    Guard,
    guard_to_json,
    idle_lifts,
    many_accounts,
    unreadable_accounts,
)
from menuops.core.jsonform import parse_buttons
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import (
    Buttons,
    Click,
    ConditionalMenu,
    Foreign,
    MatchRule,
    Menus,
    Parent,
)
from menuops.core.plan import make_account_plan
from menuops.core.steps import step_to_json

from .strategies import REF, click, labelled, live_of, menu_for, view

OLD = (click("old"),)
NEWER = (click("newer"),)
LOSES_TAG = live_of(Menus(OLD, (menu_for("100+ios"), menu_for("101"))))
WITHOUT = Menus(OLD, (menu_for("101"),))


def fired(
    live: Live, after: Menus, *lifts: str, basis: Basis = NOTHING_KNOWN, **tags: str
) -> tuple[Guard, ...]:
    labels = labelled(live.menus, after, **tags)
    return make_account_plan(REF, live, after, labels, lifts=lifts, basis=basis).guards


# remove-conditional


@pytest.mark.parametrize(
    ("lift", "lifted"),
    [
        ("remove-conditional", True),
        ("remove-conditional:tag:VIP+ios", True),
        ("remove-conditional:tag:100+ios", True),
        ("remove-conditional:tag:VIP", False),
        ("remove-conditional:tag:101", False),
        ("remove-conditional:", False),
        ("console-menu", False),
    ],
)
def test_a_removal_is_lifted_by_the_guard_the_rule_or_the_rule_with_the_tags_id(
    lift: str, lifted: bool
) -> None:
    (guard,) = fired(LOSES_TAG, WITHOUT, lift, t100="VIP")
    assert guard.lifted is lifted
    assert guard.allow == "remove-conditional:tag:VIP+ios"
    assert (idle_lifts([lift], [guard]) == ()) is lifted


def test_a_tag_whose_name_cannot_be_read_is_named_by_its_id() -> None:
    (guard,) = fired(LOSES_TAG, WITHOUT)
    assert guard_to_json(guard) == {
        "guard": "remove-conditional",
        "name": "tag:100+ios",
        "lifted": False,
        "message": "the conditional menu for tag:100+ios (menuid 9000) has no successor",
    }


def test_each_menu_that_goes_fires_by_itself() -> None:
    guards = fired(LOSES_TAG, Menus(OLD), "remove-conditional:tag:101")
    assert [(guard.name, guard.lifted) for guard in guards] == [
        ("tag:100+ios", False),
        ("tag:101", True),
    ]


def test_a_menu_with_other_buttons_or_in_another_place_is_a_successor() -> None:
    after = Menus(OLD, (menu_for("101"), menu_for("100+ios", click("new"))))
    assert fired(LOSES_TAG, after) == ()


def test_the_same_tag_on_another_platform_is_no_successor() -> None:
    after = Menus(OLD, (menu_for("100+android"), menu_for("101")))
    assert [guard.name for guard in fired(LOSES_TAG, after)] == ["tag:100+ios"]


# console-menu

CONSOLE: Buttons = (
    Foreign("文本", "text", (("value", "hi"),)),
    Parent("更多", (click("fine"), Foreign("图", "img", (("value", "x"),)))),
)


@pytest.mark.parametrize(
    ("console", "says"),
    [
        (Console.MADE, "was made in the web console"),
        (Console.OVERRIDES, "published another menu over that of the API"),
        (Console.CLOSED, "switched off (停用)"),
    ],
)
def test_a_menu_of_the_console_is_guarded(console: Console, says: str) -> None:
    (guard,) = fired(live_of(Menus(OLD), console), Menus(OLD))
    assert (guard.guard, guard.name, guard.allow) == ("console-menu", None, "console-menu")
    assert says in guard.message
    assert "lost" not in guard.message
    assert guard_to_json(guard) == {
        "guard": "console-menu",
        "lifted": False,
        "message": guard.message,
    }


@pytest.mark.parametrize("console", [Console.NONE, Console.UNREADABLE])
def test_without_the_console_nothing_is_guarded(console: Console) -> None:
    assert fired(live_of(Menus(OLD), console), Menus(OLD)) == ()


def test_what_the_api_cannot_make_is_listed_as_lost() -> None:
    (guard,) = fired(live_of(Menus(CONSOLE), Console.MADE), Menus(OLD))
    assert guard.message.endswith("they would be lost: 文本 (text), 图 (img)")


def test_the_console_is_lifted_by_its_guard_alone() -> None:
    live = live_of(Menus(CONSOLE), Console.MADE)
    assert fired(live, Menus(OLD), "console-menu")[0].lifted
    assert not fired(live, Menus(OLD), "console-menu:text", "remove-conditional")[0].lifted


# many-accounts


def test_so_many_accounts_may_change_and_no_more() -> None:
    assert many_accounts(20, 20, ()) == ()
    (guard,) = many_accounts(21, 20, ())
    assert (guard.allow, guard.lifted) == ("many-accounts", False)
    assert guard.message == "21 accounts change, max_accounts is 20"
    assert many_accounts(21, 20, ["many-accounts"])[0].lifted


# What live answers hold that nothing is known of


def test_a_button_of_an_unknown_type_is_guarded_where_a_call_takes_it_away() -> None:
    odd = (Foreign("直播", "channels", (("feed", "1"),)), *OLD)
    (guard,) = fired(live_of(Menus(odd)), Menus(OLD))
    assert guard.allow == "console-menu"
    assert guard.message == "the API can't make these, and they would be lost: 直播 (channels)"
    of_vip = ConditionalMenu(MatchRule("100"), odd)
    replaced = Menus(OLD, (menu_for("100", click("new")),))
    (guard,) = fired(live_of(Menus(OLD, (of_vip,))), replaced)
    assert "直播 (channels)" in guard.message


def test_an_unknown_type_that_stays_stops_nothing() -> None:
    of_vip = ConditionalMenu(MatchRule("100"), (Foreign("直播", "channels"),))
    live = live_of(Menus(OLD, (of_vip,)))
    assert fired(live, Menus((click("new"),), (of_vip,))) == ()


def test_unknown_fields_are_named_before_they_are_lost() -> None:
    [button] = parse_buttons([{"type": "click", "name": "帮助", "key": "HELP", "badge": 3}])
    assert button == Click("帮助", "HELP"), "it is no change by itself"
    live = live_of(Menus((button,)))
    assert fired(live, Menus((Click("帮助", "HELP"),))) == ()
    (guard,) = fired(live, Menus(OLD))
    assert guard.message == (
        "these fields, which menuops doesn't know, would be lost: badge of 帮助"
    )


def test_a_menu_that_is_kept_and_cannot_be_made_again_is_told() -> None:
    of_vip = ConditionalMenu(MatchRule("100"), (Foreign("直播", "channels"),))
    after = Menus(OLD, (of_vip, menu_for("101")))
    (guard,) = fired(live_of(Menus(OLD, (menu_for("102"), of_vip))), after, "remove-conditional")[
        :1
    ]
    assert "WeChat would refuse these, which have to be added again: 直播" in guard.message


# unmanaged


def test_what_no_file_has_can_be_an_error() -> None:
    basis = Basis(unmanaged="error")
    guards = fired(LOSES_TAG, WITHOUT, "remove-conditional", basis=basis, t100="VIP")
    assert [(guard.allow, guard.lifted) for guard in guards] == [("unmanaged:tag:VIP+ios", False)]
    assert fired(LOSES_TAG, WITHOUT, "unmanaged:tag:100+ios", basis=basis)[0].lifted


# remove-dead

DEAD = DeadMenu("208", (("sex", "1"),), OLD)


@pytest.mark.parametrize(
    ("lift", "gone"), [("remove-dead", True), ("remove-dead:208", True), ("remove-dead:9", False)]
)
def test_a_dead_menu_goes_only_where_somebody_says_so(lift: str, gone: bool) -> None:
    live = Live(Menus(OLD), dead=(DEAD,))
    plan = make_account_plan(REF, live, Menus(OLD), labelled(live.menus, Menus(OLD)), lifts=[lift])
    assert [step_to_json(step)["menuid"] for step in plan.steps] == ["208"] * gone
    assert [(guard.allow, guard.lifted) for guard in plan.guards] == [
        ("remove-dead:208", True)
    ] * gone
    assert plan.changes == ()


# domain-limit


def hosts(*names: str) -> ConditionalMenu:
    return menu_for("100", *(view(name, f"https://{name}.example/") for name in names))


def test_more_than_three_hosts_over_all_conditional_menus_are_refused() -> None:
    kept = ConditionalMenu(MatchRule("101"), (view("k", "https://kept.example/"),))
    live = live_of(Menus(OLD, (kept,)))
    assert fired(live, Menus(OLD, (hosts("a", "b"), kept))) == ()
    (guard,) = fired(live, Menus(OLD, (hosts("a", "b", "c"), kept)))
    assert guard.allow == "domain-limit"
    assert "4 hosts (a.example, b.example, c.example, kept.example)" in guard.message


def test_hosts_that_are_there_already_are_not_added() -> None:
    many = Menus(OLD, (hosts("a", "b", "c"), hosts("d")))
    assert fired(live_of(many), Menus((click("new"),), many.conditionalmenu)) == ()


# quota


def test_a_plan_that_would_stop_in_the_middle_is_refused() -> None:
    after = Menus(OLD, tuple(menu_for(str(number)) for number in range(3)))
    for remain, stops in ((2, True), (3, False)):
        basis = Basis(quotas=(QuotaLeft("menu/addconditional", 2000, remain),))
        guards = fired(live_of(Menus(OLD)), after, basis=basis)
        assert [guard.allow for guard in guards] == ["quota:menu/addconditional"] * stops


# live-changed


def applied(menus: Menus) -> Basis:
    return Basis(applied=Past("applied", "20261121T040000Z-abcd", menus))


def test_what_others_changed_is_not_undone_unseen() -> None:
    (guard,) = fired(live_of(Menus(OLD)), Menus((click("new"),)), basis=applied(Menus(NEWER)))
    assert guard.allow == "live-changed"
    assert "the default menu changed since run 20261121T040000Z-abcd" in guard.message


@pytest.mark.parametrize("was", [Menus(OLD), None])
def test_nothing_is_claimed_where_live_is_as_it_was_left_or_nothing_is_known(
    was: Menus | None,
) -> None:
    basis = NOTHING_KNOWN if was is None else applied(was)
    assert fired(live_of(Menus(OLD)), Menus(NEWER), basis=basis) == ()


def test_the_consoles_doing_has_a_guard_of_its_own() -> None:
    live = live_of(Menus(CONSOLE), Console.OVERRIDES)
    guards = fired(live, Menus(OLD), basis=applied(Menus(OLD)))
    assert [guard.guard for guard in guards] == ["console-menu"]


def test_the_digest_is_the_same_where_nothing_is_known_of_the_past() -> None:
    live, after = live_of(Menus(OLD)), Menus((click("new"),))
    labels = labelled(live.menus, after)
    known = make_account_plan(
        REF, live, after, labels, lifts=["live-changed"], basis=applied(Menus(NEWER))
    )
    assert known.guards[0].lifted
    assert known.digest == make_account_plan(REF, live, after, labels).digest


# unreadable


def test_accounts_that_cannot_be_read_are_named() -> None:
    assert unreadable_accounts((), ()) == ()
    (guard,) = unreadable_accounts(("shop", "news"), ["unreadable"])
    assert guard.lifted
    assert guard.message == (
        "2 accounts can't be read and would be left as they are, unseen: shop, news"
    )
    (many,) = unreadable_accounts(tuple(f"a{number}" for number in range(12)), ())
    assert many.message.endswith("a9 and 2 more")


# The lifts themselves


def test_a_lift_of_a_guard_that_does_not_exist_is_unknown() -> None:
    lifts = [*GUARDS, "remove-conditional:tag:a:b", "force", "remove-conditional-x", ""]
    assert unknown_lifts(lifts) == ("force", "remove-conditional-x", "")


def test_a_lift_that_no_guard_asked_for_is_idle() -> None:
    guards = fired(LOSES_TAG, WITHOUT, "remove-conditional")
    lifts = ["remove-conditional", "console-menu", "remove-conditional:ios"]
    assert idle_lifts(lifts, guards) == ("console-menu", "remove-conditional:ios")
    assert idle_lifts(lifts, ()) == tuple(lifts)


# delete-all


def test_no_menu_at_all_takes_a_guard_of_its_own_and_no_other() -> None:
    (guard,) = fired(LOSES_TAG, Menus())
    assert (guard.guard, guard.name, guard.lifted) == ("delete-all", None, False)
    (lifted,) = fired(LOSES_TAG, Menus(), "delete-all")
    assert lifted.lifted
    assert fired(Live(), Menus()) == ()


def test_what_the_console_made_is_lost_with_all_menus() -> None:
    live = Live(Menus((Foreign("文", "text"),)), console=Console.OVERRIDES)
    console, everything = fired(live, Menus())
    assert (console.guard, everything.guard) == ("console-menu", "delete-all")
    assert "文 (text)" in console.message
