"""Slips that show in one line: a full-width mark, a blank that is missing or none of ASCII's.

Chinese input methods type `：`, `，` and `“` where YAML wants `:`, `,` and `"`. Each function
gives a rule, a message and the index of what is wrong in the text that it was asked about.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple, TypeAlias

Slip: TypeAlias = tuple[str, str, int]

FULL_WIDTH: Final = {
    "：": ":",
    "，": ",",
    "“": '"',
    "”": '"',
    "＂": '"',
    "‘": "'",
    "’": "'",
    "＇": "'",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "－": "-",
    "＃": "#",
}
"""Full-width marks, and the ones that YAML knows."""
_ODD_BLANK: Final = "[\x85\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]"
_WORD: Final = r"[A-Za-z_$][\w$.-]{0,80}"
_KEY: Final = rf"""(?:"[^"]{{1,80}}"|'[^']{{1,80}}'|{_WORD})"""
_START: Final = r"(?:[ \t{\[,]|- )*"
_COLON: Final = re.compile(rf"{_START}{_KEY}\s*(?P<slip>：)")
_INDENT: Final = re.compile(rf"(?:[ \t]|-[ \t])*-?(?P<slip>{_ODD_BLANK})")
_AFTER_COLON: Final = re.compile(rf"{_START}{_KEY}[ \t]*:[ \t]*(?P<slip>{_ODD_BLANK})")
_QUOTED_KEY: Final = re.compile(rf"{_START}(?P<slip>[“”‘’＂＇])[\w$.-]{{1,80}}[“”‘’＂＇]\s*[:：]")
_BRACKET: Final = re.compile(rf"{_START}(?:{_KEY}[ \t]*:[ \t]*)?(?P<slip>[【［｛])")
_BULLET: Final = re.compile(rf"[ \t]*(?P<slip>[－—–−‐•·●◦*+])[ \t\u3000]*{_KEY}\s*[:：]")
_NO_BLANK: Final = re.compile(rf"{_START}{_WORD}:(?P<slip>(?!//)[^\s:])")
_NO_BLANK_AFTER_DASH: Final = re.compile(
    r"""[ \t]*-(?P<slip>[A-Za-z"'])[\w$.-]{0,80}["']?\s*[:：]"""
)
_AROUND_KEY: Final = "“”‘’＂＇\"'"


def full_width_colon_message() -> str:
    """Name the mend; also for a file that parses, as another thing than was meant."""
    return "a full-width `：` after a key; type an ASCII `:` and a blank"


def mark_message(mark: str) -> str:
    """Name a full-width mark and the one to type."""
    return f"a full-width `{mark}`; type an ASCII `{FULL_WIDTH[mark]}`"


def blank_message(blank: str) -> str:
    """Name a blank, or what looks like none, that YAML takes for a letter."""
    name = unicodedata.name(blank, "NEXT LINE").lower()
    return f"U+{ord(blank):04X} ({name}) is no blank to YAML; delete it or type an ASCII blank"


def _missing_blank(where: str) -> str:
    return f"a blank is missing after `{where}`"


def line_slip(line: str) -> Slip | None:
    """Find a slip in a line that YAML can't read; only such lines are asked about.

    `name:x` is a good text elsewhere, and so is a line of a block that has `注意：` in it.
    """
    for rule, pattern in _PATTERNS:
        found = pattern.match(line)
        if found:
            at = found.start("slip")
            return rule, _message(rule, line, at), at
    return None


_PATTERNS: Final = (
    ("full-width-colon", _COLON),
    ("odd-blank", _INDENT),
    ("odd-blank", _AFTER_COLON),
    ("full-width-mark", _QUOTED_KEY),
    ("full-width-mark", _BRACKET),
    ("list-mark", _BULLET),
    ("missing-blank", _NO_BLANK_AFTER_DASH),
    ("missing-blank", _NO_BLANK),
)


def _message(rule: str, line: str, at: int) -> str:
    mark = line[at]
    match rule:
        case "full-width-colon":
            return full_width_colon_message()
        case "odd-blank":
            return blank_message(mark)
        case "full-width-mark":
            return mark_message(mark)
        case "list-mark":
            return f"`{mark}` begins no item of a list; type `-` and a blank"
    return _missing_blank(line[at - 1])


class MendedKey(NamedTuple):
    """What a plain key was meant to be, and the value that was swallowed with it, if any.

    `clear` is false where the slip leaves open to which mapping the key belongs.
    """

    slip: Slip
    key: str
    value: str | None = None
    clear: bool = True


def mend_key(key: str, *, alone: bool) -> MendedKey | None:
    """Find what is wrong with a plain key; `alone` where no value follows it.

    `{name：新品}` and `{name:新品}` are mappings of one long key to nothing; `“name”: 新品` has a
    key with quotes in it; before `　name: 新品` stands a blank that is none.
    """
    if key[:1].isalpha():
        found = _COLON.match(key) or (_NO_BLANK.match(key) if alone else None)
        if found:
            return _cut_at(key, found.start("slip"), alone=alone)
    quoted = _QUOTED_KEY.match(key) if alone else _WHOLE_QUOTED.match(key)
    if quoted:
        name, _, value = key.replace("：", ":", 1).partition(":")
        slip = "full-width-mark", mark_message(key[0]), 0
        return MendedKey(slip, name.strip(_AROUND_KEY), _unquoted(value) if alone else None)
    blanks = _AFTER_COLON.match(key) or _ODD_AT_EDGE.search(key)
    if blanks:
        at = blanks.start("slip")
        slip = "odd-blank", blank_message(key[at]), at
        clear = at + 1 == len(key) or not key[at].isspace()
        return MendedKey(slip, _ODD_OR_BLANKS.sub("", key), clear=clear)
    return None


def _cut_at(key: str, at: int, *, alone: bool) -> MendedKey:
    """Cut `name：新品` at its colon, `name:新品` behind it."""
    if key[at] == "：":
        slip = "full-width-colon", full_width_colon_message(), at
        name, value = key[:at], key[at + 1 :]
    else:
        slip = "missing-blank", _missing_blank(":"), at
        name, value = key[: at - 1], key[at:]
    return MendedKey(slip, name.strip(), _unquoted(value) if alone else None, clear=alone)


_WHOLE_QUOTED: Final = re.compile(r"[“”‘’＂＇][\w$.-]{1,80}[“”‘’＂＇]\Z")
_ODD_AT_EDGE: Final = re.compile(rf"(?P<slip>\A{_ODD_BLANK}|{_ODD_BLANK}\Z)")
_ODD_OR_BLANKS: Final = re.compile(rf"\A[ \t]*{_ODD_BLANK}+[ \t]*|[ \t]*{_ODD_BLANK}+[ \t]*\Z")


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
