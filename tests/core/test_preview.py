"""Which menus a preview draws, for whom, and what it marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from menuops.core.asked import Asked, Tag
from menuops.core.labels import Labels, label_menus
from menuops.core.model import Click, ConditionalMenu, MatchRule, Menus, Wanted, WantedConditional
from menuops.core.plan import make_account_plan
from menuops.core.preview import compared, kinds_asked, preview_file, preview_plan
from menuops.core.spots import position, spots
from menuops.core.who import look_out, named_menus
from menuops.render.phone.captions import caption

from .strategies import REF, account_plans, live_of

A, B = (Click("甲", "A"),), (Click("乙", "B"),)
TAGS = (("100", "VIP"), ("101", "春季"), ("102", "VIP"))
BY_ID = Wanted(A, (WantedConditional(B, tag_id="100"),))


def drawn(wanted: Wanted, asked: Asked) -> list[tuple[str, str | None, bool]]:
    preview = preview_file("shop", "wx1", wanted, asked, every=False)
    return [(scene.who, scene.now.label, scene.sure) for scene in preview.scenes]


def test_menus_of_a_file_are_labelled_as_in_a_plan() -> None:
    wanted = Wanted(
        A, (WantedConditional(B, tag="104"), WantedConditional(A, tag_id="104", id="old"))
    )
    menus, labels = named_menus(wanted)
    assert [menu.matchrule.tag_id for menu in menus.conditionalmenu] == ["name:104", "id:104"]
    assert labels.after == ("tag:104", "old")


def test_all_menus_are_drawn_that_a_follower_may_get() -> None:
    """Only WeChat knows whether VIP is the tag with the id 100."""
    preview = preview_file("shop", "wx1", BY_ID, Asked(Tag.typed("VIP")), every=False)
    assert drawn(BY_ID, Asked(Tag.typed("VIP"))) == [
        ("tag:VIP", "tag:100", False),
        ("tag:VIP", "default", False),
    ]
    assert preview.doubt == "which"
    assert preview.scenes[0].now.button == B
    assert drawn(BY_ID, Asked(Tag.typed("100"))) == [("tag:100", "tag:100", True)]


def test_followers_of_a_platform_are_those_of_each_tag() -> None:
    assert drawn(BY_ID, Asked(platform="1")) == [
        ("tag:100+ios", "tag:100", True),
        ("others+ios", "default", True),
    ]


MAYBES = st.sampled_from([None, Tag("name", "VIP"), Tag("id", "100"), Tag("name", "100")])
FILES = st.lists(
    st.builds(
        WantedConditional,
        st.just(B),
        st.sampled_from([None, "VIP", "100"]),
        st.none(),
        st.sampled_from([None, "1", "2"]),
    )
    | st.builds(
        WantedConditional,
        st.just(B),
        st.none(),
        st.sampled_from(["100", "104"]),
        st.sampled_from([None, "1"]),
    ),
    max_size=4,
)


@given(FILES, MAYBES, st.sampled_from([None, "1", "3"]))
def test_a_preview_draws_what_who_answers(
    rules: list[WantedConditional], tag: Tag | None, platform: str | None
) -> None:
    wanted, asked = Wanted(A, tuple(rules)), Asked(tag, platform)
    if asked == Asked():
        return
    outlook = look_out(wanted, asked)
    assert {label for _, label, _ in drawn(wanted, asked)} == {
        label for case in outlook.cases for label in case.gets
    }
    assert all(sure for *_, sure in drawn(wanted, asked)) == outlook.sure


def ids(asked: Asked, tags: tuple[tuple[str, str], ...], *rules: MatchRule) -> list[list[object]]:
    menus = Menus(A, tuple(ConditionalMenu(rule, B) for rule in rules))
    kinds = kinds_asked(asked, menus, menus, Labels(tags=tags))
    return [[follower.tag_id for follower in may_be] for may_be in kinds.values()]


def test_a_name_may_stand_for_several_tags() -> None:
    assert ids(Asked(Tag.typed("VIP")), TAGS) == [["100"], ["102"]]


def test_a_tag_that_is_no_name_is_an_id() -> None:
    assert ids(Asked(Tag.typed("101"), "1"), TAGS) == [["101"]]


def test_a_name_may_be_any_tag_where_names_could_not_be_read() -> None:
    asked = Asked(Tag.typed("VIP"))
    assert ids(asked, (), MatchRule("100", None)) == [["100", None]]
    assert ids(asked, TAGS[1:2], MatchRule("100", None)) == [["VIP"]]


def test_each_platform_counts_where_a_rule_asks_for_one() -> None:
    menus = Menus(A, (ConditionalMenu(MatchRule(None, "2"), B),))
    kinds = kinds_asked(Asked(Tag.typed("VIP")), menus, menus, Labels(tags=TAGS[:1]))
    assert [follower.platform for follower in kinds] == ["1", "2", "3"]


ASKED = [Asked(), Asked(Tag("id", "100")), Asked(Tag("name", "VIP")), Asked(None, "1")]


@given(account_plans(), st.sampled_from(ASKED))
def test_marks_name_entries_that_are_there(account: object, asked: Asked) -> None:
    """On both sides; and where nothing differs, nothing is marked."""
    preview = preview_plan(account, asked)  # type: ignore[arg-type]
    for scene in preview.scenes:
        assert scene.before is not None
        for drawn in (scene.before, scene.now):
            places = {position(spot.path) for spot in spots(drawn.button)}
            assert {at for at, _ in drawn.marks} <= places
        marked = bool(scene.before.marks or scene.now.marks)
        assert scene.changes == (marked or scene.was_for is not None)


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


def test_a_menu_of_which_only_the_rule_changes_is_drawn_with_both_rules() -> None:
    before = Menus(A, (ConditionalMenu(MatchRule("100"), B, id="vip"),))
    after = Menus(A, (ConditionalMenu(MatchRule("101"), B, id="vip"),))
    labels = label_menus(before, after, dict(TAGS))
    plan = make_account_plan(REF, live_of(before), after, labels)
    preview = preview_plan(plan, Asked())
    (scene,) = preview.scenes
    assert scene.before is not None
    assert (caption(scene, scene.before), caption(scene, scene.now)) == (
        "Before: menu vip (tag:VIP)",
        "After: menu vip (tag:春季)",
    )
    assert preview.others == ("default",)


def test_labels_of_a_file_are_those_of_a_plan() -> None:
    menus = Menus(A, (ConditionalMenu(MatchRule("VIP"), B),))
    assert label_menus(menus, menus, {}).after == ("tag:VIP",)
