"""Reads a catalogue in the PO format of gettext, as far as ours goes: no plurals, no contexts."""

from __future__ import annotations

import json
import re
from typing import Final

_LINE: Final = re.compile(r'(?:(msgid|msgstr)\s+)?(".*")\s*')


def read_po(text: str) -> dict[str, str]:
    """Give the translation of each text that has one. The head, which translates "", is left out.

    What stands in quotes is read as JSON, whose escapes are all that our texts need of C's.
    """
    entries: dict[str, str] = {}
    parts = {"msgid": "", "msgstr": ""}
    name = ""

    def keep() -> None:
        if parts["msgid"] and parts["msgstr"]:
            entries[parts["msgid"]] = parts["msgstr"]

    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            continue  # a comment, or nothing
        if found[1] == "msgid":
            keep()
            parts = {"msgid": "", "msgstr": ""}
        name = found[1] or name
        parts[name] += json.loads(found[2])
    keep()
    return entries
