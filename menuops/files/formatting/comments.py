"""The comments of a YAML text. The parser drops them: they are what stands between its tokens."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from menuops.core.finding import Place
from menuops.files.reader.yaml_parser import stream_of

BREAK: Final = re.compile("\r\n|[\r\n]")
_COMMENT: Final = re.compile("#[^\r\n]*")
_HEADER: Final = re.compile(f"[|>][-+0-9]*[ \t]*({_COMMENT.pattern})?")
"""The first line of a block scalar; its comment lies within the token."""
_PARTS: Final = re.compile("(#+)(.*)", re.DOTALL)
_INDICATORS: Final = re.compile(r"(?:[ \t,\[{]|[-?](?=\s|\Z))*")
_PRAGMA: Final = re.compile(r"#[ \t]*menuops:")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in its text: `index` of its `#`, `line` from 0, `column` from 0 in cells.

    `alone` says that nothing of weight stands before it on its line, `gap` how many blanks do
    where something does.
    """

    text: str
    index: int
    line: int
    column: int
    alone: bool
    gap: int

    @property
    def is_pragma(self) -> bool:
        """Whether it is one of ours, and so belongs to one line: `# menuops: ignore[…]`."""
        return _PRAGMA.search(self.text) is not None


class Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in BREAK.finditer(text))]
        self._first: dict[int, int] = {}

    def before(self, line: int, index: int) -> str:
        """Give what stands on a line before `index`."""
        return self._text[self._starts[line] : index]

    def opens(self, line: int, index: int) -> bool:
        """Tell whether nothing but indicators (`-`, `{`) stands on a line before `index`."""
        if line not in self._first:  # asked once a line, which may be a megabyte long
            found = _INDICATORS.match(self._text, self._starts[line])
            self._first[line] = found.end() if found else 0
        return index <= self._first[line]

    def follows_empty(self, line: int) -> bool:
        """Tell whether the line above has nothing on it."""
        return line > 0 and self._is_empty(line - 1)

    def skip_empty(self, line: int) -> int:
        """Give the first line from `line` on that has something on it."""
        while line + 1 < len(self._starts) and self._is_empty(line):
            line += 1
        return line

    def _is_empty(self, line: int) -> bool:
        return not self._text[self._starts[line] : self._starts[line + 1]].strip()


def comments_of(
    text: str, lines: Lines, doubted: Container[Place] = (), *, pure: bool = False
) -> tuple[Comment, ...]:
    """List the comments of a text that the reader found nothing wrong with, in order.

    Those at `doubted` places stay as they are: a blank behind `#` would settle a question that
    the reader asks.
    """
    return tuple(_made(text, lines, spans(text, pure=pure), doubted))


def spans(text: str, *, pure: bool = False) -> Iterator[tuple[int, str]]:
    """Find the comments: the index and the text of each."""
    if "#" not in text:
        return
    end = 0
    for token in stream_of(text, "token", pure=pure):
        start: int = token.start_mark.index
        for found in _COMMENT.finditer(text, end, max(start, end)):
            yield found.start(), found[0]
        if getattr(token, "style", None) in ("|", ">"):
            header = header_of(text, start)
            if header[1]:
                yield header.start(1), header[1]
        end = max(end, token.end_mark.index)


def header_of(text: str, index: int) -> re.Match[str]:
    """Match the first line of the block scalar that begins at `index`; group 1: its comment."""
    header = _HEADER.match(text, index)
    assert header is not None
    return header


def _made(
    text: str, lines: Lines, found: Iterator[tuple[int, str]], doubted: Container[Place]
) -> Iterator[Comment]:
    line, seen = 0, 0
    for index, raw in found:
        line += sum(1 for _ in BREAK.finditer(text, seen, index))
        seen = index
        before = lines.before(line, index)
        gap = len(before) - len(before.rstrip())
        asked = Place(line + 1, len(before) + 1) in doubted
        shown = raw.rstrip() if asked else tidy(raw)
        yield Comment(shown, index, line, width(before), lines.opens(line, index), gap)


def tidy(comment: str) -> str:
    """Put a blank behind `#`, but for `#!`, and none at the end; more blanks are an indent."""
    parts = _PARTS.fullmatch(comment.rstrip())
    assert parts is not None
    marks, rest = parts.groups()
    apart = not rest or rest[0].isspace() or rest[0] == "!"
    return f"{marks}{rest}" if apart else f"{marks} {rest}"


@dataclass(frozen=True, slots=True)
class Pinned:
    """The lines of which a comment of ours speaks, and that may not be taken apart.

    `behind` gives the index of the comment at the end of each; above the lines of `below` it
    stands alone.
    """

    behind: dict[int, int]
    below: set[int]


def pinned_lines(comments: Sequence[Comment], lines: Lines) -> Pinned:
    """Find the lines of which comments of ours speak: their own, or the next with content."""
    pinned = Pinned({}, set())
    next_line: dict[int, int] = {}
    for comment in reversed(comments):
        if comment.alone:
            line = lines.skip_empty(comment.line + 1)
            next_line[comment.line] = next_line.get(line, line)
        if comment.is_pragma and comment.alone:
            pinned.below.add(next_line[comment.line])
        elif comment.is_pragma:
            pinned.behind[comment.line] = comment.index
    return pinned


def width(text: str) -> int:
    """Count the columns that a text takes in an editor: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


@functools.lru_cache(4096)
def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
