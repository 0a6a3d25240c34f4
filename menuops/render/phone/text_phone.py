"""One phone out of lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from menuops.core.model import Buttons
from menuops.core.screen import CUT, Item, characters, cut_name, is_emoji_part, screen
from menuops.render.language.speech import said
from menuops.render.phone.marks import Mark, Marks
from menuops.render.terminal import Style, cells, cut

Line: TypeAlias = list[tuple[str, Style]]
Block: TypeAlias = list[Line]

_LEAST_CELL: Final = 8
_LEAST_PHONE: Final = 34
_LONGEST_TYPE: Final = 12
_KEYS: Final = 4
"""Columns of the button that brings the keyboard."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a phone is drawn with; `corners` and `tees` clockwise from the top left one."""

    corners: str
    tees: str
    across: str
    down: str
    bars: str
    keyboard: str
    tip: str
    back: str
    cut: str


LINES: Final = Signs("╭╮╯╰", "┬┤┴├", "─", "│", "≡", "⌨", "▾", "‹", CUT)
ASCII: Final = Signs("++++", "++++", "-", "|", "=", "#", "v", "<", "..")


_STYLES: Final[Mapping[str, Style]] = {
    "added": "added",
    "removed": "removed",
    "changed": "changed",
    "moved": "moved",
    "warned": "warned",
}


def style_of(mark: Mark | None) -> Style:
    """Give the terminal's style for a mark, or for none."""
    return _STYLES.get(mark.style, "plain") if mark else "plain"


def line_width(line: Line) -> int:
    """Count the columns of a line."""
    return sum(cells(text) for text, _ in line)


def draw_phone(
    button: Buttons, *, caption: str, title: str, marks: Marks, signs: Signs, width: int, rows: int
) -> Block:
    """Draw a phone with all sub-menus open; `rows` leaves room for that many buttons in one.

    It is at most `width` columns wide, as far as three names of one character fit.
    """
    items = screen(button)
    size = _cell_size(items, marks, signs, width)
    inner = max(_KEYS + len(items) * (size + 1), _LEAST_PHONE - 2 if not items else 0)
    head = _middle(cut(title, max(inner - 6, 1)), inner - 4)
    chat = _chat(items, marks, signs, size, rows)
    room = width if width > inner else inner + 2
    return [
        [(cut(caption, room), "bold")],
        _edge(signs, signs.corners[0], signs.corners[1], [inner]),
        _framed([(f" {signs.back} ", "plain"), (head, "bold"), (" ", "plain")], inner, signs),
        *(_framed(line, inner, signs) for line in ([], *chat)),
        *_bar(items, marks, signs, size, inner),
    ]


def _cell_size(items: Sequence[Item], marks: Marks, signs: Signs, width: int) -> int:
    if not items:
        return 0
    needed = [cells(line) + 2 for item in items for line in _tab(item, marks, signs)]
    needed += [
        cells(_name(child, marks.get(child.at), signs)) + 4
        for item in items
        for child in item.items
    ]
    room = (width - 2 - _KEYS) // len(items) - 1
    least = (_LEAST_PHONE - 2 - _KEYS) // len(items) - 1
    return max(_LEAST_CELL, min(max(*needed, least), room))


def _name(item: Item, mark: Mark | None, signs: Signs) -> str:
    shown = "".join(map(_simple, characters(item.shown)))
    if item.is_cut and shown.endswith(CUT):
        shown = shown.removesuffix(CUT) + signs.cut
    kind = "" if item.known else f" [{cut_name(item.type, _LONGEST_TYPE)}]"
    return f"{mark.symbol} {shown}{kind}" if mark else f"{shown}{kind}"


def _simple(char: str) -> str:
    """Leave of a joined or toned emoji its first: terminals don't agree how wide the whole is."""
    return char[0] if any(map(is_emoji_part, char[1:])) else char


def _tab(item: Item, marks: Marks, signs: Signs) -> list[str]:
    name = _name(item, marks.get(item.at), signs)
    return [f"{signs.bars} {name}" if item.opens else name]


def _chat(items: Sequence[Item], marks: Marks, signs: Signs, size: int, rows: int) -> Block:
    boxes = [_popup(item, marks, signs, size) for item in items]
    height = max([rows + 2 if rows else 0, *map(len, boxes)])
    blank: Line = [(" " * size, "plain")]
    padded = [[blank] * (height - len(box)) + box for box in boxes]
    lines: Block = []
    for row in range(height):
        line: Line = [(" " * _KEYS, "plain")]
        for box in padded:
            line += [(" ", "plain"), *box[row]]
        lines.append(line)
    return lines


def _popup(item: Item, marks: Marks, signs: Signs, size: int) -> Block:
    if not item.items:
        return []
    left = (size - 3) // 2
    box = [_edge(signs, signs.corners[0], signs.corners[1], [size - 2])]
    for child in item.items:
        mark = marks.get(child.at)
        box += [
            [
                (signs.down, "plain"),
                (_middle(text, size - 2), style_of(mark)),
                (signs.down, "plain"),
            ]
            for text in _lines(_name(child, mark, signs), size - 2)
        ]
    foot = signs.across * left + signs.tip + signs.across * (size - 3 - left)
    return [*box, [(f"{signs.corners[3]}{foot}{signs.corners[2]}", "plain")]]


def _bar(items: Sequence[Item], marks: Marks, signs: Signs, size: int, inner: int) -> Block:
    up, right, down, left = tuple(signs.tees)
    if not items:
        words = said("no menu: the keyboard alone")
        return [
            _edge(signs, left, right, [inner]),
            _framed([(f" {signs.keyboard}  ", "plain"), (words, "dim")], inner, signs),
            _edge(signs, signs.corners[3], signs.corners[2], [inner]),
        ]
    widths = [_KEYS, *[size] * len(items)]
    tabs = [
        [text for line in _tab(item, marks, signs) for text in _lines(line, size)] for item in items
    ]
    rows: Block = []
    for row in range(max(map(len, tabs))):
        key = _middle(signs.keyboard, _KEYS) if row == 0 else " " * _KEYS
        line: Line = [(signs.down, "plain"), (key, "dim"), (signs.down, "plain")]
        for item, texts in zip(items, tabs, strict=True):
            mark = marks.get(item.at)
            text = texts[row] if row < len(texts) else ""
            line.append((_middle(text, size), style_of(mark)))
            line.append((signs.down, "plain"))
        rows.append(line)
    return [
        _edge(signs, left, right, widths, up),
        *rows,
        _edge(signs, signs.corners[3], signs.corners[2], widths, down),
    ]


def _edge(signs: Signs, first: str, last: str, widths: Iterable[int], tee: str = "") -> Line:
    return [(first + tee.join(signs.across * width for width in widths) + last, "plain")]


def _framed(line: Line, inner: int, signs: Signs) -> Line:
    blank = " " * (inner - line_width(line))
    return [(signs.down, "plain"), *line, (f"{blank}{signs.down}", "plain")]


def _middle(text: str, width: int) -> str:
    rest = max(0, width - cells(text))
    return " " * (rest // 2) + text + " " * (rest - rest // 2)


def _lines(text: str, width: int) -> list[str]:
    """Break a name where it meets the edge: at a blank, or anywhere, for Chinese has none."""
    lines = [""]
    for char in characters(text):
        if lines[-1] and cells(lines[-1] + char) > width:
            head, _, tail = lines[-1].rpartition(" ")
            broken = len(head) > 1 and char != " "  # not behind a mark alone
            lines[-1:] = [head, tail] if broken else [lines[-1].rstrip(" "), ""]
        lines[-1] += char if lines[-1] or char != " " else ""
    return lines
