"""The paper that a plan's text is written on: how wide, in which colours and characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from menuops.render.language.speech import said
from menuops.render.terminal import Paint, Style, cells, fold

WIDEST: Final = 100
NARROWEST: Final = 40
_ASCII: Final = {"±": "*", "·": ".", "…": "..."}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lays out lines of at most `width` cells; `ascii_only` is about our signs, not names."""

    width: int = WIDEST
    paint: Paint = field(default_factory=lambda: Paint(colour=False))
    ascii_only: bool = False

    def sign(self, sign: str) -> str:
        """Give one of our signs, as the terminal can show it."""
        return _ASCII.get(sign, sign) if self.ascii_only else sign

    @property
    def is_narrow(self) -> bool:
        """Whether notes stand below their rows."""
        return self.width < 80

    def lines(
        self,
        text: str,
        first: str = "",
        *,
        hang: int | None = None,
        style: Style = "plain",
        is_said: bool = False,
    ) -> Iterator[str]:
        """Say a text behind `first`; further lines begin `hang` cells in, else below it.

        `is_said`: it is names and numbers, or in the language of people already.
        """
        text = text if is_said else said(text)
        indent = cells(first) if hang is None else hang
        for number, line in enumerate(fold(text, self.width - max(indent, cells(first)))):
            left = first if number == 0 else " " * indent
            yield (left + self.paint(line, style)).rstrip()
