"""What is stopped, and what lifts it."""

from __future__ import annotations

import pytest

from menuops.core.basis import NOTHING_KNOWN, Basis
from menuops.core.guard_names import GUARDS, unknown_lifts
from menuops.core.guards import Guard, guard_to_json, idle_lifts, many_accounts
from menuops.core.live import Console, Live
from menuops.core.model import Buttons, Foreign, Menus, Parent
from menuops.core.plan import make_account_plan

from .strategies import REF, click, labelled, live_of, menu_for

OLD = (click("old"),)
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
