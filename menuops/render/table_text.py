"""The rows of a menu as a table of text that never breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from menuops.render.language.speech import listed
from menuops.render.plan.model import Row
from menuops.render.sheet import Sheet
from menuops.render.terminal import cells, cut, fold, pad
from menuops.render.value_text import field_lines

_SHORTEST_NAME: Final = 16
_SHORTEST_TARGET: Final = 20
_LONGEST_NOTE: Final = 44


@dataclass(frozen=True, slots=True)
class _Columns:
    """Widths in cells; a column of width 0 stands below its row."""

    indent: int
    names: int
    types: int
    targets: int
    notes: int


def table_lines(rows: Sequence[Row], sheet: Sheet) -> Iterator[str]:
    """Write the rows; what their columns have no room for stands whole below."""
    if not rows:
        return
    columns = _columns(rows, sheet)
    for row in rows:
        yield from _row(row, columns, sheet)


def _note(row: Row) -> str:
    return listed(row.notes)


def _columns(rows: Sequence[Row], sheet: Sheet) -> _Columns:
    def widest(texts: Iterator[str]) -> int:
        return max(map(cells, texts), default=0)

    types = widest(row.type for row in rows)
    longest_name = widest(row.name for row in rows)
    longest_target = widest(row.target for row in rows)
    if sheet.is_narrow:
        indent, notes = 10, 0
        rest = sheet.width - indent
        names = min(longest_name, _SHORTEST_NAME)
        if rest < names + 2 + types + 2 + 6:
            return _Columns(indent, min(longest_name, rest), 0, 0, 0)
        targets = min(longest_target, rest - names - types - 4)
        return _Columns(indent, names, types, targets, notes)
    indent = 14
    least = min(longest_name, _SHORTEST_NAME) + min(longest_target, _SHORTEST_TARGET)
    room = sheet.width - indent - types - 4 - least - 2
    short = [note for note in map(_note, rows) if cells(note) <= min(room, _LONGEST_NOTE)]
    notes = widest(iter(short))
    rest = sheet.width - indent - types - 4 - (notes + 2 if notes else 0)
    names = min(longest_name, max(_SHORTEST_NAME, rest - _SHORTEST_TARGET))
    return _Columns(indent, names, types, min(longest_target, rest - names), notes)


def _row(row: Row, columns: _Columns, sheet: Sheet) -> Iterator[str]:
    wide = columns.indent > 10
    place = f"{'  ' * (row.depth - 1)}{row.position}"
    symbol = sheet.sign(row.symbol)
    head = f"{pad(symbol, 3)} {pad(place, 6)}  " if wide else f"{pad(symbol, 1)} {pad(place, 5)} "
    mark = sheet.sign("…")
    name = cut(row.name, columns.names, mark)
    line = f"{head}{pad(name, columns.names)}"
    note = _note(row)
    below = []
    target = ""
    if columns.types or columns.targets:
        target = cut(row.target, columns.targets, mark)
        line += f"  {pad(row.type, columns.types)}  {pad(target, columns.targets)}"
    elif row.type:
        target = cut(row.target, max(1, sheet.width - columns.indent - len(row.type) - 1), mark)
        below.append(f"{row.type} {target}")
    rest = sheet.width - 4 - cells(line.rstrip())
    if note and cells(note) <= columns.notes:
        line += f"  {note}"
    elif note and sheet.is_narrow and not below and cells(note) <= rest:
        line = f"{line.rstrip()}  {note}"
    elif note:
        below += fold(note, sheet.width - columns.indent)
    yield f"  {sheet.paint(line.rstrip(), row.style)}"
    for text in below:
        yield f"{' ' * columns.indent}{sheet.paint(text.rstrip(), row.style)}"
    fields = row.below(name, target)
    yield from field_lines(fields, columns.indent, sheet)
