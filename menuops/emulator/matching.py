"""Which menu a follower sees. Source: WeChat's page of addconditional."""

from __future__ import annotations

import re

from .account import Account, Follower
from .buttons import JsonObject
from .refusal import Refusal
from .rules import WITHDRAWN
from .state import Menu

USER_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def find_follower(account: Account, user_id: object) -> Follower:
    """Look a follower up by openid or WeChat id."""
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise Refusal(40132)
    for follower in account.followers:
        if user_id in (follower.openid, follower.wechat_id):
            if not follower.subscribed:
                raise Refusal(65315)
            return follower
    raise Refusal(65302)


def menu_for(default: Menu, conditional: tuple[Menu, ...], follower: Follower) -> Menu:
    """Give the newest conditional menu that matches, else the default one."""
    return next((menu for menu in conditional if rule_matches(menu.rule, follower)), default)


def rule_matches(rule: JsonObject, follower: Follower) -> bool:
    """Tell whether every field fits. Of several tags the one put on last counts.

    A rule with a withdrawn field matches nobody. Values are text in live answers and numbers in
    the documentation's sample, so both are compared as text.
    """
    given = {name: str(value) for name, value in rule.items() if value not in (None, "")}
    if not given or any(name in given for name in WITHDRAWN):
        return False
    last_tag = str(follower.tags[-1]) if follower.tags else None
    tag = given.get("group_id", given.get("tag_id"))
    platform = given.get("client_platform_type")
    return tag in (None, last_tag) and platform in (None, follower.platform)
