"""The values of fields, with what differs between the old one and the new one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from menuops.core.fields import FieldChange
from menuops.core.visible import safe
from menuops.render.deeds import value_text
from menuops.render.plan.model import Field, Marked


def field_views(
    changes: Iterable[FieldChange], names: dict[str, str] | None = None
) -> tuple[Field, ...]:
    """Mark in each field what differs. `names` are names of tags by id, said beside the id."""
    return tuple(_field(change, names or {}) for change in changes)


def _field(change: FieldChange, names: dict[str, str]) -> Field:
    def said(value: Any) -> str | None:
        if value is None:
            return None
        text = value_text(value)
        named = names.get(text) if change.field == "tag_id" else None
        return text if named is None else f"{text} ({named})"

    return Field(safe(change.field), *sides_of(said(change.before), said(change.after)))


def sides_of(before: Any, after: Any) -> tuple[Marked | None, Marked | None]:
    """Write a field's old and new value, None where it isn't there, and mark what differs."""
    old, new = (None if value is None else value_text(value) for value in (before, after))
    return (_whole(old), _whole(new)) if old is None or new is None else mark(old, new)


def _whole(text: str | None) -> Marked | None:
    return None if text is None else Marked("", safe(text))


def mark(before: str, after: str) -> tuple[Marked, Marked]:
    """Split two texts around what differs: what begins and what ends both alike stays out."""
    most = min(len(before), len(after))
    start = 0
    while start < most and before[start] == after[start]:
        start += 1
    while start and any(_joins(text[start : start + 1]) for text in (before, after)):
        start -= 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    while end and _joins(before[len(before) - end]):
        end -= 1
    return _split(before, start, end), _split(after, start, end)


def _joins(char: str) -> bool:
    """Tell whether a character belongs to the one before it."""
    return bool(char) and (
        unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char < "\U0001f400"
    )


def _split(text: str, start: int, end: int) -> Marked:
    stop = len(text) - end
    return Marked(safe(text[:start]), safe(text[start:stop]), safe(text[stop:]))
