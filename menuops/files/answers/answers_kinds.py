"""What a file is that somebody has: an answer of WeChat, a body that was posted, or neither."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding, errors_of
from menuops.files.answers.answers import (
    AnswersFile,
    NoAnswers,
    SavedAnswers,
    TooNested,
    answers_of,
    is_saved,
    parse_json,
)
from menuops.files.answers.json_comments import without_comments
from menuops.files.answers.left_out import MENUS, READ, keys_beside, stray_fields
from menuops.files.fault import is_secret_key
from menuops.files.menu.menu_file import MENU_BYTES
from menuops.files.menu.ours import all_buttons, is_menu_file
from menuops.files.menu.wrapped import menus_in, several_to_import
from menuops.files.reader.encoding import NotText, decode
from menuops.files.reader.node import List, Map, Node
from menuops.files.reader.other_formats import json_in_a_text
from menuops.files.wording import named

UNDERSTOOD: Final = (
    "import understands the answers of menu/get, get_current_selfmenu_info and menu/trymatch, "
    "bodies of menu/create and menu/addconditional (one, or a list of them), a list of buttons, "
    "and what `menuops import --raw` prints"
)
_MANY: Final = 6


@dataclass(frozen=True, slots=True)
class ErrorAnswer(Exception):
    """The file is an error that WeChat answered; `errcode` is its number, as text."""

    errcode: str


class _NoMenu(Exception):
    """The file holds no menu; the text says what it is."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The answers that a file holds; `left_out` names what else is in it, as Markdown."""

    answers: AnswersFile
    left_out: tuple[str, ...] = ()
    secrets: bool = False
    """Whether a key of what is left out is that of a secret."""


def read_answers_in(raw: bytes, shown_as: str) -> Understood:
    """Understand a file of any kind as the two answers that show an account.

    Raises InvalidFiles for what can't be read or holds no menu, and ErrorAnswer.
    """
    try:
        data, commented = _parsed(raw, shown_as)
        if is_saved(data):
            return Understood(answers_of(data, shown_as))
        inner, keys = _unwrapped(data)
        answers = AnswersFile(shown_as, "", (_answers(inner),))
        keys = [*dict.fromkeys((*keys, *keys_beside(inner)))]
        comments = ("its comments",) if commented else ()
        left_out = (*comments, *map(named, keys), *dict.fromkeys(stray_fields(inner)))
        return Understood(answers, left_out, any(map(is_secret_key, keys)))
    except (_NoMenu, NoAnswers) as cause:
        raise InvalidFiles([Finding(shown_as, 1, 1, "not-a-menu", "error", str(cause))]) from None


def _parsed(raw: bytes, shown_as: str) -> tuple[Any, bool]:
    """Parse JSON as JSON, since a number isn't a text there, and all else as YAML.

    Tells too whether JSON has comments.
    """
    try:
        return _unquoted(parse_json(raw)), False
    except TooNested:
        if len(raw) > MENU_BYTES:
            raise
    except (NotText, ValueError) as cause:
        if isinstance(cause, json.JSONDecodeError) and len(raw) > MENU_BYTES:
            at = f"line {cause.lineno}, column {cause.colno}"
            raise _NoMenu(f"this isn't JSON: {cause.msg} at {at}") from None
        with suppress(NotText, ValueError):
            return parse_json(without_comments(decode(raw)).encode()), True
    # Both say with its place what is wrong with a text that is neither.
    from menuops.files.reader.source import read_source  # PyYAML: 40 ms

    source = read_source(raw, shown_as, MENU_BYTES)
    if source.root is None or errors_of(source.findings):
        raise InvalidFiles(source.findings)
    return _plain(source.root), False


def _unquoted(data: Any) -> Any:
    """Take JSON out of a text that holds nothing else."""
    if not isinstance(data, str):
        return data
    try:
        return parse_json(data.encode("utf-8", "surrogatepass"))
    except (NotText, ValueError):
        return data


def _plain(node: Node) -> Any:
    if isinstance(node, Map):
        return {name: _plain(value) for name, value in node.entries.items()}
    if isinstance(node, List):
        return [_plain(item) for item in node.items]
    return None if node.is_null else node.text


def _unwrapped(data: Any) -> tuple[Any, list[str]]:
    """Go down to what holds the one menu; list the keys that are passed over on the way.

    Raises _NoMenu for several menus.
    """
    beside: list[str] = []
    while isinstance(data, Mapping) and not MENUS & data.keys():
        found = list(islice(menus_in(data), _MANY + 1))
        if not found:
            break
        if len(found) > 1:
            raise _NoMenu(several_to_import(data, found))
        beside += (str(key) for key in data if key not in (found[0][0], *READ))
        data = data[found[0][0]]
    return data, beside


def _answers(data: Any) -> SavedAnswers:
    """Tell the kinds apart. Raises _NoMenu and ErrorAnswer."""
    if isinstance(data, list):
        return _listed(data)
    if not isinstance(data, Mapping):
        quoted = json_in_a_text(data) if isinstance(data, str) else None
        raise _NoMenu(quoted or f"this is a single value; {UNDERSTOOD}")
    if "button" in data:
        return _body(data)
    match data:
        case {"menu": {"button": list(buttons)} as menu}:
            _require_buttons(buttons)
            if is_menu_file(menu):
                raise _NoMenu(
                    "this is a menu file whose menu stands one level too deep, under `menu`; move "
                    "it to the top"
                )
            # Some programs put all menus under `menu`.
            others = data.get("conditionalmenu", menu.get("conditionalmenu"))
            return _from_menu(buttons, _conditional(others))
        case {"menu": list(buttons)}:
            _require_buttons(buttons)
            return _from_menu(buttons)
        case {"conditionalmenu": list() as others}:
            return _from_menu([], _conditional(others))
        case {"selfmenu_info": {"button": list(buttons)}}:
            _require_buttons(buttons)
            # One that is switched off is wanted all the same, by whoever has kept it.
            return SavedAnswers(None, None, {**data, "is_menu_open": 1}, None)
    if "selfmenu_info" in data or "is_menu_open" in data:
        raise _NoMenu(
            "this is an answer of get_current_selfmenu_info, and it shows no menu: there is none, "
            "or it is switched off (停用); the answer of menu/get would show what the API made"
        )
    if str(data.get("errcode", "0")) != "0":
        raise ErrorAnswer(str(data["errcode"]))
    if "errcode" in data:
        raise _NoMenu(f"this says that a call was done, and holds no menu; {UNDERSTOOD}")
    raise _NoMenu(f"this is {_keys(data)}; {UNDERSTOOD}")


def _body(data: Mapping[str, Any]) -> SavedAnswers:
    """Read what was posted, or the default menu and all others beside it."""
    if str(data.get("errcode")) == "0" and "menu" not in data:
        raise _NoMenu(
            "this is the answer of WeCom's (企业微信) menu/get: `errcode` 0 beside `button`. Menus "
            "of its applications are another interface, which menuops doesn't manage"
        )
    others = data.get("conditionalmenu")
    if is_menu_file(data):
        raise _NoMenu("this is a menu file already; check it: menuops validate FILE")
    buttons = data["button"]
    _require_buttons(buttons)
    if "matchrule" in data:
        return _from_menu([], [data])
    return _from_menu(buttons, _conditional(others))


def _listed(data: Sequence[Any]) -> SavedAnswers:
    """Read a list: of buttons, or of bodies in the order in which a program posts them."""
    if not all(isinstance(item, Mapping) for item in data) or not data:
        what = "a list of other things than objects" if data else "an empty list"
        raise _NoMenu(f"this is {what}; {UNDERSTOOD}")
    bodies = [item for item in data if isinstance(item.get("button"), list)]
    if not bodies:
        if not all("name" in item or "type" in item for item in data):
            raise _NoMenu(f"this is a list, of which the first is {_keys(data[0])}; {UNDERSTOOD}")
        _require_buttons(data)
        return _from_menu(data)
    default = [item["button"] for item in bodies if "matchrule" not in item]
    if len(bodies) < len(data) or len(default) > 1:
        raise _NoMenu(f"this is a list of several menus without a rule; {UNDERSTOOD}")
    # What was posted last is tried first.
    others = [item for item in reversed(bodies) if "matchrule" in item]
    _require_buttons(default[0] if default else [])
    return _from_menu(default[0] if default else [], _conditional(others))


def _conditional(others: Any) -> list[Mapping[str, Any]]:
    if others is None:
        return []
    if not isinstance(others, list):
        raise _NoMenu(f"its `conditionalmenu` is no list; {UNDERSTOOD}")
    for item in others:
        if not isinstance(item, Mapping) or not isinstance(item.get("matchrule"), Mapping):
            raise _NoMenu("an item of its `conditionalmenu` has no `matchrule`")
        _require_buttons(item.get("button"))
    return others


def _from_menu(button: Sequence[Any], others: Sequence[Any] = ()) -> SavedAnswers:
    answer: dict[str, Any] = {"menu": {"button": list(button)}}
    if others:
        answer["conditionalmenu"] = list(others)
    return SavedAnswers(None, answer, None, None)


def _require_buttons(buttons: Any) -> None:
    """Raise _NoMenu for a `button` that can't be one of an Official Account."""
    if not isinstance(buttons, list) or not all(isinstance(each, Mapping) for each in buttons):
        raise _NoMenu("its `button` is no list of buttons")
    for button in all_buttons(buttons):
        if button.get("type") == "view_miniprogram":
            raise _NoMenu(
                "this is a menu of WeCom (企业微信): the type view_miniprogram exists there alone. "
                "Menus of its applications are another interface, which menuops doesn't manage"
            )


def _keys(data: Mapping[str, Any]) -> str:
    """Name what an object has; never a value, which could be a secret."""
    if not data:
        return "an empty object"
    names = [named(str(name)) for name in list(data)[:_MANY]]
    more = " and more" if len(data) > _MANY else ""
    return f"an object with {', '.join(names)}{more}"
