"""Menus as the remote's JSON, and back: the normal form that everything is compared in.

What WeChat answers differs from what was posted (a `sub_button: []` on each leaf, `group_id`
for `tag_id`, numbers for texts); the normal form is the posted form, without any of that.
Source: https://developers.weixin.qq.com/doc/service/api/custommenu/api_getmenu (read 2026-11),
and answers of the live service that were published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from menuops.core.model import (
    ACTIONS,
    Button,
    Buttons,
    ConditionalMenu,
    Entry,
    Foreign,
    MatchRule,
    Menus,
    Parent,
)


def parse_buttons(answer: Any) -> Buttons:
    """Read the `button` list of any answer; what isn't understood is kept as `Foreign`.

    Takes `sub_button` as a list (`menu/get`, a posted body) and as `{"list": […]}`
    (`get_current_selfmenu_info`). Raises nothing.
    """
    return tuple(_entry(item) for item in _items(answer))


_KNOWN: Final = frozenset(
    {"type", "name", "sub_button", "value", "news_info"}.union(
        *(action.FIELDS for action in ACTIONS.values())
    )
)
"""What a button is known to have; fields of another type than its own say nothing.

Source: reference, 3.2 and 3.9.
"""


def _items(answer: Any) -> list[Mapping[str, Any]]:
    if isinstance(answer, Mapping):
        answer = answer.get("list")
    return [item for item in answer if isinstance(item, Mapping)] if _is_list(answer) else []


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _entry(item: Mapping[str, Any]) -> Entry:
    children = _items(item.get("sub_button"))
    if children:
        return Parent(
            _text(item.get("name")),
            tuple(_button(child) for child in children),
            unknown=_unknown(item),
        )
    return _button(item)


def _button(item: Mapping[str, Any]) -> Button:
    type_, name = _text(item.get("type")), _text(item.get("name"))
    action = ACTIONS.get(type_)
    if action is not None:
        values = [item.get(field) for field in action.FIELDS]
        if all(isinstance(value, str) for value in values):
            return action(name, *values, unknown=_unknown(item))
    rest = {key: value for key, value in item.items() if key not in ("type", "name")}
    if _opens_nothing(rest.get("sub_button")):
        rest.pop("sub_button", None)
    return Foreign(name, type_, tuple(sorted(rest.items())))


def _unknown(item: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    children = item.get("sub_button")
    read = _opens_nothing(children) or _items(children)
    known = _KNOWN if read else _KNOWN - {"sub_button"}
    return tuple(sorted((name, item[name]) for name in item.keys() - known))


def _opens_nothing(sub_button: Any) -> bool:
    return sub_button in (None, "", [], (), {}, {"list": []})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def buttons_to_json(buttons: Iterable[Entry]) -> list[dict[str, Any]]:
    """Build the `button` list of `menu/create` and `menu/addconditional`, in screen order.

    A Foreign button keeps the fields that it was read with; the remote would refuse it.
    """
    return [_entry_to_json(entry) for entry in buttons]


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, Parent):
        return {"name": entry.name, "sub_button": buttons_to_json(entry.sub_button)}
    if isinstance(entry, Foreign):
        head = {"type": entry.type} if entry.type else {}
        return {**head, "name": entry.name, **dict(entry.fields)}
    fields = {field: getattr(entry, field) for field in entry.FIELDS}
    return {"type": entry.TYPE, "name": entry.name, **fields}


def answered_to_json(buttons: Buttons) -> list[dict[str, Any]]:
    """Give a `button` list with the fields of live buttons that nothing is known of."""
    values = buttons_to_json(buttons)
    for entry, value in zip(buttons, values, strict=True):
        if isinstance(entry, Parent):
            value["sub_button"] = answered_to_json(entry.sub_button)
        if not isinstance(entry, Foreign):
            value.update(entry.unknown)
    return values


def rule_to_json(rule: MatchRule) -> dict[str, str]:
    """Build the `matchrule` of `menu/addconditional`: the fields that say something."""
    fields = {"tag_id": rule.tag_id, "client_platform_type": rule.client_platform_type}
    return {name: value for name, value in fields.items() if value is not None}


def menus_to_json(
    menus: Menus, to_json: Callable[[Buttons], list[dict[str, Any]]] = buttons_to_json
) -> dict[str, Any]:
    """Give `{"button": […], "conditionalmenu": [{"matchrule", "button"}]}` in their order."""
    return {
        "button": to_json(menus.button),
        "conditionalmenu": [
            {"matchrule": rule_to_json(menu.matchrule), "button": to_json(menu.button)}
            for menu in menus.conditionalmenu
        ],
    }


def menus_from_json(value: Mapping[str, Any]) -> Menus:
    """Read back what `menus_to_json` gave."""
    return Menus(
        parse_buttons(value["button"]),
        tuple(
            ConditionalMenu(MatchRule(**menu["matchrule"]), parse_buttons(menu["button"]))
            for menu in value["conditionalmenu"]
        ),
    )


def canonical(value: Any) -> str:
    """Write JSON in its one canonical form: sorted keys, no blanks, raw UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(value: Any) -> str:
    """Hash a JSON value over its canonical form; 64 hex digits.

    A lone surrogate, which a live name may hold, is hashed as the three bytes that encode it.
    """
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()
