"""YAML in our style, out of PyYAML's events and the comments between its tokens.

Nothing moves: keys, items and comments stay in their order. What changes is how they are
written: blocks in place of braces, two blanks of indent, quotes only where a text needs them.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container, Sequence
from typing import Final, NamedTuple

from menuops.core.finding import Place
from menuops.files.formatting.comments import (
    Comment,
    Lines,
    comments_of,
    pinned_lines,
    width,
)
from menuops.files.formatting.layout import Line, laid_out
from menuops.files.formatting.scalars import Written, key, leaf, leaf_in_braces
from menuops.files.formatting.stream import Event, NotRewritable, events_of

_CLOSING: Final = re.compile(r"[ \t,\]}]*")
STEP: Final = 2
LONGEST: Final = 80
"""Columns that a list may take to stay on one line."""


def yaml_in_style(text: str, doubted: Container[Place] = (), *, pure: bool = False) -> str:
    """Write a text anew that the reader found no error in. Raises NotRewritable.

    Comments at `doubted` places stay as they are.
    """
    lines = Lines(text)
    comments = comments_of(text, lines, doubted, pure=pure)
    return laid_out(_Writer(text, lines, comments, events_of(text, pure=pure)).lines())


class _Level(NamedTuple):
    """An open mapping or list: the column where it stood, and the one where it stands now."""

    was: int
    indent: int


class _Writer:
    def __init__(
        self, text: str, source: Lines, comments: Sequence[Comment], events: list[Event]
    ) -> None:
        self._text = text
        self._source = source
        self._events = events
        self._at = 0
        self._comments = deque(comments)
        self._pinned = pinned_lines(comments, source)
        self._lines: list[Line] = []
        self._begun: dict[int, Line] = {}  # the first line that each line of the text became
        self._tail: Line | None = None  # where a comment goes that isn't alone on its line
        self._levels = [_Level(0, 0)]
        self._close = False  # no empty line may follow the last line
        self._dashes: list[_Level] = []  # the lists whose dash goes on the next line
        self._closed: list[_Level] = []  # since the last line was begun

    def lines(self) -> list[Line]:
        """Write the one document."""
        root = self._take()
        if root.kind == "text":
            raise NotRewritable("it holds one text, and no key")
        written = self._on_one_line(root, 0)
        if written is not None:
            self._begin(root, written.text)
            self._body(written, root, STEP)
        else:
            self._children(root, 0, self._begin_anchored(root))
        self._comments_above(len(self._text))
        return self._lines

    def _take(self) -> Event:
        self._at += 1
        return self._events[self._at - 1]

    @property
    def _following(self) -> Event:
        return self._events[self._at]

    # Mappings and lists: a line or more for each thing in them

    def _children(self, event: Event, indent: int, head: Line | None) -> None:
        """Write what is in a mapping or list that isn't empty.

        `head` is the line where it begins if that is there already: else it begins with the
        first thing in it, behind the dashes that are to be written.
        """
        if event.in_braces and head is None:
            self._comments_above(event.start)
            self._tail = None
        first = len(self._lines)
        self._close = self._close or head is not None
        if event.kind == "map":
            self._levels.append(_Level(self._following.column, indent))
            self._mapping(indent)
        else:
            dash = self._following.column - STEP if event.anchor else event.column
            self._levels.append(_Level(dash, indent))
            self._list(indent)
        end = self._take()
        if not event.in_braces:
            self._closed.append(self._levels.pop())
            return
        self._comments_above(end.start)
        self._levels.pop()
        if end.line == event.line:
            # What is said of the whole is said where it begins.
            self._tail = head or self._lines[first]

    def _mapping(self, indent: int) -> None:
        while self._following.kind != "end":
            name = self._take()
            line = self._begin(name, f"{key(name)}:")
            value = self._take()
            written = self._on_one_line(value, line.end + 1)
            if written is not None:
                self._comments_beside(value.start)
                line.text += f" {written.text}" if written.text else ""
                self._body(written, value, indent + STEP)
            else:
                line.text += f" &{value.anchor}" if value.anchor else ""
                self._children(value, indent + STEP, line)

    def _list(self, indent: int) -> None:
        while self._following.kind != "end":
            item = self._take()
            self._dashes.append(self._levels[-1])
            written = self._on_one_line(item, indent + STEP)
            if written is not None:
                self._begin(item, written.text)
                self._body(written, item, indent + STEP)
            else:
                self._children(item, indent + STEP, self._begin_anchored(item))

    # What stands on one line

    def _on_one_line(self, event: Event, column: int) -> Written | None:
        """Take and write what needs no lines of its own, or may not be taken apart."""
        if event.kind in ("text", "alias"):
            return leaf(event, self._text)
        start, end = self._at, self._events[event.last]
        if self._following is end:
            return Written(self._in_braces(event))
        if not event.in_braces or event.line != end.line:
            return None
        pinned = self._is_pinned(event, end)
        if not pinned and not self._is_flat(event):
            return None
        text = self._in_braces(event)
        if pinned or column + width(text) <= LONGEST:
            return Written(text)
        self._at = start
        return None

    def _is_flat(self, event: Event) -> bool:
        inside = self._events[self._at : event.last] if event.kind == "list" else ()
        return bool(inside) and all(each.kind in ("text", "alias") for each in inside)

    def _is_pinned(self, event: Event, end: Event) -> bool:
        """Tell whether a comment of ours speaks of this, as a whole and on its line."""
        comment = self._pinned.behind.get(event.line)
        if comment is not None:
            closed = _CLOSING.match(self._text, end.end)
            return closed is not None and closed.end() == comment
        if event.line not in self._pinned.below:
            return False
        begun = self._begun.get(event.line)
        return begun is None or (not self._dashes and begun is self._lines[-1])

    def _in_braces(self, event: Event) -> str:
        if event.kind in ("text", "alias"):
            return leaf_in_braces(event)
        parts = []
        while self._following.kind != "end":
            name = f"{key(self._take(), in_braces=True)}: " if event.kind == "map" else ""
            parts.append(f"{name}{self._in_braces(self._take())}")
        self._take()
        text = ", ".join(parts)
        text = f"{{{text}}}" if event.kind == "map" else f"[{text}]"
        return f"&{event.anchor} {text}" if event.anchor else text

    # Lines and comments

    def _begin(self, event: Event, text: str) -> Line:
        self._comments_above(event.start)
        text = f"{'- ' * len(self._dashes)}{text}".rstrip()
        indent = self._level.indent
        self._dashes.clear()
        line = self._put(indent, text, event.line, event.start)
        self._begun.setdefault(event.line, line)
        return line

    def _begin_anchored(self, event: Event) -> Line | None:
        """Write the anchor of a mapping or list on a line of its own, where it has one."""
        return self._begin(event, f"&{event.anchor}") if event.anchor else None

    @property
    def _level(self) -> _Level:
        """The level of the line that is to be begun."""
        return self._dashes[0] if self._dashes else self._levels[-1]

    def _put(self, indent: int, text: str, line: int, index: int) -> Line:
        """Add a line; `line` and `index` say where it stood, to see what stood above."""
        source = self._source
        spaced = source.opens(line, index) and source.follows_empty(line)
        spaced, self._close = spaced and not self._close, False
        self._tail = Line(indent, text, spaced)
        self._lines.append(self._tail)
        return self._tail

    def _body(self, written: Written, event: Event, indent: int) -> None:
        if event.style in ("|", ">"):
            self._comments_beside(event.end)
        self._lines += [Line(indent, text) for text in written.body]
        self._close = written.keeps

    def _comments_above(self, index: int) -> None:
        """Write the comments before `index`, where a line in the innermost level is to begin."""
        while self._comments and self._comments[0].index < index:
            comment = self._comments.popleft()
            tail = self._tail
            if tail is not None and tail.behind is None and not comment.alone:
                tail.behind = comment
            else:
                self._put(self._indent(comment), comment.text, comment.line, comment.index)
                self._tail = None
        self._closed.clear()

    def _indent(self, comment: Comment) -> int:
        """Indent a comment like what it stood with: the next line, or what ends before it."""
        levels = (self._level, *reversed(self._closed))
        return next(
            (level.indent for level in levels if level.was >= comment.column), levels[-1].indent
        )

    def _comments_beside(self, index: int) -> None:
        """Keep the comments before `index` with the line that goes on with what stands there."""
        line = self._lines[-1]
        while self._comments and self._comments[0].index < index:
            comment = self._comments.popleft()
            if comment.alone:
                line.lift()
                line.above.append(comment)
            else:
                line.end_with(comment)
