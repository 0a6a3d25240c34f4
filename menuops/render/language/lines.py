"""Chinese in lines: broken between any two characters, but for what no line begins or ends with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_OPENS: Final = "（《「『【“‘"
_CLOSES: Final = "，。、：；！？）》」』】”’…"
_IDEOGRAPHS: Final = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_UNIT: Final = re.compile(
    rf"[{_OPENS}]*(?:`[^`\n]*`|[{_IDEOGRAPHS}]|[^ {_IDEOGRAPHS}{_OPENS}{_CLOSES}]+)"
    rf"[{_CLOSES}]*|[{_OPENS}{_CLOSES}]+| +"
)


def chinese_lines(text: str, width: int, cells: Callable[[str], int]) -> list[str]:
    """Break a text into lines of at most `width` cells; a longer word stays whole.

    A sign that closes stays with what it closes, one that opens with what it opens, and what is
    typed, in backquotes, in one piece.
    """
    lines = [""]
    for unit in _UNIT.findall(text):
        if unit.isspace() and not lines[-1] and len(lines) > 1:
            continue  # the blank at which the line was broken
        if not lines[-1] or cells(lines[-1] + unit.rstrip(" ")) <= width:
            lines[-1] += unit
        else:
            lines[-1] = lines[-1].rstrip(" ")
            lines.append("" if unit.isspace() else unit)
    return [*lines[:-1], lines[-1].rstrip(" ")] if len(lines) > 1 else lines
