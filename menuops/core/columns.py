"""How wide a text is on a screen."""

from __future__ import annotations

import unicodedata
from typing import Final

_JOINER: Final = "\u200d"
_NOTHING: Final = frozenset({"Mn", "Me", "Cf", "Cc"})
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)


def columns(text: str) -> int:
    """Count columns: a Chinese character or an emoji takes two, a Latin letter one.

    Marks and invisible characters take none, nor do the parts that an emoji is joined of.
    """
    if text.isascii():
        return len(text)
    count, before = 0, ""
    for char in text:
        if before != _JOINER:
            count += _columns(char)
        before = char
    return count


def _columns(char: str) -> int:
    code = ord(char)
    if code in _SKIN_TONES:
        return 0
    if code in _FLAG_LETTERS:
        return 1  # two of them make one flag
    if unicodedata.category(char) in _NOTHING:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
