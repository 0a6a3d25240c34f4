"""Documents in an editor. `⟦…⟧` in a text marks a stretch of it, `§` a place; no file has them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .lsp import LanguageServer

Place = tuple[int, int]  # line and character, both from 0
Stretch = tuple[Place, Place]
_KEY: Final = 10  # the kind of a completion that is a key
_VALUES: Final = (12, 13)


def unmarked(text: str) -> tuple[str, list[Place], list[Stretch]]:
    """Take the marks out of a text, and say where they stood."""
    points: list[Place] = []
    begun: list[Place] = []
    stretches: list[Stretch] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        rest = line
        while (mark := re.search("[⟦⟧§]", rest)) is not None:
            place = (number, mark.start())
            match mark[0]:
                case "§":
                    points.append(place)
                case "⟦":
                    begun.append(place)
                case _:
                    stretches.append((begun.pop(), place))
            rest = rest[: mark.start()] + rest[mark.end() :]
        lines[number] = rest
    return "\n".join(lines), points, sorted(stretches)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a language server marks in a document."""

    start: Place
    end: Place
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is open, with where its marks stood."""

    server: LanguageServer
    uri: str
    places: list[Place]
    stretches: list[Stretch]

    def diagnostics(self) -> list[Diagnostic]:
        """Say what is wrong, from top to bottom."""
        found = [
            Diagnostic(
                _place(each["range"]["start"]), _place(each["range"]["end"]), each["message"]
            )
            for each in self.server.diagnostics(self.uri)
        ]
        return sorted(found, key=lambda each: (each.start, each.end, each.message))

    def keys(self) -> set[str]:
        """List the keys that can be typed at the one marked place."""
        return {item["label"] for item in self._completions() if item["kind"] == _KEY}

    def values(self) -> dict[str, str]:
        """List the values that can be typed at the one marked place, and what is said of each."""
        items = [item for item in self._completions() if item["kind"] in _VALUES]
        return {item["label"]: _text(item.get("documentation", "")) for item in items}

    def hovers(self) -> list[str]:
        """Say what is shown over each place that is marked."""
        return [self.server.hover(self.uri, *place) for place in self.places]

    def _completions(self) -> list[dict[str, Any]]:
        (place,) = self.places
        return self.server.completion(self.uri, *place)


@dataclass
class Editor:
    """Opens documents, each under a name of its own."""

    server: LanguageServer
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def menu(self, text: str) -> Document:
        """Open a menu file."""
        return self._open(f"file:///mapped/menus/{next(self._numbers)}.yaml", text)

    def project(self, text: str) -> Document:
        """Open a project file."""
        return self._open(f"file:///mapped/{next(self._numbers)}/menuops.yaml", text)

    def file(self, path: Path) -> Document:
        """Open a file that names its schema itself, in its first line; each path once."""
        return self._open(path.as_uri(), path.read_text(encoding="utf-8"))

    def _open(self, uri: str, text: str) -> Document:
        clean, places, stretches = unmarked(text)
        self.server.open(uri, clean)
        return Document(self.server, uri, places, stretches)


def _place(position: dict[str, int]) -> Place:
    return position["line"], position["character"]


def _text(documentation: Any) -> str:
    text = documentation["value"] if isinstance(documentation, dict) else documentation
    assert isinstance(text, str)
    return text
