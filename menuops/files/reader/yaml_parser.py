"""PyYAML's event stream: the one file that imports it.

`yaml.load` reads `yes` as True and `12:30` as 750, lets a repeated key win silently, and
crashes the interpreter on 30,000 nested brackets. Only its parser is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import yaml
from yaml import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from menuops.files.reader.stand_ins import swap

__all__ = [
    "AliasEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "MarkedYAMLError",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "YAMLError",
    "is_pure",
    "is_too_nested",
    "parser_of",
    "stream_of",
]

_LIBYAML: Final = yaml.__with_libyaml__


def is_pure(*, wanted: bool) -> bool:
    """Tell whether PyYAML's own parser is taken: it is `wanted`, or libyaml isn't there."""
    return wanted or not _LIBYAML


def is_too_nested(error: MarkedYAMLError) -> bool:
    """Tell whether libyaml met its own limit of depth, 1,000 since its version 0.2.6."""
    return str(error.problem).startswith("exceeded maximum nesting depth")


def parser_of(text: str, *, pure: bool = False) -> Any:
    """Give a parser of a text, whose `get_event` gives the next event, None behind the last."""
    return (yaml.SafeLoader if is_pure(wanted=pure) else yaml.CSafeLoader)(text)


def stream_of(text: str, kind: Literal["event", "token"], *, pure: bool = False) -> Iterator[Any]:
    """Give the events or tokens of a text that read_source found nothing wrong with."""
    parsed, restore = swap(text)
    parser = parser_of(parsed, pure=pure)
    following = parser.get_event if kind == "event" else parser.get_token
    while (part := following()) is not None:
        if restore is not None and type(part) is ScalarEvent:
            part.value = restore(part.value)
        yield part
