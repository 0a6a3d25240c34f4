"""What only a menu file has, and no body that is posted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_OURS: Final = frozenset(("vars", "allow"))


def is_menu_file(data: Mapping[str, Any]) -> bool:
    """Tell whether a key that is ours alone stands in a menu, which a body would lose."""
    others = data.get("conditionalmenu")
    listed = [item for item in _items(others) if isinstance(item, Mapping)]
    buttons = [
        button
        for menu in (data, *listed)
        for button in all_buttons([each for each in _items(menu.get("button")) if _is_object(each)])
    ]
    rules = [item["matchrule"] for item in listed if _is_object(item.get("matchrule"))]
    return (
        any(name in _OURS or str(name).startswith("x-") for name in data)
        or any(isinstance(each.get("id"), str) for each in (*listed, *buttons))
        or any("tag" in rule for rule in rules)
    )


def all_buttons(buttons: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """List entries and, after each, the buttons that it opens."""
    for button in buttons:
        yield button
        inner = button.get("sub_button")
        listed = inner.get("list") if isinstance(inner, Mapping) else inner
        yield from (each for each in _items(listed) if isinstance(each, Mapping))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)
