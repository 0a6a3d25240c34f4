"""What the page shows of accounts, menus and calls, whatever they hold."""

from __future__ import annotations

from menuops.emulator import Account, Emulator, Follower, Tag
from tests.emulator.conftest import APPID, SECRET, Caller

from .conftest import HELP, MENU, NEW, OTHER, Open, create


def test_it_shows_an_account_without_a_menu(opened: Open) -> None:
    page = opened()
    assert page.said == "No menu: followers see the keyboard alone."
    assert page.page.locator(".phone-tab").count() == 0
    assert (page.strangers, page.complaints) == ([], [])


def test_a_menu_arrives_while_it_is_looked_at(opened: Open, call: Caller) -> None:
    page = opened()
    assert call.errcode("menu/create", MENU) == 0
    page.bar("新品", "会员中心…", "帮助")
    page.text(page.card().locator(".source"), "the default menu · 450000001")
    page.text(page.page.locator("#arrivals"), f"{APPID}: followers see another menu")
    create(call, HELP)
    page.bar("人工客服")
    assert call.errcode("menu/delete", {}) == 0
    page.bar()
    assert (page.strangers, page.complaints) == ([], [])


def test_a_tap_opens_a_sub_menu_and_says_what_a_button_does(opened: Open, call: Caller) -> None:
    call("menu/create", MENU)
    page = opened()
    page.bar("新品", "会员中心…", "帮助")
    tabs = page.page.locator(".phone-tab")
    assert page.open == []
    tabs.nth(1).click()
    assert page.open == ["春季新品系列大促…", "人工客服", "扫码"]
    page.page.locator(".phone-item:visible").first.click()
    assert page.said == "春季新品系列大促销活动 (cut) [view]: opens https://shop.example.com/new"
    tabs.nth(2).click()
    assert page.open == ["人工客服", "新品"]
    tabs.nth(2).click()
    assert page.open == []


def test_a_sub_menu_stays_open_while_another_button_changes(opened: Open, call: Caller) -> None:
    call("menu/create", MENU)
    page = opened()
    page.bar("新品", "会员中心…", "帮助")
    page.page.locator(".phone-tab").nth(2).click()
    create(call, {**NEW, "name": "改名"}, *MENU["button"][1:])
    page.bar("改名", "会员中心…", "帮助")
    assert page.open == ["人工客服", "新品"]


def test_calls_are_listed_with_request_and_answer_and_without_secrets(
    opened: Open, call: Caller
) -> None:
    page = opened()
    create(call, {**NEW, "url": "https://shop.example.com/1"})
    assert call.errcode("menu/create", {"button": []}) == 40016
    call("menu/get")
    paths = page.page.locator(".call .path")
    page.texts(paths, "menu/get", "menu/create", "menu/create", "stable_token")
    page.texts(page.page.locator(".call .badge"), "ok", "40016", "ok", "ok")
    for summary in page.page.locator(".call summary").all():
        summary.click()
    page.number("pre", 8)
    shown = page.page.locator("#calls").inner_text()
    assert "GET /cgi-bin/menu/get?access_token=***" in shown
    assert '"name": "新品"' in shown
    # The answer as it was sent, not as JavaScript would write it.
    assert r"https:\/\/shop.example.com\/1" in shown
    assert call.token not in page.page.content()
    assert SECRET not in page.page.content()
    page.page.get_by_label("Failed only").check()
    page.texts(paths, "menu/create")


def test_an_open_call_stays_open_when_others_arrive(opened: Open, call: Caller) -> None:
    page = opened()
    page.page.locator(".call summary").click()
    page.page.locator(".call pre").first.focus()
    call("menu/get")
    page.number(".call", 2)
    assert page.page.locator(".call").nth(1).locator("details[open]").count() == 1
    assert page.focused("tagName") == "PRE"


def test_the_list_of_calls_is_bounded(opened: Open, call: Caller) -> None:
    for _ in range(195):
        call("tags/get")
    page = opened()
    for _ in range(25):
        call("tags/get")
    page.text(page.page.locator("#call-list > .hint"), "The newest 200 of 221 calls")
    assert page.page.locator(".call").count() == 200


def test_a_follower_is_picked_by_tag_by_platform_or_by_name(opened: Open, call: Caller) -> None:
    create(call, NEW)
    rule = {"tag_id": "100", "client_platform_type": "1"}
    call("menu/addconditional", {"button": [HELP], "matchrule": rule})
    page = opened()
    page.bar("新品")
    page.page.get_by_label("Tag", exact=True).first.select_option("100")
    page.page.get_by_label("Platform", exact=True).first.select_option("1")
    page.bar("人工客服")
    source = page.card().locator(".source")
    page.text(source, "a conditional menu (tag VIP (100) + iOS) · 450000002")
    who = page.page.get_by_label("Seen by")
    who.select_option("oPlain")
    page.bar("新品")
    who.select_option("oVip")
    page.bar("人工客服")
    assert page.page.get_by_label("Tag", exact=True).first.is_disabled()
    assert page.page.get_by_label("Tag", exact=True).first.input_value() == "100"


def test_names_of_others_stay_text(opened: Open, call: Caller, emulator: Emulator) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e"
    leaf = {"type": hostile, "name": hostile, "url": "javascript:alert(3)", "value": hostile}
    emulator.add_account(
        Account(
            appid='wx"><script>alert(4)</script>',
            tags=(Tag(100, hostile),),
            followers=(Follower(hostile),),
        )
    )
    emulator.put_console(
        APPID,
        {"button": [leaf, {"name": hostile, "sub_button": {"list": [leaf]}}, {"name": 7}]},
    )
    call("menu/create?x=<script>alert(5)</script>", {"button": hostile})
    page = opened()
    page.unfold_all()
    for tab in page.page.locator(".phone-tab").all():
        tab.click()
    page.page.wait_for_timeout(50)  # an image that fails to load would say so by now
    assert page.page.locator("script:not([src]), img[src=x], b").count() == 0
    assert page.page.evaluate("document.querySelectorAll('script').length") == 1
    assert "\u202e" not in page.page.locator("body").inner_text()
    assert page.complaints == []
    assert page.strangers == []


def test_text_can_not_become_markup_at_all(opened: Open) -> None:
    """Whoever writes innerHTML one day is stopped by the browser."""
    page = opened()
    refused = page.page.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return false; }"
        " catch (error) { return error instanceof TypeError; } }"
    )
    assert refused is True


def test_it_comes_back_with_another_emulator_on_the_same_port(
    opened: Open, emulator: Emulator
) -> None:
    with emulator.serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.fetch_stable()
            caller.fetch_stable()
            page = opened(url=url)
            page.number(".call", 3)
    page.page.wait_for_selector(".link[data-state=lost]")
    fresh = Emulator()
    fresh.add_account(Account(appid=OTHER))
    with fresh.serve(port=int(url.rsplit(":", 1)[1])):
        page.live()
        page.card(OTHER).wait_for()
        assert page.page.locator(".call").count() == 0
