"""The page of a plan in a real Chromium: which phones are seen, and that nothing is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from menuops.render.plan_html import plan_html

from .test_plan_text import ALL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Opened:
    """A plan's page, with all that it asked for and complained of."""

    def __init__(self, browser: Browser, name: str, directory: Path, **more: bool) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        file = directory / f"{name}.html"
        file.write_text(plan_html(ALL[name]), encoding="utf-8")
        self.page: Page = browser.new_page(java_script_enabled=more.get("scripts", True))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(file.as_uri())
        self.asked.remove(file.as_uri())

    @property
    def captions(self) -> list[str]:
        return list(self.page.locator(".phone-caption:visible").all_inner_texts())


@pytest.mark.parametrize("name", ["everything", "hostile", "unknown-things", "many-equal-accounts"])
def test_a_page_asks_for_nothing_and_runs_nothing_of_others(
    browser: Browser, name: str, tmp_path: Path
) -> None:
    opened = Opened(browser, name, tmp_path)
    assert (opened.asked, opened.complaints) == ([], [])
    opened.page.close()


def test_the_phones_of_any_kind_of_follower_are_chosen_by_the_keyboard(
    browser: Browser, tmp_path: Path
) -> None:
    opened = Opened(browser, "conditional-rule-change", tmp_path)
    assert opened.captions == ["before: the default menu", "after: the default menu"]
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.tagName") == "SELECT"
    opened.page.keyboard.press("ArrowDown")
    assert opened.captions == ["before: club", "after: the default menu"]
    opened.page.keyboard.press("ArrowDown")
    assert opened.captions == ["before: the default menu", "after: club"]
    opened.page.close()


def test_without_its_script_a_page_shows_all_phones(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, "conditional-rule-change", tmp_path, scripts=False)
    assert len(opened.captions) == 6
    assert opened.page.locator("h3:visible").all_inner_texts()[:3] == [
        "the default menu",
        "tag:VIP",
        "tag:店员+ios",
    ]
    opened.page.close()
