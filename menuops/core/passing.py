"""The states that an account passes through while its calls are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, assert_never

from menuops.core.live import Console, Live, fingerprint
from menuops.core.model import Menus
from menuops.core.plan import AccountPlan
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, DeleteMenus

_NOTHING: Final = Live()


def is_on_the_way(live: Live, account: AccountPlan, done: int, menuids: Mapping[int, str]) -> bool:
    """Tell whether a state is the one after `done` calls of a plan, or after one more.

    One more: the call that was in flight when the run ended may have been done, even late.
    `menuids` are those of the menus that were added, by the number of their call from 1. Any
    other state is somebody else's doing.
    """
    most = min(done + 1, len(account.steps))
    return any(
        fingerprint(after_calls(account, number, menuids, live)) == fingerprint(live)
        for number in range(done, most + 1)
    )


def after_calls(
    account: AccountPlan,
    calls: int,
    menuids: Mapping[int, str] = MappingProxyType({}),
    seen: Live = _NOTHING,
) -> Live:
    """Work out the state after some calls; an id that nobody wrote down is taken from `seen`."""
    live = account.live
    for number, step in enumerate(account.steps[:calls], 1):
        menus = live.menus
        match step:
            case CreateMenu(button):
                live = replace(live, menus=replace(menus, button=button), console=_made(live))
            case AddConditional(menu):
                menuid = menuids.get(number) or _new_id(seen, live)
                added = Menus(menus.button, (menu, *menus.conditionalmenu))
                live = replace(live, menus=added, menuids=(menuid, *live.menuids))
            case DeleteConditional(menuid):
                live = _without(live, menuid)
            case DeleteMenus():
                live = Live(console=_made(live))
            case _:
                assert_never(step)
    return live


def _made(live: Live) -> Console:
    return Console.NONE if live.console.in_force else live.console


def _new_id(seen: Live, before: Live) -> str:
    return next((menuid for menuid in seen.menuids if menuid not in before.menuids), "")


def _without(live: Live, menuid: str) -> Live:
    kept = [
        (id_, menu)
        for id_, menu in zip(live.menuids, live.menus.conditionalmenu, strict=True)
        if id_ != menuid
    ]
    return replace(
        live,
        menus=Menus(live.menus.button, tuple(menu for _, menu in kept)),
        menuids=tuple(id_ for id_, _ in kept),
        dead=tuple(menu for menu in live.dead if menu.menuid != menuid),
    )
