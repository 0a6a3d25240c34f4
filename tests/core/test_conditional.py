"""Which conditional menu is which."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.conditional import kept_tail, pair_rules
from menuops.core.diff import change_to_json, diff
from menuops.core.labels import label_menus
from menuops.core.model import ConditionalMenu, MatchRule, Menus

from .strategies import click, labelled, menu_for, menus, with_menu_ids

A = click("A")


def state(*menus: ConditionalMenu) -> Menus:
    return Menus((A,), menus)


def named(menu: ConditionalMenu, id_: str) -> ConditionalMenu:
    return replace(menu, id=id_)


def test_an_id_of_both_sides_counts_before_the_rule() -> None:
    before = state(named(menu_for("100"), "a"), named(menu_for("101"), "b"))
    after = state(named(menu_for("101"), "a"), named(menu_for("102"), "b"))
    assert pair_rules(before, after) == [(0, 0), (1, 1)]


def test_an_id_of_one_side_says_nothing() -> None:
    before, after = state(named(menu_for("100"), "a")), state(named(menu_for("100"), "b"))
    assert pair_rules(before, after) == [(0, 0)]
    assert pair_rules(state(menu_for("100")), after) == [(0, 0)]


def test_another_rule_under_one_id_is_a_change() -> None:
    before = state(menu_for("ios"), named(menu_for("100", A), "vip"))
    after = state(named(menu_for("101+ios", A), "vip"), menu_for("ios"))
    labels = label_menus(before, after, {"100": "VIP"})
    assert labels.before == ("ios", "vip")
    assert labels.after == ("vip", "ios")
    assert [change_to_json(change) for change in diff(before, after, labels)] == [
        {"kind": "move", "at": "#1", "was_at": "#2", "menu": "vip", "same_by": "id"},
        {
            "kind": "change",
            "at": "#1",
            "was_at": "#2",
            "menu": "vip",
            "same_by": "id",
            "fields": {
                "tag_id": {"before": "100", "after": "101"},
                "client_platform_type": {"after": "1"},
            },
        },
    ]


def test_a_menu_without_id_is_the_same_by_its_rule() -> None:
    before, after = state(menu_for("ios"), menu_for("100")), state(menu_for("100"), menu_for("ios"))
    (move,) = diff(before, after, labelled(before, after))
    assert (move.kind, move.same_by) == ("move", "rule")


def test_a_menu_that_goes_is_called_by_its_id() -> None:
    before = state(named(menu_for("100"), "spring"))
    assert label_menus(before, state(), {}).before == ("spring",)


@given(menus(least=0), menus(least=0), st.data())
def test_pairs_by_id_come_first_and_the_rest_goes_by_rule(
    before: Menus, after: Menus, data: st.DataObject
) -> None:
    one_each = st.permutations(["a", "b", "c", "d", None, None, None])
    before = with_menu_ids(before, data.draw(one_each)[: len(before.conditionalmenu)])
    after = with_menu_ids(after, data.draw(one_each)[: len(after.conditionalmenu)])
    pairs = pair_rules(before, after)
    assert len({b for b, _ in pairs}) == len({a for _, a in pairs}) == len(pairs)
    by_id = {
        (b, a)
        for b, was in enumerate(before.conditionalmenu)
        for a, now in enumerate(after.conditionalmenu)
        if was.id is not None and was.id == now.id
    }
    assert by_id <= set(pairs)
    for b, a in set(pairs) - by_id:
        assert before.conditionalmenu[b].matchrule == after.conditionalmenu[a].matchrule
    labels = label_menus(before, after, {})
    assert all(labels.before[b] == labels.after[a] for b, a in pairs)


@pytest.mark.parametrize("size", range(4))
def test_menus_of_two_rules_move_no_more_than_they_must(size: int) -> None:
    """What can stay live stays; beside that, the fewest moves of all pairs by rule."""
    kinds = [menu_for("100"), menu_for("101")]
    for olds in product(kinds, repeat=size):
        for news in product(kinds, repeat=size):
            before, after = state(*olds), state(*news)
            kept = kept_tail(olds, news)
            moves = [c for c in diff(before, after, labelled(before, after)) if c.kind == "move"]
            pairs = pair_rules(before, after)
            assert set(kept) <= set(pairs)
            assert len(moves) <= len(pairs) - len(kept)


def test_ids_are_no_part_of_what_a_menu_is() -> None:
    assert named(menu_for("100"), "a") == menu_for("100")
    assert ConditionalMenu(MatchRule("1"), (), id="x").id == "x"
