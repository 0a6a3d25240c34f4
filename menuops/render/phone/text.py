"""A preview in a terminal: phones out of lines, and beside or below them what each tap does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Final

from menuops.core.preview import AccountPreview, Scene
from menuops.render.language.speech import said
from menuops.render.phone.captions import caption, lines_below, phones
from menuops.render.phone.marks import marks_of
from menuops.render.phone.taps import Tap, taps
from menuops.render.phone.text_phone import (
    ASCII,
    LINES,
    Block,
    Line,
    Signs,
    draw_phone,
    line_width,
    style_of,
)
from menuops.render.terminal import Paint, cells, cut, pad, safe, wrap

WIDTH: Final = 100
_LEAST_TAPS: Final = 44
"""Columns that the list of taps needs to stand beside a phone, and not below."""
_LONGEST_NAME: Final = 24
_GAP: Final = 3


def preview_text(
    accounts: Sequence[AccountPreview],
    *,
    of_plan: bool,
    colour: bool = False,
    ascii_only: bool = False,
    width: int = WIDTH,
) -> str:
    """Draw all accounts, at most `width` columns wide but for links, which stay whole."""
    signs, paint = (ASCII if ascii_only else LINES), Paint(colour=colour)
    blocks = [_account(account, signs, width, of_plan=of_plan) for account in accounts]
    return "\n\n".join("\n".join(_painted(block, paint)) for block in blocks) + "\n"


def _painted(block: Block, paint: Paint) -> list[str]:
    # Blanks at an end are no part of the picture.
    return ["".join(paint(text, style) for text, style in _stripped(line)) for line in block]


def _stripped(line: Line) -> Line:
    while line and not line[-1][0].strip():
        line = line[:-1]
    return [*line[:-1], (line[-1][0].rstrip(), line[-1][1])] if line else []


def _account(account: AccountPreview, signs: Signs, width: int, *, of_plan: bool) -> Block:
    if account.unreadable is not None:
        return _said(f"{account.name} can't be read: {account.unreadable}", width)
    block: Block = []
    for scene in account.scenes:
        block += [*([[]] if block else []), *_scene(account.name, scene, signs, width)]
    for line in lines_below(account, of_plan=of_plan):
        block += [[], *_said(line, width)]
    return block


def _said(text: str, width: int) -> Block:
    return [[(line, "plain")] for line in wrap(said(safe(text)), width)]


def _scene(title: str, scene: Scene, signs: Signs, width: int) -> Block:
    there = phones(scene)
    listed = taps(scene)

    def drawn(room: int) -> list[Block]:
        rows = max((_sub_rows(phone.button) for phone in there), default=0)
        return [
            draw_phone(
                phone.button,
                caption=safe(caption(scene, phone)),
                title=safe(title),
                marks=marks_of(phone),
                signs=signs,
                width=room,
                rows=rows,
            )
            for phone in there
        ]

    return _arranged(drawn, lambda room: _told(listed, room), len(there), width)


def _sub_rows(button: Iterable[object]) -> int:
    return max((len(getattr(entry, "sub_button", ())) for entry in button), default=0)


def _arranged(
    draw: Callable[[int], list[Block]], tell: Callable[[int], Block], count: int, width: int
) -> Block:
    """Put phones beside each other, and the list beside them, as far as there is room."""
    half = (width - _GAP) // 2
    blocks = draw(width)
    if count == 2 and sum(map(_width, blocks)) + _GAP > width:
        narrow = draw(half)
        if max(map(_width, narrow)) <= half and half >= _LEAST_TAPS:
            blocks = narrow
        else:
            return [*blocks[0], [], *blocks[1], [], *tell(width)]
    block = _beside(blocks)
    room = width - _width(block) - _GAP
    if room >= _LEAST_TAPS:
        return _beside([block, [[], *tell(room)]])
    told = tell(width)
    return [*block, [], *told] if told else block


def _beside(blocks: Sequence[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    widths = [_width(block) for block in blocks]
    lines: Block = []
    for row in zip_longest(*blocks, fillvalue=[]):
        line: Line = []
        for part, width in zip(row, widths, strict=True):
            line += [*part, (" " * (width - line_width(part) + _GAP), "plain")]
        lines.append(line)
    return lines


def _width(block: Block) -> int:
    return max(map(line_width, block), default=0)


def _told(listed: Sequence[Tap], width: int) -> Block:
    """List the taps: in one line where name and deed fit, else the deed below."""
    names = [cells(tap.name) for tap in listed if cells(tap.name) <= _LONGEST_NAME]
    column = max(names, default=0)
    signs = max((cells(tap.mark) for tap in listed), default=0)
    block: Block = []
    for tap in listed:
        head: Line = [(pad(tap.at, 3) + "  ", "dim")]
        if signs:
            head.append((pad(tap.mark, signs) + "  ", style_of(tap.sign)))
        name = f"{tap.name} ({said('cut')})" if tap.is_cut else tap.name
        start = line_width(head)
        if start + max(column, cells(name)) + 2 + cells(tap.does) <= width:
            block.append([*head, (pad(name, column) + "  ", "bold"), (tap.does, "plain")])
            continue
        block.append([*head, (cut(name, max(width - start, 1)), "bold")])
        block += [[(f"     {part}", "plain")] for part in _deed(tap.does, max(width - 5, 1))]
    return block


def _deed(text: str, width: int) -> list[str]:
    """Break a text at blanks; a link that is longer than a line stays behind its verb."""
    lines = wrap(text, width)
    if len(lines) == 2 and " " not in lines[1] and cells(lines[1]) > width:
        return [text]
    return lines
