"""Who follows a link arrives, and who starts at the README finds every page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .page import CHINESE, DOCS, GUIDE, ROOT, Page

README = Page(ROOT / "README.md")
CHINESE_README = Page(ROOT / "README.zh.md")
PAGES = [
    README,
    CHINESE_README,
    Page(ROOT / "CHANGELOG.md"),
    *(Page(path) for path in sorted(DOCS.rglob("*.md"))),
]
MARKDOWN = MarkdownIt("commonmark").enable("table")


@cache
def parsed(path: Path) -> list[Token]:
    return MARKDOWN.parse(path.read_text(encoding="utf-8"))


def tokens(page: Page) -> Iterator[Token]:
    for token in parsed(page.path):
        yield token
        yield from token.children or ()


def links(page: Page) -> Iterator[tuple[Path, str]]:
    """The files of the repository that a page links to or shows, each with its `#fragment`."""
    for token in tokens(page):
        target = str(token.attrs.get("href") or token.attrs.get("src") or "")
        if target and not re.match(r"[a-z]+:", target):
            path, _, fragment = target.partition("#")
            yield (page.path.parent / path).resolve() if path else page.path, fragment


@cache
def anchors(path: Path) -> set[str]:
    """The fragments that headings have on GitHub and GitLab."""
    pairs = pairwise(parsed(path))
    return {_slug(text.content) for opening, text in pairs if opening.type == "heading_open"}


def _slug(title: str) -> str:
    kept = (c for c in title.lower() if c in " -_" or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Page) -> None:
    for path, fragment in links(page):
        assert path.exists(), f"{page.name} links to {path}"
        if fragment:
            assert fragment in anchors(path), f"{page.name} links to {path}#{fragment}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [README.path]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [to for to, _ in links(Page(path)) if to.suffix == ".md" and to.exists()]
    assert {page.path for page in PAGES} - reached == {ROOT / "CHANGELOG.md"}


@pytest.mark.parametrize("path", sorted((DOCS / "pictures").rglob("*.*")), ids=lambda it: it.name)
def test_every_picture_is_shown(path: Path) -> None:
    assert path in {to for page in PAGES for to, _ in links(page)}


ENGLISH = [Page(path) for path in sorted(GUIDE.glob("*.md"))]
ELSEWHERE = {
    "recovery.md": DOCS / "recovery.md",
    "rules.md": DOCS / "rules.md",
    "all-rules.md": DOCS / "rules.md",
}
"""Pages in Chinese whose English ones stand beside the guide."""


@pytest.mark.parametrize("english", ENGLISH, ids=lambda page: page.name)
def test_a_page_has_its_like_in_chinese_which_tells_to_type_the_same(english: Page) -> None:
    chinese = Page(CHINESE / english.path.name)
    assert chinese.commands == english.commands
    assert chinese.written == english.written
    assert chinese.path in {path for path, _ in links(english)}
    assert english.path in {path for path, _ in links(chinese)}


def test_no_page_is_in_chinese_alone() -> None:
    names = {path.name for path in CHINESE.glob("*.md")}
    assert names == {page.path.name for page in ENGLISH} | set(ELSEWHERE)
    for name, english in ELSEWHERE.items():
        assert english in {path for path, _ in links(Page(CHINESE / name))}


def test_the_chinese_readme_has_the_commands_of_the_english_one() -> None:
    """Each block of commands that has a mark, and no other word of what is typed."""
    english, chinese = (
        dict(re.findall(r"<!-- (the .+?) -->\n```sh\n(.*?)```", page.text, re.DOTALL))
        for page in (README, CHINESE_README)
    )
    assert len(english) == 2
    assert chinese == english
    typed = [
        re.sub(r" *#.*", "", "".join(re.findall(r"```(?:sh|yaml)\n(.*?)```", page, re.DOTALL)))
        for page in (
            README.text.partition("## Your own account")[2].partition("\n## ")[0],
            CHINESE_README.text.partition("## 用于自己的公众号")[2],
        )
    ]
    assert typed[0] == typed[1] != ""
