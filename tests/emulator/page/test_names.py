"""The page cuts and escapes names as `menuops preview` does, though they share no code."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

from menuops.core.columns import columns
from menuops.core.screen import cut_name, shown_name

from .conftest import Open

NAMES = [
    "",
    "a",
    "12345678",
    "123456789",
    "新品上市",
    "新品上市了",
    "会员Club中",
    "Help desk",
    "日本語ﾃｽﾄ",
    "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
    "🇨🇳🇨🇳🇨🇳🇨🇳🇨🇳",
    "👍🏽👍🏽👍🏽👍🏽👍🏽",
    "é" * 9,
    "e\u0301" * 9,
    "❤️❤️❤️❤️❤️❤️❤️❤️❤️",
    "a\u200db",
    "\u200d",
    "\u202eabc",
    "a\nb\tc\r",
    "\x00\x7f",
    "\ufeff新",
    "\U000e0001",
    "\ue000",
    "Ａ" * 5,
    "가나다라마",
    "ไทยไทยไทยไทย",
    "<b>&amp;</b>",
    "❤️\u200d🔥火",
    "春季新品系列大促销活动开始了吗",
]
MOVED = 100
MODULE = "import('/__emulator__/page/js/names.js')"


def test_names_are_cut_alike(opened: Open) -> None:
    shown = [shown_name(name) for name in NAMES]
    expected = [[one, cut_name(one, 8), cut_name(one, 16)] for one in shown]
    found = opened().page.evaluate(
        f"async (names) => {{ const m = await {MODULE}; return names.map(m.shownName)"
        ".map((name) => [name, m.cutName(name, 8), m.cutName(name, 16)]); }",
        NAMES,
    )
    assert found == expected


def test_every_character_is_as_wide_and_as_visible(opened: Open) -> None:
    """But for those that this Python's Unicode and the browser's don't have both, or differ in."""
    codes = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    # As texts, since Playwright takes seconds for a list of so many numbers.
    found: str = opened().page.evaluate(
        f"async (codes) => {{ const m = await {MODULE}; return JSON.parse(codes).map((code) => {{"
        "const char = String.fromCodePoint(code);"
        "return m.columns(char) * 2 + (m.safe(char) === char ? 1 : 0); }).join(''); }",
        json.dumps(codes),
    )
    differs = [
        f"U+{code:04X}"
        for code, seen in zip(codes, found, strict=True)
        if int(seen) != columns(chr(code)) * 2 + chr(code).isprintable()
        and chr(code) != " "
        and not is_separator(code)
    ]
    # A later Unicode has other marks, and made some symbols wide (U+2630).
    assert len(differs) < MOVED, differs[:40]


def is_separator(code: int) -> bool:
    """Blanks other than U+0020 aren't printable to Python, and are shown as they are by both."""
    return unicodedata.category(chr(code)) == "Zs"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("not json", "not json"),
        ("{}", "{}"),
        (
            r'{"a":"\/\u4e2d","a":[1,{}]}',
            '{\n  "a": "\\/\\u4e2d",\n  "a": [\n    1,\n    {}\n  ]\n}',
        ),
        ('{"n":12345678901234567890}', '{\n  "n": 12345678901234567890\n}'),
        (r'"quote \" and [brackets]"', r'"quote \" and [brackets]"'),
    ],
)
def test_json_is_laid_out_and_otherwise_left_as_it_was_sent(
    opened: Open, text: str, shown: str
) -> None:
    found = opened().page.evaluate(
        "async (text) => (await import('/__emulator__/page/js/jsontext.js')).laidOut(text)", text
    )
    assert found == shown


def test_brackets_by_the_ten_thousand_are_laid_out_at_once(opened: Open) -> None:
    deep = "[" * 5_000 + "]" * 5_000
    length = opened().page.evaluate(
        "async (text) => (await import('/__emulator__/page/js/jsontext.js')).laidOut(text).length",
        deep,
    )
    assert len(deep) < length < 1_000_000
