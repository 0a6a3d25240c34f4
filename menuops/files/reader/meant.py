"""Texts that YAML reads, and that were meant as something else; and texts that it can't read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from menuops.core.finding import Place, Severity
from menuops.files.reader.encoding import lines_of, place_in, twice_encoded, unprintable
from menuops.files.reader.line_slips import line_slip
from menuops.files.reader.node import Map, Node, Text, place_of
from menuops.files.reader.other_formats import PYTHON, json_comment, json_in_a_text, other_format

Slip: TypeAlias = tuple[str, str, Place]

EATEN: Final[tuple[str, Severity, str]] = (
    "comment-in-text",
    "warning",
    "a comment begins here; quote the text if `#` belongs to it, else type `# `",
)
_HASH: Final = re.compile(r"[ \t]+#(?=[^\s#!])")


def eaten_comments(text: str, events: Iterable[Any]) -> Iterator[Place]:
    """Find the `#1` of `name: A #1`, which was meant as text as likely as not."""
    lines = lines_of(text)
    for event in events:
        if getattr(event, "style", "'") in (None, ""):  # a plain scalar
            end = event.end_mark
            found = _HASH.match(lines[end.line], end.column) if end.line < len(lines) else None
            if found:
                yield Place(end.line + 1, found.end())


def not_meant(text: str, root: Node) -> Slip | None:
    """Name a file that YAML takes for one text, or for a mapping of keys like `u'button'`."""
    if isinstance(root, Map):
        return "other-format", PYTHON, place_of(root.mark)
    if not isinstance(root, Text):
        return None
    if not root.plain:
        message = json_in_a_text(root.text)
        return ("other-format", message, place_of(root.mark)) if message else None
    found = json_comment(text, len(text)) or other_format(text)
    if found:
        return found
    slip = line_slip(lines_of(text)[root.mark.line])
    if slip is None:
        return None
    rule, message, index = slip
    return rule, message, Place(root.mark.line + 1, index + 1)


def unreadable(text: str) -> Slip:
    """Say why YAML refuses a text as such: for a character that it takes only as an escape."""
    found = unprintable(text)
    if found is None:
        return "yaml-syntax", "this is neither YAML nor JSON", Place(1, 1)
    index, name = found
    if twice_encoded(text):
        message = "the text was turned into UTF-8 twice; save what it was before as UTF-8"
        return "encoding", message, place_in(text, index)
    message = f"{name} is a control character; delete it"
    return "control-character", message, place_in(text, index)
