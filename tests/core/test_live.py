"""What an account has, out of WeChat's own answers."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.jsonform import menus_to_json
from menuops.core.live import (
    Console,
    DeadMenu,
    Live,
    dead_from_json,
    dead_to_json,
    fingerprint,
    read_live,
)
from menuops.core.model import (
    Click,
    ConditionalMenu,
    Foreign,
    MatchRule,
    Menus,
    MiniProgram,
    Parent,
    View,
)

from .strategies import JSON, foreigns, lives

PAYLOADS = Path(__file__).parents[1] / "payloads"
OPEN: dict[str, Any] = {"is_menu_open": 1}


def payload(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((PAYLOADS / name).read_text(encoding="utf-8"))
    return answer


def got(*button: Any, conditional: Any = None) -> dict[str, Any]:
    """Build an answer of menu/get."""
    answer: dict[str, Any] = {"menu": {"button": list(button)}}
    return answer if conditional is None else {**answer, "conditionalmenu": conditional}


def shown(*button: Any) -> dict[str, Any]:
    """Build an answer of get_current_selfmenu_info."""
    return {"is_menu_open": 1, "selfmenu_info": {"button": list(button)}}


def click(name: str = "A", **more: Any) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": "k", **more}


def conditional(menuid: Any, **rule: Any) -> dict[str, Any]:
    return {"menuid": menuid, "matchrule": rule, "button": [click(str(menuid), sub_button=[])]}


# The sample answers.


def posted_form(button: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Undo by hand what menu/get adds."""
    form = []
    for entry in button:
        entry = dict(entry)
        if entry.get("sub_button"):
            entry["sub_button"] = posted_form(entry["sub_button"])
        else:
            entry.pop("sub_button", None)
        form.append(entry)
    return form


@pytest.mark.parametrize(
    "path",
    sorted(set(PAYLOADS.glob("menu-get-*.json")) - {PAYLOADS / "menu-get-none.json"}),
    ids=lambda path: str(path.stem),
)
def test_an_answer_of_menu_get_becomes_what_was_posted(path: Path) -> None:
    answer = payload(path.name)
    live = read_live(answer, OPEN)
    form = menus_to_json(live.menus)
    assert form["button"] == posted_form(answer["menu"]["button"])
    listed = answer.get("conditionalmenu", [])
    assert len(live.menus.conditionalmenu) + len(live.dead) == len(listed)
    assert live.console is Console.NONE


def test_no_menu_is_no_menu() -> None:
    """46003 reaches us as None, and the body itself holds no menu either."""
    assert read_live(None, OPEN) == Live()
    assert read_live(payload("menu-get-none.json"), OPEN) == Live()


def test_the_posted_menu_of_all_types_is_read_back_as_it_was() -> None:
    live = read_live(payload("menu-get-all-types.json"), OPEN)
    posted = payload("menu-create-all-types.json")
    assert menus_to_json(live.menus)["button"] == posted_form(posted["button"])
    leaves = [b for e in live.menus.button if isinstance(e, Parent) for b in e.sub_button]
    assert not [leaf for leaf in leaves if isinstance(leaf, Foreign)]


def test_slashes_are_read_whether_escaped_or_not() -> None:
    raw, plain = payload("menu-get-live-raw.json"), payload("menu-get-live-miniprogram.json")
    assert read_live(raw, OPEN) == read_live(plain, OPEN)


def test_conditional_menus_of_platforms_are_alive_newest_first() -> None:
    live = read_live(payload("menu-get-live-platform-conditionals.json"), OPEN)
    assert live.menuids == ("449778326", "449778324")
    assert live.dead == ()
    rules = [menu.matchrule for menu in live.menus.conditionalmenu]
    assert all(rule.tag_id is None and rule.client_platform_type for rule in rules)


def test_a_group_is_a_tag() -> None:
    live = read_live(payload("menu-get-tag-conditional-after-recreate.json"), OPEN)
    (menu,) = live.menus.conditionalmenu
    assert (menu.matchrule, live.menuids) == (MatchRule("156"), ("449127404",))


def test_a_menu_with_withdrawn_fields_is_dead() -> None:
    live = read_live(payload("menu-get-with-conditional.json"), OPEN)
    assert (live.menus.conditionalmenu, live.menuids) == ((), ())
    (dead,) = live.dead
    assert dead.menuid == "208396993"
    assert dict(dead.matchrule)["city"] == "广州"
    assert [entry.name for entry in dead.button] == ["今日歌曲", "菜单"]


@pytest.mark.parametrize(
    ("menu", "selfmenu", "console", "names"),
    [
        pytest.param(None, "console", Console.MADE, ["button", "text", "photo"], id="made"),
        pytest.param(
            "plain", "console", Console.OVERRIDES, ["button", "text", "photo"], id="overrides"
        ),
        pytest.param("plain", "closed", Console.CLOSED, [], id="closed"),
        pytest.param(None, "closed", Console.NONE, [], id="closed and none"),
        pytest.param(
            "plain", None, Console.UNREADABLE, ["今日歌曲", "歌手简介", "菜单"], id="unread"
        ),
        pytest.param(
            "live-raw", "api", Console.OVERRIDES, ["今日歌曲", "菜单"], id="other children"
        ),
        pytest.param(
            "live-miniprogram",
            "live-miniprogram",
            Console.OVERRIDES,
            ["学院", "学科商城"],
            id="mini",
        ),
    ],
)
def test_what_the_console_did(
    menu: str | None, selfmenu: str | None, console: Console, names: list[str]
) -> None:
    live = read_live(
        None if menu is None else payload(f"menu-get-{menu}.json"),
        None if selfmenu is None else payload(f"selfmenu-{selfmenu}.json"),
    )
    assert live.console is console
    assert [entry.name for entry in live.menus.button] == names


# Normal form.


@pytest.mark.parametrize(
    ("rule", "understood"),
    [
        ({"tag_id": "100"}, MatchRule("100")),
        ({"tag_id": 100}, MatchRule("100")),
        ({"group_id": 100}, MatchRule("100")),
        ({"group_id": "100", "tag_id": "7"}, MatchRule("100")),
        ({"group_id": "", "tag_id": "7"}, MatchRule("7")),
        ({"client_platform_type": 2}, MatchRule(None, "2")),
        ({"client_platform_type": "2", "group_id": 100, "sex": ""}, MatchRule("100", "2")),
        ({"group_id": "100", "sex": "1"}, None),
        ({"group_id": "100", "sex": None}, MatchRule("100")),
        ({"group_id": "100", "hologram": "1"}, None),
        ({"language": "zh_CN"}, None),
        ({}, None),
    ],
)
def test_a_rule_is_understood_whole_or_the_menu_is_dead(
    rule: dict[str, Any], understood: MatchRule | None
) -> None:
    live = read_live(got(click(), conditional=[conditional(1, **rule)]), OPEN)
    if understood is None:
        assert [dict(dead.matchrule) for dead in live.dead] == [rule]
    else:
        assert [menu.matchrule for menu in live.menus.conditionalmenu] == [understood]


def test_conditional_menus_are_sorted_by_number_not_by_text() -> None:
    listed = [conditional(i, tag_id="1") for i in (9, "100", 20)]
    assert read_live(got(conditional=listed), OPEN).menuids == ("100", "20", "9")


@pytest.mark.parametrize("odd", ["x", None, float("inf"), []])
def test_ids_that_are_no_numbers_leave_the_order_as_answered(odd: Any) -> None:
    listed = [conditional(1, tag_id="1"), conditional(odd, tag_id="2")]
    rules = [m.matchrule for m in read_live(got(conditional=listed), OPEN).menus.conditionalmenu]
    assert rules == [MatchRule("1"), MatchRule("2")]


@pytest.mark.parametrize(
    ("item", "entry"),
    [
        ({"type": "hologram", "name": "A", "key": "k"}, Foreign("A", "hologram", (("key", "k"),))),
        ({"type": "view", "name": "A", "sub_button": []}, Foreign("A", "view")),
        ({"type": "click", "name": "A", "key": 5}, Foreign("A", "click", (("key", 5),))),
        ({"type": "VIEW", "name": "A", "url": "u"}, Foreign("A", "VIEW", (("url", "u"),))),
        ({"name": "A"}, Foreign("A", "")),
        ({}, Foreign("", "")),
        ({"type": 7, "name": 8}, Foreign("8", "7")),
        ({"type": "click", "name": "A", "key": "k", "url": "u"}, Click("A", "k")),
        (
            {"type": "click", "name": "A", "sub_button": [click("B")]},
            Parent("A", (Click("B", "k"),)),
        ),
        ({"name": "A", "sub_button": {"list": [click("B")]}}, Parent("A", (Click("B", "k"),))),
        (
            {"name": "A", "sub_button": [{"name": "B", "sub_button": [click("C")]}]},
            Parent("A", (Foreign("B", "", (("sub_button", [click("C")]),)),)),
        ),
        (
            {"type": "miniprogram", "name": "A", "url": "u", "pagepath": "p", "appid": "a"},
            MiniProgram("A", "u", "a", "p"),
        ),
    ],
)
def test_an_entry_is_read_and_what_is_not_understood_is_kept(item: Any, entry: Any) -> None:
    assert read_live(got(item), OPEN).menus.button == (entry,)


@given(JSON, JSON)
def test_reading_raises_nothing_whatever_is_answered(menu: Any, selfmenu: Any) -> None:
    for answer in ({"menu": menu}, {"conditionalmenu": menu}, got(menu), got(conditional=[menu])):
        live = read_live(answer, {"is_menu_open": selfmenu, "selfmenu_info": {"button": menu}})
        assert len(fingerprint(live)) == 64
        read_live(answer, {"selfmenu_info": selfmenu})
    read_live(got(conditional=[{"matchrule": menu, "menuid": selfmenu, "button": menu}]), OPEN)


# The console.


@pytest.mark.parametrize(
    ("made", "in_force"),
    [
        pytest.param(click(), click(), id="the same"),
        pytest.param(click(sub_button=[]), click(), id="no sub_button there"),
        pytest.param(click(), {"type": "click", "name": "A"}, id="a field that only one has"),
        pytest.param(
            {"type": "media_id", "name": "A", "media_id": "m"},
            {"type": "img", "name": "A", "value": "differs at each call"},
            id="media, spelt in its own way",
        ),
        pytest.param(
            {"type": "article_view_limited", "name": "A", "article_id": "m"},
            {"type": "news", "name": "A"},
            id="articles too",
        ),
        pytest.param(
            {"name": "P", "sub_button": [click()]},
            {"name": "P", "sub_button": {"list": [click()]}},
            id="children in a list of their own",
        ),
        pytest.param(
            {"type": "miniprogram", "name": "A", "url": "u", "appid": "a", "pagepath": "p"},
            {"type": "miniprogram", "name": "A", "url": "u", "appid": "a"},
            id="a mini program without its page",
        ),
    ],
)
def test_the_console_shows_the_menu_of_the_api(made: Any, in_force: Any) -> None:
    assert read_live(got(made), shown(in_force)).console is Console.NONE


@pytest.mark.parametrize(
    ("made", "in_force"),
    [
        pytest.param([click()], [click("B")], id="name"),
        pytest.param([click()], [click(key="z")], id="key"),
        pytest.param([click()], [click(type="scancode_push")], id="type"),
        pytest.param([click()], [{"type": "text", "name": "A", "value": "hi"}], id="console type"),
        pytest.param([click()], [{"name": "A"}], id="no type"),
        pytest.param([click()], [click(), click("B")], id="one more"),
        pytest.param([click(), click("B")], [click("B"), click()], id="order"),
        pytest.param(
            [{"type": "view", "name": "A", "url": "u"}],
            [{"type": "view", "name": "A", "url": "v"}],
            id="url",
        ),
        pytest.param(
            [{"type": "miniprogram", "name": "A", "url": "u", "appid": "a", "pagepath": "p"}],
            [{"type": "miniprogram", "name": "A", "url": "u", "appid": "b", "pagepath": "p"}],
            id="appid",
        ),
        pytest.param([click()], [{"name": "A", "sub_button": {"list": [click()]}}], id="parent"),
        pytest.param([{"name": "A", "sub_button": [click()]}], [click()], id="leaf"),
        pytest.param(
            [{"name": "A", "sub_button": [click()]}],
            [{"name": "A", "sub_button": {"list": [click(key="z")]}}],
            id="child",
        ),
        pytest.param(
            [{"type": "media_id", "name": "A", "media_id": "m"}],
            [{"type": "img", "name": "B", "value": "x"}],
            id="name of a media button",
        ),
    ],
)
def test_the_console_published_another_menu(made: Any, in_force: Any) -> None:
    live = read_live(got(*made), shown(*in_force))
    assert live.console is Console.OVERRIDES
    assert live.menus == read_live(None, shown(*in_force)).menus


@pytest.mark.parametrize("switched_off", [0, "0"])
def test_a_menu_that_is_switched_off_is_not_there(switched_off: Any) -> None:
    live = read_live(got(click()), {"is_menu_open": switched_off})
    assert (live.console, live.menus) == (Console.CLOSED, Menus())


def test_conditional_menus_stay_whatever_the_console_does() -> None:
    answer = got(click(), conditional=[conditional(1, tag_id="1")])
    for selfmenu in (None, OPEN, {"is_menu_open": 0}, shown(click("B"))):
        assert read_live(answer, selfmenu).menuids == ("1",)


def test_an_open_menu_that_shows_nothing_contradicts_nothing() -> None:
    assert read_live(got(click()), OPEN).console is Console.NONE
    assert read_live(None, OPEN).console is Console.NONE


@pytest.mark.parametrize("console", Console)
def test_the_console_is_in_force_in_three_states(console: Console) -> None:
    assert console.in_force == (console.value in ("made", "overrides", "closed"))


# The fingerprint.


def test_the_fingerprint_stays_though_media_values_change_at_each_call() -> None:
    first, then = payload("selfmenu-console.json"), payload("selfmenu-console.json")
    changed = 0
    for entry in then["selfmenu_info"]["button"]:
        for child in (entry, *entry.get("sub_button", {}).get("list", ())):
            if child.get("type") not in (None, "view", "text") and "value" in child:
                child["value"] += "x"
                child.pop("news_info", None)
                changed += 1
    assert changed >= 3
    assert fingerprint(read_live(None, first)) == fingerprint(read_live(None, then))


def test_the_fingerprint_ignores_spelling() -> None:
    one = got(click(), conditional=[conditional(7, group_id=100, sex="")])
    other = got(click(sub_button=[]), conditional=[conditional("7", tag_id="100")])
    assert fingerprint(read_live(one, OPEN)) == fingerprint(read_live(other, shown(click())))


def test_a_console_that_cannot_be_read_is_no_other_state() -> None:
    """So a plan made without it holds when the menu is all that an API made."""
    answer = got(click())
    assert fingerprint(read_live(answer, None)) == fingerprint(read_live(answer, OPEN))


def full() -> Live:
    return Live(
        Menus(
            (Parent("P", (Click("A", "a"), View("B", "b"))),),
            (
                ConditionalMenu(MatchRule("1"), (Click("A", "a"),)),
                ConditionalMenu(MatchRule("1", "1"), (Click("A", "a"),)),
            ),
        ),
        ("9", "8"),
        Console.NONE,
        (DeadMenu("7", (("sex", "1"),), (Click("D", "d"),)),),
    )


C1, C2 = full().menus.conditionalmenu
DEAD = full().dead[0]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            Live(Menus((Click("A", "a"),), (C1, C2)), ("9", "8"), dead=(DEAD,)), id="menu"
        ),
        pytest.param(
            Live(Menus(full().menus.button, (C2, C1)), ("9", "8"), dead=(DEAD,)), id="order"
        ),
        pytest.param(Live(full().menus, ("9", "1"), dead=(DEAD,)), id="added again"),
        pytest.param(Live(Menus(full().menus.button, (C1,)), ("9",), dead=(DEAD,)), id="one less"),
        pytest.param(Live(full().menus, ("9", "8")), id="no dead one"),
        pytest.param(Live(full().menus, ("9", "8"), Console.OVERRIDES, (DEAD,)), id="console"),
        pytest.param(
            Live(full().menus, ("9", "8"), dead=(DeadMenu("6", DEAD.matchrule, DEAD.button),)),
            id="another dead one",
        ),
        pytest.param(
            Live(full().menus, ("9", "8"), dead=(DeadMenu("7", (("sex", "2"),), DEAD.button),)),
            id="its rule",
        ),
        pytest.param(
            Live(full().menus, ("9", "8"), dead=(DeadMenu("7", DEAD.matchrule, ()),)),
            id="its buttons",
        ),
    ],
)
def test_the_fingerprint_changes_with_all_that_matters(other: Live) -> None:
    assert fingerprint(other) != fingerprint(full()) == fingerprint(copy.deepcopy(full()))


@pytest.mark.parametrize(
    "other",
    [
        {"type": "text", "name": "A", "value": "other words"},
        {"type": "text", "name": "B", "value": "hi"},
        {"type": "img", "name": "A", "value": "hi"},
        {"name": "A", "sub_button": {"list": [{"type": "text", "name": "A", "value": "hi"}]}},
    ],
)
def test_the_words_of_a_console_menu_matter(other: dict[str, Any]) -> None:
    said = {"type": "text", "name": "A", "value": "hi"}
    assert fingerprint(read_live(None, shown(said))) != fingerprint(read_live(None, shown(other)))


# JSON.


@given(st.lists(foreigns(), max_size=2), lives())
def test_a_dead_menu_survives_json(buttons: list[Foreign], live: Live) -> None:
    for dead in (*live.dead, DeadMenu("1", (("city", "广州"), ("sex", 1)), tuple(buttons))):
        assert dead_from_json(json.loads(json.dumps(dead_to_json(dead)))) == dead
