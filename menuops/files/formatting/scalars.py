"""How a scalar is written: plain as it stands, quoted where it must be, a block as a block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from menuops.files.formatting.comments import BREAK, header_of
from menuops.files.formatting.stream import Event
from menuops.files.quoting import as_yaml, quoted

_PROPERTIES: Final = re.compile(r"(?:(?:[&!]\S*|#[^\r\n]*)\s+)*")
_WORD: Final = re.compile(r"[\w.$-]+")
_IN_BRACES: Final = frozenset(",[]{}:?")
"""What a plain text may hold in a block only."""


@dataclass(frozen=True, slots=True)
class Written:
    """A scalar's text on its line, and the lines that follow it if it is a block.

    One that `keeps` empty lines at its end would take one that comes behind it for its own.
    """

    text: str
    body: tuple[str, ...] = ()
    keeps: bool = False


def leaf(event: Event, source: str) -> Written:
    """Write a scalar or an alias where a block has it."""
    if event.style in ("|", ">"):
        block = _block(event, source)
        if block is not None:
            return Written(_anchored(event, block.text), block.body, block.keeps)
    return Written(_anchored(event, _inline(event)))


def leaf_in_braces(event: Event) -> str:
    """Write a scalar or an alias between `[` and `]`, or `{` and `}`."""
    text = _inline(event)
    if event.kind == "text":
        if not event.style:
            text = text or "null"
        elif not text.startswith('"') and not _IN_BRACES.isdisjoint(text):
            text = quoted(text)
    return _anchored(event, text)


def key(event: Event, *, in_braces: bool = False) -> str:
    """Write a key: without quotes if it is a word, since readers ask about others."""
    nothing = event.kind == "text" and not event.text  # as in `? # comment`, and no key plain
    if nothing or (event.style and not _WORD.fullmatch(event.text)):
        return _anchored(event, quoted(event.text))
    return leaf_in_braces(event) if in_braces else _anchored(event, _inline(event))


def _anchored(event: Event, text: str) -> str:
    if not event.anchor or event.kind == "alias":
        return text
    return f"&{event.anchor} {text}".rstrip()


def _inline(event: Event) -> str:
    if event.kind == "alias":
        return f"*{event.anchor}"
    if not event.style and not BREAK.search(event.text):
        return event.text
    return as_yaml(event.text)


def _block(event: Event, source: str) -> Written | None:
    """Write a block scalar with its own lines, indented anew; None where it has no line."""
    properties = _PROPERTIES.match(source, event.start)
    assert properties is not None
    header = header_of(source, properties.end())
    raw = BREAK.split(source[header.end() : event.end])[1:]
    indent = _indent(raw, event.text)
    if indent is None:
        return None
    lines = [line[indent:] for line in raw]
    keeps = "+" in header[0].partition("#")[0]
    if keeps:
        lines.pop()  # what follows the last line break
    while not keeps and not lines[-1]:
        lines.pop()
    first = next(line for line in lines if line)
    deeper = "2" if first[0] in " \t" else ""
    ending = "-" if not event.text.endswith("\n") else "+" if keeps else ""
    return Written(f"{event.style}{deeper}{ending}", tuple(lines), keeps)


def _indent(raw: list[str], text: str) -> int | None:
    """Tell how far a block was indented: by its first line that isn't blank."""
    written = next((line for line in raw if line.strip(" ")), None)
    meant = next((line for line in text.split("\n") if line.strip(" ")), None)
    if written is None or meant is None:
        return None
    return _blanks(written) - _blanks(meant)


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
