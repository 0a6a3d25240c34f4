"""Cells, cuts and escapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.render.terminal import Paint, cells, count, cut, fold, pad, safe, split, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("新品 🎁 é", "新品 🎁 é"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x00\x1b[31m\x7f\x9b", r"\u0000\u001b[31m\u007f\u009b"),
        ("\u202e\u2066\u200b\u200d\ufeff\u00ad", r"\u202e\u2066\u200b\u200d\ufeff\u00ad"),
        ("\u2028\ud83d\ue000", r"\u2028\ud83d\ue000"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_moves_the_cursor_or_hides_is_escaped(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text())
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe(safe(text)) == safe(text)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("新品", 4),
        ("🎁", 2),
        ("ｆ", 2),
        ("❤️", 2),
        ("1️⃣", 2),
        ("🎁️", 2),
        ("\ufe0f", 0),
        ("", 0),
    ],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width
    assert cells(pad(text, 6)) == 6


SAFE = st.text(st.characters(categories=["Lo", "Ll", "Nd", "Zs"]))


@given(SAFE, st.integers(1, 12))
def test_a_cut_text_fits_and_says_so(text: str, width: int) -> None:
    assert cells(cut(text, width)) <= width
    assert (cut(text, width) == text) == (cells(text) <= width)
    assert cut(text, width) == text or cut(text, width).endswith("…")


@given(SAFE, st.integers(1, 12))
def test_a_wrapped_text_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert " ".join(lines) == text
    assert all(cells(line) <= width or " " not in line for line in lines)


@given(st.text(st.sampled_from("a品🎁❤1 \ufe0f\u0301")), st.integers(2, 9))
def test_a_split_text_fits_and_loses_nothing(text: str, width: int) -> None:
    assert "".join(split(text, width)) == text
    assert all(cells(piece) <= width for piece in split(text, width))
    assert " ".join(wrap(text, width)) == text
    assert all(cells(line) <= width for line in fold(text, width))


def test_a_longer_text_is_not_padded() -> None:
    assert pad("abcd", 2) == "abcd"


def test_numbers_agree_with_their_nouns() -> None:
    assert [count(n, "call") for n in (0, 1, 2)] == ["0 calls", "1 call", "2 calls"]


def test_paint_is_optional_and_marks_no_empty_text() -> None:
    assert Paint(colour=False)("x", "added") == "x"
    assert Paint(colour=True)("x", "added") == "\x1b[32mx\x1b[0m"
    assert Paint(colour=True)("x", "plain") == "x"
    assert Paint(colour=True)("", "added") == ""
