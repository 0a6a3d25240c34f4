"""Names are data: none breaks out of a page, a picture, or a terminal."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.jsonform import canonical, parse_buttons
from menuops.core.preview import AccountPreview
from menuops.render.phone.document import preview_to_json
from menuops.render.phone.html import Mark, phone_html
from menuops.render.phone.page import preview_page
from menuops.render.phone.svg import preview_svg
from menuops.render.phone.text import preview_text

from .scenes import HOSTILE, click, one, parent

NAMES = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=()), max_size=24)
)
SPECIAL = st.text(st.sampled_from("<>&\"'`]/\\-=!\u202e\u200d\ufe0f👨家a\ud800\n\t"), max_size=16)
HARMLESS = {"figure", "figcaption", "div", "span", "button", "svg", "path", "circle", "i", "p"}


class Elements(HTMLParser):
    """Lists elements, attributes, and texts as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def of(name: str) -> AccountPreview:
    return one(parent(name, click(name, name)), click(name, name), name=name)


def is_shown_safely(text: str) -> bool:
    """Whether all but line ends and joined emoji is visible."""
    return not any(
        unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\u200d"
        for c in text
    )


@given(NAMES | SPECIAL)
def test_a_name_makes_no_element_and_no_attribute_of_html(name: str) -> None:
    buttons = parse_buttons([parent(name, click(name, name)), click(name, name)])
    drawn = phone_html(buttons, caption=name, title=name, marks={"1.1": Mark(name, name, name)})
    plain = phone_html(
        parse_buttons([parent("a", click("a")), click("a")]),
        caption="a",
        marks={"1.1": Mark("a", "a", "a")},
    )
    read, expected = Elements(drawn), Elements(plain)
    assert read.names == expected.names <= HARMLESS
    assert [n for n, _ in read.attributes] == [n for n, _ in expected.attributes]
    assert is_shown_safely(drawn)
    drawn.encode()  # half a character can't


@given(NAMES | SPECIAL)
def test_a_name_stays_text_in_a_picture(name: str) -> None:
    root = ElementTree.fromstring(preview_svg(of(name), taps=True))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "title", "rect", "path", "circle", "text", "tspan",
    }  # fmt: skip
    assert not [a for e in root.iter() for a in e.attrib if a.startswith("on") or "href" in a]


@given(NAMES | SPECIAL)
def test_a_name_moves_no_cursor_and_turns_no_line(name: str) -> None:
    assert is_shown_safely(preview_text([of(name)], of_plan=False))
    (account,) = preview_to_json([of(name)])["accounts"]
    assert is_shown_safely(canonical(account["scenes"]))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_runs_only_its_own_script_and_asks_for_nothing(name: str) -> None:
    page = preview_page([of(name)], of_plan=False)
    read = Elements(page)
    assert page.count("<script>") == 1
    assert not [
        value for attribute, value in read.attributes if attribute in ("src", "href", "style")
    ]
    assert not [attribute for attribute, _ in read.attributes if attribute.startswith("on")]
    policy = dict(read.attributes).get("content", "")
    assert "default-src 'none'" in page
    assert "unsafe" not in policy
