"""What is switched, added and sought on the page: faults, tokens, tags, followers, accounts."""

from __future__ import annotations

from menuops.emulator import Account, Emulator
from tests.emulator.conftest import Caller

from .conftest import NEW, OTHER, Open, create


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
