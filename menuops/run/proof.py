"""What WeChat says to an account's token: that it is good, what it may do, how often today.

Only reads, and none of menus where quotas are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from menuops.core.account import FileToken
from menuops.core.check import Check, Status
from menuops.core.errors import MenuopsError
from menuops.transport import BadAnswer, Unreachable
from menuops.wechat.api import (
    ADD_CONDITIONAL,
    CREATE_MENU,
    DELETE_CONDITIONAL,
    GET_MENU,
    MenuApi,
)
from menuops.wechat.errors import NotAllowed, TokenRefused, WeChatError
from menuops.wechat.quota import NO_RIGHT_TO_PATH, Quota, read_quota
from menuops.wechat.tokens.void import TokenVoid

LITTLE: Final = 0.1
"""Below this part of a day's calls a warning is due."""

_MENU_CALLS: Final = (GET_MENU, ADD_CONDITIONAL, DELETE_CONDITIONAL)
_NEXT_DAY: Final = "the count begins anew at midnight in China (16:00 UTC)"
_IN_CLOUD_RUN: Final = (
    "; in Cloud Run (微信云托管) each path must be listed too, under 云调用 > 开放接口服务"
)


@dataclass(slots=True)
class _Told:
    """What was told of each call: its quota, that there is no right to it, or nothing."""

    quotas: dict[str, Quota] = field(default_factory=dict)
    barred: dict[str, MenuopsError] = field(default_factory=dict)
    silent: dict[str, MenuopsError] = field(default_factory=dict)


def prove(api: MenuApi, token_call: str | None) -> tuple[Check, Check]:
    """Ask with the account's token; gives `rights` and `quota`, and so says that the token is good.

    `token_call` is the call of WeChat that the account's tokens come from, if that is one of ours.
    Raises what Client raises where the token isn't proven.
    """
    name = api.account.name
    told = _Told()
    error = _ask_first(api, told)
    if error is not None:
        rights = _rights_by_reading(api, error)
        why = f"WeChat doesn't tell it: {error.message}"
        if rights.status == "failed":
            why = "after `rights`, which failed"
        return rights, Check(name, "quota", "skipped", why)
    for call in (*_MENU_CALLS, *((token_call,) if token_call else ())):
        _ask(api, call, told)
    return _rights(name, told.barred), _quota(name, told)


def _ask_first(api: MenuApi, told: _Told) -> MenuopsError | None:
    """Ask for menu/create's quota; gives what came instead, and raises if the token is bad."""
    try:
        told.quotas[CREATE_MENU] = read_quota(api, CREATE_MENU)
    except (TokenRefused, TokenVoid) as error:
        # quota/get doesn't serve cloud calls, and how it says so isn't published.
        if not _of_cloud_run(api):
            raise
        return error
    except (WeChatError, Unreachable, BadAnswer) as error:
        return error
    return None


def _ask(api: MenuApi, call: str, told: _Told) -> None:
    try:
        told.quotas[call] = read_quota(api, call)
    except (WeChatError, Unreachable, BadAnswer, TokenVoid) as error:
        (told.barred if _is_no_right(error) else told.silent)[call] = error


def _is_no_right(error: MenuopsError) -> bool:
    return isinstance(error, NotAllowed) or (
        isinstance(error, WeChatError) and error.errcode == NO_RIGHT_TO_PATH
    )


def _of_cloud_run(api: MenuApi) -> bool:
    return isinstance(api.account.token, FileToken) and api.account.token.cloudbase


def _rights_by_reading(api: MenuApi, error: MenuopsError) -> Check:
    """Read the menu, where quota/get gave `error`. Raises what Client raises, but NotAllowed."""
    name = api.account.name
    more = _IN_CLOUD_RUN if _of_cloud_run(api) else ""
    try:
        api.get_menu()
    except NotAllowed as refusal:
        return Check(name, "rights", "failed", refusal.message, refusal.fix + more)
    if _is_no_right(error):
        # 76022 for a missing right is known from one report alone, so it may mean another thing.
        return Check(
            name,
            "rights",
            "warning",
            f"the menu can be read, but maybe not written: {error.message}",
            error.fix + more,
        )
    return Check(
        name, "rights", "ok", "the menu can be read; whether it can be written, a write will show"
    )


def _rights(name: str, barred: Mapping[str, MenuopsError]) -> Check:
    menu = barred.get(GET_MENU)
    if menu is not None:
        return Check(name, "rights", "failed", menu.message, menu.fix)
    conditional = barred.get(ADD_CONDITIONAL) or barred.get(DELETE_CONDITIONAL)
    if conditional is not None:
        return Check(
            name,
            "rights",
            "warning",
            f"no conditional menus (个性化菜单): {conditional.message}",
            f"{conditional.fix}; or leave `conditionalmenu` out of the menu file",
        )
    return Check(name, "rights", "ok", "menus may be read and written")


def _quota(name: str, told: _Told) -> Check:
    left = [
        (call, quota, f"{call} {quota.remain} of {quota.daily_limit}")
        for call, quota in told.quotas.items()
    ]
    gone = [text for _, quota, text in left if quota.remain <= 0]
    if gone:
        message = f"no calls left today: {', '.join(gone)}"
        fix = (
            f"wait: {_NEXT_DAY}. Or clear it in the web console (接口权限), 10 times a month "
            "at most; and see who makes so many calls"
        )
        return Check(name, "quota", "failed", message, fix)
    status: Status = "ok"
    little = [text for _, quota, text in left if quota.remain < LITTLE * quota.daily_limit]
    message, fix = f"left today: {', '.join(text for *_, text in left)}", ""
    if little:
        status = "warning"
        message = f"few calls left today: {', '.join(little)}"
        fix = f"see who makes so many calls; {_NEXT_DAY}"
    if told.silent:
        message += f"; not told for {', '.join(told.silent)}"
    return Check(name, "quota", status, message, fix)
