"""What conditional menus are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.conditional import kept_tail, pair_rules
from menuops.core.labels import DEFAULT, Labels, label_menus, rule_name
from menuops.core.model import MatchRule, Menus

from .strategies import click, labelled, menu_for, menus, with_menu_ids

TAGS = {"100": "VIP", "101": "VIP"}
"""WeChat keeps tag names apart, but nobody promised it."""


@given(menus(least=0), menus(least=0), st.data())
def test_labels_tell_the_menus_of_a_side_apart_and_join_the_sides(
    before: Menus, after: Menus, data: st.DataObject
) -> None:
    ids = [
        data.draw(st.sampled_from([None, "default", "tag:VIP", "tag:100~2", "spring"]))
        for _ in after.conditionalmenu
    ]
    after = with_menu_ids(after, ids)
    labels = label_menus(before, after, TAGS)
    for side, state in ((labels.before, before), (labels.after, after)):
        assert len(set(side)) == len(side) == len(state.conditionalmenu)
        assert DEFAULT not in side
    pairs = dict(pair_rules(before, after))
    for b, label in enumerate(labels.before):
        if b in pairs:
            assert labels.after[pairs[b]] == label
        else:
            assert label not in labels.after


@given(menus(least=0), menus(least=0))
def test_pairs_have_one_rule_and_leave_no_two_of_one_rule_apart(
    before: Menus, after: Menus
) -> None:
    pairs = pair_rules(before, after)
    olds, news = {b for b, _ in pairs}, {a for _, a in pairs}
    assert len(olds) == len(news) == len(pairs)
    for b, a in pairs:
        assert before.conditionalmenu[b].matchrule == after.conditionalmenu[a].matchrule
    free = {m.matchrule for b, m in enumerate(before.conditionalmenu) if b not in olds}
    left = {m.matchrule for a, m in enumerate(after.conditionalmenu) if a not in news}
    assert not free & left
    assert set(kept_tail(before.conditionalmenu, after.conditionalmenu)) <= set(pairs)


def test_an_id_of_the_file_is_the_label_on_both_sides() -> None:
    state = Menus((), (menu_for("100"),))
    assert label_menus(state, with_menu_ids(state, ["vip"]), {}) == Labels(("vip",), ("vip",))


def test_equal_rules_are_numbered() -> None:
    state = Menus((), (menu_for("ios"), menu_for("ios", click("x"))))
    assert labelled(state, state).after == ("ios", "ios~2")


def test_a_menu_that_goes_never_takes_the_label_of_one_that_comes() -> None:
    before, after = Menus((), (menu_for("100"),)), Menus((), (menu_for("101"),))
    labels = label_menus(before, with_menu_ids(after, ["tag:100"]), {})
    assert labels == Labels(("tag:100~2",), ("tag:100",))


def test_only_names_of_tags_in_rules_are_kept() -> None:
    state = Menus((), (menu_for("100"), menu_for("102"), menu_for("ios")))
    labels = label_menus(Menus(), state, {"100": "VIP", "7": "x"})
    assert labels.tags == (("100", "VIP"),)
    assert labels.tag_names == {"100": "VIP"}
    assert labels.rule(MatchRule("100", "2")) == "tag:VIP+android"


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (MatchRule("100"), "tag:VIP"),
        (MatchRule("104"), "tag:104"),
        (MatchRule(None, "1"), "ios"),
        (MatchRule(None, "2"), "android"),
        (MatchRule(None, "3"), "other"),
        (MatchRule("100", "1"), "tag:VIP+ios"),
        (MatchRule(None, "9"), "9"),
    ],
)
def test_rule_name(rule: MatchRule, name: str) -> None:
    assert rule_name(rule, {"100": "VIP"}) == name
