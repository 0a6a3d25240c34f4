"""The emulator's page in a real Chromium, with all that it asks for and complains of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.emulator.conftest import APPID, Caller

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

WAIT_S = 5.0  # at most, for what comes by itself
OTHER = "wx00000000000000ff"
WIDTH, HEIGHT = 1280, 720

NEW = {"name": "新品", "type": "view", "url": "https://shop.example.com/new"}
HELP = {"name": "人工客服", "type": "click", "key": "CONTACT"}
MENU = {
    "button": [
        NEW,
        {
            "name": "会员中心大",
            "sub_button": [
                {**NEW, "name": "春季新品系列大促销活动"},
                HELP,
                {"name": "扫码", "type": "scancode_push", "key": "SCAN"},
            ],
        },
        {"name": "帮助", "sub_button": [HELP, NEW]},
    ]
}


def create(call: Caller, *buttons: object) -> None:
    assert call.errcode("menu/create", {"button": list(buttons)}) == 0


@pytest.fixture(scope="session")
def pages(browser: Browser) -> Callable[[str], Page]:
    """Give a blank page of a locale; a new one is slow, so they are used again."""
    made: dict[str, Page] = {}

    def page(locale: str) -> Page:
        if locale not in made:
            made[locale] = browser.new_context(locale=locale).new_page()
            made[locale].set_default_timeout(WAIT_S * 1000)
        return made[locale]

    return page


class Opened:
    """The page, open and live."""

    def __init__(self, page: Page, url: str) -> None:
        self.url = url
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        for event, heard in self._heard.items():
            page.on(event, heard)  # type: ignore[call-overload]
        page.goto(f"{url}/")
        self.live()

    @cached_property
    def _heard(self) -> dict[str, Callable[[Any], None]]:
        return {
            "request": lambda request: self.asked.append(request.url),
            "console": lambda message: self.complaints.append(message.text),
            "pageerror": lambda error: self.complaints.append(str(error)),
            "dialog": lambda dialog: self.complaints.append(dialog.message),
        }

    def leave(self) -> None:
        for event, heard in self._heard.items():
            self.page.remove_listener(event, heard)
        self.page.goto("about:blank")

    def live(self) -> None:
        self.page.wait_for_selector(".link[data-state=live]")

    @property
    def strangers(self) -> list[str]:
        """What was asked of anybody else than the emulator."""
        own = urlsplit(self.url).netloc
        return [url for url in self.asked if urlsplit(url).netloc != own]

    def card(self, appid: str = APPID) -> Locator:
        return self.page.get_by_role("article", name=appid, exact=True)

    def bar(self, *names: str, appid: str = APPID) -> None:
        """Wait until the phone's bar shows these names, and no others."""
        self.texts(self.card(appid).locator(".phone-tab .phone-text"), *names)

    def texts(self, locator: Locator, *texts: str) -> None:
        self.until(lambda: [one.strip() for one in locator.all_inner_texts()], list(texts))

    def text(self, locator: Locator, text: str) -> None:
        self.texts(locator, text)

    def number(self, selector: str, number: int) -> None:
        self.until(self.page.locator(selector).count, number)

    def until(self, found: Callable[[], object], wanted: object) -> None:
        """Wait until it is so. Playwright's `expect` looks too seldom for what comes at once."""
        ends_s = time.monotonic() + WAIT_S
        while (seen := found()) != wanted:
            if time.monotonic() > ends_s:
                assert seen == wanted
            self.page.wait_for_timeout(10)

    @property
    def open(self) -> list[str]:
        """The names in the sub-menu that is open."""
        return self.page.locator(".phone-pop:visible .phone-text").all_text_contents()

    @property
    def said(self) -> str:
        return self.page.locator(".phone-said").first.text_content() or ""

    def unfold(self, name: str) -> Locator:
        """Open a part of the first card, and give it."""
        fold = self.page.locator(f".fold-{name}").first
        fold.locator(":scope > summary").click()
        return fold

    def unfold_all(self) -> None:
        self.page.evaluate(
            "for (const one of document.querySelectorAll('details')) one.open = true"
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self, what: str = "textContent") -> str:
        return str(self.page.evaluate(f"document.activeElement.{what}"))


Open = Callable[..., Opened]


@pytest.fixture
def opened(pages: Callable[[str], Page], call: Caller) -> Iterator[Open]:
    """Open the page of the emulator that `call` talks to; in English if nothing else is said."""
    there: list[Opened] = []

    def open_(
        url: str = call.url, locale: str = "en-US", width: int = WIDTH, **media: Any
    ) -> Opened:
        page = pages(locale)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(**{"color_scheme": "light", "reduced_motion": "no-preference", **media})
        there.append(Opened(page, url))
        return there[-1]

    yield open_
    for one in there:
        one.leave()
