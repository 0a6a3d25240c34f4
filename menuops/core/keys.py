"""The keys of a menu: what the account's server receives when a button is tapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from menuops.core.finding import DataPath
from menuops.core.model import Button, Buttons, Menus, Parent, Wanted


def keys_of(menus: Menus) -> frozenset[str]:
    """Collect the keys of all menus of an account."""
    shown = (menus.button, *(menu.button for menu in menus.conditionalmenu))
    return frozenset(key for buttons in shown for _, key in _keyed(buttons))


def wanted_keys(wanted: Wanted) -> Iterator[tuple[DataPath, str]]:
    """List each key that a file wants, with the way to it in the file."""
    for path, key in _keyed(wanted.button):
        yield ("button", *path), key
    for index, menu in enumerate(wanted.conditionalmenu):
        for path, key in _keyed(menu.button):
            yield ("conditionalmenu", index, "button", *path), key


def _keyed(buttons: Buttons) -> Iterator[tuple[DataPath, str]]:
    for index, entry in enumerate(buttons):
        if isinstance(entry, Parent):
            for path, key in _keys(entry.sub_button):
                yield (index, "sub_button", *path), key
        else:
            for path, key in _keys((entry,)):
                yield (index, *path[1:]), key


def _keys(buttons: Iterable[Button]) -> Iterator[tuple[DataPath, str]]:
    for index, button in enumerate(buttons):
        key = getattr(button, "key", None)
        if isinstance(key, str):
            yield (index, "key"), key
