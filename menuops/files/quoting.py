"""A text as a YAML scalar of one line: plain where that is enough, else in double quotes."""

from __future__ import annotations

import json
import re
from typing import Final

from menuops.core.visible import escape
from menuops.files.reader.data import reads_as_text

_PLAIN: Final = re.compile(
    r"[^\s#&*!|<>'\"%@`{}\[\],:?~-]"  # what may begin it
    r"(?:[^\s:#]|:(?=\S)|(?<=\S)#| (?=[^\s#]))*"
)
"""A text that is itself in block YAML: no indicator at its start, no `: ` and no ` #` in it."""


def as_yaml(text: str) -> str:
    """Write a text so that it reads back as the same text, for every YAML reader."""
    if _PLAIN.fullmatch(text) and text.isprintable() and reads_as_text(text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Write a text in double quotes, on one line."""
    return visible_line(json.dumps(text, ensure_ascii=False))


def visible_line(text: str) -> str:
    """Escape what JSON may hold raw and YAML may not: the text stays on its line."""
    return "".join(c if c.isprintable() else escape(c) for c in text)
