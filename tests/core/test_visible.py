"""What nobody can see is shown, and what is seen stays as it is."""

from __future__ import annotations

import pytest

from menuops.core.visible import safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("BUY\ufe0f", r"BUY\ufe0f"),
        ("BUY1\ufe0f", r"BUY1\ufe0f"),
        ("菜\ufe00", r"菜\ufe00"),
        ("菜\U000e0100", r"菜\U000e0100"),
        ("https://a.example/\u3164", r"https://a.example/\u3164"),
        ("\u115f\u1160\uffa0", r"\u115f\u1160\uffa0"),
        ("a\u2800b", r"a\u2800b"),
        ("a\u034fb\u17b4\u17b5\u180b", r"a\u034fb\u17b4\u17b5\u180b"),
        ("\ufe0f", r"\ufe0f"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f\\ufe0f"),
        ("a\u2028b\u202e", r"a\u2028b\u202e"),
    ],
)
def test_what_cant_be_seen_is_written_out(text: str, shown: str) -> None:
    """Else two keys look alike, and a reviewer approves the one that isn't there."""
    assert safe(text) == shown


@pytest.mark.parametrize(
    "text", ["❤\ufe0f", "1\ufe0f\u20e3", "‼\ufe0f", "↔\ufe0e", "㊗\ufe0f", "é", "한국"]
)
def test_what_is_seen_stays(text: str) -> None:
    assert safe(text) == text
