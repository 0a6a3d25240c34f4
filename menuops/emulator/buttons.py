"""The button types that can be posted, with the field that each needs.

Source: WeChat's page of menu/create.
"""

from __future__ import annotations

from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
Buttons: TypeAlias = tuple[JsonObject, ...]

KEY_TYPES = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
FIELDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(KEY_TYPES, ("key",)),
    "view": ("url",),
    # url is what clients too old for mini programs open
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}
ACTIONS = ("key", "url", "media_id", "article_id", "appid", "pagepath")


def children(entry: JsonObject) -> list[Any]:
    """Give an entry's sub-menu; [] for a leaf, whether it says so or not."""
    found = entry.get("sub_button")
    return found if isinstance(found, list) else []
