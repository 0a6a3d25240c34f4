"""A preview as JSON: what is shown, cut or not, and what each tap does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from menuops.core.document import FORMAT_VERSION
from menuops.core.preview import AccountPreview, Drawn
from menuops.core.screen import Item, screen


def preview_to_json(accounts: Iterable[AccountPreview]) -> dict[str, Any]:
    """Build the document of `preview --format json`.

    An account has `{name, appid, scenes: [{who, was_for?, sure?, before?, after}], others}` or
    `{…, error}`; a side `{menu, button: [{at, name, shown, cut, type?, does, marks?,
    sub_button?}]}`, with `menu` null where there is none. `was_for` is whom a menu was for whose
    rule changes. `sure` is false where it is one of
    several menus that they may see. Names are fit to be shown, not as they are sent.
    """
    return {
        "format_version": FORMAT_VERSION,
        "outcome": "done",
        "accounts": [_account(account) for account in accounts],
    }


def _account(account: AccountPreview) -> dict[str, Any]:
    head = {"name": account.name, "appid": account.appid}
    if account.unreadable is not None:
        return {**head, "error": account.unreadable}
    scenes = [
        {
            "who": scene.who,
            **({} if scene.was_for is None else {"was_for": scene.was_for}),
            **({} if scene.sure else {"sure": False}),
            **({} if scene.before is None else {"before": _drawn(scene.before)}),
            "after": _drawn(scene.now),
        }
        for scene in account.scenes
    ]
    return {**head, "scenes": scenes, "others": list(account.others)}


def _drawn(drawn: Drawn) -> dict[str, Any]:
    marks = dict(drawn.marks)
    return {"menu": drawn.label, "button": [_item(item, marks) for item in screen(drawn.button)]}


def _item(item: Item, marks: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    value: dict[str, Any] = {
        "at": item.at,
        "name": item.name,
        "shown": item.shown,
        "cut": item.is_cut,
        "does": item.does,
    }
    if item.type:
        value["type"] = item.type
    if item.at in marks:
        value["marks"] = list(marks[item.at])
    if item.opens:
        value["sub_button"] = [_item(child, marks) for child in item.items]
    return value
