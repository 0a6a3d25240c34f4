"""States that come from somewhere else than the menu calls: a saved answer, the web console."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from .buttons import Buttons, JsonObject
from .state import AccountState, Menu


def live(state: AccountState, menu_get_answer: JsonObject) -> AccountState:
    """Give the state in which menu/get answers this value. Raises ValueError for another shape."""
    answer: JsonObject = json.loads(json.dumps(menu_get_answer))  # a copy, and known to be JSON
    if answer.get("errcode") == 46003:
        return replace(state, default=None, conditional=())
    match answer:
        case {"menu": {"button": [*_]} as menu, **others} if set(others) <= {"conditionalmenu"}:
            listed = others.get("conditionalmenu", [])
        case _:
            raise ValueError("an answer of menu/get is {menu: {button}, conditionalmenu?}")
    if not isinstance(listed, list):
        raise ValueError("conditionalmenu is a list")
    known = [menuid_of(one) for one in (menu, *listed)]
    next_menuid = max([state.next_menuid, *(menuid + 1 for menuid in known if menuid is not None)])
    menus: list[Menu] = []
    for one, menuid in reversed(list(zip((menu, *listed), known, strict=True))):
        if menuid is None:
            menuid, next_menuid = next_menuid, next_menuid + 1
        menus.insert(0, seeded_menu(one, menuid, conditional=one is not menu))
    return replace(
        state,
        default=menus[0],
        conditional=tuple(menus[1:]),
        next_menuid=next_menuid,
    )


def menuid_of(menu: Any) -> int | None:
    """Give a menu's id; numbers and digits as text are taken."""
    match menu:
        case {"menuid": bool()}:
            raise ValueError("menuid is a number")
        case {"menuid": int(menuid)}:
            return menuid
        case {"menuid": str(digits)} if digits.isascii() and digits.isdigit():
            return int(digits)
        case {"menuid": _}:
            raise ValueError("menuid is a number")
    return None


def seeded_menu(menu: Any, menuid: int, conditional: bool) -> Menu:
    """Read one menu of an answer."""
    fields = {"button", "menuid", "matchrule"} if conditional else {"button", "menuid"}
    if not isinstance(menu, dict) or not set(menu) <= fields:
        raise ValueError(f"a menu has {', '.join(sorted(fields))} and nothing else")
    rule = menu.get("matchrule", {})
    if not isinstance(rule, dict) or (conditional and not rule):
        raise ValueError("a conditional menu has a matchrule")
    return Menu(menuid, seeded_buttons(menu.get("button")), rule)


def seeded_buttons(entries: Any) -> Buttons:
    """Check that entries are objects, two levels deep; their fields may be anything."""
    if not isinstance(entries, list):
        raise ValueError("button is a list")
    for entry in entries:
        leaves = entry.get("sub_button", []) if isinstance(entry, dict) else None
        if not isinstance(leaves, list) or not all(isinstance(leaf, dict) for leaf in leaves):
            raise ValueError("button is a list of objects, and so is sub_button")
    return tuple(entries)


def console(state: AccountState, selfmenu_info: JsonObject | None, is_open: int) -> AccountState:
    """Give the state after somebody published in the console, or took that menu away."""
    if selfmenu_info is not None and not isinstance(selfmenu_info, dict):
        raise ValueError("selfmenu_info is an object, or None")
    info: JsonObject | None = json.loads(json.dumps(selfmenu_info))
    return replace(state, console=info, is_open=bool(is_open))
