r"""Characters that PyYAML would misread, swapped for others while it reads, one for one.

- JSON writes a character above U+FFFF as two escapes, `\ud83d\ude00`; YAML has one for it.
- U+0085, U+2028 and U+2029 end a line in YAML 1.1, PyYAML's. Since YAML 1.2, in JSON and in
  every editor they are characters like others, and places have to be what editors show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final, TypeAlias

Restore: TypeAlias = Callable[[str], str]

_ODD_BREAKS: Final = ("\x85", "\u2028", "\u2029")
_JSON_STRING: Final = r'(?s)"(?:[^"\\]|\\.)*"'
_ESCAPE: Final = r"(?s)\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)"
"""Both are compiled where they are used, for JSON with escapes alone."""


def swap(text: str) -> tuple[str, Restore | None]:
    """Give what PyYAML is to read, as long as `text`, and what undoes it in a scalar."""
    if not any(each in text for each in _ODD_BREAKS) and not _may_have_pairs(text):
        return text, None
    free = _free_characters(text)
    there: dict[int, str] = {}
    for each in _ODD_BREAKS:
        stand_in = next(free, "") if each in text else ""
        if stand_in:
            there[ord(each)] = stand_in
    parsed = text.translate(there) if there else text
    back = {ord(stand_in): chr(each) for each, stand_in in there.items()}
    fill = next(free, "") if _may_have_pairs(text) else ""
    if fill:
        joined = _join_pairs(parsed, fill * 2)
        if joined != parsed:
            parsed, back[ord(fill)] = joined, ""
    return parsed, (lambda scalar: scalar.translate(back)) if back else None


def _may_have_pairs(text: str) -> bool:
    return "\\u" in text and text.lstrip().startswith(("{", "["))


def _free_characters(text: str) -> Iterator[str]:
    """List characters of private use that the text has neither as such nor as an escape.

    Of a few: a hostile text may have them all. Then PyYAML reads what is written.
    """
    lower = text.lower()
    few = map(chr, chain(range(0xE000, 0xE040), range(0xF0000, 0xF0040)))
    return (c for c in few if c not in text and f"{ord(c):x}" not in lower)


def _join_pairs(text: str, fill: str) -> str:
    r"""Write `\ud83d\ude00` as one escape, two characters shorter, and fill up the rest."""

    def join(escape: re.Match[str]) -> str:
        if escape[1] is None:
            return escape[0]
        code = 0x10000 + (int(escape[1], 16) - 0xD800) * 0x400 + int(escape[2], 16) - 0xDC00
        return f"\\U{code:08X}{fill}"

    escape = re.compile(_ESCAPE)
    return re.sub(_JSON_STRING, lambda string: escape.sub(join, string[0]), text)
