"""The remote's limits on the texts of a menu, in its own unit: bytes of UTF-8.

They hold for what is sent, so they are asked after variables are filled in. Each rule gives
what is wrong with one text. Figures and sources: core/limits.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from menuops.core.limits import (
    KEY_BYTES,
    SUB_NAME_BYTES,
    SUB_NAME_COLUMNS,
    TOP_NAME_BYTES,
    TOP_NAME_COLUMNS,
    URL_BYTES,
)
from menuops.files.broken import Broken, Rule
from menuops.files.rules.names import blank_at_edge, shown_sub, shown_top, unseen
from menuops.files.rules.usual import BLANKS, is_plain, may_hold_marks

_URL: Final = re.compile(r"(?i)https?://(?:[^/?#\s@]*@)?[^/?#\s:@][^/?#\s@]*(?:[/?#]|\Z)")
# Few files need these, so that they are compiled where they are used, 0.3 ms each.
_APPID: Final = r"wx[0-9a-f]{16}\Z"
_TAG_ID: Final = r"[0-9]+\Z"
_ALLOW: Final = r"(?s)[a-z]+(?:-[a-z]+)*(?::.+)?\Z"
_CONTROL: Final = "[\x00-\x1f\x7f\ud800-\udfff]"


def control_character(text: str) -> Iterator[Broken]:
    """Refuse U+0000 to U+001F, U+007F and halves of characters: JSON or the remote would."""
    if text.isprintable():
        return
    found = re.search(_CONTROL, text)
    if found:
        if found.start() == len(text.rstrip("\r\n")):
            message = (
                r"the text ends in a line break; delete the `\n`, or in a block write `|-` for `|`"
            )
        elif found[0] in "\r\n":
            message = "the text holds a line break"
        else:
            message = f"the text holds the control character {_name(found[0])}"
        yield Broken("control-character", "error", message)


def top_name(text: str) -> Iterable[Broken]:
    """Say what is wrong with the name of a top-level entry, and what is doubtful."""
    if text and len(text) * 2 <= TOP_NAME_COLUMNS and is_plain(text):
        return ()  # no character takes more than two columns, nor four bytes
    return _name_rule(text, TOP_NAME_BYTES, "a top-level entry", shown_top)


def sub_name(text: str) -> Iterable[Broken]:
    """Say what is wrong with a name in a sub-menu, and what is doubtful."""
    if text and len(text) * 2 <= SUB_NAME_COLUMNS and is_plain(text):
        return ()
    return _name_rule(text, SUB_NAME_BYTES, "a sub-menu", shown_sub)


def _name_rule(text: str, most: int, where: str, shown: Rule) -> Iterator[Broken]:
    if not text:
        yield Broken("name-empty", "error", "name is empty; a follower needs something to tap")
    elif len(text) * 4 > most and (size := _size(text)) > most:
        message = f"name is {_figure(text, size)}, at most {most} fit {where}; shorten it"
        yield Broken("name-too-long", "error", message)
    else:
        yield from shown(text)
    if not is_plain(text):
        yield from unseen("name", text)
    yield from _marks(text)


def key(text: str) -> Iterator[Broken]:
    """Say what is wrong with a key, and what is doubtful."""
    if not text:
        yield Broken(
            "key-empty", "error", "key is empty; the account's server receives it on a tap"
        )
    elif len(text) * 4 > KEY_BYTES and (size := _size(text)) > KEY_BYTES:
        message = f"key is {_figure(text, size)}, at most {KEY_BYTES} fit; shorten it"
        yield Broken("key-too-long", "error", message)
    if not is_plain(text):
        yield from unseen("key", text)
    yield from _marks(text)


def url(text: str) -> Iterator[Broken]:
    """Say what is wrong with a link; what is doubtful depends on the account (link_rules.py)."""
    if not _URL.match(text) or may_hold_marks(text):
        yield from _beginning(text)
    if len(text) * 4 > URL_BYTES and (size := _size(text)) > URL_BYTES:
        message = f"url is {_figure(text, size)}, at most {URL_BYTES} fit; shorten it"
        yield Broken("url-too-long", "error", message)


def _beginning(text: str) -> Iterator[Broken]:
    """Say why a link doesn't begin as one, if it doesn't: for a mark, a blank, or at all."""
    from menuops.files.reader.template_marks import mark_message, mark_of_host

    mark = mark_of_host(text)
    inner = text.strip(BLANKS)
    if mark is not None:
        yield Broken("other-format", "error", mark_message(mark[0]), mark.start())
    elif inner != text and _URL.match(inner):
        blank = blank_at_edge("url", text)
        yield blank._replace(rule="url-scheme", severity="error")
    elif not _URL.match(text):
        message = "url must begin with https:// or http:// and a host"
        yield Broken("url-scheme", "error", "url is empty; give a link" if not text else message)


def _marks(text: str) -> Iterable[Broken]:
    if "{{" in text or "{%" in text or "<%" in text or "<?" in text:
        from menuops.files.reader.template_marks import left_over

        return left_over(text)
    return ()


def appid(text: str) -> Iterator[Broken]:
    """Say what is wrong with a mini program's AppID."""
    doubts = tuple(_filled("appid", text))
    yield from doubts
    if text and not doubts and not re.match(_APPID, text.lower()):
        message = "a mini program's appid is `wx` and 16 of 0 to 9 and a to f; copy it again"
        yield Broken("mini-program-appid", "warning", message)
    elif text != text.lower():
        message = "the appid of a mini program is written in lower case"
        yield Broken("appid-case", "warning", message)


def _filled(field: str, text: str) -> Iterator[Broken]:
    if not text:
        yield Broken(f"{field.replace('_', '-')}-empty", "error", f"{field} is empty; fill it in")
    elif not is_plain(text):
        yield from unseen(field, text)
    yield from _marks(text)


def pagepath(text: str) -> Iterator[Broken]:
    """Say what is wrong with a page inside a mini program."""
    return _filled("pagepath", text)


def media_id(text: str) -> Iterator[Broken]:
    """Say what is wrong with the id of a material."""
    return _filled("media_id", text)


def article_id(text: str) -> Iterator[Broken]:
    """Say what is wrong with the id of an article."""
    return _filled("article_id", text)


def own_id(text: str) -> Iterator[Broken]:
    """Say what is wrong with an `id` of ours."""
    return _filled("id", text)


def tag(text: str) -> Iterator[Broken]:
    """Say what is wrong with a tag's name."""
    return _filled("tag", text)


def tag_id(text: str) -> Iterator[Broken]:
    """Say what is wrong with a tag's id."""
    if not re.match(_TAG_ID, text):
        message = "tag_id is a number, digits in quotes; a tag's name goes under `tag`"
        yield Broken("tag-id", "error", "tag_id is empty; fill it in" if not text else message)


def allow(text: str) -> Iterator[Broken]:
    """Say what is wrong with the name of a guard; that it exists is asked elsewhere."""
    if not re.match(_ALLOW, text):
        yield Broken("allow-form", "error", "write GUARD or GUARD:NAME, as the plan prints it")


FIELDS: Final[Mapping[str, Rule]] = {
    "key": key,
    "url": url,
    "appid": appid,
    "pagepath": pagepath,
    "media_id": media_id,
    "article_id": article_id,
}
"""The rule of each field of a button."""


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _figure(text: str, size: int) -> str:
    return f"{size} bytes ({len(text)} characters)"


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"
