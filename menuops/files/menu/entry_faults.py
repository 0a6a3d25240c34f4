"""What is wrong with the keys of one menu entry, said once for each mistake.

jsonschema says which entry is wrong; why, it can't say well: where a `then` fails, every key
that it would have let in counts as unevaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from menuops.core.finding import DataPath
from menuops.core.limits import SUB_BUTTONS
from menuops.core.model import ACTIONS
from menuops.files.fault import (
    HINTS,
    IMPORT,
    Fault,
    kind_of,
    lacks,
    unknown_key,
    unknown_keys,
    wrong_type,
)
from menuops.files.wording import did_you_mean, named, nearest

_FIELDS: Final = tuple(dict.fromkeys(field for each in ACTIONS.values() for field in each.FIELDS))
_COMMON: Final = ("name", "type", "id", "sub_button", "menuid")
_KNOWN: Final = (*_COMMON, *_FIELDS)
_SUB_BUTTON: Final = frozenset(("children", "items", "submenu", "sub_menu", "subs"))
"""What other formats call `sub_button`."""
_GUESS: Final = {"key": "click", "media_id": "media_id", "article_id": "article_id"}


def entry_faults(path: DataPath, entry: Any, *, top: bool, posted: bool = False) -> Iterator[Fault]:
    """Explain what is wrong with the entry at `path` itself, not with those of its sub-menu.

    Of a body that was `posted`, import leaves out what WeChat overlooked.
    """
    if not isinstance(entry, dict):
        yield wrong_type(path, entry, "object", "; give it `name`, `type` and what the type needs")
        return
    subs = entry.get("sub_button", [])
    if isinstance(subs, list) and subs:
        if not top:
            message = "a menu has two levels: a button of a sub-menu can't open another"
            yield Fault((*path, "sub_button"), "too-deep", message, at_key=True)
            return
        yield from _parent(path, entry, subs, posted=posted)
        return
    yield from _wrong_types(path, entry)
    if "type" in entry:
        yield from _typed(path, entry, posted=posted)
    else:
        yield from _untyped(path, entry, top=top)


def _parent(
    path: DataPath, entry: dict[str, Any], subs: list[Any], *, posted: bool
) -> Iterator[Fault]:
    known = ("name", "id", "sub_button")
    yield from _wrong_types(path, {key: entry[key] for key in known if key in entry})
    yield from _missing(path, entry, ("name",), "an entry")
    for key in entry:
        if key in known:
            continue
        if key in _FIELDS or key in _COMMON:
            message = f"an entry with `sub_button` takes only `name` beside it; delete `{key}`"
            message += f", or: {IMPORT}" if posted else ""
            yield Fault((*path, key), "stray-field", message, at_key=True)
        else:
            yield from unknown_keys(path, (key,), known)
    if len(subs) > SUB_BUTTONS:
        message = f"a sub-menu has 1 to {SUB_BUTTONS} buttons; this one has {len(subs)}"
        yield Fault((*path, "sub_button", SUB_BUTTONS), "sub-button-count", message)


def _typed(path: DataPath, entry: dict[str, Any], *, posted: bool) -> Iterator[Fault]:
    type_ = entry["type"]
    action = ACTIONS.get(type_) if isinstance(type_, str) else None
    if action is None:
        yield Fault((*path, "type"), "unknown-type", _unknown_type(type_))
        yield from _missing(path, entry, ("name",), "a button")
        # What a type that isn't known may carry isn't known either, but a typo is one.
        for fault in islice(_unknown(path, entry, _KNOWN), HINTS):
            if nearest(str(fault.path[-1]), _KNOWN):
                yield fault
        return
    known = (*_COMMON, *action.FIELDS)
    others = [key for key in entry if key in _FIELDS and key not in known]
    has = ""
    if others and any(field not in entry for field in action.FIELDS):
        has = f"; its `{others[0]}` belongs to type: {_type_with(others[0])}"
    yield from _missing(path, entry, action.FIELDS, f"a {type_} button", has)
    yield from _missing(path, entry, ("name",), f"a {type_} button")
    yield from _unknown(path, entry, (*known, *others))
    for key in others if not has else ():
        instead = f"use type: {_type_with(key)}"
        instead = f"{instead}, or: {IMPORT}" if posted else f"or {instead}"
        message = f"a {type_} button has no `{key}`; delete it, {instead}"
        yield Fault((*path, key), "stray-field", message, at_key=True)


def _type_with(field: str) -> str:
    return next(name for name, action in ACTIONS.items() if field in action.FIELDS)


def _unknown_type(type_: Any) -> str:
    if not isinstance(type_, str):
        return f"`type` must be one of {', '.join(ACTIONS)}; this is {kind_of(type_)}"
    hint = did_you_mean(type_, ACTIONS) or f"; there are {', '.join(ACTIONS)}"
    if "${" in type_:
        hint = "; the type of a button can't be a variable"
    return f"no button has the type {named(type_)}{hint}"


def _untyped(path: DataPath, entry: dict[str, Any], *, top: bool) -> Iterator[Fault]:
    if isinstance(entry.get("sub_button"), list) and not any(key in entry for key in _FIELDS):
        if top:
            message = f"a sub-menu has 1 to {SUB_BUTTONS} buttons; this one has none"
            yield Fault((*path, "sub_button"), "sub-button-count", message)
        else:
            yield Fault(path, "missing-field", "a button needs `type`")
        yield from _missing(path, entry, ("name",), "an entry")
    elif "sub_button" in entry and not isinstance(entry["sub_button"], list):
        yield from _missing(path, entry, ("name",), "an entry")
    else:
        yield from _missing(path, entry, ("name",), "an entry")
        unknown = islice((key for key in entry if key not in _KNOWN), HINTS)
        if not any(key in _SUB_BUTTON or nearest(key, ("type", "sub_button")) for key in unknown):
            yield Fault(path, "missing-field", _lacks_type(entry, top=top))
    yield from _unknown(path, entry, _KNOWN)


def _lacks_type(entry: dict[str, Any], *, top: bool) -> str:
    guess = next((name for field, name in _GUESS.items() if field in entry), None)
    if "url" in entry:
        guess = "miniprogram" if "appid" in entry or "pagepath" in entry else "view"
    if guess:
        return f"a button needs `type`; by its fields this one is type: {guess}"
    return "an entry needs `type`, or `sub_button`" if top else "a button needs `type`"


def _missing(
    path: DataPath, entry: dict[str, Any], needed: Sequence[str], what: str, has: str = ""
) -> Iterator[Fault]:
    """Say which fields are missing; `has` is what the entry has in their place."""
    missing = [f"`{field}`" for field in lacks(needed, entry, _KNOWN)]
    if missing:
        *others, last = missing
        names = f"{', '.join(others)} and {last}" if others else last
        yield Fault(path, "missing-field", f"{what} needs {names}{has}")


def _unknown(path: DataPath, entry: dict[str, Any], known: tuple[str, ...]) -> Iterator[Fault]:
    unknown = [key for key in entry if key not in known]
    for key in _SUB_BUTTON.intersection(unknown) if "sub_button" not in entry else ():
        yield unknown_key((*path, key), "; did you mean `sub_button`?")
        unknown.remove(key)
    yield from unknown_keys(path, unknown, [key for key in known if key != "menuid"])


def _wrong_types(path: DataPath, entry: dict[str, Any]) -> Iterator[Fault]:
    for key, value in entry.items():
        at = (*path, key)
        if (key in _FIELDS or key in ("name", "id")) and not isinstance(value, str):
            yield wrong_type(at, value, "string")
        elif key == "sub_button" and not isinstance(value, list):
            yield wrong_type(at, value, "array")
        elif key == "menuid" and (not isinstance(value, (str, int)) or isinstance(value, bool)):
            yield wrong_type(at, value, ["string", "integer"])
