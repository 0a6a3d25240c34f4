"""Which menu WeChat refuses, and with which number. Pure: a body in, the first fault found out.

Codes come in pairs, for a top-level entry and for one of a sub-menu. Lengths are bytes of UTF-8.
WeChat reports one fault and not where; the order in which it looks isn't published. Sources: the
page of menu/create, the table of return codes, and reports where a comment says so.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from .account import Account
from .buttons import ACTIONS, FIELDS, Buttons, JsonObject, children
from .refusal import Refusal

MOST_ENTRIES = 3
MOST_SUB_ENTRIES = 5
KEY_BYTES = 128
PATH_BYTES = 1024  # of pagepath; no length is published
MEDIA_ID_BYTES = 256  # a limit exists (40117), its figure isn't published; real ones have 43

Pair: TypeAlias = tuple[int, int]  # code for a top-level entry, code for a sub-menu entry

TYPE: Pair = (40017, 40024)
NAME = 40018  # at both levels, in reports; the table has 40025 for sub-menus: a switch
KEY: Pair = (40019, 40026)
URL: Pair = (40020, 40027)
URL_DOMAIN: Pair = (40055, 40054)  # the sub-menu's twin has the lower number
MEDIA_ID: Pair = (40117, 40118)
BARRED: Pair = (40119, 40120)

# WeChat also has 65317 "contain invalid url" and 40066; when it prefers them to 40055 and 40054
# isn't known. Chinese in a path was never reported as refused, so it passes; blanks don't.
WEB_URL = re.compile(
    r"https?://(?:[^/?#@\s\x00-\x1f\x7f]*@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\s\[\]\x00-\x1f\x7f]+)"
    r"(?::[0-9]*)?(?:[/?#][^\s\x00-\x1f\x7f]*)?",
    re.IGNORECASE,
)


def check_menu(account: Account, body: JsonObject, conditional: bool = False) -> Buttons:
    """Give the entries of a posted body, or raise the Refusal that WeChat would answer.

    A body without `button`, as the answers of menu/get and selfmenu are, is 40016 (reported).
    """
    entries = body.get("button")
    if conditional and entries == []:
        raise Refusal(65307)
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_ENTRIES:
        raise Refusal(40016)
    for entry in entries:
        check_entry(account, entry, conditional)
    return tuple(entries)


def check_entry(account: Account, entry: Any, conditional: bool) -> None:
    """Check a top-level entry and its sub-menu."""
    if not isinstance(entry, dict):
        raise Refusal(TYPE[0])
    check_text(entry.get("name"), int(account.switches.name_bytes), NAME)
    listed = entry.get("sub_button")
    if listed is None or (listed == [] and "type" in entry):
        check_leaf(account, entry, 0, conditional)
        return
    # A parent that was posted with a type and a key beside its sub-menu was taken (reported).
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_SUB_ENTRIES:
        raise Refusal(40023)
    for child in listed:
        if not isinstance(child, dict):
            raise Refusal(TYPE[1])
        if children(child):
            raise Refusal(40022)
        check_sub_name(account, child.get("name"))
        check_leaf(account, child, 1, conditional)


def check_sub_name(account: Account, name: Any) -> None:
    """Check the name of a sub-menu's entry."""
    check_text(name, int(account.switches.sub_name_bytes), int(account.switches.sub_name_code))


def check_leaf(account: Account, leaf: JsonObject, level: int, conditional: bool) -> None:
    """Check an entry's type and the fields of that type; others are ignored (reported).

    A field that is missing is reported as one of wrong length: 40019 for no key, 40027 for no url.
    """
    kind = leaf.get("type")
    if conditional and kind is None and not any(leaf.get(name) for name in ACTIONS):
        raise Refusal(65308)
    if not isinstance(kind, str) or kind not in FIELDS:
        raise Refusal(TYPE[level])
    if kind in account.barred_types:
        raise Refusal(BARRED[level])
    for name in FIELDS[kind]:
        check_field(account, name, leaf.get(name), level)


def check_field(account: Account, name: str, value: Any, level: int) -> None:
    """Check a field that an entry's type needs."""
    match name:
        case "key":
            check_text(value, KEY_BYTES, KEY[level])
        case "url":
            url = check_text(value, int(account.switches.url_bytes), URL[level])
            if not WEB_URL.fullmatch(url):
                raise Refusal(URL_DOMAIN[level])
        case "appid":
            check_linked(account, value)
        case "pagepath":
            if check_text(value, PATH_BYTES, 40165).startswith("/"):
                raise Refusal(40165)
        case "media_id":
            media_id = check_text(value, MEDIA_ID_BYTES, MEDIA_ID[level])
            if account.media_ids is not None and media_id not in account.media_ids:
                raise Refusal(40007)
        case "article_id":
            article_id = check_text(value, MEDIA_ID_BYTES, 53600)
            if account.article_ids is not None and article_id not in account.article_ids:
                raise Refusal(53600)


def check_linked(account: Account, appid: Any) -> None:
    """Check a mini program's appid: in lower case (said so since 2025-11-25), and linked."""
    if check_text(appid, KEY_BYTES, 40166) != appid.lower():
        raise Refusal(40166)
    if account.linked_apps is not None and appid not in account.linked_apps:
        raise Refusal(45064)


def check_text(value: Any, most_bytes: int, errcode: int) -> str:
    """Give `value` if it is text of 1 to `most_bytes` bytes, else refuse it with `errcode`."""
    if not isinstance(value, str) or not 1 <= len(value.encode("utf-8", "replace")) <= most_bytes:
        raise Refusal(errcode)
    return value


def hosts(buttons: Buttons) -> set[str]:
    """Give the hosts that a menu's entries lead to.

    The fallback url of a mini program counts too. Whether it does with WeChat isn't known; whoever
    stays within the limit here stays within it there.
    """
    found = set()
    for entry in buttons:
        for leaf in children(entry) or [entry]:
            url = leaf.get("url")
            match = WEB_URL.fullmatch(url) if isinstance(url, str) else None
            if match:
                found.add(match["host"].lower())
    return found
