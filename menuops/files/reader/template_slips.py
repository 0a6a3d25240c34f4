"""Marks of templates that YAML can't read, named where they stand."""

from __future__ import annotations

import re
from typing import Final

from menuops.core.finding import Place
from menuops.files.reader.template_marks import mark_at, mark_message
from menuops.files.reader.trouble import Trouble

_SURE: Final = re.compile(r"\{%|<%")
_ANY: Final = re.compile(r"\{\{|\{%|<%|<\?(?!xml)")


def template_slip(trouble: Trouble) -> tuple[str, str, Place] | None:
    """Look for a mark in the line and above it, and for one that a value begins with."""
    for number in (trouble.at.line, trouble.at.line - 1):
        found = _SURE.search(trouble.line_number(number))
        if found:
            return _slip(trouble, Place(number, found.start() + 1))
    last = trouble.trail.last
    if trouble.problem.startswith("found character "):
        return _slip(trouble, trouble.at)
    if last and last.opens == "{" and last.end == trouble.at and trouble.here in ("/", ".", ":"):
        return _slip(trouble, last.start)
    return None


def _slip(trouble: Trouble, place: Place) -> tuple[str, str, Place] | None:
    """Name the mark at a place, and say how many follow in the lines behind it."""
    line = trouble.line_number(place.line)
    mark = mark_at(line, place.column - 1)
    if not mark:
        return None
    behind = (line[place.column - 1 + len(mark) :], *trouble.lines[place.line :])
    more = sum(1 for each in behind for _ in _ANY.finditer(each))
    follow = f" ({more} more {'follow' if more > 1 else 'follows'})" if more else ""
    return "other-format", mark_message(mark) + follow, place
