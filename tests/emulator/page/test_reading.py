"""The page by keyboard, with a screen reader, in Chinese, in the dark and on a narrow screen."""

from __future__ import annotations

from typing import Any

import pytest

from menuops.emulator import Account, Emulator, Fault
from tests.emulator.conftest import APPID, Caller

from .conftest import HELP, MENU, NEW, Open, Opened

ROLES = {
    "button", "checkbox", "combobox", "textbox", "searchbox", "spinbutton", "menuitem", "menubar",
    "menu", "figure", "article", "region", "DisclosureTriangle", "link",
}  # fmt: skip


def tab_to(page: Opened, selector: str, presses: int = 40) -> None:
    """Go there by Tab alone."""
    for _ in range(presses):
        if page.page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.press("Tab")
    raise AssertionError(f"{selector} isn't reached by Tab")


@pytest.fixture
def page(opened: Open, call: Caller) -> Opened:
    call("menu/create", MENU)
    page = opened()
    page.bar("新品", "会员中心…", "帮助")
    return page


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_keyboard_opens_goes_round_and_closes(page: Opened, key: str) -> None:
    tab_to(page, ".phone-tab")
    page.press("ArrowRight", key)
    assert page.focused() == "春季新品系列大促…"
    page.press("ArrowUp")
    assert page.focused() == "扫码"
    page.press("ArrowDown", "ArrowDown")
    assert page.focused() == "人工客服"
    page.press("End", "ArrowRight")
    assert (page.focused(), page.open) == ("人工客服", ["人工客服", "新品"])
    page.press("Escape")
    assert (page.focused(), page.open) == ("帮助", [])
    page.press("Home")
    assert page.focused() == "新品"
    page.press("Tab")
    assert page.focused("tagName") == "SELECT"


def test_a_call_does_not_take_the_keyboard_away(page: Opened, call: Caller) -> None:
    tab_to(page, ".phone-tab")
    page.press("ArrowRight", "ArrowDown", "ArrowDown")
    assert page.focused() == "人工客服"
    call("menu/create", {"button": [HELP, *MENU["button"][1:]]})
    page.bar("人工客服", "会员中心…", "帮助")
    assert page.focused("dataset.at") == "2.2"
    call("menu/create", {"button": [HELP]})
    page.bar("人工客服")
    assert page.focused("dataset.at") == "1"


def test_a_name_is_typed_on_while_calls_come_in(page: Opened, call: Caller) -> None:
    page.unfold("console")
    name = page.page.get_by_label("Name 1", exact=True)
    name.fill("ab")
    page.press("ArrowLeft")
    call("menu/create", {"button": [HELP]})
    page.bar("人工客服")
    page.press("x")
    assert name.input_value() == "axb"


def test_a_fault_is_switched_on_by_keyboard(page: Opened, call: Caller) -> None:
    tab_to(page, "[data-key=fault-path]")
    page.page.keyboard.type("menu/g")
    tab_to(page, "[data-key=fault-code]")
    page.page.keyboard.press("Control+a")
    page.page.keyboard.type("48001")
    page.press("Enter")
    page.texts(page.page.locator(".faults-on li"), "menu/get errcode once")
    assert call.errcode("menu/get") == 48001


def test_the_first_tab_leads_past_all_accounts(page: Opened) -> None:
    page.press("Tab")
    assert page.focused() == "Skip to the calls"
    page.press("Enter")
    assert page.focused("id") == "calls"


def named(page: Opened) -> list[tuple[str, str]]:
    """List what a screen reader comes to, with its names."""
    session = page.page.context.new_cdp_session(page.page)
    tree: dict[str, Any] = session.send("Accessibility.getFullAXTree")
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree["nodes"]
        if not node.get("ignored") and node.get("role", {}).get("value") in ROLES
    ]


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_everything_has_a_name(opened: Open, call: Caller, emulator: Emulator, locale: str) -> None:
    emulator.add_account(*(Account(appid=f"wxmore{n:012d}") for n in range(4)))
    call("menu/create", MENU)
    page = opened(locale=locale)
    page.bar("新品", "会员中心…", "帮助")
    page.unfold_all()
    found = named(page)
    assert {role for role, _ in found} >= ROLES - {"menu"}
    assert [role for role, name in found if not name.strip()] == []
    buttons = [name for role, name in found if role == "button"]
    in_editor = [name for name in buttons if "3.1" in name]
    assert len(set(in_editor)) == len(in_editor) >= 2


def test_readers_are_told_what_opens_and_what_a_tap_does(page: Opened) -> None:
    bar = page.page.get_by_role("menubar", name=f"Menu of {APPID}")
    opener = bar.get_by_role("menuitem", name="会员中心大, opens a sub-menu of 3")
    assert opener.get_attribute("aria-expanded") == "false"
    opener.click()
    assert opener.get_attribute("aria-expanded") == "true"
    inside = page.page.get_by_role("menu", name="会员中心大").get_by_role("menuitem")
    assert inside.nth(1).get_attribute("aria-label") == (
        "人工客服, sends the key CONTACT to the account's server"
    )


def test_arrivals_are_announced(page: Opened, call: Caller) -> None:
    call("menu/create", {"button": []})
    page.text(page.page.locator("#arrivals"), "POST /cgi-bin/menu/create: 40016")


def test_chinese_is_the_browsers_or_chosen_and_kept(opened: Open, call: Caller) -> None:
    call("menu/create", {"button": [NEW]})
    call("menu/addconditional", {"button": [HELP], "matchrule": {"client_platform_type": "2"}})
    page = opened(locale="zh-CN")
    page.bar("新品")
    assert page.focused("ownerDocument.documentElement.lang") == "zh-CN"
    page.text(page.card().locator(".source"), "默认菜单 · 450000001")
    page.page.get_by_label("平台").first.select_option("2")
    page.text(page.card().locator(".source"), "个性化菜单 (Android) · 450000002")
    words = page.page.locator("body").inner_text()
    assert all(word in words for word in ("公众号后台", "故障", "接口调用", "点一个按钮"))
    page.page.get_by_label("语言").select_option("en")
    page.text(page.card().locator(".source"), "a conditional menu (Android) · 450000002")
    assert "公众号后台" in page.page.locator("body").inner_text()  # its name in both
    assert "故障" not in page.page.locator("body").inner_text()
    page.page.reload()
    page.page.get_by_role("heading", name="Faults").wait_for()


def test_one_is_a_number_like_others_in_chinese(opened: Open, emulator: Emulator) -> None:
    emulator.fail_next("menu/get", Fault.errcode(45009), after=1)
    page = opened(locale="zh-CN")
    page.texts(page.page.locator(".faults-on li"), "menu/get errcode 1 次，再放行 1 次之后")


def test_a_change_of_language_keeps_what_was_chosen_typed_and_opened(page: Opened) -> None:
    page.unfold("console")
    page.page.get_by_label("Name 1", exact=True).fill("改")
    page.page.get_by_label("Call", exact=True).select_option("tags/get")
    page.page.locator(".call summary").first.click()
    page.page.locator("#language").select_option("zh")
    assert page.page.get_by_label("名称 1", exact=True).input_value() == "改"
    assert page.page.get_by_label("接口", exact=True).input_value() == "tags/get"
    assert page.page.locator(".call details[open]").count() == 1


def test_dark_is_dark(opened: Open) -> None:
    colours = [
        opened(color_scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert colours == ["rgb(244, 245, 246)", "rgb(14, 15, 16)"]


def test_nothing_moves_for_whoever_asked_for_that(opened: Open, call: Caller) -> None:
    page = opened(reduced_motion="reduce")
    for selector in (".card.fresh", ".call.fresh"):
        call("menu/create", {"button": [NEW]})
        # Looked at in the moment in which it is there: it doesn't stay fresh.
        name = page.page.wait_for_function(
            "(it) => { const one = document.querySelector(it);"
            " return one && getComputedStyle(one).animationName }",
            arg=selector,
        )
        assert name.json_value() == "none"


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_narrow_screen_is_enough(opened: Open, call: Caller, locale: str) -> None:
    call("menu/create", MENU)
    page = opened(locale=locale, width=320)
    page.bar("新品", "会员中心…", "帮助")
    page.unfold_all()
    assert page.page.evaluate("document.documentElement.scrollWidth") == 320
    for name in page.page.locator(".phone-tab .phone-text").all():
        assert name.evaluate("(one) => one.scrollWidth <= one.clientWidth"), name.inner_text()
    outer = page.page.locator(".phone-body").bounding_box()
    assert outer is not None
    for tab in page.page.locator(".phone-tab[aria-haspopup]").all():
        tab.click()
        inner = page.page.locator(".phone-pop:visible").bounding_box()
        assert inner is not None
        assert outer["x"] <= inner["x"]
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
