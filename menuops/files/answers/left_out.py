"""What a body or an answer holds that no menu file has a place for: settings, stray fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from menuops.core.model import ACTIONS
from menuops.files.menu.ours import all_buttons
from menuops.files.wording import named

MENUS: Final = frozenset(("menu", "button", "conditionalmenu", "selfmenu_info", "is_menu_open"))
"""Keys of answers and bodies, one of which each has."""
READ: Final = MENUS | {"matchrule", "menuid", "errcode", "errmsg"}
"""Keys of theirs that say nothing that a menu file lacks."""
_OF_PARENTS: Final = frozenset(("name", "sub_button"))
_OF_BUTTONS: Final = frozenset(("name", "type", "sub_button", "menuid"))
_EMPTY: Final[tuple[Any, ...]] = ("", None, [], {})


def keys_beside(data: Any) -> Iterator[str]:
    """List the keys beside menus that say nothing of them."""
    for item in data if isinstance(data, list) else (data, data.get("menu")):
        if isinstance(item, Mapping) and (item is data or "button" in item):
            yield from (str(key) for key in item if key not in READ)


def stray_fields(data: Any) -> Iterator[str]:
    """List the fields that buttons have and their types don't, for a person.

    What a button of another type holds stays as it is, and isn't listed.
    """
    for button in all_buttons(list(_entries(data))):
        told = {str(key) for key, value in button.items() if value not in _EMPTY}
        type_ = str(button.get("type")).lower()
        action = ACTIONS.get(type_)
        if _opens(button):
            yield from (f"{named(key)} of a sub-menu" for key in sorted(told - _OF_PARENTS))
        elif action is not None and all(isinstance(button.get(key), str) for key in action.FIELDS):
            strays = told.difference(_OF_BUTTONS, action.FIELDS)
            yield from (f"{named(key)} of a {type_} button" for key in sorted(strays))


def _opens(button: Mapping[str, Any]) -> bool:
    inner = button.get("sub_button")
    return bool(inner.get("list") if isinstance(inner, Mapping) else inner)


def _entries(data: Any) -> Iterator[Mapping[str, Any]]:
    """List the entries of all menus in a body, an answer of menu/get, or a list."""
    if isinstance(data, list):
        for item in data:
            if isinstance(item, Mapping):
                yield from _entries(item) if "button" in item else (item,)
    elif isinstance(data, Mapping):
        for key in ("button", "menu", "conditionalmenu"):
            yield from _entries(data.get(key))
