"""What a phone shows of a menu: names cut as the client cuts them, and what each tap does.

Source of the lengths: core/limits.py. Columns are those of `columns`: a Chinese character two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from menuops.core.columns import columns
from menuops.core.console import SENDS
from menuops.core.jsonform import canonical
from menuops.core.limits import SUB_NAME_COLUMNS, TOP_NAME_COLUMNS
from menuops.core.model import ACTIONS, Action, Button, Buttons, Entry, Foreign, Parent
from menuops.core.visible import safe

CUT: Final = "…"
_JOINER: Final = "\u200d"
_COLOURED: Final = "\ufe0f"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry on the screen.

    `at` is its place, "2" or "2.1"; `name` the whole name and `shown` what the client leaves of
    it, both fit to be shown. `type` is the remote's, empty for what opens `items`. `does` says
    in words what a tap does; `known` is whether menuops, and so the API, can make it.
    """

    at: str
    name: str
    shown: str
    type: str
    does: str
    known: bool = True
    opens: bool = False
    items: tuple[Item, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether the client leaves a part of the name out."""
        return self.shown != self.name


def screen(buttons: Buttons) -> tuple[Item, ...]:
    """Work out what stands at the bottom of the chat, left to right; empty for no menu."""
    return tuple(_item(entry, str(number)) for number, entry in enumerate(buttons, 1))


def all_items(items: tuple[Item, ...]) -> Iterator[Item]:
    """Walk through a screen, each entry before what it opens."""
    for item in items:
        yield item
        yield from item.items


def _item(entry: Entry, at: str) -> Item:
    name = shown_name(entry.name)
    shown = cut_name(name, TOP_NAME_COLUMNS if at.isdecimal() else SUB_NAME_COLUMNS)
    match entry:
        case Parent(_, children):
            items = tuple(_item(child, f"{at}.{n}") for n, child in enumerate(children, 1))
            does = f"opens a sub-menu of {len(items)}"
            return Item(at, name, shown, "", does, opens=True, items=items)
        case Foreign(_, type_):
            return Item(at, name, shown, safe(type_ or "?"), safe(_foreign(entry)), known=False)
        case _:
            return Item(at, name, shown, entry.TYPE, safe(what_it_does(entry)))


def shown_name(name: str) -> str:
    r"""Write a name so that nothing in it is invisible: `\u202e`, `\n`.

    Only what joins one emoji to the next, which makes one picture of them, stays as it is.
    """
    if _JOINER not in name:
        return safe(name)
    shown, begun = "", 0
    for at, char in enumerate(name):
        if char == _JOINER and _joins(name, at):
            shown += f"{safe(name[begun:at])}{char}"
            begun = at + 1
    return shown + safe(name[begun:])


def _joins(name: str, index: int) -> bool:
    before = name[:index].rstrip(_COLOURED)[-1:]
    return _is_picture(before) and _is_picture(name[index + 1 : index + 2])


def _is_picture(char: str) -> bool:
    return bool(char) and (unicodedata.category(char) == "So" or ord(char) in _SKIN_TONES)


def cut_name(name: str, limit: int) -> str:
    """Cut a name to `limit` columns and mark the cut with `…`, as the client does.

    No picture, flag or letter with its marks is cut through.
    """
    if columns(name) <= limit:
        return name
    kept = ""
    for char in characters(name):
        if columns(kept + char) > limit:
            break
        kept += char
    return f"{kept}{CUT}"


def characters(text: str) -> Iterator[str]:
    """Split a text into what a reader takes for one character: a family, a flag, a letter."""
    whole = ""
    for char in text:
        if whole and not _goes_on(whole, char):
            yield whole
            whole = ""
        whole += char
    if whole:
        yield whole


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Split a text into parts that are pictures, and parts that aren't: (part, is it pictures)."""
    part, pictures = "", False
    for char in characters(text):
        is_picture = any(map(_is_emoji, char))
        if part and is_picture != pictures:
            yield part, pictures
            part = ""
        part, pictures = part + char, is_picture
    if part:
        yield part, pictures


def _is_emoji(char: str) -> bool:
    return char == _COLOURED or 0x1F000 <= ord(char) <= 0x1FBFF


def is_emoji_part(char: str) -> bool:
    """Tell whether a character only joins emoji or changes how one looks."""
    return char in (_JOINER, _COLOURED) or ord(char) in _SKIN_TONES


def _goes_on(whole: str, char: str) -> bool:
    if is_emoji_part(char) or whole.endswith(_JOINER):
        return True
    if ord(char) in _FLAG_LETTERS:
        return len(whole) == 1 and ord(whole) in _FLAG_LETTERS
    return unicodedata.category(char) in ("Mn", "Me", "Mc")


_DOES: Final[Mapping[str, Callable[[Any], str]]] = {
    "click": lambda b: f"sends the key {b.key} to the account's server",
    "view": lambda b: f"opens {b.url}",
    "miniprogram": lambda b: (
        f"opens {b.pagepath} of the mini program {b.appid}; an old client opens {b.url}"
    ),
    "scancode_push": lambda b: f"scans a code and opens what it says; key {b.key}",
    "scancode_waitmsg": lambda b: f"scans a code and waits for the server; key {b.key}",
    "pic_sysphoto": lambda b: f"takes a photo and sends it; key {b.key}",
    "pic_photo_or_album": lambda b: f"takes or picks a photo and sends it; key {b.key}",
    "pic_weixin": lambda b: f"picks photos from the album and sends them; key {b.key}",
    "location_select": lambda b: f"picks a place and sends it; key {b.key}",
    "media_id": lambda b: f"sends the material {b.media_id}",
    "view_limited": lambda b: f"opens the article of the material {b.media_id}",
    "article_id": lambda b: f"sends the published article {b.article_id}",
    "article_view_limited": lambda b: f"opens the published article {b.article_id}",
}
assert _DOES.keys() == ACTIONS.keys()


def what_it_does(button: Button) -> str:
    """Say in words what a tap on a button does, with its link or key as it stands."""
    if isinstance(button, Action):
        return _DOES[button.TYPE](button)
    return _foreign(button)


def _foreign(button: Foreign) -> str:
    sends = SENDS.get(button.type)
    if sends is not None:
        says = f"sends {sends}, made in the web console (公众号后台)"
    elif button.type in ACTIONS:
        says = f"a {button.type} that lacks a field; what a tap does isn't known"
    else:
        says = "of a type that menuops doesn't know" if button.type else "has no type"
    rest = " ".join(
        f"{name}={value if isinstance(value, str) else canonical(value)}"
        for name, value in button.fields
    )
    return f"{says}: {rest}" if rest else says
