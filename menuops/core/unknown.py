"""Fields of live menus that nothing is known of: kept, shown, and guarded before they are lost."""

from __future__ import annotations

from collections.abc import Iterable

from menuops.core.model import Entry, Foreign, Menus, each_entry


def unknown_fields(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Name such fields: `badge of 帮助`. Those of a `Foreign` button stand in the button itself."""
    return tuple(
        f"{name} of {entry.name}"
        for entry in entries
        if not isinstance(entry, Foreign)
        for name, _ in entry.unknown
    )


def live_entries(menus: Menus) -> Iterable[Entry]:
    """List the entries of all menus of an account."""
    for buttons in (menus.button, *(menu.button for menu in menus.conditionalmenu)):
        yield from each_entry(buttons)
