"""Who gets which menu, against asking each follower in turn."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given

from menuops.core.audience import (
    Follower,
    Shown,
    followers,
    shown_in,
    switch_to_json,
    switches,
)
from menuops.core.labels import DEFAULT
from menuops.core.model import Buttons, Menus

from .strategies import click, labelled, menu_for, menus

OLD, NEW = (click("old"),), (click("new"),)


def naive(state: Menus, tag: str, platform: str) -> Buttons:
    """Go through the menus as the documentation says; every follower has a tag and a phone."""
    for menu in state.conditionalmenu:
        rule = menu.matchrule
        if rule.tag_id is not None and rule.tag_id != tag:
            continue
        if rule.client_platform_type is not None and rule.client_platform_type != platform:
            continue
        return menu.button
    return state.button


@given(menus(least=0), menus(least=0))
def test_the_kinds_of_followers_stand_for_all_followers(before: Menus, after: Menus) -> None:
    """`9` is a tag in no rule."""
    kinds = {
        (
            shown_in(before, labelled(before, after).before, kind).button,
            shown_in(after, labelled(before, after).after, kind).button,
        )
        for kind in followers(before, after)
    }
    everyone = {
        (naive(before, tag, platform), naive(after, tag, platform))
        for tag, platform in product(("100", "101", "9"), ("1", "2", "3"))
    }
    assert kinds == everyone


def who_is(who: str, tag: str, platform: str, tags: set[str]) -> bool:
    """Read `tag:100+ios, others` as a person would."""
    words = {"1": "ios", "2": "android", "3": "other"}
    for kind in who.split(", "):
        parts = kind.split("+")
        on_it = not (named := set(parts) & set(words.values())) or words[platform] in named
        in_it = f"tag:{tag}" in parts if tag in tags else "others" in parts
        anyone = not any(p == "others" or p.startswith("tag:") for p in parts)
        if on_it and (in_it or anyone):
            return True
    return who == "everyone"


@given(menus(least=0), menus(least=0))
def test_the_audience_names_each_follower_whose_menu_changes_and_no_other(
    before: Menus, after: Menus
) -> None:
    labels = labelled(before, after)
    found = switches(before, after, labels)
    rules = [menu.matchrule for menu in (*before.conditionalmenu, *after.conditionalmenu)]
    tags = {rule.tag_id for rule in rules if rule.tag_id is not None}
    for tag, platform in product(("100", "101", "9"), ("1", "2", "3")):
        naming = [s for s in found if who_is(s.who, tag, platform, tags)]
        changes = naive(before, tag, platform) != naive(after, tag, platform)
        assert len(naming) == changes


TWO = (menu_for("100"), menu_for("ios"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(Menus(OLD), Menus(NEW), [("everyone", DEFAULT, DEFAULT)], id="the default"),
        pytest.param(Menus(), Menus(NEW), [("everyone", None, DEFAULT)], id="a first menu"),
        pytest.param(
            Menus(OLD),
            Menus(OLD, (menu_for("100"),)),
            [("tag:VIP", DEFAULT, "tag:VIP")],
            id="a tag gets a menu of its own",
        ),
        pytest.param(
            Menus(OLD, TWO),
            Menus(NEW, TWO),
            [("others+android, others+other", DEFAULT, DEFAULT)],
            id="who has a menu of its own doesn't see the default change",
        ),
        pytest.param(
            Menus(OLD, TWO),
            Menus(OLD, TWO[::-1]),
            [("tag:VIP+ios", "tag:VIP", "ios")],
            id="who matches both rules sees their order",
        ),
        pytest.param(
            Menus(OLD, (menu_for("ios"),)),
            Menus(OLD),
            [("ios", "ios", DEFAULT)],
            id="platforms alone",
        ),
        pytest.param(
            Menus((), (menu_for("100"),)),
            Menus(),
            [("tag:VIP", "tag:VIP", None)],
            id="no menu left",
        ),
        pytest.param(
            Menus(OLD, (menu_for("100", *OLD),)), Menus(OLD), [], id="the same by another way"
        ),
        pytest.param(
            Menus(OLD, (menu_for("100"),)),
            Menus(NEW, (menu_for("100"),)),
            [("others", DEFAULT, DEFAULT)],
            id="all but a tag",
        ),
    ],
)
def test_switches(before: Menus, after: Menus, expected: list[tuple[str, str, str]]) -> None:
    found = switches(before, after, labelled(before, after, t100="VIP"))
    assert [(s.who, s.before, s.after) for s in found] == expected


def test_a_rule_for_a_platform_that_nobody_knows_takes_nobody() -> None:
    state = Menus(OLD, (menu_for("100+ios"),))
    assert followers(state) == tuple(Follower(t, p) for t in ("100", None) for p in ("1", "2", "3"))
    assert shown_in(state, ("x",), Follower("100", "9")) == Shown(DEFAULT, OLD)


def test_a_switch_in_json() -> None:
    (switch,) = switches(Menus(), Menus(OLD), labelled(Menus(), Menus(OLD)))
    assert switch_to_json(switch) == {"who": "everyone", "before": None, "after": DEFAULT}
