"""Who gets which menu of a file, with tags by name and by id, against every truth there may be."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.asked import Asked, Tag
from menuops.core.audience import Follower, shown_in
from menuops.core.labels import DEFAULT
from menuops.core.model import ConditionalMenu, MatchRule, Menus, Wanted, WantedConditional
from menuops.core.who import Outlook, look_out, outlook_to_json

from .strategies import click

PLATFORM = {"ios": "1", "android": "2", "other": "3"}


def wanted(*rules: str) -> Wanted:
    """Make a file of rules: `VIP`, `#104` (an id), `VIP+ios`, `ios`; with one default menu."""
    menus = []
    for rule in rules:
        parts = rule.split("+")
        on = [PLATFORM[part] for part in parts if part in PLATFORM]
        tags = [part for part in parts if part not in PLATFORM]
        names = [tag for tag in tags if not tag.startswith("#")]
        ids = [tag[1:] for tag in tags if tag.startswith("#")]
        menus.append(
            WantedConditional(
                (click(rule),),
                tag=names[0] if names else None,
                tag_id=ids[0] if ids else None,
                client_platform_type=on[0] if on else None,
            )
        )
    return Wanted((click("default"),), tuple(menus))


def gets(outlook: Outlook) -> dict[str, str]:
    return {case.who: " ".join(case.gets) for case in outlook.cases}


def asked(tag: str | None = None, platform: str | None = None) -> Asked:
    return Asked(
        None if tag is None else Tag.typed(tag), None if platform is None else PLATFORM[platform]
    )


def test_all_kinds_of_followers_are_listed_in_the_order_of_the_file() -> None:
    assert gets(look_out(wanted("VIP+ios", "spring"), asked())) == {
        "tag:VIP+ios": "tag:VIP+ios",
        "tag:VIP+android": DEFAULT,
        "tag:VIP+other": DEFAULT,
        "tag:spring+ios": "tag:spring",
        "tag:spring+android": "tag:spring",
        "tag:spring+other": "tag:spring",
        "others+ios": DEFAULT,
        "others+android": DEFAULT,
        "others+other": DEFAULT,
    }
    assert gets(look_out(wanted("VIP"), asked())) == {"tag:VIP": "tag:VIP", "others": DEFAULT}
    assert gets(look_out(wanted(), asked())) == {"everyone": DEFAULT}
    assert gets(look_out(wanted("ios"), asked(None, "ios"))) == {"ios": "ios"}


@pytest.mark.parametrize(
    ("tag", "platform", "expected"),
    [
        ("VIP", "ios", {"tag:VIP+ios": "tag:VIP+ios"}),
        (
            "VIP",
            None,
            {"tag:VIP+ios": "tag:VIP+ios", "tag:VIP+android": DEFAULT, "tag:VIP+other": DEFAULT},
        ),
        (None, "ios", {"tag:VIP+ios": "tag:VIP+ios", "others+ios": "ios"}),
        ("other tag", "ios", {"tag:other tag+ios": "ios"}),
    ],
)
def test_a_question_about_some_followers(
    tag: str | None, platform: str | None, expected: dict[str, str]
) -> None:
    assert gets(look_out(wanted("VIP+ios", "ios"), asked(tag, platform))) == expected


def test_each_rule_that_was_tried_says_why() -> None:
    outlook = look_out(wanted("spring", "VIP+ios", "other", "VIP", "ios"), asked("VIP", "android"))
    assert [(each.menu, each.verdict, each.why) for each in outlook.tried] == [
        ("tag:spring", "no", "the tag put on last is VIP, not spring"),
        ("tag:VIP+ios", "no", "it is for iOS alone"),
        ("other", "no", "it is for other systems alone"),
        ("tag:VIP", "yes", "the first that matches"),
    ]
    assert outlook.sure


def test_a_name_and_an_id_may_be_one_tag() -> None:
    outlook = look_out(wanted("#104", "VIP"), asked("VIP"))
    assert gets(outlook) == {"tag:VIP": "tag:104 tag:VIP"}
    assert not outlook.sure
    assert [each.verdict for each in outlook.tried] == ["maybe", "yes"]
    assert outlook.tried[0].why == "only WeChat knows whether VIP is the tag with the id 104"
    assert look_out(wanted("VIP", "#104"), asked("VIP")).sure


def test_digits_are_an_id_unless_the_file_has_a_tag_of_that_name() -> None:
    assert gets(look_out(wanted("104"), asked("104"))) == {"tag:104": "tag:104"}
    assert gets(look_out(wanted("#104"), asked("104"))) == {"tag:104": "tag:104"}
    assert gets(look_out(wanted("105"), asked("104"))) == {"tag:104": f"tag:105 {DEFAULT}"}


def test_a_rule_that_no_truth_leaves_a_follower_is_no_perhaps() -> None:
    outlook = look_out(wanted("VIP", "VIP+ios"), asked("104", "ios"))
    assert gets(outlook) == {"tag:104+ios": f"tag:VIP {DEFAULT}"}
    assert [each.verdict for each in outlook.tried] == ["maybe", "no"]
    assert [(each.menu, each.because) for each in outlook.unreachable] == [
        ("tag:VIP+ios", ("tag:VIP",))
    ]


def test_several_kinds_share_the_rules_they_meet_or_none_are_told() -> None:
    assert [each.menu for each in look_out(wanted("a+ios", "VIP"), asked("VIP")).tried] == [
        "tag:a+ios",
        "tag:VIP",
    ]
    assert look_out(wanted("VIP+ios", "VIP"), asked("VIP")).tried == ()
    assert look_out(wanted("VIP"), asked()).tried == ()


def test_an_outlook_in_json() -> None:
    said = outlook_to_json(look_out(wanted("VIP+ios"), asked("VIP", "other")))
    assert said == {
        "sure": True,
        "followers": [
            {"who": "tag:VIP+other", "tag": "VIP", "platform": "other", "gets": [DEFAULT]}
        ],
        "tried": [
            {
                "menu": "tag:VIP+ios",
                "rule": "tag:VIP+ios",
                "verdict": "no",
                "why": "it is for iOS alone",
            }
        ],
        "unreachable": [],
        "menus": {
            "tag:VIP+ios": [{"type": "click", "name": "VIP+ios", "key": "VIP+ios"}],
            "default": [{"type": "click", "name": "default", "key": "default"}],
        },
    }


RULES = st.lists(
    st.builds(
        "+".join,
        st.lists(st.sampled_from(["a", "b", "#1", "#2"]), min_size=1, max_size=1).flatmap(
            lambda tag: st.sampled_from([tag, ["ios"], [*tag, "ios"], [*tag, "android"]])
        ),
    ),
    max_size=5,
)


@given(RULES, st.sampled_from(["a", "b", "1", "2", "z", "9"]), st.sampled_from(list(PLATFORM)))
def test_what_may_be_is_what_is_for_one_truth_about_the_names(
    rules: list[str], tag: str, platform: str
) -> None:
    """Every way in which the names a and b may have the ids 1 and 2, or others."""
    file = wanted(*rules)
    outlook = look_out(file, asked(tag, platform))
    labels = tuple(label for label, _ in outlook.menus[:-1])
    found = set()
    for a, b, z in product(("1", "2", "9", "7", "8"), repeat=3):
        if len({a, b, z}) < 3:
            continue
        ids = {"a": a, "b": b, "z": z}
        menus = Menus(
            file.button,
            tuple(
                ConditionalMenu(
                    MatchRule(menu.tag_id or ids.get(menu.tag or ""), menu.client_platform_type),
                    menu.button,
                )
                for menu in file.conditionalmenu
            ),
        )
        follower = Follower(ids.get(tag, tag), PLATFORM[platform])
        found.add(shown_in(menus, labels, follower).label)
    (case,) = outlook.cases
    assert set(case.gets) == found
    maybe = {each.menu for each in outlook.tried if each.verdict != "no"}
    assert maybe | {DEFAULT} == found | {DEFAULT}
