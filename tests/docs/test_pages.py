"""The pages of the guide as they stand: each command is run, and what it prints is what is shown.

MENUOPS_UPDATE_DOCS=1 writes what is printed now into the pages, and redraws their pictures.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from menuops.core.outcome import Outcome

from .page import CHINESE, GUIDE, PLAYED, Page
from .player import played
from .updating import UPDATE


@pytest.fixture
def _in_china(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages show the local time of China, and nothing of whoever tests stands in them."""
    for name in list(os.environ):
        if name.startswith(("MENUOPS_", "GITHUB_", "GITLAB_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_china")
@pytest.mark.parametrize("page", [page for page in PLAYED if page.commands], ids=lambda it: it.name)
def test_what_a_page_shows_is_what_is_printed(
    page: Page, tmp_path: Path, requires: Callable[[str], None]
) -> None:
    requires("git")
    text = page.text
    for block, said in played(page, tmp_path):
        if UPDATE:
            renewed = "".join(f"$ {typed.command}\n{typed.renewed(out)}" for typed, out in said)
            text = text.replace(f"```console\n{block.text}```", f"```console\n{renewed}```", 1)
            continue
        for typed, out in said:
            if not typed.is_what(out):  # the assertion shows the difference
                assert out == typed.shown, typed.command
    if UPDATE:
        page.path.write_text(text, encoding="utf-8")


def test_the_everyday_way_back_stands_first() -> None:
    (recovery,) = (page for page in PLAYED if page.name == "docs/recovery.md")
    assert recovery.commands[0].startswith("git revert")


def test_the_page_of_exit_codes_has_them_all() -> None:
    codes = {str(outcome.exit_code) for outcome in Outcome}
    for page in (Page(GUIDE / "exit-codes.md"), Page(CHINESE / "exit-codes.md")):
        rows = re.findall(r"^\| ([\d, ]+) \|", page.text, re.MULTILINE)
        assert {code for row in rows for code in row.split(", ")} == codes, page.name
