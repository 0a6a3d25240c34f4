"""Texts from a server as a terminal may show them."""

from __future__ import annotations

import unicodedata

MOST = 160


def visible(text: str) -> str:
    """Give a text in one line, with what can't be seen or turns the line around escaped."""
    shown = "".join(
        char if unicodedata.category(char)[0] not in "CZ" or char == " " else _escaped(char)
        for char in text[: MOST + 1]
    )
    return shown if len(text) <= MOST else f"{shown}…"


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
