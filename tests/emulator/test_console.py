"""Publishing as somebody in the web console does, through the control interface."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import APPID, Caller, Control, payload


def test_the_console_publishes_and_takes_away(call: Caller, control: Control) -> None:
    console = payload("selfmenu-console")
    shown = control.post("console", {"appid": APPID, **console, "is_open": 1})
    assert shown["console"] == console["selfmenu_info"]
    assert call("get_current_selfmenu_info")["selfmenu_info"] == console["selfmenu_info"]
    assert control.post("console", {"appid": APPID, "is_open": 0})["is_open"] is False
    assert call("get_current_selfmenu_info") == {"is_menu_open": 0}
    shown = control.post("console", {"appid": APPID, "selfmenu_info": None})
    assert (shown["console"], shown["is_open"]) == (None, True)


LEAF = {"type": "view", "name": "店", "url": "https://shop.example.com/"}
AT = "selfmenu_info.button[0]"


def under(*leaves: Any, **more: Any) -> list[Any]:
    return [{"name": "更多", "sub_button": {"list": list(leaves), **more}}]


@pytest.mark.parametrize(
    ("button", "said"),
    [
        (None, "selfmenu_info.button: isn't a list"),
        ([LEAF] * 4, "selfmenu_info.button: has 4 entries; 0 to 3 can be published"),
        ([LEAF, 7], "selfmenu_info.button[1]: isn't an object"),
        ([{**LEAF, "type": "click"}], f"{AT}.type: the console has no click; it has view, "),
        ([{"name": "店"}], f"{AT}.type: is missing"),
        ([{**LEAF, "name": 7}], f"{AT}.name: isn't text"),
        ([{**LEAF, "name": ""}], f"{AT}.name: is empty"),
        ([{**LEAF, "name": "字" * 6}], f"{AT}.name: is 18 bytes, at most 16 fit"),
        ([{**LEAF, "url": "shop"}], f"{AT}.url: isn't an address"),
        ([{**LEAF, "key": "K"}], f"{AT}: has no key; it has type, name, url"),
        ([{"type": "text", "name": "文"}], f"{AT}.value: is missing"),
        ([{"type": "news", "name": "文", "value": "m", "news_info": []}], f"{AT}.news_info: isn't"),
        ([{**LEAF, "sub_button": {"list": []}}], f"{AT}: has no type; it has name, sub_button"),
        ([{"name": "更多", "sub_button": [LEAF]}], f"{AT}.sub_button: isn't an object"),
        (under(), f"{AT}.sub_button.list: has 0 entries; 1 to 5 can be published"),
        (under(*[LEAF] * 6), f"{AT}.sub_button.list: has 6 entries"),
        (under(LEAF, x=1), f"{AT}.sub_button: has no x"),
        (under(LEAF, {**LEAF, "name": "字" * 21}), f"{AT}.sub_button.list[1].name: is 63 bytes"),
        (under(*under(LEAF)), f"{AT}.sub_button.list[0].type: is missing"),
    ],
)
def test_what_the_console_could_not_publish_is_refused_with_its_place(
    control: Control, button: Any, said: str
) -> None:
    before = control.account()
    body = {"appid": APPID, "selfmenu_info": {"button": button}}
    answer = control.post("console", body, status=400)
    assert answer["error"].startswith(said)
    assert control.account() == before


@pytest.mark.parametrize("name", ["selfmenu-console", "selfmenu-live-miniprogram"])
def test_what_wechat_shows_of_the_console_can_be_published(control: Control, name: str) -> None:
    info = payload(name)["selfmenu_info"]
    control.post("console", {"appid": APPID, "selfmenu_info": info})
    assert control.account()["console"] == info
