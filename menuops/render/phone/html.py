"""A phone as a fragment of HTML; style and script stand once on the page that holds it.

The fragment has neither ids nor style attributes nor handlers, so that a page can hold any
number of phones and forbid all inline code but its own.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import Final

from menuops.core.model import Buttons
from menuops.core.screen import Item, screen, shown_name
from menuops.render.language.speech import said
from menuops.render.phone.marks import NO_MARKS, Marks
from menuops.render.phone.marks import Mark as Mark


def asset(name: str) -> str:
    """Read a file of this package that goes into a page as it stands."""
    return resources.files("menuops.render.phone").joinpath(name).read_text(encoding="utf-8")


PHONE_CSS: Final[str] = asset("phone.css")
PHONE_JS: Final[str] = asset("phone.js")

_BARS: Final = (
    '<svg class="phone-bars" viewBox="0 0 12 12" aria-hidden="true">'
    '<path d="M1 2.5h10M1 6h10M1 9.5h10"/></svg>'
)
_KEYBOARD: Final = (
    '<svg viewBox="0 0 28 28"><circle cx="14" cy="14" r="12.6"/>'
    '<path d="M8 10h.01M12 10h.01M16 10h.01M20 10h.01M8 14h.01M12 14h.01M16 14h.01M20 14h.01'
    'M10.5 18.2h7"/></svg>'
)
_BACK: Final = '<svg viewBox="0 0 12 20"><path d="M10 2 2 10l8 8"/></svg>'
_PERSON: Final = (
    '<svg viewBox="0 0 24 24"><circle cx="12" cy="7.5" r="4.2"/>'
    '<path d="M3.5 21c.6-4.6 3.6-7 8.5-7s7.9 2.4 8.5 7z"/></svg>'
)
_SIGNAL: Final = (
    '<svg class="phone-signal" viewBox="0 0 64 14"><path d="M1 10h3v3H1zM6 7.5h3V13H6zM11 5h3v8h-3z'
    'M16 2h3v11h-3z"/><path d="M28 6.2a8.5 8.5 0 0 1 12 0l-1.5 1.5a6.4 6.4 0 0 0-9 0z'
    'm3 3a4.2 4.2 0 0 1 6 0l-3 3z"/><path d="M46 2.5h14a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H46'
    'a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zm.5 1.5v6h11V4zM63 5.5v3z"/></svg>'
)


def phone_html(
    buttons: Buttons, *, caption: str, marks: Marks = NO_MARKS, title: str = "公众号"
) -> str:
    """Draw a phone that shows a menu, as a `<figure>`.

    `marks` go by place, "1.2"; `caption` and `title`, the account's name at the top of the
    screen, are plain text. Sub-menus are all open until PHONE_JS runs.
    """
    items = screen(buttons)
    if items:
        cells = "".join(_cell(item, marks) for item in items)
        menu = (
            f'<span class="phone-keys" aria-hidden="true">{_KEYBOARD}</span>'
            f'<div class="phone-cells" role="menubar" aria-label="{_attr(caption)}">{cells}</div>'
        )
        hint = said("Tap a button.")
    else:
        menu = '<span class="phone-input" aria-hidden="true"></span>'
        hint = said("No menu: followers see the keyboard alone.")
    return (
        f'<figure class="phone"><figcaption class="phone-caption">{_text(caption)}</figcaption>'
        f'<div class="phone-body">{_top(title)}'
        f'<div class="phone-menu{"" if items else " phone-none"}">{menu}</div></div>'
        f'<p class="phone-said" aria-live="polite">{_text(hint)}</p></figure>\n'
    )


def _top(title: str) -> str:
    return (
        f'<div class="phone-top" aria-hidden="true"><span class="phone-time">9:41</span>{_SIGNAL}'
        f'</div><div class="phone-head" aria-hidden="true">{_BACK}'
        f'<span class="phone-title">{_text(title)}</span>{_PERSON}</div>'
        '<div class="phone-chat" aria-hidden="true"><span class="phone-when">9:41</span>'
        '<span class="phone-from"></span><span class="phone-card"><i></i><i></i><i></i></span>'
        "</div>"
    )


def _cell(item: Item, marks: Marks) -> str:
    inside = sum(child.at in marks for child in item.items)
    pills = f"{_type(item)}{_pill(marks.get(item.at))}"
    if inside:
        counted = said(f"{inside} change{'' if inside == 1 else 's'} inside")
        pills += f'<span class="phone-mark phone-inside">{counted}</span>'
    name = f'<span class="phone-name">{_BARS if item.opens else ""}{_label(item)}</span>'
    popup = ""
    if item.opens:
        inner = "".join(_sub_button(child, marks) for child in item.items)
        label = _attr(item.name)
        popup = f'<div class="phone-pop" role="menu" aria-label="{label}">{inner}</div>'
    haspopup = ' aria-haspopup="menu" aria-expanded="true"' if item.opens else ""
    return (
        f'<div class="phone-cell" role="none">'
        f'<button type="button" class="phone-tab" role="menuitem"{haspopup}'
        f"{_told(item, marks)}>{name}{pills}</button>{popup}</div>"
    )


def _sub_button(item: Item, marks: Marks) -> str:
    return (
        f'<button type="button" class="phone-item" role="menuitem"{_told(item, marks)}>'
        f'<span class="phone-name">{_label(item)}</span>{_type(item)}{_pill(marks.get(item.at))}'
        "</button>"
    )


def _label(item: Item) -> str:
    return f'<span class="phone-text">{_text(item.shown)}</span>'


def _type(item: Item) -> str:
    return "" if item.known else f'<span class="phone-type">{_text(item.type)}</span>'


def _pill(mark: Mark | None) -> str:
    if mark is None:
        return ""
    style = f"phone-mark phone-{mark.style}"
    return f'<span class="{_attr(style)}">{_text(f"{mark.symbol} {said(mark.word)}")}</span>'


def _told(item: Item, marks: Marks) -> str:
    """Give the attributes that say what a tap does: for the pointer, a reader, and the script."""
    mark = marks.get(item.at)
    name = item.name + (f" ({said('cut')})" if item.is_cut else "")
    says = f"{item.at} {name}{f' [{item.type}]' if item.type else ''}: {item.does}"
    marked = f"{said(mark.word)}, " if mark else ""
    label = f"{item.name}, {marked}{item.does}"
    return f' aria-label="{_attr(label)}" title="{_attr(says)}" data-says="{_attr(says)}"'


def _text(text: str) -> str:
    return escape(shown_name(text), quote=False)


def _attr(text: str) -> str:
    return escape(shown_name(text), quote=True)
