"""Texts of others, made fit to be shown."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe(text: str) -> str:
    r"""Show control, bidi and zero-width characters as escapes: `\u202e`, `\n`.

    Names from WeChat are data; none may move the cursor or turn a line round.
    """
    if text.isprintable():
        return text
    return "".join(escape(c) if unicodedata.category(c) in _UNSAFE else c for c in text)


def escape(char: str) -> str:
    r"""Write one character as an escape that JSON, YAML and people read: `\n`, `\u202e`."""
    short = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(char)
    if short is not None:
        return short
    number = ord(char)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
