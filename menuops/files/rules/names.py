"""What is legal in a name or a key, and doubtful: what a phone cuts and what nobody can see."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from menuops.core.limits import SUB_NAME_COLUMNS, SUB_NAME_SAFE_BYTES, TOP_NAME_COLUMNS
from menuops.files.broken import Broken
from menuops.files.rules.usual import BLANKS


@functools.cache
def _unseen() -> re.Pattern[str]:
    """Compile it when it is needed, which is seldom: it takes 2 ms."""
    no_joining = "[\0-\u04ff\u2e80-\ud7a3]"
    # Letters: but for © and ®, 〰 and 〽, ㊗ and ㊙, none of them has a coloured form.
    no_sign = "[\0-\xa8\xaa-\xad\xaf-\u1fff\u2e80-\u302f\u3031-\u303c\u303e-\u3296\u329a-\ud7a3]"
    return re.compile(
        "["
        "\x80-\x9f"  # the control characters of Latin-1
        "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
        "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line breaks, direction
        "\u2800\u3164\ufeff\uffa0\ufff9-\ufffd\U000e0001"
        "]"
        # Joiners make one emoji of two, and shape letters of Persian and Indian scripts.
        rf"|\A[\u200c\u200d]|[\u200c\u200d]\Z"
        rf"|(?<={no_joining})[\u200c\u200d]|[\u200c\u200d](?={no_joining})"
        # Selectors ask for the coloured form of a sign, or, with a frame behind, of a digit.
        "|[\ufe00-\ufe0d\U000e0100-\U000e01ef]"
        rf"|(?:\A|(?<={no_sign}))[\ufe0e\ufe0f](?!\u20e3)"
        # Tags make the flag of Scotland of a black one, and nothing of anything else.
        "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]"
    )


def unseen(field: str, text: str) -> Iterator[Broken]:
    """Doubt what can't be seen in a text: zero width, direction marks, blanks at its ends."""
    found = list(_unseen().finditer(text))
    if found:
        others = f" and {len(found) - 1} more" if len(found) > 1 else ""
        message = (
            f"{field} holds U+{ord(found[0][0]):04X}{others}, which nobody can see;"
            " type the text again"
        )
        yield Broken("invisible-character", "warning", message, found[0].start())
    if text[0] in BLANKS or text[-1] in BLANKS:
        yield blank_at_edge(field, text)


def blank_at_edge(field: str, text: str) -> Broken:
    """Doubt the blanks with which a text begins or ends."""
    inner = text.strip(BLANKS)
    if not inner:
        return Broken("blank-at-edge", "warning", f"{field} is nothing but blanks")
    count = len(text) - len(inner)
    ends = [end for end, char in (("begins", text[0]), ("ends", text[-1])) if char in BLANKS]
    what = "a blank; take it out" if count == 1 else f"{count} blanks; take them out"
    message = f"{field} {' and '.join(ends)} with {what}"
    return Broken("blank-at-edge", "warning", message, 0 if text[0] in BLANKS else len(text) - 1)


def shown_top(text: str) -> Iterator[Broken]:
    """Doubt a top-level name that a phone cuts."""
    yield from _cut(text, TOP_NAME_COLUMNS, "a top-level entry")


def shown_sub(text: str) -> Iterator[Broken]:
    """Doubt a name in a sub-menu that a phone cuts, or that WeChat may find too long."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > SUB_NAME_SAFE_BYTES:
        message = (
            f"name is {size} bytes ({len(text)} characters), older pages of WeChat allow"
            f" {SUB_NAME_SAFE_BYTES} in a sub-menu; shorten it"
        )
        yield Broken("name-over-40-bytes", "warning", message)
    else:
        yield from _cut(text, SUB_NAME_COLUMNS, "a sub-menu")


def _cut(text: str, most: int, where: str) -> Iterator[Broken]:
    from menuops.core.columns import columns

    wide = columns(text)
    if wide > most:
        message = (
            f"name is {wide} columns wide ({len(text)} characters), a phone shows about {most} of"
            f" {where} ({most // 2} Chinese characters); shorten it"
        )
        yield Broken("name-cut", "warning", message)
