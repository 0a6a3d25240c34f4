"""Old values over new ones as text, whole, with what differs marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from menuops.render.plan.model import Field, Marked
from menuops.render.sheet import Sheet
from menuops.render.terminal import Style, cells, pad, split

_ROOMY = 24


def field_lines(fields: Iterable[Field], indent: int, sheet: Sheet) -> Iterator[str]:
    """Write fields below their row, whose name begins `indent` cells in."""
    fields = tuple(fields)
    names = max((cells(field.name) for field in fields), default=0)
    names = max(names, 0 if sheet.is_narrow else 8)
    hang = indent + 2 + names + 1
    for field in fields:
        marked = None
        for sign, _, value in field.sides:
            if len(field.sides) == 2 and value.is_part:
                marked = sign  # the later of the two: what is new
        for sign, style, value in field.sides:
            head = f"{sign} {pad(field.name, names)} "
            room = sheet.width - hang
            if room < _ROOMY and cells(value.whole) > room:
                yield f"{' ' * indent}{sheet.paint(head.rstrip(), style)}"
                head, start = "", indent + 2
            else:
                start = hang
            yield from _value(value, style, head, start, sheet, carets=sign == marked)


def _value(
    value: Marked, style: Style, head: str, start: int, sheet: Sheet, *, carets: bool
) -> Iterator[str]:
    first, last = len(value.same), len(value.same) + len(value.differs)
    at = 0
    for number, piece in enumerate(split(value.whole, sheet.width - start)):
        begin, end = (min(max(edge - at, 0), len(piece)) for edge in (first, last))
        at += len(piece)
        left = f"{' ' * (start - cells(head))}{sheet.paint(head, style)}" if number == 0 else ""
        if sheet.paint.is_on and value.is_part:
            shown = "".join(
                sheet.paint(part, style, reverse=reverse)
                for part, reverse in (
                    (piece[:begin], False),
                    (piece[begin:end], True),
                    (piece[end:], False),
                )
            )
        else:
            shown = sheet.paint(piece, style)
        yield f"{left or ' ' * start}{shown}".rstrip()
        if carets and begin < end and not sheet.paint.is_on:
            blank = " " * (start + cells(piece[:begin]))
            yield f"{blank}{'^' * cells(piece[begin:end])}".rstrip()
