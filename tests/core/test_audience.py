"""Who gets which menu, against asking each follower in turn."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given

from menuops.core.audience import (
    Audience,
    Follower,
    Rules,
    Shown,
    Unreachable,
    followers,
    shown_in,
    switch_to_json,
    switches,
    unreachable,
    unreachable_to_json,
)
from menuops.core.labels import DEFAULT
from menuops.core.model import Buttons, Click, MatchRule, Menus

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


# How many they are.

COUNTS = {"100": 3, "101": 0}


@pytest.mark.parametrize(
    ("before", "after", "up_to"),
    [
        pytest.param("", "100", [3], id="one tag"),
        pytest.param("", "100+ios", [3], id="a tag on one platform has no more than the tag"),
        pytest.param("100 101", "", [3, 0], id="two tags with a menu each"),
        pytest.param("", "9", [None], id="a tag that isn't counted"),
        pytest.param("", "ios", [None], id="followers whom no tag names"),
    ],
)
def test_a_switch_says_how_many_followers_it_has_at_most(
    before: str, after: str, up_to: list[int | None]
) -> None:
    old = Menus(OLD, tuple(map(menu_for, before.split())))
    new = Menus(OLD, tuple(map(menu_for, after.split())))
    assert [s.up_to for s in switches(old, new, labelled(old, new), COUNTS)] == up_to


def test_tags_with_the_same_switch_are_counted_together_each_once() -> None:
    old = Menus(OLD, (menu_for("100", *NEW), menu_for("101", *NEW), menu_for("other")))
    new = Menus(OLD, (menu_for("other"),))
    found = switches(old, new, labelled(old, new), {"100": 3, "101": 4})
    assert [(s.who, s.before, s.up_to) for s in found] == [
        ("tag:100+ios, tag:100+android", "tag:100", 3),
        ("tag:100+other", "tag:100", 3),
        ("tag:101+ios, tag:101+android", "tag:101", 4),
        ("tag:101+other", "tag:101", 4),
    ]


def test_a_count_stands_in_json_where_it_is_known() -> None:
    old, new = Menus(OLD), Menus(OLD, (menu_for("100"),))
    (counted,) = switches(old, new, labelled(old, new), COUNTS)
    (uncounted,) = switches(old, new, labelled(old, new))
    said = {"who": "tag:100", "before": DEFAULT, "after": "tag:100"}
    assert switch_to_json(counted) == {**said, "up_to": 3}
    assert switch_to_json(uncounted) == said


# Who can never be reached.


def unreached(rules: str, *default: Click) -> dict[str, str]:
    """Give the menus that nobody gets, with what takes their followers."""
    state = Menus(default or OLD, tuple(map(menu_for, rules.split())))
    labels = labelled(state, state).after
    return {each.menu: " ".join(each.because) for each in unreachable(state, labels)}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("100 ios 100+ios", {"tag:100+ios": "tag:100"}),
        ("100+ios 100", {}),
        ("100+ios 100+android 100", {}),
        (
            "100+ios 100+android 100+other 100",
            {"tag:100": "tag:100+ios tag:100+android tag:100+other"},
        ),
        ("ios 100+ios", {"tag:100+ios": "ios"}),
        ("ios android 100", {}),
        ("ios 100+android other 100", {"tag:100": "ios tag:100+android other"}),
        (
            "ios android other 100",
            {"tag:100": "ios android other", "default": "ios android other"},
        ),
        ("100 100", {"tag:100~2": "tag:100"}),
        ("100 101 ios 101+ios", {"tag:101+ios": "tag:101"}),
        ("100 101", {}),
    ],
)
def test_a_rule_that_others_take_all_followers_of_is_unreachable(
    rules: str, expected: dict[str, str]
) -> None:
    assert unreached(rules) == expected


def test_a_rule_for_an_unknown_platform_is_unreachable_with_nobody_above() -> None:
    odd = replace(menu_for("100"), matchrule=MatchRule("100", "9"))
    (found,) = unreachable(Menus(OLD, (odd,)), ("odd",))
    assert found == Unreachable("odd", ())
    assert unreachable_to_json(found) == {"menu": "odd", "because": []}


@given(menus(least=0))
def test_unreachable_are_those_that_nobody_is_shown(state: Menus) -> None:
    """And each follower whom its rule takes is taken by one of those that are named."""
    labels = labelled(state, state).after
    rule_of = {
        label: menu.matchrule for label, menu in zip(labels, state.conditionalmenu, strict=True)
    }
    audience = Audience(state, labels)
    every = [Follower(tag, p) for tag in ("100", "101", None) for p in ("1", "2", "3")]
    reached = {audience.shown(follower).label for follower in every}
    there = {*labels, *([DEFAULT] if state.button else [])}
    found = unreachable(state, labels)
    assert {each.menu for each in found} == there - reached
    for each in found:
        own = Rules([rule_of.get(each.menu, MatchRule())])
        above = Rules([rule_of[label] for label in each.because])
        for follower in every:
            assert above.taking(follower) or not own.taking(follower)
        assert each.menu == DEFAULT or set(each.because) <= set(labels[: labels.index(each.menu)])
