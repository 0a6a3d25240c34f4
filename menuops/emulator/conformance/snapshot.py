"""What an account had before: read, judged for whether it can be put back, kept in a file."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .caller import Caller
from .errors import CannotStart, OtherShape
from .wire import Exchange

FORMAT = "menuops-conformance-1"
NO_MENU = (46002, 46003)
FIELDS = {
    "click": {"key"},
    "view": {"url"},
    "miniprogram": {"url", "appid", "pagepath"},
    "scancode_push": {"key"},
    "scancode_waitmsg": {"key"},
    "pic_sysphoto": {"key"},
    "pic_photo_or_album": {"key"},
    "pic_weixin": {"key"},
    "location_select": {"key"},
    "media_id": {"media_id"},
    "view_limited": {"media_id"},
    "article_id": {"article_id"},
    "article_view_limited": {"article_id"},
}
RULE_FIELDS = {"tag_id", "group_id", "client_platform_type"}
COMPARED = ("key", "url", "appid")  # of what selfmenu spells in its own way, what stays the same


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An account's menus as they can be posted back, and what else was read.

    `menu` is the body of menu/create, None for no menu; `conditional` are bodies of addconditional,
    the oldest first. `obstacles` says what couldn't be put back exactly. `followers` is None where
    the server doesn't tell.
    """

    menu: dict[str, Any] | None
    conditional: tuple[dict[str, Any], ...] = ()
    tag_ids: tuple[int, ...] = ()
    followers: int | None = None
    openids: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    is_open: int | None = None
    console_alone: bool = False  # the web console's menu is the only one


def read_account(caller: Caller, to_write: bool) -> Snapshot:
    """Read what is there. Raises Lost; CannotStart where it can't be read and is to be written."""
    menus = caller.call("menu/get")
    try:
        return _read(caller, menus, to_write)
    except OtherShape as other:
        raise CannotStart(caller.redact(f"menu/get answered {other}")) from None


def _read(caller: Caller, answered: Exchange, to_write: bool) -> Snapshot:
    if to_write and answered.errcode and answered.errcode not in NO_MENU:
        raise CannotStart(
            f"menu/get answered {answered.errcode}, so what is there can't be kept; "
            "--read-only checks what needs no menu"
        )
    menus: dict[str, Any] = {} if answered.errcode else answered.value()
    menu, conditional = posted(menus)
    obstacles = list(odd_entries(menus))
    is_open, alone = None, False
    current = caller.call("get_current_selfmenu_info")
    if current.errcode:
        obstacles.append(f"get_current_selfmenu_info answered {current.errcode}")
    else:
        is_open = current.value().get("is_menu_open")
        marks = list(console_marks(menu, current.value()))
        obstacles += marks
        alone = menu is None and bool(marks)
    followers, openids = read_followers(caller)
    return Snapshot(
        menu=menu,
        conditional=conditional,
        tag_ids=tuple(read_tags(caller)),
        followers=followers,
        openids=openids,
        obstacles=tuple(obstacles),
        is_open=is_open if isinstance(is_open, int) else None,
        console_alone=alone,
    )


def read_followers(caller: Caller) -> tuple[int | None, tuple[str, ...]]:
    """Give how many follow, and the first of them."""
    value = caller.call("user/get").value()
    total, data = value.get("total"), value.get("data")
    openids = data.get("openid") if isinstance(data, dict) else None
    listed = openids if isinstance(openids, list) else []
    return (
        total if isinstance(total, int) else None,
        tuple(one for one in listed if isinstance(one, str)),
    )


def read_tags(caller: Caller) -> Iterator[int]:
    """Give the ids of the account's tags, none where it has no right to them."""
    tags = caller.call("tags/get").value().get("tags")
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, dict) and isinstance(tag.get("id"), int):
            yield tag["id"]


# From an answer of menu/get to what can be posted


def posted(answer: dict[str, Any]) -> tuple[dict[str, Any] | None, tuple[dict[str, Any], ...]]:
    """Give the body of menu/create and those of addconditional, the oldest first.

    By their ids, which grow; whether menu/get always lists the newest first isn't established.
    """
    menu = answer.get("menu")
    if not isinstance(menu, dict):
        return None, ()
    listed = answer.get("conditionalmenu")
    known = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    known.reverse()  # for those without an id
    oldest_first = sorted(known, key=_menuid)
    return (
        {"button": _buttons(menu.get("button"))},
        tuple(
            {"button": _buttons(one.get("button")), "matchrule": _rule(one.get("matchrule"))}
            for one in oldest_first
        ),
    )


def _menuid(menu: dict[str, Any]) -> int:
    found = str(menu.get("menuid", ""))
    return int(found) if found.isascii() and found.isdigit() else 0


def _buttons(entries: Any) -> list[Any]:
    return [_button(entry) for entry in entries] if isinstance(entries, list) else []


def _button(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    children = entry.get("sub_button")
    if isinstance(children, list) and children:
        return {**entry, "sub_button": _buttons(children)}
    return {name: value for name, value in entry.items() if name != "sub_button"}


def _rule(rule: Any) -> dict[str, str]:
    given = rule if isinstance(rule, dict) else {}
    named = {"tag_id" if name == "group_id" else name: value for name, value in given.items()}
    return {name: str(value) for name, value in named.items() if value not in (None, "")}


# What couldn't be put back


def odd_entries(answer: dict[str, Any]) -> Iterator[str]:
    """Say what menu/get lists that can't be posted as it stands."""
    menu = answer.get("menu", {"button": []})
    listed = answer.get("conditionalmenu", [])
    if not isinstance(menu, dict) or not isinstance(listed, list):
        yield "menu/get answers in a shape that isn't known"
        return
    for one in (menu, *listed):
        if not isinstance(one, dict) or not isinstance(one.get("button"), list):
            yield "menu/get lists a menu in a shape that isn't known"
        elif not all(_known_entry(entry) for entry in one["button"]):
            yield "an entry has a type or a field that can't be posted"
    for one in listed:
        rule = one.get("matchrule") if isinstance(one, dict) else None
        withdrawn = sorted(set(rule) - RULE_FIELDS) if isinstance(rule, dict) else ["no rule"]
        if withdrawn:
            yield f"a conditional menu is dead, it can't be added again: {', '.join(withdrawn)}"


def _known_entry(entry: Any, level: int = 0) -> bool:
    if not isinstance(entry, dict):
        return False
    children = entry.get("sub_button")
    if isinstance(children, list) and children:
        named = set(entry) == {"name", "sub_button"} and level == 0
        return named and all(_known_entry(child, 1) for child in children)
    wanted = FIELDS.get(str(entry.get("type")))
    return wanted is not None and set(entry) - {"sub_button"} == {"type", "name", *wanted}


def console_marks(menu: dict[str, Any] | None, current: dict[str, Any]) -> Iterator[str]:
    """Say whether the menu in force is another than the API's."""
    info = current.get("selfmenu_info")
    if menu is None:
        if isinstance(info, dict) and info.get("button"):
            yield "the web console made the menu in force, and the API can't make it again"
    elif current.get("is_menu_open") != 1:
        yield "the menu is switched off in the web console, and the API can't switch it off again"
    elif not isinstance(info, dict) or not _alike(menu["button"], info.get("button")):
        yield "the web console overrides the API's menu, and the API can't make its menu again"


def _alike(posted_ones: Any, shown: Any) -> bool:
    """Compare names and structure, and of the fields those that both have."""
    if isinstance(shown, dict):
        shown = shown.get("list")
    if not isinstance(posted_ones, list) or not isinstance(shown, list):
        return not posted_ones and not shown
    return len(posted_ones) == len(shown) and all(
        isinstance(one, dict)
        and isinstance(other, dict)
        and one.get("name") == other.get("name")
        and (one.get("type") == other.get("type") or "sub_button" in one)
        and all(one[field] == other[field] for field in COMPARED if field in one and field in other)
        and _alike(one.get("sub_button"), other.get("sub_button"))
        for one, other in zip(posted_ones, shown, strict=True)
    )


# The file


def save(snapshot: Snapshot, url: str, appid: str, path: Path) -> None:
    """Write a new file, readable by its owner alone. Raises CannotStart."""
    document = {
        "format": FORMAT,
        "url": url,
        "appid": appid,
        "taken_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "menu": snapshot.menu,
        "conditional": list(snapshot.conditional),
        "tag_ids": list(snapshot.tag_ids),
    }
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as cause:
        raise CannotStart(f"can't write {path}: {cause.strerror}") from None


def load(path: Path, url: str, appid: str) -> Snapshot:
    """Read a file that `save` wrote for this account. Raises CannotStart."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as cause:
        raise CannotStart(f"can't read {path}: {cause.strerror}") from None
    except ValueError:
        raise CannotStart(f"{path} is no JSON") from None
    match document:
        case {
            "format": str(of_format),
            "url": str(of_url),
            "appid": str(of_appid),
            "menu": {"button": [*_]} | None as menu,
            "conditional": [*conditional],
            "tag_ids": [*tag_ids],
        } if of_format == FORMAT:
            if (of_url, of_appid) != (url, appid):
                raise CannotStart(f"{path} is of {of_appid} at {of_url}, not of {appid} at {url}")
            return Snapshot(menu, tuple(conditional), tuple(tag_ids))
    raise CannotStart(f"{path} is no file of this suite")
