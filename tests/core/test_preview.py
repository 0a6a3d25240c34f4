"""Which menus a preview draws, for whom, and what it marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from menuops.core.labels import Labels, label_menus
from menuops.core.model import Click, ConditionalMenu, MatchRule, Menus, Wanted, WantedConditional
from menuops.core.pairing import position, spots
from menuops.core.preview import Asked, compared, kinds_asked, named_menus, preview_plan

from .strategies import account_plans

A, B = (Click("甲", "A"),), (Click("乙", "B"),)
TAGS = {"100": "VIP", "101": "春季", "102": "VIP"}


def test_a_tag_of_a_file_goes_by_its_name_and_else_by_its_id() -> None:
    wanted = Wanted(
        A, (WantedConditional(B, tag="VIP"), WantedConditional(A, tag_id="104", id="old"))
    )
    menus, labels = named_menus(wanted)
    assert [menu.matchrule.tag_id for menu in menus.conditionalmenu] == ["VIP", "104"]
    assert labels.after == ("tag:VIP", "old")


def test_a_name_may_stand_for_several_tags() -> None:
    asked = kinds_asked(Asked("VIP"), [Menus()], TAGS)
    assert [follower.tag_id for _, follower in asked] == ["100", "102"]


def test_a_tag_that_is_no_name_is_an_id() -> None:
    ((who, follower),) = kinds_asked(Asked("101", "ios"), [Menus()], TAGS)
    assert (who, follower.tag_id, follower.platform) == ("tag:春季+ios", "101", "1")


def test_each_platform_counts_where_a_rule_asks_for_one() -> None:
    menus = Menus(A, (ConditionalMenu(MatchRule(None, "2"), B),))
    asked = kinds_asked(Asked("VIP"), [menus], {})
    assert [who for who, _ in asked] == ["tag:VIP+ios", "tag:VIP+android", "tag:VIP+other"]


@given(account_plans(), st.sampled_from([Asked(), Asked("100"), Asked(None, "ios")]))
def test_marks_name_entries_that_are_there(account: object, asked: Asked) -> None:
    """On both sides; and where nothing differs, nothing is marked."""
    preview = preview_plan(account, asked)  # type: ignore[arg-type]
    for scene in preview.scenes:
        assert scene.before is not None
        for drawn in (scene.before, scene.now):
            places = {position(spot.path) for spot in spots(drawn.button)}
            assert {at for at, _ in drawn.marks} <= places
        assert scene.changes == bool(scene.before.marks or scene.now.marks)


@given(account_plans())
def test_every_menu_of_a_plan_is_drawn_or_named(account: object) -> None:
    preview = preview_plan(account, Asked())  # type: ignore[arg-type]
    labels: Labels = account.labels  # type: ignore[attr-defined]
    assert len(preview.scenes) + len(preview.others) == 1 + len({*labels.before, *labels.after})


def test_a_menu_that_comes_or_goes_is_marked_whole() -> None:
    scene = compared("everyone", (None, ()), ("default", A))
    assert scene.now.marks == (("1", ("add",)),)
    scene = compared("everyone", ("default", A), (None, ()))
    assert scene.before is not None
    assert scene.before.marks == (("1", ("remove",)),)
    assert scene.now.label is None


def test_labels_of_a_file_are_those_of_a_plan() -> None:
    menus = Menus(A, (ConditionalMenu(MatchRule("VIP"), B),))
    assert label_menus(menus, menus, {}).after == ("tag:VIP",)
