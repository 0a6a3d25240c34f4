"""The match rule of a conditional menu: what is taken, how it reads back.

Sources: the pages of addconditional and menu/get; answers of the live service.
"""

from __future__ import annotations

from typing import Any

from .account import Account
from .buttons import JsonObject
from .refusal import Refusal

# Withdrawn for privacy: new menus with one are 65320, old ones match nobody any more.
WITHDRAWN = ("sex", "country", "province", "city", "language")
PLATFORMS = ("1", "2", "3")  # iOS, Android, others
SYSTEM_TAGS = ("0", "1", "2")  # every account has them, listed or not


def check_rule(account: Account, rule: Any) -> JsonObject:
    """Give a posted rule as menu/get shows it: {"group_id"?: s, "client_platform_type"?: s}.

    Empty fields count as absent. `group_id`, the name before tags, stands in old code; whether it
    is still taken isn't known: a switch, off at first. Numbers are taken for text, as WeChat's own
    samples mix the two.
    """
    if not isinstance(rule, dict):
        raise Refusal(65304)
    if any(rule.get(name) not in (None, "") for name in WITHDRAWN):
        raise Refusal(65320)
    read: JsonObject = {}
    tag_id = rule_text(rule.get("tag_id"))
    if not tag_id and account.switches.post_group_id == "taken":
        tag_id = rule_text(rule.get("group_id"))
    if tag_id:
        # What WeChat does with a tag that the account doesn't have isn't known. Refusing is the
        # safe side: nobody would ever see such a menu. The code is the tag interfaces' own.
        if tag_id not in SYSTEM_TAGS and tag_id not in {str(tag.id) for tag in account.tags}:
            raise Refusal(45159)
        read["group_id"] = tag_id
    platform = rule_text(rule.get("client_platform_type"))
    if platform:
        if platform not in PLATFORMS:
            raise Refusal(40035)  # not known either; widening the rule in silence would be worse
        read["client_platform_type"] = platform
    if not read:
        raise Refusal(65304)
    return read


def rule_text(value: Any) -> str:
    """Give a rule's value as text: "" for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Refusal(40035)
