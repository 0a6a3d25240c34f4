"""The shape of what WeChat answers.

Differences between a menu that was posted and one that is read come from answers of the live
service that people published; see the comment at each.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .account import Account
from .buttons import FIELDS, Buttons, JsonObject, children
from .quotas import MINUTE_S, STABLE_A_MINUTE, Used, daily_limit, day_of, used_calls
from .refusal import Refusal, refusal_message
from .state import AccountState, Menu
from .switches import Switches

DIGITS = re.compile(r"[0-9]{1,18}")
HIDDEN_PARTS: dict[str, tuple[str, ...]] = {
    "full": (),
    "url": ("appid", "pagepath"),
}  # of a mini program in selfmenu


@dataclass(frozen=True, slots=True)
class Answer:
    r"""A JSON value and how it is spelt: answers that hold menus write `/` as `\/`."""

    value: JsonObject
    slashes_escaped: bool = False

    @property
    def errcode(self) -> int | None:
        """The number in it; None for a read that succeeded, which has none."""
        found = self.value.get("errcode")
        return found if isinstance(found, int) else None

    def encode(self) -> bytes:
        """Give the bytes: one line without blanks, Chinese and emoji as raw UTF-8."""
        text = json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))
        if self.slashes_escaped:
            text = text.replace("/", "\\/")  # JSON has no slash outside a string
        return text.encode("utf-8", "replace")


OK = Answer({"errcode": 0, "errmsg": "ok"})


def refused(refusal: Refusal, now_s: float) -> Answer:
    """Give the answer to a call that is refused."""
    text = refusal_message(refusal.text, now_s)
    return Answer({"errcode": refusal.errcode, "errmsg": text})


def as_read(buttons: Buttons) -> Buttons:
    """Give posted entries as menu/get shows them: a parent keeps its name and sub-menu only."""
    return tuple(
        {"name": entry["name"], "sub_button": [leaf_as_read(leaf) for leaf in children(entry)]}
        if children(entry)
        else leaf_as_read(entry)
        for entry in buttons
    )


def leaf_as_read(leaf: JsonObject) -> JsonObject:
    """Give one entry in the fixed order of live answers, an empty sub-menu in the middle.

    Fields of another type are gone. Where article_id stands was never seen; with media_id here.
    """
    fields = FIELDS[leaf["type"]]
    first = {name: leaf[name] for name in fields if name in ("key", "url")}
    last = {name: leaf[name] for name in fields if name not in first}
    return {"type": leaf["type"], "name": leaf["name"], **first, "sub_button": [], **last}


def menu_get(state: AccountState) -> Answer:
    """Give {menu: {button, menuid?}, conditionalmenu?}; ids only where conditional menus exist."""
    if state.default is None:
        # Also while only the console made one: menu/get shows API-made menus. The number for that
        # case was never confirmed.
        raise Refusal(46003)
    menu: JsonObject = {"button": list(state.default.buttons)}
    if not state.conditional:
        return Answer({"menu": menu}, slashes_escaped=True)
    switches = state.account.switches
    menu |= menuid_as_read(state.default, switches)
    listed = [conditional_as_read(one, switches) for one in state.conditional]
    return Answer({"menu": menu, "conditionalmenu": listed}, slashes_escaped=True)


def conditional_as_read(menu: Menu, switches: Switches) -> JsonObject:
    """Give a conditional menu as menu/get lists it."""
    return {
        "button": list(menu.buttons),
        "matchrule": rule_as_read(menu.rule, switches),
        **menuid_as_read(menu, switches),
    }


def menuid_as_read(menu: Menu, switches: Switches) -> JsonObject:
    """Give {menuid?}: a number in all answers that were seen, missing from the newer page."""
    match switches.menuid_read:
        case "absent":
            return {}
        case "text":
            return {"menuid": str(menu.menuid)}
    return {"menuid": menu.menuid}


def rule_as_read(rule: JsonObject, switches: Switches) -> JsonObject:
    """Give a rule under the names, and with the kind of values, that the switches ask for."""
    read = dict(rule)
    if switches.rule_tag == "tag_id":
        read = {"tag_id" if name == "group_id" else name: value for name, value in read.items()}
    if switches.rule_values == "number":
        read = {
            name: int(value) if isinstance(value, str) and DIGITS.fullmatch(value) else value
            for name, value in read.items()
        }
    return read


def selfmenu(state: AccountState) -> Answer:
    """Give {is_menu_open, selfmenu_info?}: the menu in force, the console's before the API's.

    With the switch off a live answer had no selfmenu_info. Without any menu WeChat's answer isn't
    known; here it is the same.
    """
    info = state.console
    if info is None and state.default is not None:
        hidden = HIDDEN_PARTS[state.account.switches.selfmenu_miniprogram]
        info = {"button": [entry_in_force(entry, hidden) for entry in state.default.buttons]}
    if info is None or not state.is_open:
        return Answer({"is_menu_open": 0}, slashes_escaped=True)
    return Answer({"is_menu_open": 1, "selfmenu_info": info}, slashes_escaped=True)


def entry_in_force(entry: JsonObject, hidden: tuple[str, ...] = ()) -> JsonObject:
    """Turn menu/get's entry into selfmenu's: sub-menus are {"list": […]}, leaves have none.

    How entries with media_id and article_id look there isn't known; they keep their fields.
    """
    if not children(entry):
        dropped = ("sub_button", *hidden)
        return {name: value for name, value in entry.items() if name not in dropped}
    listed = [entry_in_force(leaf, hidden) for leaf in children(entry)]
    return {"name": entry.get("name"), "sub_button": {"list": listed}}


def trymatch(account: Account, menu: Menu) -> Answer:
    """Give the menu that a follower sees, bare as the page says or wrapped as some saw it."""
    value: JsonObject = {"button": list(menu.buttons)}
    wrapped = account.switches.trymatch == "wrapped"
    return Answer({"menu": value} if wrapped else value, slashes_escaped=True)


def quota(account: Account, used: Used, path: str, now_s: float) -> Answer:
    """Give {errcode, errmsg, quota: {daily_limit, used, remain}, rate_limit?} for one path.

    `rate_limit` is on the page without a word on when it comes: here, where a limit a minute is
    published. `component_rate_limit` is for calls by a third-party platform, which aren't played.
    Counts are up to date here; that WeChat's lag behind was reported.
    """
    limit = daily_limit(account, path)
    calls = used_calls(used, path, day_of(now_s))
    figures = {"daily_limit": limit, "used": calls, "remain": max(limit - calls, 0)}
    value: JsonObject = {**OK.value, "quota": figures}
    if path == "stable_token":
        value["rate_limit"] = {"call_count": STABLE_A_MINUTE, "refresh_second": MINUTE_S}
    return Answer(value)
