"""PyYAML's events of one document, as plain values: what stands in a text, from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from menuops.files.reader.yaml_parser import stream_of

Kind: TypeAlias = Literal["text", "alias", "map", "list", "end"]

_KINDS: Final[dict[str, Kind]] = {
    "ScalarEvent": "text",
    "AliasEvent": "alias",
    "MappingStartEvent": "map",
    "SequenceStartEvent": "list",
    "MappingEndEvent": "end",
    "SequenceEndEvent": "end",
}


class NotRewritable(Exception):
    """The text can't be written anew without a change of meaning; it says why."""


@dataclass(slots=True)
class Event:
    """A scalar, an alias, the start of a mapping or list, or its end.

    `start` and `end` are indexes, `line` and `column` count from 0. `style` is that of a scalar
    ("" is plain), `in_braces` that of a mapping or list; `last` is the index of its end in the
    list of events.
    """

    kind: Kind
    start: int
    end: int
    line: int
    column: int
    text: str = ""
    anchor: str = ""
    style: str = ""
    in_braces: bool = False
    last: int = 0


def events_of(text: str, *, pure: bool = False) -> list[Event]:
    """List the events of a text that the reader found nothing wrong with. Raises NotRewritable."""
    events: list[Event] = []
    open_: list[Event] = []
    for part in stream_of(text, "event", pure=pure):
        name = type(part).__name__
        kind = _KINDS.get(name)
        if kind is None:
            if name == "DocumentStartEvent" and (part.version or part.tags):
                raise NotRewritable("it has a `%` directive, which has no meaning here; delete it")
            continue
        event = _event(kind, part)
        if kind == "end":
            open_.pop().last = len(events)
        elif kind in ("map", "list"):
            open_.append(event)
        events.append(event)
    return events


def _event(kind: Kind, part: Any) -> Event:
    mark = part.start_mark
    event = Event(kind, mark.index, part.end_mark.index, mark.line, mark.column)
    event.anchor = getattr(part, "anchor", None) or ""
    if kind == "text":
        event.text = part.value
        # A tag that isn't an error says that it is a text, which quotes say shorter.
        plain = part.tag is None and part.implicit[0]
        event.style = "" if plain else part.style or "'"
    elif kind in ("map", "list"):
        event.in_braces = bool(part.flow_style)
    return event
