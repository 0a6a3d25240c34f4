"""The guards by name: what `--allow` and the `allow:` of a menu file may lift."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

CONSOLE_MENU: Final = "console-menu"
REMOVE_CONDITIONAL: Final = "remove-conditional"
MANY_ACCOUNTS: Final = "many-accounts"
GUARDS: Final = (CONSOLE_MENU, REMOVE_CONDITIONAL, MANY_ACCOUNTS)


def unknown_lifts(lifts: Iterable[str]) -> tuple[str, ...]:
    """Find the lifts, `GUARD` or `GUARD:NAME`, whose guard doesn't exist."""
    return tuple(lift for lift in lifts if lift.partition(":")[0] not in GUARDS)
