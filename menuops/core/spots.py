"""The entries of a menu in their places, and what two of them have in common."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from menuops.core.jsonform import buttons_to_json, canonical
from menuops.core.model import Action, Buttons, Entry, Parent

Path: TypeAlias = tuple[int, ...]
"""A place in a menu, from 0: (1,) the second entry, (1, 0) the first button below it."""

SameBy: TypeAlias = Literal["id", "action", "name", "likeness", "rule"]
"""What makes an entry of one state that of another; only a conditional menu has a rule."""

_SIMILAR: Final = 0.6
"""Such a part of the longer text stands at the ends of both."""


def position(path: Path) -> str:
    """Write a place as people count: "2" the second entry, "2.1" the first button below it."""
    return ".".join(str(index + 1) for index in path)


def path_at(place: str) -> Path:
    """Read what `position` wrote."""
    return tuple(int(number) - 1 for number in place.split("."))


@dataclass(frozen=True, slots=True)
class Spot:
    """An entry in its place."""

    path: Path
    entry: Entry
    does: Hashable | None
    """What a tap does, name apart, comparable; None for a parent."""


def spots(buttons: Buttons) -> Iterator[Spot]:
    """Walk through a menu, parents before their children."""
    for i, entry in enumerate(buttons):
        yield Spot((i,), entry, _does(entry))
        if isinstance(entry, Parent):
            for j, child in enumerate(entry.sub_button):
                yield Spot((i, j), child, _does(child))


def fields_of(entry: Entry) -> dict[str, Any]:
    """Give an entry's own fields as sent, without the children of a parent."""
    (fields,) = buttons_to_json((entry,))
    if isinstance(entry, Parent):
        del fields["sub_button"]
    return fields


def _does(entry: Entry) -> Hashable | None:
    match entry:
        case Parent():
            return None
        case Action():
            return (entry.TYPE, *(getattr(entry, field) for field in entry.FIELDS))
        case _:  # of a live menu, and its fields may be anything
            return (entry.type, canonical(dict(entry.fields)))


def same_by(was: Spot, now: Spot) -> SameBy:
    """Tell what two entries have in common, if they are the same one."""
    if was.entry.id is not None and was.entry.id == now.entry.id:
        return "id"
    if was.does is not None and was.does == now.does:
        return "action"
    return "name" if was.entry.name == now.entry.name else "likeness"


def edits(was: Spot, now: Spot) -> int:
    """Count the changes between two entries, place and children apart: name, all else."""
    return (was.entry.name != now.entry.name) + (was.does != now.does)


def alike(was: Spot, now: Spot) -> bool:
    """Tell whether two leaves without a common id, action or name can be taken for the same.

    They are of one type, and have the same number in their families (which are the caller's
    business), or similar names, or similar values.
    """
    a, b = was.entry, now.entry
    if isinstance(a, Parent) or isinstance(b, Parent) or _type(a) != _type(b):
        return False
    if was.path[-1] == now.path[-1] or similar(a.name, b.name):
        return True
    old, new = fields_of(a), fields_of(b)
    return any(
        isinstance(value, str) and isinstance(new.get(field), str) and similar(value, new[field])
        for field, value in old.items()
        if field not in ("type", "name")
    )


def _type(entry: Entry) -> str:
    return entry.TYPE if isinstance(entry, Action) else getattr(entry, "type", "")


def similar(was: str, now: str) -> bool:
    """Tell whether most of two texts is the same at their ends; of links, of one host, the rest."""
    was_host, was_rest = _split(was)
    now_host, now_rest = _split(now)
    longest = max(len(was_rest), len(now_rest))
    if was_host != now_host or not longest:
        return False
    shortest = min(len(was_rest), len(now_rest))
    ahead = _common(was_rest, now_rest)
    behind = min(_common(was_rest[::-1], now_rest[::-1]), shortest - ahead)
    return ahead + behind >= _SIMILAR * longest


def _split(text: str) -> tuple[str, str]:
    if "://" not in text:
        return "", text
    try:
        host = urlsplit(text).netloc
    except ValueError:  # a live menu may hold what no file could
        return "", text
    return host, text.partition("://")[2].removeprefix(host).strip("/")


def _common(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
