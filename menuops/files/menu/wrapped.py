"""Files that are something else than a menu file: answers, other bodies, menus under names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from menuops.core.finding import DataPath
from menuops.files.fault import IMPORT, Fault, is_secret_key, secret_fault, wrong_type
from menuops.files.menu.ours import is_menu_file
from menuops.files.wording import named

_DEPTH: Final = 3
"""Keys above a menu, at most, for it to be found."""
_MANY: Final = 6


class Foreign(NamedTuple):
    """What a file is, and where in it the one menu stands that can be judged, if one does.

    `inside` is empty for a menu at the top that has a rule beside it.
    """

    faults: tuple[Fault, ...]
    inside: DataPath | None = None


def foreign_file(data: Any) -> Foreign | None:
    """Name a file that is something else: an answer of the remote, another call's body."""
    if not isinstance(data, dict):
        hint = "; a menu file begins with `button:`"
        return Foreign((wrong_type((), data, "object", hint),))
    if "button" in data:
        if "matchrule" not in data:
            return None
        message = (
            "this is a body of menu/addconditional; put it as an item under `conditionalmenu`, "
            f"or: {IMPORT}"
        )
        return _foreign(data, ("matchrule",), message, "conditional-body")._replace(inside=())
    if "selfmenu_info" in data or "is_menu_open" in data:
        message = (
            f"this is an answer of get_current_selfmenu_info, which can't be posted; "
            f"`{IMPORT}` makes a menu file of it"
        )
        return _foreign(
            data, ("selfmenu_info" if "selfmenu_info" in data else "is_menu_open",), message
        )
    found = list(islice(menus_in(data), _MANY + 1))
    if len(found) == 1:
        return _wrapped(data, found[0])
    if found:
        return _several(data, found)
    if "errcode" in data:
        done = str(data["errcode"]) == "0"
        what = (
            "says that a call was done, and holds" if done else "is an error that WeChat answered,"
        )
        return _foreign(data, ("errcode",), f"this {what} no menu")
    return None


def is_posted(text: str, data: Any) -> bool:
    """Tell whether a file may be the body of a program: JSON, and nothing of ours in it."""
    return text.lstrip().startswith("{") and isinstance(data, dict) and not is_menu_file(data)


def menus_in(data: Mapping[str, Any], depth: int = _DEPTH) -> Iterator[DataPath]:
    """Find what holds a `button` list under the keys of a mapping, not in lists."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            if isinstance(value.get("button"), list):
                yield (key,)
            elif depth > 1:
                yield from ((key, *path) for path in menus_in(value, depth - 1))


def several_to_import(data: Mapping[str, Any], found: list[DataPath]) -> str:
    """Say what is to be done with menus under names; `found` leads to them."""
    what, _, rules = _holders(data, found)
    if rules.count(False) > 1:
        return f"{what}: save each in a file of its own"
    return f"{what}: save them as a list, [{{…}}, {{…}}], in the order in which they are posted"


def at(data: Any, path: DataPath) -> Any:
    """Follow a path that is there."""
    for step in path:
        data = data[step]
    return data


def _wrapped(data: dict[str, Any], path: DataPath) -> Foreign:
    keys = [named(str(step)) for step in path]
    levels = ("one level", "two levels", "three levels")[len(path) - 1]
    answered = ", as menu/get answers it" if path == ("menu",) else ""
    mend = "move it to the top" if is_menu_file(at(data, path)) else f"`{IMPORT}` takes it out"
    under = " and ".join(keys)
    message = f"the menu stands {levels} too deep, under {under}{answered}; {mend}"
    return _foreign(data, path, message)._replace(inside=path)


def _several(data: dict[str, Any], found: list[DataPath]) -> Foreign:
    what, names, rules = _holders(data, found)
    mend = "save each in a file of its own"
    if rules.count(False) == 1:
        mend = (
            f"move what stands under {names[rules.index(False)]} to the top, and the others, "
            "which have a `matchrule`, as items under `conditionalmenu`"
        )
    elif all(rules):
        mend = "write the default menu at the top, and these as items under `conditionalmenu`"
    return _foreign(data, found[0], f"{what}: {mend}")


def _holders(data: Mapping[str, Any], found: list[DataPath]) -> tuple[str, list[str], list[bool]]:
    """Name what holds the menus, each, and say which of the menus have a rule."""
    rules = ["matchrule" in at(data, path) for path in found]
    names = [named(str(path[-1])) for path in found]
    return f"{_listed(names)} hold a menu each, and a menu file is one", names, rules


def _foreign(
    data: dict[str, Any], path: DataPath, message: str, rule: str = "wrapped-menu"
) -> Foreign:
    secrets = (secret_fault(each) for each in islice(_secrets(data, _DEPTH), _MANY))
    return Foreign((Fault(path, rule, message, at_key=True), *secrets))


def _secrets(data: Mapping[str, Any], depth: int) -> Iterator[DataPath]:
    for key, value in data.items():
        if is_secret_key(str(key)):
            yield (key,)
        elif depth > 1 and isinstance(value, Mapping):
            yield from ((key, *path) for path in _secrets(value, depth - 1))


def _listed(names: list[str]) -> str:
    *others, last = names if len(names) <= _MANY else (*names[:_MANY], "more")
    return f"{', '.join(others)} and {last}"
