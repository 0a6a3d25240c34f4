"""The guards by name: what `--allow` and the `allow:` of a menu file may lift."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from menuops.core.errors import Usage

CONSOLE_MENU: Final = "console-menu"
LIVE_CHANGED: Final = "live-changed"
REMOVE_CONDITIONAL: Final = "remove-conditional"
REMOVE_DEAD: Final = "remove-dead"
UNMANAGED: Final = "unmanaged"
DOMAIN_LIMIT: Final = "domain-limit"
QUOTA: Final = "quota"
MANY_ACCOUNTS: Final = "many-accounts"
UNREADABLE: Final = "unreadable"
DELETE_ALL: Final = "delete-all"
GUARDS: Final = (
    CONSOLE_MENU,
    LIVE_CHANGED,
    REMOVE_CONDITIONAL,
    REMOVE_DEAD,
    UNMANAGED,
    DOMAIN_LIMIT,
    QUOTA,
    MANY_ACCOUNTS,
    UNREADABLE,
    DELETE_ALL,
)


def unknown_lifts(lifts: Iterable[str]) -> tuple[str, ...]:
    """Find the lifts, `GUARD` or `GUARD:NAME`, whose guard doesn't exist."""
    return tuple(lift for lift in lifts if lift.partition(":")[0] not in GUARDS)


def check_lifts(lifts: Iterable[str]) -> None:
    """Raise Usage for the first one that was typed whose guard doesn't exist."""
    for lift in unknown_lifts(lifts):
        raise Usage(f"there is no guard {lift!r}", fix=f"the guards are {', '.join(GUARDS)}")
