"""Text for a terminal: safe, counted in cells, and coloured if wanted."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal, TypeAlias

from menuops.core.columns import columns
from menuops.core.visible import safe as safe
from menuops.render.language.lines import chinese_lines
from menuops.render.language.speech import is_english

Style: TypeAlias = Literal[
    "plain", "bold", "dim", "added", "removed", "changed", "moved", "again", "warned"
]

_EMOJI: Final = "\ufe0f"

_CODES: Final[dict[Style, str]] = {
    "plain": "",
    "bold": "1",
    "dim": "2",
    "added": "32",
    "removed": "31",
    "changed": "33",
    "moved": "36",
    "again": "35",
    "warned": "1;33",
}


def cells(text: str) -> int:
    """Count the columns that a text takes: a Chinese character takes two.

    So does a sign that a variation selector makes an emoji, ❤️, on terminals of today.
    """
    if _EMOJI not in text:
        return columns(text)
    widened = sum(char == _EMOJI and columns(before) == 1 for before, char in pairwise(text))
    return columns(text) + widened


def pad(text: str, width: int) -> str:
    """Fill a text up to `width` cells; a longer one stays as it is."""
    return text + " " * max(0, width - cells(text))


def cut(text: str, width: int, mark: str = "…") -> str:
    """Shorten a text to at most `width` cells, marking the cut."""
    if cells(text) <= width:
        return text
    kept = ""
    for char in text:
        if cells(kept + char) > width - cells(mark):
            break
        kept += char
    return f"{kept}{mark}"


def wrap(text: str, width: int) -> list[str]:
    """Break a text at blanks into lines of at most `width` cells; a longer word stays whole.

    Where Chinese is spoken it breaks between characters too, as Chinese is broken.
    """
    if not is_english():
        return chinese_lines(text, width, cells)
    first, *words = text.split(" ")
    lines = [first]
    for word in words:
        if cells(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def split(text: str, width: int) -> list[str]:
    """Break a text anywhere into pieces of at most `width` cells; `width` is 2 or more."""
    pieces, start, used = [], 0, 0
    for index, char in enumerate(text):
        before = text[index - 1 : index] if char == _EMOJI else ""
        taken = cells(before + char) - cells(before)
        if used + taken > width:
            pieces.append(text[start:index])
            start, used = index, 0
        used += taken
    return [*pieces, text[start:]]


def fold(text: str, width: int) -> list[str]:
    """Break a text at blanks, and a word that is longer anywhere, so that every line fits."""
    return [piece for line in wrap(text, width) for piece in split(line, width)]


def count(number: int, noun: str) -> str:
    """Write a number with its noun: `1 change`, `3 changes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class Paint:
    """Puts colour on text, or doesn't."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    @property
    def is_on(self) -> bool:
        """Whether there is colour."""
        return self._colour

    def __call__(self, text: str, style: Style, *, reverse: bool = False) -> str:
        """Give the text in a style; everything that colour says, a symbol or a word says too."""
        code = f"{_CODES[style]};7" if reverse else _CODES[style]
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text else text
