"""What a follower sees in the chat: the API's menus, the console's, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .account import Follower
from .buttons import Buttons, JsonObject
from .matching import menu_for
from .state import AccountState


@dataclass(frozen=True, slots=True)
class Sight:
    """A menu as a follower sees it; `buttons` is None where there is none to see.

    The console's menu has no `menuid`, and no rule has the default one.
    """

    source: Literal["api", "console", "closed", "none"]
    menuid: int | None = None
    buttons: Buttons | None = None
    rule: JsonObject | None = None


def sight_of(state: AccountState, follower: Follower) -> Sight:
    """Give what a follower sees.

    A menu that the console published covers all of the API's, conditional ones too: a choice, as
    WeChat's pages don't say.
    """
    if not state.is_open:
        return Sight("closed")
    if state.console is not None:
        entries = state.console.get("button")
        return Sight("console", buttons=console_buttons(entries))
    if state.default is None:
        return Sight("none")
    menu = menu_for(state.default, state.conditional, follower)
    return Sight("api", menu.menuid, menu.buttons, menu.rule or None)


def console_buttons(entries: Any) -> Buttons:
    """Give the console's entries with sub-menus as menu/get shows them: a list, not {"list"}."""
    found = entries if isinstance(entries, list) else []
    return tuple(
        {**entry, "sub_button": entry["sub_button"].get("list", [])}
        if isinstance(entry.get("sub_button"), dict)
        else entry
        for entry in found
        if isinstance(entry, dict)
    )
