"""The calls that change an account, as values.

Source of what they do: https://developers.weixin.qq.com/doc/service/api/custommenu/ , pages
api_createcustommenu, api_addconditionalmenu, api_deleteconditionalmenu and api_deletemenu (read
2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from menuops.core.labels import ALL_MENUS, DEFAULT
from menuops.core.model import Buttons, ConditionalMenu


@dataclass(frozen=True, slots=True)
class CreateMenu:
    """`menu/create`: replaces the default menu whole."""

    CALL: ClassVar[str] = "menu/create"

    button: Buttons
    reason: str
    menu: str = DEFAULT


@dataclass(frozen=True, slots=True)
class AddConditional:
    """`menu/addconditional`: the new menu is tried before all others."""

    CALL: ClassVar[str] = "menu/addconditional"

    conditional: ConditionalMenu
    menu: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeleteConditional:
    """`menu/delconditional` of the menu with this id."""

    CALL: ClassVar[str] = "menu/delconditional"

    menuid: str
    menu: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeleteMenus:
    """`menu/delete`: drops the default menu and every conditional one."""

    CALL: ClassVar[str] = "menu/delete"

    reason: str
    menu: str = ALL_MENUS


Step: TypeAlias = CreateMenu | AddConditional | DeleteConditional | DeleteMenus
Steps: TypeAlias = tuple[Step, ...]


def step_to_json(step: Step) -> dict[str, Any]:
    """Give `{call, menu, menuid?, reason}`."""
    value = {"call": step.CALL, "menu": step.menu, "reason": step.reason}
    if isinstance(step, DeleteConditional):
        value["menuid"] = step.menuid
    return value
