"""Places within a text of a file, where it was written so that they can be told."""

from __future__ import annotations

from typing import Final

from menuops.core.finding import Place
from menuops.files.reader.encoding import lines_of
from menuops.files.reader.node import Text, place_of


class Places:
    """The lines of a file, split when the first place is asked for."""

    def __init__(self, text: str) -> None:
        self._text: Final = text
        self._lines: list[str] | None = None

    def use(self, node: Text, index: int) -> Place:
        """Find the `${` that is the `index`-th of its text; the text where that isn't plain."""
        place = place_of(node.mark)
        line = self._line(place.line)
        at = place.column - 2
        for _ in range(index + 1):
            at = line.find("${", at + 1)
            if at < 0:
                return place
        return Place(place.line, at + 1)

    def character(self, node: Text, text: str, at: int | None) -> Place:
        """Find a character of `text`, which `node` became; the whole where it changed on the way.

        It changes by variables, escapes and folded lines.
        """
        place = place_of(node.mark)
        if not at or text != node.text:
            return place
        line, start = self._line(place.line), place.column - 1
        start += line.startswith(('"', "'"), start)
        return Place(place.line, start + at + 1) if line.startswith(text, start) else place

    def _line(self, number: int) -> str:
        if self._lines is None:
            self._lines = lines_of(self._text)
        return self._lines[number - 1] if number <= len(self._lines) else ""
