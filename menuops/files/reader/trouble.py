"""Where a parser gave up, what it said, and what it had read just before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from menuops.core.finding import Place
from menuops.files.reader.encoding import lines_of
from menuops.files.reader.node import place_of


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file; `opens` is its quote or bracket, empty for a text without."""

    opens: str
    start: Place
    end: Place


@dataclass(frozen=True, slots=True)
class Trail:
    """What was read before the trouble: the part that ended last, the innermost open bracket."""

    last: Part | None = None
    bracket: Place | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A parser's problem with a file; `since` is where the part began that it was in."""

    text: str
    lines: list[str]
    problem: str
    context: str
    at: Place
    since: Place | None
    trail: Trail

    @property
    def line(self) -> str:
        """The line at which the parser gave up."""
        return self.line_number(self.at.line)

    @property
    def here(self) -> str:
        """The character at which it did; empty at the end of a line."""
        return self.line[self.at.column - 1 : self.at.column]

    @property
    def before(self) -> str:
        """What stands before that character in its line."""
        return self.line[: self.at.column - 1]

    @property
    def begins(self) -> int:
        """The column in which that line begins, behind its indent."""
        return len(self.line) - len(self.line.lstrip(" ")) + 1

    @property
    def nothing_follows(self) -> bool:
        """Whether the parser came to the end of the file."""
        behind = (line for line in self.lines[self.at.line :] if line.strip())
        return not self.line[self.at.column - 1 :].strip() and next(behind, None) is None

    def line_number(self, number: int) -> str:
        """Give a line of the file, from 1; behind its end they are empty."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def character(self, place: Place) -> str:
        """Give the character at a place; empty where there is none."""
        return self.line_number(place.line)[place.column - 1 : place.column]


def trouble_of(text: str, error: Any, trail: Trail) -> Trouble:
    """Put together what a yaml.MarkedYAMLError says of a text, the place within the text."""
    mark = error.problem_mark or error.context_mark
    since = place_of(error.context_mark) if error.context_mark else None
    lines = lines_of(text)
    at = place_of(mark) if mark else Place(1, 1)
    if at.line > len(lines):
        at = Place(len(lines), len(lines[-1]) + 1)
    problem = str(error.problem or error.context)
    return Trouble(text, lines, problem, error.context or "", at, since, trail)


def follow(next_event: Callable[[], Any], error: type[Exception]) -> Trail:
    """Read a file's events again up to its trouble, which `error` is raised for."""
    last: Part | None = None
    opened: list[tuple[str, Place]] = []
    while True:
        try:
            event = next_event()
        except error:
            break
        kind = type(event).__name__
        start, end = place_of(event.start_mark), place_of(event.end_mark)
        if kind == "ScalarEvent":
            if start != end:
                last = Part(event.style if event.style in ("'", '"') else "", start, end)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            bracket = "{" if kind == "MappingStartEvent" else "["
            opened.append((bracket if event.flow_style else "", start))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            bracket, start = opened.pop()
            if bracket:
                last = Part(bracket, start, end)
    brackets = [place for bracket, place in opened if bracket]
    return Trail(last, brackets[-1] if brackets else None)
