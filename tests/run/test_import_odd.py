"""What is odd, deep, long or broken becomes a menu file too, or an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuops.core.errors import InvalidFiles, MenuopsError
from menuops.core.outcome import Outcome
from menuops.files.answers.answers import DEPTH
from menuops.files.menu.menu_file import MENU_BYTES
from menuops.files.reader.source import read_source
from menuops.files.reader.tree import DEPTH as YAML_DEPTH
from menuops.files.rules.ignoring import silencer_of
from menuops.run.importing import Imported, import_file
from menuops.run.settings import Settings
from tests.core.strategies import JSON
from tests.site import Json, click


def of(content: object) -> Imported:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return import_file(Settings(), raw, "answer.json", "menu.yaml")


WORDS = ("menu", "button", "conditionalmenu", "selfmenu_info", "matchrule", "answers", "list")
FIELDS = ("sub_button", "name", "type", "url", "value", "news_info", "errcode", "is_menu_open")
NEAR: st.SearchStrategy[Any] = st.recursive(
    JSON | st.sampled_from(("text", "news", "view", "click", "46003")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from((*WORDS, *FIELDS, "format_version")), inner, max_size=4)
    ),
    max_leaves=16,
)
"""Documents made of the words that are looked for, in places where they don't belong too."""


@settings(deadline=None)
@given(given=NEAR)
def test_no_document_ends_in_anything_but_a_file_or_an_error(given: Any) -> None:
    try:
        imported = of(given)
    except MenuopsError:
        return
    assert imported.text.endswith("\n")


@given(raw=st.binary(max_size=60))
def test_no_bytes_end_in_anything_but_a_file_or_an_error(raw: bytes) -> None:
    try:
        imported = of(raw)
    except MenuopsError:
        return
    assert imported.text.endswith("\n")


BROKEN = st.lists(
    st.fixed_dictionaries({"name": st.just("c")}, optional={"type": st.just("click")})
    | JSON
    | st.deferred(lambda: nested_buttons()),
    min_size=1,
    max_size=3,
)


def nested_buttons() -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {"name": st.just("n"), "sub_button": BROKEN}, optional={"type": st.just("weird")}
    )


@settings(deadline=None)
@given(button=st.lists(nested_buttons(), max_size=3), in_console=st.booleans())
def test_no_sub_menu_ends_in_anything_but_a_file_or_an_error(
    button: list[Json], in_console: bool
) -> None:
    shown = {"button": button}
    try:
        imported = of({"selfmenu_info": shown} if in_console else {"menu": shown})
    except MenuopsError:
        return
    assert imported.text.endswith("\n")


@pytest.mark.parametrize("listed", [["x", {"a": 1}], [{"name": "d"}, None]])
def test_a_third_level_that_is_no_list_of_buttons_is_written_as_it_is(listed: list[Any]) -> None:
    inner = {"name": "c", "sub_button": listed}
    button = [{"name": "b", "sub_button": [inner]}]
    imported = of({"menu": {"button": button}})
    assert f"sub_button: {json.dumps(listed)}\n" in imported.text
    assert imported.outcome is Outcome.INVALID


def test_a_third_level_of_buttons_stands_on_one_line_too() -> None:
    buttons: list[Json] = [{"name": "d", "sub_button": [{"name": "e"}]}]
    button = [{"name": "b", "sub_button": [{"name": "c", "sub_button": buttons}]}]
    assert f"        sub_button: {json.dumps(buttons)}\n" in of({"button": button}).text


def nested(depth: int) -> Json:
    """Make a console button so that the file has `depth` objects and lists in one another."""
    value: Any = "x"
    for _ in range(depth - 4):
        value = {"a": value}
    button = {"type": "weird", "name": "n", "extra": value}
    return {"is_menu_open": 1, "selfmenu_info": {"button": [button, click()]}}


def test_json_may_be_as_deep_as_yaml() -> None:
    assert DEPTH == YAML_DEPTH
    assert "…" in of(nested(DEPTH)).text
    assert "…" in of(json.dumps(nested(DEPTH)).encode() + b" " * MENU_BYTES).text
    for depth in (DEPTH + 1, 600, 5000):
        with pytest.raises(InvalidFiles) as caught:
            of(deep := in_one_line(depth))
        assert caught.value.findings[0].rule == "too-nested"
        for other in (
            deep + b" " * MENU_BYTES,
            b"// a comment\n" + deep,
        ):
            with pytest.raises(InvalidFiles) as caught:
                of(other)
            message = caught.value.findings[0].message
            assert message == "this has more than 64 objects and lists in one another"


def in_one_line(depth: int) -> bytes:
    """Write what `nested` makes, which may be deeper than what json can write."""
    return (
        json.dumps(nested(5))
        .encode()
        .replace(b'"x"', b'{"a":' * (depth - 5) + b"1" + b"}" * (depth - 5))
    )


def test_a_long_text_that_is_neither_json_nor_a_menu_is_refused() -> None:
    long = b'{"a": "' + b"x" * MENU_BYTES
    with pytest.raises(InvalidFiles) as caught:
        of(long)
    assert "this isn't JSON: " in caught.value.findings[0].message
    with pytest.raises(InvalidFiles) as caught:
        of(b'{"a":1,"a":"' + b"x" * MENU_BYTES + b'"}')
    assert caught.value.findings[0].rule == "too-large"


def test_a_key_of_a_long_name_fits() -> None:
    """The remote was seen to answer names that are longer than it says it takes."""
    text = {"type": "text", "name": "很" * 90, "value": "a"}
    imported = of({"selfmenu_info": {"button": [text, text]}})
    keys = [line for line in imported.text.splitlines() if "key:" in line]
    assert len(set(keys)) == 2
    assert "key-too-long" not in {finding.rule for finding in imported.findings}


def test_no_text_of_the_console_becomes_a_comment_that_silences() -> None:
    """Nor does a name in a menu that matches nobody any more."""
    evil = "menuops: ignore[name-cut]"
    values = (evil, f"#{evil}", f"a\n# {evil}", f"# \u2028#\t{evil}", f"#\u3000{evil}")
    for value in values:
        text = {"type": "text", "name": value, "value": value}
        shown = {"selfmenu_info": {"button": [text, {**text, "type": "scan"}]}}
        button = [{"type": "view", "name": "a", "url": "https://a.example.com/"}]
        gone = {"button": [text], "matchrule": {"sex": "1"}}
        for body in (shown, {"menu": {"button": button}, "conditionalmenu": [gone]}):
            source = read_source(of(body).text.encode(), "menu.yaml", MENU_BYTES)
            assert silencer_of(source, "menu.yaml") is None
