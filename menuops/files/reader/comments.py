"""Comments of a YAML file, found by the places of its texts: a `#` within one is none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final, NamedTuple

from menuops.files.reader.encoding import lines_of
from menuops.files.reader.node import Map, Mark, Node, Text

_QUOTED: Final = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL),
    "'": re.compile(r"'(?:[^']|'')*'"),
}
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")
_STEP: Final = re.compile(r"[|>][+-]?([1-9])?")


class Comment(NamedTuple):
    """A comment: its line and column, from 0, what it says, and whether it is all of its line."""

    line: int
    column: int
    text: str
    alone: bool


class _Span(NamedTuple):
    """What a quoted text or a block takes, from a place up to another; both from 0."""

    start: tuple[int, int]
    end: tuple[int, int]


def comments(text: str, root: Node, what: re.Pattern[str]) -> Iterator[Comment]:
    """Find the comments of a file in which `what` is found, from there to the line's end.

    `root` is the tree of `text`; `what` begins with a `#`.
    """
    lines = lines_of(text)
    found = [(number, at) for number, line in enumerate(lines) for at in what.finditer(line)]
    if not found:
        return
    spans = sorted(_spans(root, lines))
    for number, match in found:
        column = match.start()
        before = lines[number][:column]
        here = number, column
        nearest = bisect_left(spans, here, key=lambda span: span.start) - 1
        inside = nearest >= 0 and here < spans[nearest].end
        if not inside and (not before or before[-1] in " \t"):
            alone = lines[number].lstrip(" \t").startswith("#")
            yield Comment(number, column, lines[number][column:], alone)


def _spans(root: Node, lines: list[str]) -> Iterator[_Span]:
    """List what the quoted texts and the blocks take."""
    text = "\n".join(lines)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    for mark, indent in _texts(root):
        at = starts[mark.line] + mark.column
        # An anchor or a tag may stand before the text itself.
        at += len(_PROPERTIES.match(text, at)[0])  # type: ignore[index]  # it matches anything
        quoted = _QUOTED.get(text[at : at + 1])
        found = quoted.match(text, at) if quoted else None
        if found:
            yield _Span(_place(at, mark.line, starts), _place(found.end(), mark.line, starts))
        elif step := _STEP.match(text, at):
            line = _place(at, mark.line, starts)[0]
            yield _Span((line + 1, -1), (_block_end(lines, line + 1, indent, step[1]), -1))


def _place(at: int, line: int, starts: list[int]) -> tuple[int, int]:
    while starts[line + 1] <= at:
        line += 1
    return line, at - starts[line]


def _block_end(lines: list[str], first: int, outer: int, step: str | None) -> int:
    """Find the line after a block whose text begins in line `first`, inside an indent `outer`."""
    least = max(outer, 0) + int(step) if step else None
    for number in range(first, len(lines)):
        inner = lines[number].lstrip(" ")
        if not inner:
            continue
        indent = len(lines[number]) - len(inner)
        if least is None:
            least = max(indent, outer + 1)
        if indent < least:
            return number
    return len(lines)


def _texts(root: Node) -> Iterator[tuple[Mark, int]]:
    """List where each text starts, keys too, with the indent that it stands in."""
    seen: set[int] = set()
    todo: list[tuple[Node, int]] = [(root, -1)]
    while todo:
        node, indent = todo.pop()
        if isinstance(node, Text):
            yield node.mark, indent
        elif id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Map):
                for key, value in node.entries.items():
                    mark = node.keys[key]
                    yield mark, mark.column
                    todo.append((value, mark.column))
            else:
                todo += [(item, node.mark.column) for item in node.items]
