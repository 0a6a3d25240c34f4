"""Lines with their comments, and how they stand on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from menuops.files.formatting.comments import Comment, width

APART: Final = 2
"""Blanks before a comment at the end of a line."""


@dataclass(slots=True)
class Line:
    """A line to be: `above` are comments that go over it, `behind` is the one at its end."""

    indent: int
    text: str
    spaced: bool = False
    above: list[Comment] = field(default_factory=list)
    behind: Comment | None = None

    def end_with(self, comment: Comment) -> None:
        """Put a comment at the end; one that is there already goes above."""
        self.lift()
        self.behind = comment

    def lift(self) -> None:
        """Move the comment at the end above the line."""
        if self.behind is not None:
            self.above.append(self.behind)
            self.behind = None

    @property
    def end(self) -> int:
        """The column where it ends, without its comment."""
        return self.indent + width(self.text)


def laid_out(lines: Iterable[Line]) -> str:
    """Write the lines, one empty one at most between two of them, and a line break at the end."""
    kept = list(lines)
    columns = _columns([line for line in kept if line.behind is not None])
    written: list[str] = []
    for line in kept:
        if line.spaced and written and written[-1]:
            written.append("")
        blanks = " " * line.indent
        written += [f"{blanks}{comment.text}" for comment in line.above]
        text = f"{blanks}{line.text}" if line.text else ""
        if line.behind is not None:
            text += " " * (next(columns) - line.end) + line.behind.text
        written.append(text)
    return "\n".join(written) + "\n"


def _columns(lines: Sequence[Line]) -> Iterator[int]:
    """Give the column of each line's comment: those that stood in one column still do."""
    for _, found in groupby(lines, key=_column):
        run = list(found)
        if any(line.behind is not None and line.behind.gap > APART for line in run):
            column = max(_column(run[0]), *(line.end + APART for line in run))
            yield from (column for _ in run)
        else:
            yield from (line.end + APART for line in run)


def _column(line: Line) -> int:
    assert line.behind is not None
    return line.behind.column
