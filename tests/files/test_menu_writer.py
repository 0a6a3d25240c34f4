"""A menu file that is written says what the menus say, whatever stands in them and above them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuops.core.console import Remark, nearest_menus
from menuops.core.finding import Place
from menuops.core.jsonform import buttons_to_json
from menuops.core.live import DeadMenu
from menuops.core.model import Click, Foreign, Menus, Parent, View
from menuops.files.menu.menu_writer import Head, MenuText, write_menu
from menuops.files.reader.data import to_data
from menuops.files.reader.source import read_source
from tests.core.strategies import JSON, foreigns, menus

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def read(written: MenuText) -> Any:
    """Read the file as data; a comment that isn't one would be found here."""
    source = read_source(written.text.encode(), "menu.yaml", 1 << 20)
    assert source.findings == ()
    assert source.root is not None
    return to_data(source.root, "menu", lambda *_: None)


def write(wanted: Menus, *remarks: Remark, **keys: Any) -> MenuText:
    ids = [f"m{number}" for number in range(len(wanted.conditionalmenu))]
    return write_menu(wanted, ids, keys.pop("dead", ()), {}, remarks, Head(**keys))


def literal(value: Any) -> Any:
    """Write `$${` for each `${`, as a file does."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, list):
        return [literal(item) for item in value]
    return {key: literal(item) for key, item in value.items()}


@given(name=TEXTS, key=TEXTS)
def test_any_text_is_read_back_as_it_was(name: str, key: str) -> None:
    wanted = Menus((Parent(name, (Click(name, key),)), View(key, name)))
    assert read(write(wanted))["button"] == literal(buttons_to_json(wanted.button))


@settings(deadline=None)
@given(wanted=menus())
def test_menus_are_read_back_as_they_were(wanted: Menus) -> None:
    data = read(write(wanted))
    assert data["button"] == literal(buttons_to_json(wanted.button))
    listed = data.get("conditionalmenu", [])
    assert [menu["button"] for menu in listed] == [
        literal(buttons_to_json(menu.button)) for menu in wanted.conditionalmenu
    ]


@given(lines=st.lists(TEXTS, min_size=1, max_size=4), head=TEXTS)
def test_no_remark_is_anything_but_a_comment(lines: list[str], head: str) -> None:
    wanted = Menus((Parent("甲", (Click("乙", "K"),)), View("丙", "https://a.example/")))
    paths = (("button", 0), ("button", 0, "sub_button", 0), ("button", 2))
    remarks = [Remark(path, tuple(lines), "") for path in paths]
    written = write(wanted, *remarks, schema=head, comment=(head,))
    assert read(written) == read(write(wanted))


@given(foreign=foreigns(), fields=st.dictionaries(st.text(max_size=4), JSON, max_size=3))
def test_what_the_console_made_is_told_in_comments_alone(
    foreign: Foreign, fields: dict[str, Any]
) -> None:
    strange = Foreign(foreign.name, foreign.type, tuple(fields.items()))
    made, remarks = nearest_menus(Menus((strange, Click("a", "K"))))
    if foreign.type:
        read_back = read(write(made, *remarks))["button"]
        assert read_back == literal(buttons_to_json(made.button))


def test_what_the_console_made_is_told_down_to_a_depth() -> None:
    value: Any = "deep"
    for _ in range(600):
        value = {"a": [value]}
    _, (remark,) = nearest_menus(Menus((Foreign("n", "weird", (("extra", value),)),)))
    assert len(remark.lines) < 100
    assert remark.lines[-1].strip() == "…"
    assert "deep" not in "".join(remark.lines)


def test_of_many_buttons_alike_each_has_a_key_and_a_place_of_its_own() -> None:
    """Twenty thousand: to compare each with all others would take minutes."""
    count = 20_000
    taken = Click("a", "甲_3")
    menus = Menus((taken, *[Foreign("甲", "text", (("value", "hi"),))] * count))
    made, remarks = nearest_menus(menus)
    keys = [getattr(entry, "key", None) for entry in made.button]
    assert keys[:4] == ["甲_3", "甲", "甲_2", "甲_4"]
    assert len(set(keys)) == count + 1
    lines = write(made, *remarks).remarks
    assert [place.line for place in lines] == [4 + 6 * number + 4 for number in range(count)]


def test_a_long_name_is_cut_to_a_key_of_whole_characters() -> None:
    long = Foreign("很" * 1_000_000, "text", ())
    made, _ = nearest_menus(Menus((long,)))
    (button,) = made.button
    assert isinstance(button, Click)
    assert button.key == "很" * 41


def test_a_remark_stands_at_its_entry_and_one_of_what_is_left_out_at_its_comment() -> None:
    wanted = Menus((Parent("甲", (Click("乙", "K"),)),))
    remarks = (
        Remark(("button", 0, "sub_button", 0), ("one", "two"), ""),
        Remark(("button", 0, "sub_button", 1), ("gone",), "", left_out=True),
        Remark(("button", 1), ("gone too",), "", left_out=True),
    )
    written = write(wanted, *remarks)
    assert written.text.splitlines() == [
        "button:",
        "  - name: 甲",
        "    sub_button:",
        "      # one",
        "      # two",
        "      - name: 乙",
        "        type: click",
        "        key: K",
        "      # gone",
        "  # gone too",
    ]
    assert written.remarks == (Place(6, 7), Place(9, 7), Place(10, 3))
    assert written.button == Place(1, 1)


@pytest.mark.parametrize(
    "evil",
    [
        "yaml-language-server: $schema=https://evil.example/x.json",
        "yaml-language-server : $schema=https://evil.example/x.json",
        "$schema: https://evil.example/x.json",
    ],
)
def test_no_comment_names_a_schema_to_an_editor(evil: str) -> None:
    """What other people wrote, in the console or as a name, is never a line for editors."""
    menus = Menus((Click("a", "K"), Foreign(evil, "weird", (("value", f"a\n{evil}"),))))
    made, remarks = nearest_menus(menus)
    dead = DeadMenu("7", (("sex", evil),), (Click(evil, "K"),))
    written = write(made, *remarks, dead=(dead,), comment=(evil, f"# {evil}"))
    comments = [line for line in written.text.splitlines() if line.lstrip().startswith("#")]
    assert len([line for line in comments if "evil.example" in line]) == 6
    assert not [line for line in comments if "yaml-language-server" in line or "$schema" in line]


@pytest.mark.parametrize("value", [["x"], [{"name": "a"}, None], "x", {"list": []}, None])
def test_sub_buttons_that_are_no_buttons_are_written_as_they_are(value: Any) -> None:
    strange = Foreign("n", "", (("sub_button", value),))
    (entry,) = read(write(Menus((strange,))))["button"]
    assert entry == {"name": "n", "sub_button": value}


def test_a_dead_menu_is_told_with_its_rule_and_its_place() -> None:
    dead = DeadMenu("7", (("sex", 1),), (Click("a\n- b", "K"),))
    written = write(Menus((Click("c", "L"),)), dead=(dead, dead))
    assert written.dead == (Place(6, 1), Place(12, 1))
    lines = written.text.splitlines()
    assert lines[5] == '# dead: menuid 7 matches nobody any more; its rule: {"sex": 1}'
    assert lines[7] == r'#   - name: "a\n- b"'
    assert read(written)["button"] == [{"name": "c", "type": "click", "key": "L"}]


def test_what_stands_above_all_is_the_line_for_editors() -> None:
    written = write(Menus((Click("c", "L"),)), schema="../s.json", comment=("why", ""))
    assert written.text.splitlines()[:4] == [
        "# yaml-language-server: $schema=../s.json",
        "# why",
        "#",
        "button:",
    ]
    assert written.button == Place(4, 1)
