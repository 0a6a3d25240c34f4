"""Puts an account's menus back, and proves it by reading.

Every attempt begins from what is live, so a lost answer is settled by trying the whole again:
addconditional always adds, and is never repeated blindly.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .bench import TAG_PREFIX
from .caller import Caller
from .errors import CannotStart, Lost, NotRestored, OtherShape
from .snapshot import NO_MENU, Snapshot, posted

# Seconds before each further attempt. The first comes at once: a lost connection is often but one.
WAITS_S = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 60.0)
PASSING = (-1, 45011, 40001, 40014, 42001)  # numbers that another attempt may not meet

Menus = tuple[dict[str, Any] | None, tuple[dict[str, Any], ...]]


def restore(caller: Caller, before: Snapshot, sleep: Callable[[float], None] = time.sleep) -> None:
    """Make the account what it was: its menus, and none of our tags. Raises NotRestored.

    Ids of menus are new ones afterwards; WeChat gives no way to keep them.
    """
    caller.capped = False
    problem = ""
    for wait_s in (None, *WAITS_S):
        if wait_s is not None:
            sleep(wait_s)
        try:
            put_back(caller, before)
            drop_tags(caller, before)
            if live(caller) == (before.menu, before.conditional):
                return
            problem = "it reads back otherwise than it was"
        except (Lost, CannotStart, OtherShape, _Refused) as failed:
            problem = caller.redact(str(failed))
            if isinstance(failed, _Refused) and failed.errcode not in PASSING:
                break
    raise NotRestored(problem)


def put_back(caller: Caller, before: Snapshot) -> None:
    """Post what was there: the default menu, then conditional ones, the oldest first.

    The newest then stands in front, as it did.
    """
    now = live(caller)
    if now == (before.menu, before.conditional):
        return
    if now[1] or before.menu is None:
        done(caller, "menu/delete", None)
    if before.menu is not None:
        done(caller, "menu/create", before.menu)
    for menu in before.conditional:
        done(caller, "menu/addconditional", menu)


def rehearse(caller: Caller, before: Snapshot) -> None:
    """Replace what is there by its equal, before anything else is written.

    No follower sees a difference, and what can't be posted any more is found out while it is still
    there. Raises CannotStart; Lost once a call may have been done.
    """
    if before.menu is None:
        return
    old = [one.get("menuid") for one in _get(caller).get("conditionalmenu", [])]
    added: list[Any] = []
    try:
        done(caller, "menu/create", before.menu)
        for menu in before.conditional:
            menuid = done(caller, "menu/addconditional", menu).get("menuid")
            added.append(menuid)
    except _Refused as refused:
        for menuid in added:
            done(caller, "menu/delconditional", {"menuid": str(menuid)})
        raise CannotStart(
            f"what is there can't be posted again ({refused}); it is as it was"
        ) from None
    for menuid in old:
        done(caller, "menu/delconditional", {"menuid": str(menuid)})
    if live(caller) != (before.menu, before.conditional):
        raise Lost("the same menu, posted again, reads back otherwise")


def drop_tags(caller: Caller, before: Snapshot) -> None:
    """Delete the tags that this suite made, known by their names. They leave followers too."""
    answer = caller.call("tags/get")
    tags = answer.value().get("tags")
    for tag in tags if isinstance(tags, list) else []:
        if not isinstance(tag, dict) or tag.get("id") in before.tag_ids:
            continue
        if str(tag.get("name", "")).startswith(TAG_PREFIX):
            done(caller, "tags/delete", {"tag": {"id": tag.get("id")}})


def live(caller: Caller) -> Menus:
    """Read the menus as they could be posted."""
    return posted(_get(caller))


class _Refused(Exception):
    """A call that has to succeed was answered with a number."""

    def __init__(self, path: str, errcode: int) -> None:
        self.errcode = errcode
        super().__init__(f"{path} answered {errcode}")


def done(caller: Caller, path: str, value: Any) -> dict[str, Any]:
    """Make a call that has to succeed."""
    exchange = caller.call(path, value)
    if exchange.errcode:
        raise _Refused(path, exchange.errcode)
    return exchange.value()


def _get(caller: Caller) -> dict[str, Any]:
    exchange = caller.call("menu/get")
    if exchange.errcode in NO_MENU:
        return {}
    if exchange.errcode:
        raise _Refused("menu/get", exchange.errcode)
    return exchange.value()
