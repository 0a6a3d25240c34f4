"""Texts of others as Markdown that shows them and does nothing else, on GitHub and GitLab.

Every ASCII character that CommonMark, GFM or either site could read becomes an entity, which
none of them reads as syntax, in tables and in HTML neither. What is found later in the text of
the page (links, @mentions, #references, :emoji:) is broken by `<wbr>`, which nobody sees.
"""

from __future__ import annotations

import re
from typing import Final

from menuops.core.visible import safe
from menuops.render.language.speech import said
from menuops.render.plan.model import Marked

BUDGET_BYTES: Final = 60_000
"""What is written at most: GitHub takes 65,536 characters, and a job adds its own words."""
LONGEST_TARGET: Final = 80
TABLE: Final = "| | Place | Name | What it does | Change |\n|:-:|:--|:--|:--|:--|"
"""The head of a table of buttons."""

_PLAIN: Final = re.compile(r"[\x00-\x1f!-+\--/:-@\[-`{-\x7f]")
_SEARCHED: Final = re.compile(r"(?<=[@#!$~%&^:*\[])(?=\S)|(?<=-)(?=[0-9])|(?<=www)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"(?<=[/?&=])(?<!://)(?=[^/?&=])")
_SCHEME: Final = re.compile(r"(?<=&#58;)<wbr>(?=&#47;&#47;)")
_UNBROKEN: Final = 24


def prose(text: str) -> str:
    """Write a text in a sentence of ours."""
    parts = _SEARCHED.split(safe(text))
    return "<wbr>".join(_PLAIN.sub(lambda found: f"&#{ord(found[0])};", part) for part in parts)


def spoken(text: str) -> str:
    """Write a text of ours in a sentence, in the language of people."""
    return prose(said(text))


def code(text: str) -> str:
    """Write a value of somebody else's; in code neither site looks for references."""
    return f"<code>{wrapping(text, len(text))}</code>"


def marked_code(value: Marked) -> str:
    """Write a value as `code` does, with what differs in bold."""
    if not value.is_part:
        return code(value.whole)
    size = len(value.whole)
    same, differs, rest = (wrapping(part, size) for part in (value.same, value.differs, value.rest))
    return f"<code>{same}<b>{differs}</b>{rest}</code>"


def wrapping(text: str, whole: int) -> str:
    """Write a part of a value that has so many characters as a whole.

    A long one may go on in another line: a URL can make a table too wide to be seen. No line ends
    within its `https://`, which nothing reads as a link in code.
    """
    parts = [text] if whole <= _UNBROKEN else _BETWEEN.split(text)
    return _SCHEME.sub("", "<wbr>".join(map(prose, parts)))
