"""Brings the catalogues up to the code: `python -m tests.language.update`, then translate.

What the code no longer says goes; what it says anew is added without a translation. A text that
nobody is shown is named in not_shown.txt, a line each, as JSON.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

from menuops.render.language.po import read_po
from tests.language.texts import PACKAGE, Text, texts

CATALOGUE = PACKAGE / "render/language/zh.po"
NOT_SHOWN = Path(__file__).with_name("not_shown.txt")
HEAD = """\
# What menuops says in Chinese. The English texts are those of the code; {0} is a place for a
# value, and {0:t} in a translation one whose value is a text that is translated too.
# Kept up by `python -m tests.language.update`; DESIGN has the words that stand for one thing each.
msgid ""
msgstr ""
"Language: zh_CN\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""


def not_shown() -> set[str]:
    """Give the texts that nobody is shown."""
    return set(map(json.loads, NOT_SHOWN.read_text(encoding="utf-8").splitlines()))


@cache
def shown_texts() -> dict[str, Text]:
    """Give each text that somebody may be shown, where it stands first."""
    hidden = not_shown()
    found: dict[str, Text] = {}
    for text in texts():
        if text.template not in hidden:
            found.setdefault(text.template, text)
    return found


def catalogue(translations: dict[str, str]) -> str:
    """Write a catalogue in the order of the code."""
    parts = [HEAD]
    for template, text in shown_texts().items():
        lines = [f"#: {text.where.partition(':')[0]}"]
        lines += [
            f"#. {{{number}}}: {' '.join(place.split())}"
            for number, place in enumerate(text.places)
            if place != "0"
        ]
        if text.places:
            lines.append("#, python-brace-format")
        lines += [f"msgid {_quoted(template)}", f"msgstr {_quoted(translations.get(template, ''))}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    before = read_po(CATALOGUE.read_text(encoding="utf-8"))
    CATALOGUE.write_text(catalogue(before), encoding="utf-8")
    missing = sorted(set(shown_texts()) - set(before))
    sys.stdout.write("\n  ".join([f"{len(missing)} without a translation", *missing]) + "\n")
