"""Byte limits at their edge, in characters of one to four bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.limits import KEY_BYTES, SUB_NAME_BYTES, TOP_NAME_BYTES, URL_BYTES
from menuops.files.broken import Rule
from menuops.files.menu.variables import fill
from menuops.files.rules import texts as rules

TEXTS = st.text(max_size=70)


def names(rule: Rule, text: str) -> list[str]:
    return [broken.rule for broken in rule(text) if broken.severity == "error"]


@pytest.mark.parametrize("character", ["a", "é", "中", "😀"], ids=["1", "2", "3", "4"])
@pytest.mark.parametrize(
    ("rule", "most", "broken"),
    [
        (rules.top_name, TOP_NAME_BYTES, "name-too-long"),
        (rules.sub_name, SUB_NAME_BYTES, "name-too-long"),
        (rules.key, KEY_BYTES, "key-too-long"),
        (rules.url, URL_BYTES, "url-too-long"),
    ],
    ids=["top", "sub", "key", "url"],
)
def test_a_limit_holds_in_bytes(rule: Rule, most: int, broken: str, character: str) -> None:
    start = "https://example.com/" if rule is rules.url else ""
    fits = (most - len(start)) // len(character.encode())
    rest = (most - len(start)) % len(character.encode())
    assert names(rule, start + character * fits + "a" * rest) == []
    assert names(rule, start + character * fits + "a" * (rest + 1)) == [broken]


@given(TEXTS)
def test_every_text_is_judged_by_its_bytes(text: str) -> None:
    size = len(text.encode())
    expected = ["name-empty"] if not text else ["name-too-long"] if size > TOP_NAME_BYTES else []
    assert names(rules.top_name, text) == expected


def test_the_message_says_the_figures() -> None:
    [broken] = rules.top_name("中文菜单名称")
    assert broken.severity == "error"
    assert broken.message == (
        "name is 18 bytes (6 characters), at most 16 fit a top-level entry; shorten it"
    )


@given(st.characters(categories=["Cc", "Cs"]))
def test_control_characters_and_halves_are_refused(character: str) -> None:
    allowed = "\x80" <= character <= "\x9f"
    found = names(rules.control_character, f"a{character}b")
    assert found == ([] if allowed else ["control-character"])


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_no_other_character_is_refused(text: str) -> None:
    assert names(rules.control_character, text) == []


@given(TEXTS.filter(lambda text: "${" not in text))
def test_a_text_without_a_use_stays_as_it_is(text: str) -> None:
    assert fill(text, {}) == (text, [])


@given(TEXTS, TEXTS)
def test_an_escaped_use_is_a_literal(before: str, behind: str) -> None:
    before, behind = before.replace("$", ""), behind.replace("$", "")
    assert fill(f"{before}$${{{behind}", {}) == (f"{before}${{{behind}", [])


@given(TEXTS)
def test_a_value_is_never_looked_into(value: str) -> None:
    assert fill("<${a}|${a}>", {"a": value}) == (f"<{value}|{value}>", [])


@given(st.text("${}ab ", max_size=30))
def test_any_mix_of_marks_is_filled_in_or_refused(text: str) -> None:
    filled, slips = fill(text, {"a": "A", "b": "B"})
    if not slips:
        assert text.count("${") - text.count("$${") >= 0
        assert "${a}" not in filled.replace("$${", "") or "$${a}" in text
    for slip in slips:
        assert 0 <= slip.use < text.count("${")
