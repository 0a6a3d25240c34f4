"""What WeChat knows about an account at one moment. Values: a call gives a new one.

Menus are kept as menu/get shows them, so that an answer of the live service can be put in and
comes out the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # named in annotations alone; importing the package stays quick
    from .account import Account
    from .buttons import Buttons, JsonObject
    from .quotas import Used
    from .rids import RefusedCall
    from .tokens import Token

FIRST_MENUID = 450_000_001  # live ids were about 4.5e8 in 2020; they grow, and so do these


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu made through the API. `rule` is {} for the default one."""

    menuid: int
    buttons: Buttons
    rule: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountState:
    """One account: how it is set up, and what calls made of it."""

    account: Account
    default: Menu | None = None
    conditional: tuple[Menu, ...] = ()  # newest first, the order in which they are matched
    console: JsonObject | None = None  # selfmenu_info of a console-made menu while it is in force
    is_open: bool = True  # the menu's switch in the console
    tokens: tuple[Token, ...] = ()
    used: Used = field(default_factory=dict)
    forced_at_s: float | None = None  # the last force_refresh that did refresh
    next_menuid: int = FIRST_MENUID
    refusals: tuple[RefusedCall, ...] = ()  # the last ones, the newest at the end


class World:
    """All accounts of an emulator, and whose each token is. Holds values; guarded by its owner."""

    def __init__(self, states: Iterable[AccountState] = ()) -> None:
        self._states: dict[str, AccountState] = {}
        self._owners: dict[str, str] = {}
        self.changes = 0  # grows with each put; tells whether there is something to write
        for state in states:
            self.put(state)

    @property
    def states(self) -> Iterable[AccountState]:
        """Give all accounts, in the order they were put in."""
        return self._states.values()

    def get(self, appid: str) -> AccountState | None:
        """Give an account by its appid."""
        return self._states.get(appid)

    def owner(self, token: str) -> AccountState | None:
        """Give the account that a token was issued to, dead tokens included."""
        appid = self._owners.get(token)
        return None if appid is None else self._states[appid]

    def put(self, state: AccountState) -> None:
        """Put an account in, in place of what was known of it."""
        appid = state.account.appid
        former = self._states.get(appid)
        if former == state:
            return
        if former is None or former.tokens is not state.tokens:
            for token in former.tokens if former else ():
                self._owners.pop(token.value, None)
            self._owners.update((token.value, appid) for token in state.tokens)
        self._states[appid] = state
        self.changes += 1
