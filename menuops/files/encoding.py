"""The text of a file: UTF-8 and nothing else, with or without a byte order mark."""

from __future__ import annotations

import re
from typing import Final

from menuops.core.finding import Place

_BOMS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_UNPRINTABLE: Final = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Compiled when it is needed, which is seldom: it takes 5 ms."""
_BREAK: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


class NotUtf8(Exception):
    """The bytes are in another encoding; `message` names it as far as it can be told."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


def decode(raw: bytes) -> str:
    """Decode a file's bytes, without the byte order mark. Raises NotUtf8."""
    for bom, name in _BOMS:
        if raw.startswith(bom):
            raise NotUtf8(f"the file is in {name}; save it as UTF-8", Place(1, 1))
    if len(raw) > 1 and (raw[0] == 0 or raw[1] == 0):
        raise NotUtf8("the file is in UTF-16 without a mark; save it as UTF-8", Place(1, 1))
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        before = raw[: exc.start].decode("utf-8")
        place = place_in(before, len(before))
        name = _guess(raw)
        if name:
            raise NotUtf8(f"the file seems to be in {name}; save it as UTF-8", place) from None
        what = f"byte 0x{raw[exc.start]:02X} is not UTF-8; save the file as UTF-8"
        raise NotUtf8(what, place) from None


def _guess(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK (GB18030)"


def place_in(text: str, index: int) -> Place:
    """Say where the character at `index` stands, with the line breaks that YAML knows."""
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, index):
        line, start = line + 1, found.end()
    return Place(line, index - start + 1)


def lines_of(text: str) -> list[str]:
    """Split into lines as `place_in` counts them."""
    return _BREAK.split(text)


def unprintable(text: str) -> tuple[int, str] | None:
    """Find the first character that YAML allows only as an escape: its index and its name."""
    found = re.search(_UNPRINTABLE, text)
    return (found.start(), f"U+{ord(found[0]):04X}") if found else None
