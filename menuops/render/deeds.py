"""What a button does, in the words of a row; as it came: whoever writes it escapes it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from menuops.core.jsonform import canonical
from menuops.core.model import Action, Entry, Foreign, Parent
from menuops.core.spots import fields_of


def value_text(value: Any) -> str:
    """Write what a field holds: a text as it is, all else as JSON."""
    return value if isinstance(value, str) else canonical(value)


def type_and_target(entry: Entry, without: Collection[str] = ()) -> tuple[str, str]:
    """Give its type, and what a tap opens or sends; both empty for a parent.

    Fields in `without` are told elsewhere.
    """
    match entry:
        case Parent():
            return "", ""
        case Action():
            # A mini program is known by its app and page; the url is for old clients.
            names = entry.FIELDS[1:] if entry.TYPE == "miniprogram" else entry.FIELDS
            values = [str(getattr(entry, name)) for name in names if name not in without]
            return entry.TYPE, " ".join(values)
        case Foreign():
            told = {"type", "name", *without}
            rest = {name: value for name, value in fields_of(entry).items() if name not in told}
            listed = " ".join(f"{name}={value_text(value)}" for name, value in rest.items())
            return entry.type or "?", listed
