"""What an account has now, out of the two answers that together show it.

`menu/get` shows menus made through the API only; `get_current_selfmenu_info` shows the default
menu in force, whoever made it, and no conditional ones. Sources:
https://developers.weixin.qq.com/doc/service/api/custommenu/api_getmenu and
https://developers.weixin.qq.com/doc/subscription/api/custommenu/api_getcurrentselfmenuinfo.html
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from menuops.core.jsonform import (
    buttons_to_json,
    menus_to_json,
    parse_buttons,
    sha256,
)
from menuops.core.model import (
    Action,
    ArticleId,
    ArticleViewLimited,
    Buttons,
    ConditionalMenu,
    Entry,
    Foreign,
    MatchRule,
    MediaId,
    Menus,
    Parent,
    ViewLimited,
)


class Console(enum.Enum):
    """What the web console (公众号后台) has to do with the default menu in force."""

    NONE = "none"
    """Nothing: what the API made is in force."""
    MADE = "made"
    """It made the menu; there is none of the API."""
    OVERRIDES = "overrides"
    """It put its own menu over that of the API."""
    CLOSED = "closed"
    """It switched the menu off (停用)."""
    UNREADABLE = "unreadable"
    """Not known: get_current_selfmenu_info couldn't be read."""

    @property
    def in_force(self) -> bool:
        """Whether followers see the console's doing in place of the API's menu."""
        return self in (Console.MADE, Console.OVERRIDES, Console.CLOSED)


@dataclass(frozen=True, slots=True)
class DeadMenu:
    """A conditional menu that no longer matches anybody, though `menu/get` still lists it.

    Its rule has a field that WeChat withdrew for privacy (65320), or one that we don't know.
    `matchrule` is as it was answered, `group_id` and all.
    """

    menuid: str
    matchrule: tuple[tuple[str, Any], ...]
    button: Buttons


@dataclass(frozen=True, slots=True)
class Live:
    """The state of an account.

    `menuids` belong to `menus.conditionalmenu`, one each in the same order. Where the console's
    menu is in force, `menus.button` is that menu.
    """

    menus: Menus = field(default_factory=Menus)
    menuids: tuple[str, ...] = ()
    console: Console = Console.NONE
    dead: tuple[DeadMenu, ...] = ()


def read_live(menu: Mapping[str, Any] | None, selfmenu: Mapping[str, Any] | None) -> Live:
    """Make the value out of the two answers.

    `menu` is the answer of `menu/get`, None for 46003 (no menu). `selfmenu` is that of
    `get_current_selfmenu_info`, None where it couldn't be read. Raises nothing: unknown parts
    are kept as `Foreign` buttons and dead menus.
    """
    answer = menu or {}
    made = parse_buttons(_mapping(answer.get("menu")).get("button"))
    alive, dead = _conditional_menus(answer.get("conditionalmenu"))
    console = _console(made, selfmenu)
    match console:
        case Console.MADE | Console.OVERRIDES:
            default = _selfmenu_buttons(selfmenu)
        case Console.CLOSED:
            default = ()
        case _:
            default = made
    return Live(
        menus=Menus(default, tuple(menu for _, menu in alive)),
        menuids=tuple(menuid for menuid, _ in alive),
        console=console,
        dead=dead,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _conditional_menus(
    answer: Any,
) -> tuple[list[tuple[str, ConditionalMenu]], tuple[DeadMenu, ...]]:
    alive: list[tuple[str, ConditionalMenu]] = []
    dead: list[DeadMenu] = []
    listed = answer if isinstance(answer, list) else ()
    for item in _newest_first([_mapping(item) for item in listed]):
        menuid, rule = str(item.get("menuid", "")), _mapping(item.get("matchrule"))
        buttons = parse_buttons(item.get("button"))
        understood = _rule(rule)
        if understood is None:
            dead.append(DeadMenu(menuid, tuple(sorted(rule.items())), buttons))
        else:
            alive.append((menuid, ConditionalMenu(understood, buttons)))
    return alive, tuple(dead)


def _newest_first(items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    # That answers stand newest first was seen once and is documented nowhere; menuids grow.
    try:
        return sorted(items, key=lambda item: int(item["menuid"]), reverse=True)
    except (KeyError, TypeError, ValueError, OverflowError):
        return items


def _rule(answer: Mapping[str, Any]) -> MatchRule | None:
    said = {name: str(value) for name, value in answer.items() if value not in ("", None)}
    tag_id = said.pop("tag_id", None)
    # What is posted as tag_id comes back as group_id.
    tag_id = said.pop("group_id", None) or tag_id
    platform = said.pop("client_platform_type", None)
    if said or (tag_id is None and platform is None):
        return None
    return MatchRule(tag_id, platform)


def _selfmenu_buttons(selfmenu: Mapping[str, Any] | None) -> Buttons:
    return parse_buttons(_mapping(_mapping(selfmenu).get("selfmenu_info")).get("button"))


def _console(made: Buttons, selfmenu: Mapping[str, Any] | None) -> Console:
    if selfmenu is None:
        return Console.UNREADABLE
    if str(selfmenu.get("is_menu_open")) == "0":
        return Console.CLOSED if made else Console.NONE
    in_force = _selfmenu_buttons(selfmenu)
    if not made:
        return Console.MADE if in_force else Console.NONE
    # An open menu without any button says nothing that could contradict menu/get.
    return Console.NONE if not in_force or _alike(made, in_force) else Console.OVERRIDES


_SPELT_OTHERWISE: Final = (MediaId, ViewLimited, ArticleId, ArticleViewLimited)
"""Actions that get_current_selfmenu_info shows under types and values of its own."""


def _alike(made: Buttons, in_force: Buttons) -> bool:
    return len(made) == len(in_force) and all(map(_alike_entry, made, in_force))


def _alike_entry(made: Entry, in_force: Entry) -> bool:
    if made.name != in_force.name:
        return False
    if isinstance(made, Parent) or isinstance(in_force, Parent):
        return (
            isinstance(made, Parent)
            and isinstance(in_force, Parent)
            and _alike(made.sub_button, in_force.sub_button)
        )
    if isinstance(made, _SPELT_OTHERWISE):
        return True
    ours, theirs = _comparable(made), _comparable(in_force)
    return ours["type"] == theirs["type"] and all(
        ours[name] == theirs[name] for name in ours.keys() & theirs.keys()
    )


def _comparable(button: Action | Foreign) -> dict[str, Any]:
    (fields,) = buttons_to_json((button,))
    return {name: fields[name] for name in ("type", "key", "url", "appid") if fields.get(name)} | {
        "type": fields.get("type", "")
    }


def fingerprint(live: Live) -> str:
    """Hash what was live, so that a plan made for it can tell when it moved; 64 hex digits.

    Covers the normal form, the conditional menus' ids, dead menus, and the console. The
    media values that the console's buttons carry are left out: they differ at each call.
    """
    menus = menus_to_json(live.menus)
    if live.console.in_force:
        menus["button"] = buttons_to_json(_lasting(entry) for entry in live.menus.button)
    return sha256(
        {
            **menus,
            "menuids": live.menuids,
            "console": live.console.in_force,
            "dead": [
                {**dead_to_json(menu), "matchrule": {name: str(v) for name, v in menu.matchrule}}
                for menu in live.dead
            ],
        }
    )


def same_default(one: Live, other: Live) -> bool:
    """Tell whether two readings show one default menu, made by the same hand."""
    return one.console.in_force == other.console.in_force and tuple(
        map(_lasting, one.menus.button)
    ) == tuple(map(_lasting, other.menus.button))


def _lasting(entry: Entry) -> Entry:
    match entry:
        case Parent(name, sub_button):
            children = tuple(_lasting(child) for child in sub_button)
            return Parent(name, children)  # type: ignore[arg-type]  # a child is never a Parent
        case Foreign(name, type_, fields) if type_ != "text":
            kept = tuple(item for item in fields if item[0] not in ("value", "news_info"))
            return Foreign(name, type_, kept)
    return entry


def dead_to_json(menu: DeadMenu) -> dict[str, Any]:
    """Give `{"menuid", "matchrule", "button"}`, the rule as it was answered."""
    return {
        "menuid": menu.menuid,
        "matchrule": dict(menu.matchrule),
        "button": buttons_to_json(menu.button),
    }


def dead_from_json(value: Mapping[str, Any]) -> DeadMenu:
    """Read back what `dead_to_json` gave."""
    return DeadMenu(
        value["menuid"],
        tuple(sorted(value["matchrule"].items())),
        parse_buttons(value["button"]),
    )
