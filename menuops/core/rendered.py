"""What a menu file comes to for one account: the bodies that would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from menuops.core.account import Account
from menuops.core.finding import DataPath, Place
from menuops.core.jsonform import buttons_to_json
from menuops.core.model import Wanted, WantedConditional


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something is written; without a place `file` says in words what gave it."""

    file: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ValueOrigin:
    """Where a value that is sent is written, and where the variables in it are.

    `at` is the way to it in what is sent, as in the file. What else has a part in it stands under
    `parts`: `${name}` of each variable, `miniprogram_as`.
    """

    at: DataPath
    written: Origin
    parts: tuple[tuple[str, Origin], ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What would be sent for one account: `menus` is `{"button", "conditionalmenu"}`.

    `file` is the menu file in force. `origins` are in the order of the values in `menus`; empty
    where nobody asked for them.
    """

    account: Account
    file: str
    menus: Mapping[str, Any]
    origins: tuple[ValueOrigin, ...] = ()


def wanted_to_json(wanted: Wanted) -> dict[str, Any]:
    """Give `{"button": […], "conditionalmenu": [{"matchrule", "button"}]}`.

    `button` is that of `menu/create`, each item of `conditionalmenu` a body of
    `menu/addconditional`, but for a tag that the file names: its id is known only to WeChat.
    """
    return {
        "button": buttons_to_json(wanted.button),
        "conditionalmenu": [
            {"matchrule": _rule(menu), "button": buttons_to_json(menu.button)}
            for menu in wanted.conditionalmenu
        ],
    }


def _rule(menu: WantedConditional) -> dict[str, str]:
    fields = {
        "tag": menu.tag,
        "tag_id": menu.tag_id,
        "client_platform_type": menu.client_platform_type,
    }
    return {name: value for name, value in fields.items() if value is not None}


def texts_in(value: Any, path: DataPath = ()) -> Iterator[tuple[DataPath, str]]:
    """List each text of a JSON value with the way to it, in their order."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in(inner, (*path, index))
    else:
        assert isinstance(value, str)
        yield path, value
