"""Views of a plan read back: the text of a page, and what a plan says that must be in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt

from menuops.core.jsonform import canonical
from menuops.core.visible import safe

CARETS = re.compile(r"^ +\^+\n", re.MULTILINE)
FIGURE = re.compile(r'<figure class="phone">.*?</figure>', re.DOTALL)
VOID = {"br", "wbr", "meta", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """HTML as a browser reads it: tags, attributes, comments, and pieces of text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.comments: list[str] = []
        self.pieces: list[tuple[tuple[str, ...], str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += ((tag, name, value) for name, value in attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += ((tag, name, value) for name, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        self.pieces.append((tuple(self._open), data))

    @property
    def text(self) -> str:
        """All that a person reads."""
        return "".join(
            text for inside, text in self.pieces if not {"style", "script", "title"} & set(inside)
        )


def markdown_page(markdown: str) -> Page:
    """Read Markdown as GitHub does, links in plain text too."""
    return Page(MarkdownIt("gfm-like").render(markdown))


def squeezed(text: str) -> str:
    """Take out all that only lays a text out."""
    return re.sub(r"\s+", "", CARETS.sub("", text))


def assert_told(text: str, document: dict[str, Any]) -> None:
    """Find every change and every step of a plan's JSON in the text of a view."""
    told = squeezed(text)
    for account in document["accounts"]:
        for claim in claims(account):
            assert any(squeezed(safe(each)) in told for each in claim), claim
        alone = [
            f"{step['call']} {step['menuid']} {step['menu']}:"
            if "menuid" in step
            else f"{step['call']} {step['menu']}:"
            for step in account["steps"]
        ]
        shared = [f"{step['call']} {step['menu']}:" for step in account["steps"]]
        ids = [f"{step['menu']} {step['menuid']}" for step in account["steps"] if "menuid" in step]
        assert all(squeezed(safe(each)) in told for each in alone) or all(
            squeezed(safe(each)) in told for each in (*shared, *ids)
        )


def claims(account: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give what must be told of each change; of several ways to tell it, one is enough."""
    for change in account["changes"]:
        at, kind = change["at"], change["kind"]
        if at.startswith("#"):
            yield (f"{at} {change['menu']}",)
        else:
            side = account["before" if kind == "remove" else "after"]
            name = _entry(side, account, change, kind)["name"]
            sign = "-" if kind == "remove" else "+"
            # A column may be too narrow for a name; a name that changes is told below.
            yield (f"{at} {name}", f"{sign} name {name}", f"{at} {safe(name)[:3]}")
        if kind == "move":
            yield (f"moved from {change['was_at']}",)
        for field, sides in change.get("fields", {}).items():
            for side_name, value in sides.items():
                text = value if isinstance(value, str) else canonical(value)
                if kind in ("add", "remove"):
                    yield (text,)
                else:
                    yield (f"{'-' if side_name == 'before' else '+'} {field} {text}",)


def _entry(
    side: dict[str, Any], account: dict[str, Any], change: dict[str, Any], kind: str
) -> dict[str, Any]:
    if change["menu"] == "default":
        buttons = side["button"]
    else:
        labels = account["labels"]["before" if kind == "remove" else "after"]
        buttons = side["conditionalmenu"][labels.index(change["menu"])]["button"]
    top, *below = (int(part) - 1 for part in change["at"].split("."))
    entry = buttons[top]
    for index in below:
        entry = entry["sub_button"][index]
    return dict(entry)
