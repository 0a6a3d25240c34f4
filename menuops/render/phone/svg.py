"""A preview as one static picture: all sub-menus open, so that everything is seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final
from xml.etree import ElementTree

from menuops.core.columns import columns
from menuops.core.preview import AccountPreview, Scene
from menuops.core.screen import Item, characters, cut_name, runs, screen, shown_name
from menuops.render.language.speech import said
from menuops.render.phone.captions import caption, phones
from menuops.render.phone.marks import Mark, Marks, marks_of
from menuops.render.phone.taps import Tap, taps

FONTS: Final = (
    "'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'Helvetica Neue', "
    "'DejaVu Sans', sans-serif, 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji'"
)
_EMOJI: Final = "'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif"
_SVG: Final = "{http://www.w3.org/2000/svg}"
_PHONE: Final = 452
_KEYS: Final = 46
_FRAME: Final = 9
_EDGE: Final = 28
_GAP: Final = 32
_TAPS: Final = 400
_HEAD: Final = 86  # status bar and title
_ROW: Final = 42
_MARKED_ROW: Final = 56
_PILL: Final = {
    "added": ("#0a6e31", "#daf5e3"),
    "removed": ("#a8201a", "#fde3e1"),
    "changed": ("#7a4b00", "#ffedcc"),
    "moved": ("#1a4fa0", "#dfeaff"),
    "warned": ("#7a4b00", "#ffe58a"),
}
_PLAIN_PILL: Final = ("#6b6b6b", "#f0f0f0")
_INK: Final = "#191919"
_SOFT: Final = "#6b6b6b"
_LINE: Final = "#d9d9d9"
_TAP_COLUMNS: Final = 54


def preview_svg(account: AccountPreview, *, taps: bool = False) -> str:
    """Draw an account's scenes below each other; with `taps` a column that tells what taps do."""
    picture = _Picture()
    top, width = float(_EDGE), 0
    for scene in account.scenes:
        drawn = phones(scene)
        layout = _Layout([screen(phone.button) for phone in drawn], [*map(marks_of, drawn)])
        left = float(_EDGE)
        for phone, items, marks in zip(drawn, layout.screens, layout.marks, strict=True):
            above = caption(scene, phone)
            picture.text(left + _PHONE / 2, top + 16, above, 16, weight=600)
            _phone(picture, left, top + 32, account.name, items, marks, layout)
            left += _PHONE + _GAP
        bottom = top + 32 + layout.height
        if taps:
            bottom = max(bottom, _taps(picture, left, top, scene))
            left += _TAPS + _GAP
        width = max(width, round(left - _GAP + _EDGE))
        top = bottom + _GAP
    height = round(top - _GAP + _EDGE)
    title = _text(said(f"{account.name}: the menu as a phone shows it"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="{_text(FONTS)}">\n'
        f'<title>{title}</title>\n<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
        f"{picture}</svg>\n"
    )


def drawn_text(svg: str) -> str:
    """Give all text that a picture of ours draws; its title isn't drawn."""
    root = ElementTree.fromstring(svg)  # noqa: S314  # ours, with no entity in it
    return "".join(part for element in root.iter(f"{_SVG}text") for part in element.itertext())


class _Picture:
    """The elements of a picture, written in order."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def __str__(self) -> str:
        return "".join(f"{part}\n" for part in self._parts)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0,
        stroke: str = "", line: float = 1,
    ) -> None:  # fmt: skip
        round_ = f' rx="{_n(radius)}"' if radius else ""
        edge = f' stroke="{stroke}" stroke-width="{_n(line)}"' if stroke else ""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
            f'{round_} fill="{fill}"{edge}/>'
        )

    def path(self, way: str, *, fill: str = "none", stroke: str = "", line: float = 1) -> None:
        edge = f' stroke="{stroke}" stroke-width="{_n(line)}" stroke-linecap="round"'
        self._parts.append(
            f'<path d="{way}" fill="{fill}"{edge if stroke else ""} stroke-linejoin="round"/>'
        )

    def circle(self, x: float, y: float, radius: float, line: float) -> None:
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="none" stroke="{_INK}"'
            f' stroke-width="{_n(line)}"/>'
        )

    def text(
        self, x: float, y: float, text: str, size: float, *, fill: str = _INK, weight: int = 400,
        anchor: str = "middle",
    ) -> None:  # fmt: skip
        bold = f' font-weight="{weight}"' if weight != 400 else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}"'
            f' fill="{fill}"{bold}>{_spans(text)}</text>'
        )


class _Layout:
    """Heights that the phones of a scene share, so that they stand level."""

    def __init__(self, screens: Sequence[tuple[Item, ...]], marks: Sequence[Marks]) -> None:
        self.screens, self.marks = screens, marks
        together = [
            (item, marked) for items, marked in zip(screens, marks, strict=True) for item in items
        ]
        tallest = max((self.popup(item, marked) for item, marked in together), default=0)
        self.bar = max((_row_height(item, marked) for item, marked in together), default=50) + 10
        self.chat = max(250, tallest + 116)
        self.height = _FRAME * 2 + _HEAD + self.chat + self.bar + 20

    def popup(self, item: Item, marks: Marks) -> int:
        """Give the height of a sub-menu."""
        return sum(_row_height(child, marks) for child in item.items)


def _row_height(item: Item, marks: Marks) -> int:
    return _ROW if not _pills(item, marks) else _MARKED_ROW


def _pills(item: Item, marks: Marks) -> list[tuple[str, tuple[str, str]]]:
    mark = marks.get(item.at)
    kind = [] if item.known else [(cut_name(item.type, 12), _PLAIN_PILL)]
    return [*kind, *([(f"{mark.symbol} {said(mark.word)}", _colours(mark))] if mark else [])]


def _colours(mark: Mark) -> tuple[str, str]:
    return _PILL.get(mark.style, _PLAIN_PILL)


def _phone(
    picture: _Picture, left: float, top: float, title: str, items: tuple[Item, ...], marks: Marks,
    layout: _Layout,
) -> None:  # fmt: skip
    inset = _FRAME / 2
    picture.rect(
        left + inset, top + inset, _PHONE - _FRAME, layout.height - _FRAME, "#ededed", 40,
        "#1b1b1d", _FRAME,
    )  # fmt: skip
    _head(picture, left, top, title)
    bar_top = top + _FRAME + _HEAD + layout.chat
    bar_left, bar_right = left + _FRAME, left + _PHONE - _FRAME
    bottom, radius = top + layout.height - _FRAME, 35
    picture.path(
        f"M{_n(bar_left)} {_n(bar_top)}H{_n(bar_right)}V{_n(bottom - radius)}a{radius} {radius} 0 "
        f"0 1-{radius} {radius}H{_n(bar_left + radius)}a{radius} {radius} 0 0 1-{radius}-{radius}z",
        fill="#f7f7f7",
    )
    picture.path(f"M{_n(bar_left)} {_n(bar_top)}H{_n(bar_right)}", stroke=_LINE)
    middle = left + _PHONE / 2
    picture.rect(middle - 66, bottom - 12, 132, 4, _INK, 2)
    if not items:
        picture.rect(bar_left + 16, bar_top + 8, _PHONE - 2 * _FRAME - 32, 40, "#ffffff", 6)
        picture.text(middle, bar_top - 18, said("no menu: the keyboard alone"), 13, fill=_SOFT)
        return
    _keyboard(picture, bar_left + _KEYS / 2, bar_top + layout.bar / 2)
    size = (bar_right - bar_left - _KEYS) / len(items)
    for number, item in enumerate(items):
        x = bar_left + _KEYS + number * size
        picture.path(f"M{_n(x)} {_n(bar_top)}v{layout.bar}", stroke=_LINE)
        _entry(picture, x + size / 2, bar_top + 5, layout.bar - 10, item, marks, 14)
        if item.items:
            _popup(picture, x + size / 2, bar_top - 10, min(size, 160) - 6, item, marks, layout)


def _head(picture: _Picture, left: float, top: float, title: str) -> None:
    y, middle, right = top + _FRAME, left + _PHONE / 2, left + _PHONE - _FRAME
    picture.text(left + 40, y + 28, "9:41", 14, weight=600, anchor="start")
    for number, height in enumerate((3, 5, 8, 11)):
        picture.rect(right - 84 + number * 5, y + 28 - height, 3, height, _INK, 0.5)
    picture.rect(right - 55, y + 17.5, 23, 10, "none", 2.5, _INK, 1)
    picture.rect(right - 53, y + 19.5, 17, 6, _INK, 1)
    picture.path(f"M{_n(left + 30)} {_n(y + 53)}l-8 8 8 8", stroke=_INK, line=1.8)
    picture.text(middle, y + 67, cut_name(title, 32), 16, weight=600)
    picture.circle(right - 28, y + 56.5, 4, 1.6)
    picture.path(
        f"M{_n(right - 36)} {_n(y + 70)}c.6-4.4 3.4-6.6 8-6.6s7.4 2.2 8 6.6z",
        stroke=_INK, line=1.6,
    )  # fmt: skip
    picture.path(f"M{_n(left + _FRAME)} {_n(y + _HEAD)}H{_n(right)}", stroke=_LINE)
    chat = y + _HEAD
    picture.text(middle, chat + 24, "9:41", 12, fill=_SOFT)
    picture.rect(left + 26, chat + 38, 38, 38, "#07c160", 5)
    picture.rect(left + 74, chat + 38, 210, 62, "#ffffff", 6)
    for number, width in enumerate((186, 152, 100)):
        picture.rect(left + 86, chat + 50 + number * 15, width, 8, "#e4e4e4", 4)


def _keyboard(picture: _Picture, x: float, y: float) -> None:
    picture.circle(x, y, 12.5, 1.5)
    keys = "".join(f"M{_n(x + dx)} {_n(y + dy)}h.01" for dy in (-4, 0) for dx in (-6, -2, 2, 6))
    picture.path(f"{keys}M{_n(x - 3.5)} {_n(y + 4.2)}h7", stroke=_INK, line=1.5)


def _popup(
    picture: _Picture, middle: float, bottom: float, width: float, item: Item, marks: Marks,
    layout: _Layout,
) -> None:  # fmt: skip
    height = layout.popup(item, marks)
    left, y = middle - width / 2, bottom - height
    picture.rect(left, y, width, height, "#ffffff", 7, _LINE)
    picture.path(f"M{_n(middle - 6)} {_n(bottom)}l6 6 6-6", fill="#ffffff", stroke=_LINE)
    picture.path(f"M{_n(middle - 5)} {_n(bottom)}h10", stroke="#ffffff", line=2)
    for child in item.items:
        if child is not item.items[0]:
            picture.path(f"M{_n(left)} {_n(y)}h{_n(width)}", stroke="#e6e6e6")
        row = _row_height(child, marks)
        _entry(picture, middle, y, row, child, marks, 13)
        y += row


def _entry(
    picture: _Picture, middle: float, top: float, height: float, item: Item, marks: Marks,
    size: float,
) -> None:  # fmt: skip
    pills = _pills(item, marks)
    line = top + height / 2 + size * 0.36 - (10 if pills else 0)
    x = middle
    if item.opens:
        x += 8
        # A Chinese font draws the `…` of a cut name as wide as a Chinese character.
        bars = x - (columns(item.shown) + item.is_cut) * size / 4 - 15
        way = "".join(f"M{_n(bars)} {_n(line - size * 0.36 + d)}h9" for d in (-3.5, 0, 3.5))
        picture.path(way, stroke=_SOFT, line=1.3)
    picture.text(x, line, item.shown, size)
    widths = [columns(text) * 5.6 + 12 for text, _ in pills]
    left = middle - (sum(widths) + 4 * (len(pills) - 1)) / 2
    for (text, (ink, ground)), width in zip(pills, widths, strict=True):
        picture.rect(left, line + 7, width, 16, ground, 8)
        picture.text(left + width / 2, line + 18.5, text, 10, fill=ink, weight=600)
        left += width + 4


def _taps(picture: _Picture, left: float, top: float, scene: Scene) -> float:
    """Write the column of taps; gives where it ends."""
    picture.text(left, top + 16, said("What a tap does"), 16, weight=600, anchor="start")
    y = top + 46
    for tap in taps(scene):
        y = _tap(picture, left, y, tap)
    return y


def _tap(picture: _Picture, left: float, y: float, tap: Tap) -> float:
    picture.text(left, y, tap.at, 12, fill=_SOFT, anchor="start")
    name = f"{tap.name} ({said('cut')})" if tap.is_cut else tap.name
    heads = _wrapped(f"{name}  {tap.mark}" if tap.mark else name, _TAP_COLUMNS)
    ink = _colours(tap.sign)[0] if tap.sign else _INK
    for line in heads:
        picture.text(left + 28, y, line, 13, weight=600, fill=ink, anchor="start")
        y += 18
    for line in _wrapped(tap.does, _TAP_COLUMNS):
        picture.text(left + 28, y, line, 12, fill=_SOFT, anchor="start")
        y += 17
    return y + 7


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines: at a blank where one is near, else where the line is full."""
    lines, line = [], ""
    for char in characters(text):
        if line and columns(line + char) > width:
            head, blank, tail = line.rpartition(" ")
            keep = bool(blank) and columns(tail) < width // 3 and char != " "
            lines.append(head if keep else line)
            line = tail if keep else ""
        line += char if line or char != " " else ""
    return [*lines, line] if line or not lines else lines


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _spans(text: str) -> str:
    """Write a text with its emoji in a font of their own: resvg breaks joined ones in others."""
    return "".join(
        f'<tspan font-family="{_EMOJI}">{_text(part)}</tspan>' if pictures else _text(part)
        for part, pictures in runs(shown_name(text))
    )


def _text(text: str) -> str:
    return escape(shown_name(text), quote=True)
