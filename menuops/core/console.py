"""What the web console made, and the nearest to it that the API can make.

The console (公众号后台) makes buttons of types that can't be posted: `text`, `img`, `news` and
others, seen in get_current_selfmenu_info alone. Source: reference, 3.3 and 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from menuops.core.finding import DataPath
from menuops.core.jsonform import parse_buttons
from menuops.core.limits import KEY_BYTES, URL_BYTES
from menuops.core.model import (
    ACTIONS,
    Action,
    Button,
    Buttons,
    Click,
    ConditionalMenu,
    Entry,
    Foreign,
    Menus,
    Parent,
    View,
)

SENDS: Final[Mapping[str, str]] = {
    "text": "a text",
    "img": "a picture",
    "photo": "a picture",
    "voice": "a voice message",
    "video": "a video",
    "news": "articles (图文消息)",
}
"""The types of the console that are known, with what a tap sends."""
_ANSWERS: Final = {**SENDS, "text": "this text", "news": "the articles"}
_MATERIAL: Final = "what is permanent material needs no bot: type media_id"
_EMPTY: Final[tuple[Any, ...]] = ("", None, [], {})
_INDENT: Final = 40
"""Blanks, at most, in front of what a console button holds; a level is two of them."""
_VIDEO_PAGE: Final = re.compile(r"https?://mp\.weixin\.qq\.com/\S+\Z")
_PAGE: Final = re.compile(r"https?://[^\s/?#]+\S*\Z")


@dataclass(frozen=True, slots=True)
class Remark:
    """What a file says above an entry that isn't what the account has.

    `path` leads to the entry among the new menus; where it is left out, to the one that comes
    after it. `lines` are a comment, of which those at `ours` are sentences, the others what the
    account holds; `message` says what becomes different for followers, in a finding of `rule`.
    """

    path: DataPath
    lines: tuple[str, ...]
    message: str
    left_out: bool = False
    rule: str = "console-entry"
    ours: tuple[int, ...] = ()


def nearest_menus(menus: Menus) -> tuple[Menus, tuple[Remark, ...]]:
    """Put the nearest that the API can make in the place of what the console made.

    A button that nothing is near to is left out. One of a type that the API knows, with a field
    missing, stays as it is: its file says what is missing.
    """
    making = _Making(_keys(menus))
    button = making.buttons(menus.button, ("button",))
    conditional = tuple(
        ConditionalMenu(
            menu.matchrule, making.buttons(menu.button, ("conditionalmenu", index, "button"))
        )
        for index, menu in enumerate(menus.conditionalmenu)
    )
    return Menus(button, conditional), tuple(making.remarks)


def leaves(menus: Menus) -> Iterator[Button]:
    """List the buttons of all menus; those of a sub-menu in place of what opens it."""
    for buttons in (menus.button, *(menu.button for menu in menus.conditionalmenu)):
        for entry in buttons:
            yield from entry.sub_button if isinstance(entry, Parent) else (entry,)


def _keys(menus: Menus) -> set[str]:
    keys = (getattr(_in_lower_case(button), "key", None) for button in leaves(menus))
    return {key for key in keys if isinstance(key, str)}


class _Making:
    """One pass over all menus; keys that were made up are distinct from all others."""

    def __init__(self, keys: set[str]) -> None:
        self.remarks: list[Remark] = []
        self._keys = keys
        self._numbers: dict[str, int] = {}  # the next to try behind a stem

    def buttons(self, buttons: Buttons, path: DataPath) -> Buttons:
        made: list[Entry] = []
        for entry in buttons:
            at = (*path, len(made))
            if not isinstance(entry, Parent):
                made += self._button(entry, at)
                continue
            before = len(self.remarks)
            children: list[Button] = []
            for child in entry.sub_button:
                children += self._button(child, (*at, "sub_button", len(children)))
            if children:
                made.append(Parent(entry.name, tuple(children), id=entry.id))
            else:
                # Nothing is left to open; what is said of its buttons goes where it would stand.
                gone = self.remarks[before:]
                lines, ours = [f"{entry.name}, which opens:"], [0]
                for each in gone:
                    ours += [len(lines) + number for number in each.ours]
                    lines += [f"  {line}" for line in each.lines]
                message = (
                    f"the sub-menu {entry.name!r} is left out: the API can make none of its "
                    "buttons; they stand as a comment"
                )
                self.remarks[before:] = [
                    Remark(at, tuple(lines), message, left_out=True, ours=tuple(ours))
                ]
        return tuple(made)

    def _button(self, button: Button, path: DataPath) -> list[Button]:
        if not isinstance(button, Foreign) or button.type in ("", *ACTIONS):
            return [button]
        written = _in_lower_case(button)
        if written is not button:
            message = (
                f"{button.name!r} has the type {button.type!r}, which WeChat would not take; types "
                f"are in lower case, so here it is {button.type.lower()!r}"
            )
            self.remarks.append(Remark(path, (), message, rule="type-case"))
            return [written]
        fields = dict(button.fields)
        sends = SENDS.get(button.type)
        if sends is None:
            lines = [f"{button.name}: type {button.type}, which the API can't make"]
            message = (
                f"{button.name!r} is left out: the API can't make the type {button.type!r}, and "
                "nothing that is near to it is known; it stands as a comment"
            )
            self.remarks.append(
                Remark(path, (*lines, *_outline(fields, "  ")), message, left_out=True, ours=(0,))
            )
            return []
        made, effect = self._nearest(button, fields)
        lines = [
            f"Made in the web console (公众号后台): type {button.type}, which sends {sends}.",
            *_outline(_lasting(button.type, made, fields), "  "),
            f"The API has no such type; the {made.TYPE} below {effect}.",
        ]
        message = (
            f"{button.name!r} sent {sends} from the web console, and the API can't; "
            f"the {made.TYPE} here {effect}"
        )
        self.remarks.append(Remark(path, tuple(lines), message, ours=(0, len(lines) - 1)))
        return [made]

    def _nearest(self, button: Foreign, fields: Mapping[str, Any]) -> tuple[Action, str]:
        page, several = _page(button.type, fields)
        if page is not None and button.type == "news":
            what = "the first of the articles" if several else "the article"
            return View(button.name, page), f"opens {what}, where this one sent it to the chat"
        if page is not None:
            return View(button.name, page), "opens the video's page, where this one sent the video"
        key = self._key(button.name)
        what = _ANSWERS[button.type]
        hint = "" if button.type in ("text", "news") else f"; {_MATERIAL}"
        return Click(
            button.name, key
        ), f"asks your bot, which has to answer {key!r} with {what}{hint}"

    def _key(self, name: str) -> str:
        """Make a key out of a name; one that no other button has."""
        stem = re.sub(r"\W+", "_", name).strip("_") or "KEY"
        stem = stem.encode()[: KEY_BYTES - 4].decode(errors="ignore")
        key, number = stem, self._numbers.get(stem, 2)
        while key in self._keys:
            key, number = f"{stem}_{number}", number + 1
        self._keys.add(key)
        self._numbers[stem] = number
        return key


def _in_lower_case(button: Button) -> Button:
    """Read a type of the API that was written otherwise: `VIEW`. Source: reference, 3.3."""
    if not isinstance(button, Foreign) or button.type in ACTIONS:
        return button
    if button.type.lower() not in ACTIONS:
        return button
    fields = {**dict(button.fields), "type": button.type.lower(), "name": button.name}
    (made,) = parse_buttons([fields])
    return button if isinstance(made, Parent) else made


def _page(type_: str, fields: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Find the page that shows what a button sends, and whether it shows a part of it only."""
    if type_ == "video":
        # Older answers hold a download link, whose `vkey` expires.
        value = fields.get("value")
        return (value if _fits(value, _VIDEO_PAGE) else None), False
    info = fields.get("news_info") if type_ == "news" else None
    articles = info.get("list") if isinstance(info, Mapping) else None
    if not isinstance(articles, list) or not articles:
        return None, False
    url = articles[0].get("content_url") if isinstance(articles[0], Mapping) else None
    return (url if _fits(url, _PAGE) else None), len(articles) > 1


def _fits(url: object, form: re.Pattern[str]) -> bool:
    return (
        isinstance(url, str)
        and url.isprintable()
        and len(url.encode()) <= URL_BYTES
        and form.match(url) is not None
    )


def _lasting(type_: str, made: Action, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Choose what is to be told of a console button: all but what is another at each reading.

    That is the media id of a picture or a voice, and the download link of a video, while the
    link to a video's page lasts. Source: reference, 3.9.
    """
    if type_ == "text" or (type_ == "video" and isinstance(made, View)):
        return dict(fields)
    if type_ == "news":
        info = fields.get("news_info")
        articles = info.get("list") if isinstance(info, Mapping) else info
        return {**fields, "news_info": articles}
    return {name: value for name, value in fields.items() if name != "value"}


def _outline(value: Any, indent: str) -> Iterator[str]:
    """Write all that a JSON value says as lines for a person; what is empty is left out.

    What lies deeper than any answer is `…`.
    """
    if isinstance(value, Mapping | list) and len(indent) > _INDENT:
        yield f"{indent}…"
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if inner not in _EMPTY:
                yield from _under(f"{indent}{name}:", inner, f"{indent}  ")
    elif isinstance(value, list):
        for item in value:
            first, *more = (*_outline(item, f"{indent}  "), "")
            yield f"{indent}- {first.strip()}".rstrip()
            yield from more[:-1]
    else:
        yield from (f"{indent}{line}" for line in str(value).splitlines() or [""])


def _under(head: str, value: Any, indent: str) -> Iterator[str]:
    first, *more = (*_outline(value, indent), "")
    if isinstance(value, Mapping | list):
        yield head
        yield first
    else:
        yield f"{head} {first.strip()}"
    yield from more[:-1]
