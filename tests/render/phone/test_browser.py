"""The page in a real Chromium: a click and the keyboard open sub-menus, nothing leaves the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from menuops.core.preview import AccountPreview
from menuops.render.phone.page import preview_page

from .scenes import HOSTILE, PREVIEWS, click, one, parent, view

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OPEN = ".phone-pop:visible"
MENU = one(
    parent("新品", view("春季新品系列大促销活动", "https://a.example/1"), click("乙"), click("丙")),
    click("帮助", "HELP"),
    parent("更多", click("丁", "FOUR"), click("戊")),
)


class Opened:
    """A page, with all that it asked for and complained of."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(file.as_uri())
        self.url = file.as_uri()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def focused(self) -> str:
        """What the entry under the keyboard is called."""
        name = self.page.evaluate(
            "document.activeElement.querySelector('.phone-text')?.textContent"
        )
        return str(name)

    @property
    def open(self) -> list[str]:
        """The names in the sub-menu that is open."""
        return self.page.locator(f"{OPEN} .phone-text").all_text_contents()

    def said(self, phone: int = 0) -> str:
        return self.page.locator(".phone-said").nth(phone).text_content() or ""


Open = Callable[..., Opened]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    pages = []

    def open_(*accounts: AccountPreview, of_plan: bool = False, **options: str) -> Opened:
        file = tmp_path / "preview.html"
        file.write_text(preview_page(accounts, of_plan=of_plan), encoding="utf-8")
        page = browser.new_page(**options)  # type: ignore[arg-type]
        pages.append(page)
        return Opened(page, file)

    yield open_
    for page in pages:
        page.close()


def test_a_click_opens_a_sub_menu_and_another_closes_it(opened: Open) -> None:
    page = opened(MENU)
    assert page.open == []
    page.page.click(".phone-tab >> nth=0")
    assert page.open == ["春季新品系列大促…", "乙", "丙"]
    page.page.click(".phone-tab >> nth=2")
    assert page.open == ["丁", "戊"]
    page.page.click(".phone-tab >> nth=2")
    assert page.open == []
    page.page.click(".phone-tab >> nth=0")
    page.page.click("h1")
    assert page.open == []


def test_a_click_tells_what_the_tap_does(opened: Open) -> None:
    page = opened(MENU)
    page.page.click(".phone-tab >> nth=1")
    assert page.said() == "2 帮助 [click]: sends the key HELP to the account's server"
    page.page.click(".phone-tab >> nth=0")
    page.page.click(f"{OPEN} .phone-item >> nth=0")
    assert page.said() == "1.1 春季新品系列大促销活动 (cut) [view]: opens https://a.example/1"


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_keyboard_opens_goes_round_and_closes(opened: Open, key: str) -> None:
    page = opened(MENU)
    page.press("Tab", key)
    assert page.focused == "春季新品系列大促…"
    page.press("ArrowUp")
    assert page.focused == "丙"
    page.press("ArrowDown", "ArrowDown")
    assert page.focused == "乙"
    page.press("End")
    assert page.focused == "丙"
    page.press("Escape")
    assert (page.focused, page.open) == ("新品", [])


def test_arrows_go_from_button_to_button(opened: Open) -> None:
    page = opened(MENU)
    page.press("Tab", "ArrowRight")
    assert (page.focused, page.open) == ("帮助", [])
    page.press("ArrowUp")
    assert (page.focused, page.open) == ("帮助", [])
    page.press("ArrowRight", "ArrowUp")
    assert (page.focused, page.open) == ("戊", ["丁", "戊"])
    page.press("ArrowRight")
    assert (page.focused, page.open) == ("春季新品系列大促…", ["春季新品系列大促…", "乙", "丙"])
    page.press("ArrowLeft")
    assert (page.focused, page.open) == ("丁", ["丁", "戊"])


def test_the_keyboard_leaves_a_phone_by_tab(opened: Open) -> None:
    page = opened(MENU, PREVIEWS["one-button"])
    page.press("Tab", "ArrowDown")
    assert page.open
    page.press("Tab")
    assert (page.focused, page.open) == ("帮助", [])


def test_before_and_after_can_stand_open_beside_each_other(opened: Open) -> None:
    page = opened(PREVIEWS["change"], of_plan=True).page
    for phone in page.locator(".phone").all():
        phone.locator(".phone-tab >> nth=1").click()
    assert page.locator(OPEN).count() == 2


def test_readers_are_told_what_opens_and_what_a_tap_does(opened: Open) -> None:
    page = opened(MENU).page
    bar = page.get_by_role("menubar", name="default menu")
    opener = bar.get_by_role("menuitem", name="新品, opens a sub-menu of 3")
    assert opener.get_attribute("aria-expanded") == "false"
    opener.click()
    assert opener.get_attribute("aria-expanded") == "true"
    inside = page.get_by_role("menu", name="新品").get_by_role("menuitem")
    assert inside.first.get_attribute("aria-label") == (
        "春季新品系列大促销活动, opens https://a.example/1"
    )


def test_a_plan_opens_the_first_sub_menu_with_a_change(opened: Open) -> None:
    page = opened(PREVIEWS["change"], of_plan=True)
    marks = page.page.locator(f"{OPEN} .phone-mark").all_text_contents()
    assert marks == ["- removed", "~ changed", "~ renamed", ">~ moved, renamed", "+ added"]


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_sub_menu_stays_on_the_screen(opened: Open, name: str) -> None:
    page = opened(PREVIEWS[name]).page
    for phone in page.locator(".phone").all():
        for tab in phone.locator(".phone-tab[aria-haspopup]").all():
            if tab.get_attribute("aria-expanded") != "true":
                tab.click()
            inner = phone.locator(OPEN).bounding_box()
            outer = phone.locator(".phone-body").bounding_box()
            assert inner is not None
            assert outer is not None
            assert outer["x"] <= inner["x"]
            assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
            assert outer["y"] <= inner["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_asks_for_nothing_and_complains_of_nothing(opened: Open, scheme: str) -> None:
    names = (one(parent(name, click(name, name)), name=name) for name in HOSTILE)
    page = opened(*names, *PREVIEWS.values(), of_plan=True, color_scheme=scheme)
    for tab in page.page.locator(".phone-tab").all():
        tab.click()
    assert page.requests == [page.url]
    assert page.complaints == []


def test_dark_is_dark(opened: Open) -> None:
    colour = "getComputedStyle(document.querySelector('.phone-body')).backgroundColor"
    light, dark = (opened(MENU, color_scheme=s).page.evaluate(colour) for s in ("light", "dark"))
    assert (light, dark) == ("rgb(237, 237, 237)", "rgb(17, 17, 17)")
