"""Columns of a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.columns import columns


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Contacts", 8),
        ("新品上架", 8),
        ("新品A", 5),
        ("ＡＢ", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("👍", 2),
        ("👍🏻", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("🇨🇳", 2),
        ("🏴\U000e0067\U000e0062\U000e007f", 2),
        ("a\u200bb", 2),
    ],
)
def test_a_text_takes_as_many_columns_as_it_is_wide(text: str, count: int) -> None:
    assert columns(text) == count


@given(st.text())
def test_a_character_takes_no_more_than_two_columns(text: str) -> None:
    assert 0 <= columns(text) <= 2 * len(text)
