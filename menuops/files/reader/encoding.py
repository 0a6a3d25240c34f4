"""The text of a file: UTF-8 and nothing else, with or without a byte order mark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from menuops.core.finding import Place
from menuops.files.reader.file_kinds import is_binary, known_kind

_BOMS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"\x84\x31\x95\x33", "GB18030"),
    (b"+/v8", "UTF-7"),
)
_SAMPLE: Final = 4096
"""Bytes that a guess looks at; it is only asked about files that are refused."""
_UNPRINTABLE: Final = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Compiled when it is needed, which is seldom: it takes 5 ms."""
_BREAK: Final = re.compile("\r\n|[\r\n]")
"""What editors, YAML 1.2 and LSP take for a line's end; U+0085 and U+2028 are none."""


class NotText(Exception):
    """The bytes are no UTF-8; `message` names what they are as far as it can be told."""

    def __init__(self, rule: str, message: str, place: Place) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.place = place


def decode(raw: bytes) -> str:
    """Decode a file's bytes, without the byte order mark. Raises NotText."""
    for bom, name in _BOMS:
        if raw.startswith(bom):
            raise _encoding(f"the file is in {name}; save it as UTF-8", Place(1, 1))
    kind = known_kind(raw)
    wide = None if kind else _wide(raw[:_SAMPLE])
    if wide:
        raise _encoding(f"the file is in {wide} without a mark; save it as UTF-8", Place(1, 1))
    if kind or is_binary(raw):
        message = f"this is {kind or 'a binary file'}, no text; give the YAML or JSON itself"
        raise NotText("binary-file", message, Place(1, 1))
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise _not_utf8(raw, exc) from None


def _encoding(message: str, place: Place) -> NotText:
    return NotText("encoding", message, place)


def _wide(head: bytes) -> str:
    """Name UTF-16 and UTF-32 by their zeros: every ASCII character has some, in the same place."""
    quarters = [head[start::4].count(0) for start in range(4)]
    whole = len(head) // 4
    if whole and min(quarters[2:]) >= whole and quarters[0] < whole:
        return "UTF-32"
    if whole and min(quarters[:2]) >= whole and quarters[3] < whole:
        return "UTF-32"
    first, second = quarters[0] + quarters[2], quarters[1] + quarters[3]
    return "UTF-16" if not min(first, second) and max(first, second) * 10 > len(head) else ""


def _not_utf8(raw: bytes, exc: UnicodeDecodeError) -> NotText:
    name = _guess(raw)
    # Some pairs of GBK are UTF-8 by chance: then the first byte that isn't ASCII is the first.
    start = next(i for i, byte in enumerate(raw) if byte > 0x7F) if name else exc.start
    before = raw[:start].decode("utf-8")
    place = place_in(before, len(before))
    byte = f"byte 0x{raw[start]:02X}"
    if name:
        return _encoding(f"this looks like {name} ({byte}); save the file as UTF-8", place)
    if exc.reason == "unexpected end of data":
        message = f"the file was cut off in the middle of a character ({byte}); get it whole again"
        return _encoding(message, place)
    return _encoding(f"{byte} is not UTF-8; save the file as UTF-8", place)


def _guess(raw: bytes) -> str:
    """Name the encoding in which most of what isn't ASCII are common characters."""
    sample = bytes(raw[: _SAMPLE * 16])
    for name, codec, is_common in _GUESSES:
        try:
            wide = [c for c in sample.decode(codec) if c > "\x7f"]
        except UnicodeDecodeError as exc:
            if exc.end < len(raw) - 3 and exc.end < len(sample) - 3:
                continue
            wide = [c for c in sample[: exc.start].decode(codec) if c > "\x7f"]
        if wide and sum(map(is_common, wide)) * 2 > len(wide):
            return name
    return ""


def _common_in(codec: str, first: int, last: int) -> Callable[[str], bool]:
    """Tell the characters whose first byte in `codec` is within a range, and punctuation."""

    def is_common(character: str) -> bool:
        if "\u3000" <= character <= "\u301f" or "\uff01" <= character <= "\uff5e":
            return True
        try:
            return first <= character.encode(codec)[0] <= last
        except UnicodeEncodeError:
            return False

    return is_common


def _is_kana(character: str) -> bool:
    return "\u3041" <= character <= "\u30fe"


_GUESSES: Final = (
    ("Shift-JIS", "shift_jis", _is_kana),
    ("GBK", "gb18030", _common_in("gb2312", 0xB0, 0xD7)),
    ("Big5", "big5", _common_in("big5", 0xA4, 0xC6)),
)
"""Each with its most used characters: level 1 of GB 2312 and of Big5, kana."""


def twice_encoded(text: str) -> bool:
    """Tell a text that was UTF-8, was read as Latin-1 and saved as UTF-8 again."""
    try:
        return text.encode("latin-1").decode("utf-8") != text
    except UnicodeError:
        return False


def place_in(text: str, index: int) -> Place:
    """Say where the character at `index` stands, in the lines that editors show."""
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
