"""What can be published in the web console (公众号后台): the shape of `selfmenu_info`.

A leaf is {type, name} and what its type carries; a parent is {name, sub_button: {list: [leaf]}}.
The console lets nobody publish anything else. Source: WeChat's page of get_current_selfmenu_info,
and a live answer for the fields of a mini program. The lengths are those of the API: the console's
own aren't published.
"""

from __future__ import annotations

from typing import Any

from .account import Account
from .buttons import JsonObject
from .validation import MOST_ENTRIES, MOST_SUB_ENTRIES, WEB_URL

# `img` and `photo` are two words for a picture; the value of a video is where it can be fetched.
CARRIED: dict[str, tuple[str, ...]] = {
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    **dict.fromkeys(("text", "img", "photo", "voice", "video", "news"), ("value",)),
}


def check_console(account: Account, info: Any) -> None:
    """Raise ValueError, with the place, if the console couldn't have published this."""
    top = mapping(info, "selfmenu_info")
    check_names(top, ("button",), "selfmenu_info")
    most_bytes = int(account.switches.name_bytes)
    for entry, at in listed(top, "button", 0, MOST_ENTRIES, "selfmenu_info"):
        if "sub_button" in entry:
            check_names(entry, ("name", "sub_button"), at)
            check_text(entry, "name", at, most_bytes)
            sub_menu, inside = mapping(entry["sub_button"], f"{at}.sub_button"), f"{at}.sub_button"
            check_names(sub_menu, ("list",), inside)
            for leaf, leaf_at in listed(sub_menu, "list", 1, MOST_SUB_ENTRIES, inside):
                check_leaf(account, leaf, int(account.switches.sub_name_bytes), leaf_at)
        else:
            check_leaf(account, entry, most_bytes, at)


def check_leaf(account: Account, leaf: JsonObject, name_bytes: int, at: str) -> None:
    """Check an entry that does something."""
    kind = check_text(leaf, "type", at)
    if kind not in CARRIED:
        raise ValueError(f"{at}.type: the console has no {kind}; it has {', '.join(CARRIED)}")
    carried = CARRIED[kind]
    extra = ("news_info",) if kind == "news" else ()
    check_names(leaf, ("type", "name", *carried, *extra), at)
    check_text(leaf, "name", at, name_bytes)
    for name in carried:
        check_text(leaf, name, at, int(account.switches.url_bytes) if name == "url" else None)
    if "url" in carried and not WEB_URL.fullmatch(leaf["url"]):
        raise ValueError(f"{at}.url: isn't an address that begins with http:// or https://")
    if "news_info" in leaf:
        inside = f"{at}.news_info"
        articles = mapping(leaf["news_info"], inside)
        check_names(articles, ("list",), inside)
        listed(articles, "list", 1, None, inside)


def listed(
    holder: JsonObject, name: str, fewest: int, most: int | None, at: str
) -> list[tuple[JsonObject, str]]:
    """Give the objects of a list, with the place of each."""
    entries, inside = holder.get(name), f"{at}.{name}"
    if not isinstance(entries, list):
        wrong = "isn't a list" if name in holder else "is missing"
        raise ValueError(f"{inside}: {wrong}")
    if len(entries) < fewest or (most is not None and len(entries) > most):
        wanted = f"at least {fewest}" if most is None else f"{fewest} to {most}"
        raise ValueError(f"{inside}: has {len(entries)} entries; {wanted} can be published")
    return [
        (mapping(entry, f"{inside}[{number}]"), f"{inside}[{number}]")
        for number, entry in enumerate(entries)
    ]


def mapping(value: Any, at: str) -> JsonObject:
    """Give an object."""
    if not isinstance(value, dict):
        raise ValueError(f"{at}: isn't an object")
    return value


def check_names(found: JsonObject, known: tuple[str, ...], at: str) -> None:
    """Refuse a field that nothing there has."""
    for name in found:
        if name not in known:
            raise ValueError(f"{at}: has no {name}; it has {', '.join(known)}")


def check_text(holder: JsonObject, name: str, at: str, most_bytes: int | None = None) -> str:
    """Give a field that is text, not empty and not too long."""
    value = holder.get(name)
    if not isinstance(value, str):
        wrong = "isn't text" if name in holder else "is missing"
        raise ValueError(f"{at}.{name}: {wrong}")
    if not value:
        raise ValueError(f"{at}.{name}: is empty")
    size = len(value.encode("utf-8", "replace"))
    if most_bytes is not None and size > most_bytes:
        raise ValueError(f"{at}.{name}: is {size} bytes, at most {most_bytes} fit")
    return value
