"""Texts of others, made fit to be shown."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNSEEN: Final = frozenset(
    {
        *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",  # fillers, a joiner, a blank
        *"\u180b\u180c\u180d\u180f",  # of Mongolian letters
        *map(chr, range(0xFE00, 0xFE10)),
        *map(chr, range(0xE0100, 0xE01F0)),  # variation selectors
    }
)
"""What Unicode counts among letters, marks and signs, and what alone draws nothing."""
_SIGNS: Final = frozenset({"So", "Sm", "Sk"})
_MORE_SIGNS: Final = frozenset("‼⁉ℹ〰〽")  # emoji too, of other categories


def safe(text: str) -> str:
    r"""Show control, bidi, zero-width and other unseen characters as escapes: `\u202e`, `\n`.

    Names from WeChat are data; none may move the cursor, turn a line round, or look like another.
    What picks the look of the sign before it, as in ❤️, stays.
    """
    if text.isprintable() and (text.isascii() or _UNSEEN.isdisjoint(text)):
        return text
    return "".join(escape(c) if _is_unseen(text, at) else c for at, c in enumerate(text))


def _is_unseen(text: str, at: int) -> bool:
    char = text[at]
    if char not in _UNSEEN:
        return unicodedata.category(char) in _UNSAFE
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if "\u180b" <= char <= "\u180f":
        return not "\u1820" <= before <= "\u18aa"
    if char not in "\ufe0e\ufe0f" or not before:
        return True
    if before.isascii():
        return after != "\u20e3"  # 1️⃣
    return unicodedata.category(before) not in _SIGNS and before not in _MORE_SIGNS


def escape(char: str) -> str:
    r"""Write one character as an escape that JSON, YAML and people read: `\n`, `\u202e`."""
    short = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(char)
    if short is not None:
        return short
    number = ord(char)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
