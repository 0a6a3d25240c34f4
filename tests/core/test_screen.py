"""What a phone shows of a menu."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.columns import columns
from menuops.core.jsonform import parse_buttons
from menuops.core.model import ACTIONS
from menuops.core.screen import CUT, all_items, characters, cut_name, runs, screen, shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("四个汉字", "四个汉字"),
        ("一二三四五", "一二三四…"),
        ("abcdefgh", "abcdefgh"),
        ("abcdefghi", "abcdefgh…"),
        ("a一二三四", "a一二三…"),
        ("三个字👨‍👩‍👧‍👦", "三个字👨‍👩‍👧‍👦"),
        ("三个字👨‍👩‍👧‍👦了", "三个字👨‍👩‍👧‍👦…"),
        ("👋🏽👋🏽👋🏽👋🏽👋🏽", "👋🏽👋🏽👋🏽👋🏽…"),
        ("Menu a🇨🇳🇨🇳", "Menu a🇨🇳…"),
        ("", ""),
    ],
)
def test_a_name_on_top_is_cut_after_eight_columns(name: str, shown: str) -> None:
    (item,) = screen(parse_buttons([{"name": name, "type": "click", "key": "K"}]))
    assert item.shown == shown
    assert item.is_cut == (shown != name)


def test_a_name_in_a_sub_menu_is_cut_after_sixteen_columns() -> None:
    names = ["一二三四五六七八", "一二三四五六七八九"]
    (top,) = screen(
        parse_buttons(
            [{"name": "n", "sub_button": [{"name": n, "type": "click", "key": "K"} for n in names]}]
        )
    )
    assert [child.shown for child in top.items] == ["一二三四五六七八", "一二三四五六七八…"]
    assert [item.at for item in all_items((top,))] == ["1", "1.1", "1.2"]
    assert (top.opens, top.does) == (True, "opens a sub-menu of 2")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u202eab", r"\u202eab"),
        ("a\nb", r"a\nb"),
        ("\ud800", r"\ud800"),
        ("a\u200db", r"a\u200db"),
        ("👨\u200d", r"👨\u200d"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("❤️\u200d🔥", "❤️\u200d🔥"),
        ("👩🏽\u200d🚀", "👩🏽\u200d🚀"),
    ],
)
def test_only_joined_emoji_hold_what_is_invisible(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    assert shown_name(shown) == shown


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 20))
def test_a_cut_name_fits_and_begins_as_the_name_does(name: str, limit: int) -> None:
    whole = shown_name(name)
    cut = cut_name(whole, limit)
    if columns(whole) <= limit:
        assert cut == whole
    else:
        assert cut.endswith(CUT)
        assert whole.startswith(cut.removesuffix(CUT))
        assert columns(cut.removesuffix(CUT)) <= limit


@given(st.text(st.characters(exclude_categories=())))
def test_characters_and_runs_lose_nothing(text: str) -> None:
    assert "".join(characters(text)) == text
    parts = list(runs(text))
    assert "".join(part for part, _ in parts) == text
    assert all(one[1] != other[1] for one, other in pairwise(parts))


@pytest.mark.parametrize("type_", ACTIONS)
def test_what_a_tap_does_names_every_field(type_: str) -> None:
    fields = {field: f"<{field}>" for field in ACTIONS[type_].FIELDS}
    (item,) = screen(parse_buttons([{"name": "n", "type": type_, **fields}]))
    assert item.known
    assert item.type == type_
    assert all(value in item.does for value in fields.values())


@pytest.mark.parametrize(
    ("button", "does"),
    [
        (
            {"type": "text", "value": "您好\n"},
            r"sends a text, made in the web console (公众号后台): value=您好\n",
        ),
        ({"type": "view"}, "a view that lacks a field; what a tap does isn't known"),
        ({"type": "hologram", "beam": 7}, "of a type that menuops doesn't know: beam=7"),
        ({"x": "\u202e"}, r"has no type: x=\u202e"),
    ],
)
def test_what_the_api_cannot_make_is_told_as_it_stands(button: dict[str, str], does: str) -> None:
    (item,) = screen(parse_buttons([{"name": "n", **button}]))
    assert not item.known
    assert item.does == does
