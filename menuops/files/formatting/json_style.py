"""JSON in our style: two blanks of indent, texts as themselves, numbers as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

STEP: Final = "  "


class _Number(str):
    """A number as it was written: 1.0 isn't 1, and a long one keeps its digits."""

    __slots__ = ()


class _Object(list[tuple[str, Any]]):
    """The keys and values of an object, in order."""

    __slots__ = ()


def json_in_style(text: str) -> str | None:
    """Write JSON anew; None for what isn't JSON. No deeper than the reader lets pass."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_Object,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_refuse,
        )
    except ValueError:
        return None
    return "".join(_written(value, "")) + "\n"


def _refuse(_name: str) -> Any:
    raise ValueError  # NaN and Infinity, which Python alone takes for JSON


def _written(value: Any, indent: str) -> Iterator[str]:
    match value:
        case _Number():
            yield value
        case _Object():
            pairs = [(f"{_quoted(key)}: ", each) for key, each in value]
            yield from _block("{", pairs, "}", indent)
        case list():
            yield from _block("[", [("", each) for each in value], "]", indent)
        case str():
            yield _quoted(value)
        case _:
            yield json.dumps(value)


def _block(start: str, parts: list[tuple[str, Any]], end: str, indent: str) -> Iterator[str]:
    yield start
    inner = indent + STEP
    for number, (key, value) in enumerate(parts):
        yield f"{',' if number else ''}\n{inner}{key}"
        yield from _written(value, inner)
    yield f"\n{indent}{end}" if parts else end


def _quoted(text: str) -> str:
    """Write a text: Chinese as itself, what can't be seen as an escape that JSON knows."""
    raw = json.dumps(text, ensure_ascii=False)
    return raw if raw.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in raw)


def _escape(char: str) -> str:
    return json.dumps(char)[1:-1]
