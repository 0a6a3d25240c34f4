"""What the page shows, and what can be done with it."""

from __future__ import annotations

from menuops.emulator import Account, Emulator, Follower, Tag
from tests.emulator.conftest import APPID, SECRET, Caller

from .conftest import HELP, MENU, NEW, Open

OTHER = "wx00000000000000ff"


def create(call: Caller, *buttons: object) -> None:
    assert call.errcode("menu/create", {"button": list(buttons)}) == 0


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


def test_a_fault_is_switched_on_and_happens(opened: Open, call: Caller) -> None:
    create(call, NEW)
    page = opened()
    page.page.get_by_label("Call", exact=True).select_option("menu/get")
    page.page.get_by_label("Number").fill("45009")
    page.page.get_by_role("button", name="Switch on").click()
    rows = page.page.locator(".faults-on li")
    page.texts(rows, "menu/get errcode once")
    assert call.errcode("menu/get") == 45009
    assert call.errcode("menu/get") is None
    page.texts(page.page.locator(".call .badge.fault"), "fault: errcode")
    page.texts(rows)


def test_a_fault_for_ever_is_switched_off(opened: Open, call: Caller) -> None:
    page = opened()
    page.page.get_by_label("Call", exact=True).select_option("tags/get")
    page.page.get_by_label("Fault", exact=True).select_option("status")
    page.page.get_by_label("Times").fill("0")
    page.page.get_by_role("button", name="Switch on").click()
    page.texts(page.page.locator(".faults-on li"), "tags/get status until switched off")
    assert [call.raw("tags/get").status_code for _ in range(3)] == [502] * 3
    page.page.get_by_role("button", name="Switch off: tags/get").click()
    page.text(page.page.locator(".faults-on"), "No fault is on.")
    assert call.raw("tags/get").status_code == 200


def test_a_refusal_of_the_emulator_is_shown_until_it_is_dismissed(opened: Open) -> None:
    page = opened()
    page.page.get_by_label("Fault", exact=True).select_option("encoding")
    page.page.get_by_label("Encoding").fill("klingon")
    page.page.get_by_role("button", name="Switch on").click()
    page.page.get_by_role("alert").filter(has_text="no such encoding").wait_for()
    page.page.get_by_role("button", name="Dismiss").click()
    assert page.page.get_by_role("alert").count() == 0


def test_tokens_are_expired_and_the_day_goes_by(opened: Open, call: Caller) -> None:
    page = opened()
    tokens = page.unfold("tokens")
    page.texts(tokens.locator("tbody td"), "stable", "works", "2 h 0 min")
    tokens.get_by_role("button", name="Expire all").click()
    page.text(tokens.locator("tbody td").nth(1), "over: 42001")
    assert call.errcode("menu/get") == 42001
    beijing = page.page.locator(".clock dd").nth(1)
    assert (beijing.text_content() or "").startswith("2026-11-21 12:00")
    page.page.get_by_role("button", name="Next day").click()
    page.until(lambda: (beijing.text_content() or "")[:16], "2026-11-22 00:00")


def test_tags_followers_and_accounts_are_added(opened: Open, emulator: Emulator) -> None:
    page = opened()
    people = page.unfold("people")
    people.get_by_label("New tag").fill("老客户")
    people.get_by_role("button", name="Add the tag").click()
    page.texts(
        people.locator("ul").first.locator("li"),
        "VIP (100) · 3 followers",
        "春季 (101) · 0 followers",
        "老客户 (102) · 0 followers",
    )
    people.get_by_label("OpenID").fill("oNew")
    people.get_by_label("Tag", exact=True).select_option(label="老客户")
    people.get_by_role("button", name="Add the follower").click()
    page.text(people.locator("ul").nth(1).locator("li").last, "oNew · iOS · 老客户")
    page.page.locator("#add-account summary").click()
    page.page.get_by_label("AppID").fill(OTHER)
    page.page.locator("#add-account").get_by_role("button", name="Add").click()
    page.card(OTHER).wait_for()
    with emulator.serve() as url:
        stranger = Caller(url)
        with stranger.session:
            assert "access_token" in stranger.fetch_token(OTHER, "any")


def test_many_accounts_are_found_by_their_appid(opened: Open, emulator: Emulator) -> None:
    emulator.add_account(*(Account(appid=f"wxmany{n:012d}") for n in range(20)))
    page = opened()
    cards = page.page.get_by_role("article")
    assert cards.count() == 12
    page.page.get_by_role("button", name="Show 9 more").click()
    assert cards.count() == 21
    page.page.get_by_label("Find").fill("00012")
    page.texts(page.page.locator(".card h3"), "wxmany000000000012")
    page.page.get_by_label("Find").fill("<b>")
    page.text(page.page.locator("#no-accounts"), "No account's appid has “<b>” in it.")


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
