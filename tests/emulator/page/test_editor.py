"""The console's editor on the page: what it publishes, and what becomes of edits."""

from __future__ import annotations

from menuops.emulator import Emulator
from tests.emulator.conftest import APPID, Caller

from .conftest import HELP, NEW, Open, create


def test_the_console_is_edited_and_drift_is_there(opened: Open, call: Caller) -> None:
    create(call, NEW, HELP)
    page = opened()
    page.bar("新品", "人工客服")
    console = page.unfold("console")
    console.get_by_label("Name 1").fill("后台改的")
    console.get_by_role("button", name="Remove: Button 2 人工客服").click()
    console.get_by_role("button", name="Add a button").click()
    console.get_by_label("Name 2").fill("文字")
    console.get_by_label("Type").nth(1).select_option("text")
    console.get_by_label("Content").fill("你好")
    assert "selfmenu_info" in call("get_current_selfmenu_info")
    page.bar("新品", "人工客服")  # until it is published
    console.get_by_role("button", name="Publish").click()
    page.bar("后台改的", "文字")
    page.text(page.card().locator(".source"), "the console's menu")
    buttons = call("get_current_selfmenu_info")["selfmenu_info"]["button"]
    assert buttons == [
        {"type": "view", "name": "后台改的", "url": NEW["url"]},
        {"type": "text", "name": "文字", "value": "你好"},
    ]
    assert call("menu/get")["menu"]["button"][0]["name"] == "新品"
    console.get_by_role("button", name="Take the console's menu away").click()
    page.bar("新品", "人工客服")
    assert page.complaints == []


def test_sub_menus_are_made_moved_and_taken_apart_in_the_console(
    opened: Open, call: Caller, emulator: Emulator
) -> None:
    kept = {"name": "图文", "type": "news", "value": "m", "news_info": {"list": [{"title": "t"}]}}
    emulator.put_console(APPID, {"button": [kept, {**NEW, "name": "二"}]})
    page = opened()
    console = page.unfold("console")
    console.get_by_role("button", name="Move down: Button 1 图文").click()
    assert "Move down: Button 2" not in page.focused("ariaLabel")  # it can't go further
    console.get_by_role("button", name="Make it a sub-menu").first.click()
    assert page.focused("value") == "新按钮"
    console.get_by_role("button", name="Add to the sub-menu").click()
    console.get_by_label("Name 1.2").fill("乙")
    console.get_by_role("button", name="Publish").click()
    page.bar("二", "图文")
    first, second = call("get_current_selfmenu_info")["selfmenu_info"]["button"]
    assert [leaf["name"] for leaf in first["sub_button"]["list"]] == ["新按钮", "乙"]
    assert set(first) == {"name", "sub_button"}
    assert second == kept  # fields that the editor doesn't know, too
    for _ in range(2):
        console.get_by_role("button", name="Remove: Button 1.1").click()
    console.get_by_role("button", name="Publish").click()
    page.number(".phone-tab[aria-haspopup]", 0)
    assert call("get_current_selfmenu_info")["selfmenu_info"]["button"][0]["type"] == "view"


def test_what_the_console_could_not_publish_is_said_and_the_edits_stay(
    opened: Open, call: Caller
) -> None:
    create(call, NEW, HELP)
    page = opened()
    console = page.unfold("console")
    console.get_by_label("Name 1").fill("后台改的")
    console.get_by_role("button", name="Publish").click()
    refused = "selfmenu_info.button[1].type: the console has no click"
    page.page.get_by_role("alert").filter(has_text=refused).wait_for()
    assert console.get_by_label("Name 1").input_value() == "后台改的"
    page.bar("新品", "人工客服")


def test_edits_outlive_a_change_of_the_menu_in_force(opened: Open, call: Caller) -> None:
    create(call, NEW)
    page = opened()
    console = page.unfold("console")
    console.get_by_label("Name 1").fill("未发布")
    create(call, HELP)
    page.bar("人工客服")
    assert console.get_by_label("Name 1").input_value() == "未发布"
    status = console.get_by_role("status")
    assert "the menu in force has changed meanwhile" in status.inner_text()
    console.get_by_role("button", name="Discard edits").click()
    assert console.get_by_label("Name 1").input_value() == "人工客服"


def test_the_menu_is_switched_off_and_on(opened: Open, call: Caller) -> None:
    create(call, NEW)
    page = opened()
    console = page.unfold("console")
    console.get_by_role("button", name="Switch the menu off").click()
    page.text(page.card().locator(".source"), "the menu is switched off")
    page.bar()
    assert call("get_current_selfmenu_info") == {"is_menu_open": 0}
    console.get_by_role("button", name="Switch the menu on").click()
    page.bar("新品")
