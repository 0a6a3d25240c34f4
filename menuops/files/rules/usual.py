"""Names and links that no rule doubts, told quickly: nearly all of them are so."""

from __future__ import annotations

import re
from typing import Final

from menuops.core.limits import URL_BYTES

_UNSEEN_BUT_PRINTABLE: Final = frozenset(
    {
        *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd",
        *map(chr, range(0xFE00, 0xFE10)),
        *map(chr, range(0xE0100, 0xE01F0)),  # variation selectors
    }
)
"""What `str.isprintable` takes for something that is seen."""
BLANKS: Final = (
    " \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u202f\u205f\u3000"
)
_USUAL: Final = re.compile(
    r"https://(?!open\.weixin)(?:[a-z0-9-]+\.)+(?:com|cn|net|org)(?:/[\w/.~-]*)?"
    r"(?:\?(?!.*(?:token|secret|passw))(?:[\w.-]+=[\w.~-]{0,31}(?:&|\Z))*)?\Z",
    re.ASCII | re.IGNORECASE,
)
_SIGN_OF_MARK: Final = re.compile(r"[{<@$]|%(?![0-9A-Fa-f]{2})|//__")


def is_plain(text: str) -> bool:
    """Tell that a text has nothing that can't be seen, nor a blank at its ends."""
    if text.isascii():
        return text[:1] != " " and text[-1:] != " "
    if text[0] in BLANKS or text[-1] in BLANKS:
        return False
    return text.isprintable() and _UNSEEN_BUT_PRINTABLE.isdisjoint(text)


def may_hold_marks(link: str) -> bool:
    """Tell a link that is to be searched for what a template, or a sample, has left in it."""
    return _SIGN_OF_MARK.search(link) is not None


def is_usual(url: str) -> bool:
    """Tell that a link is valid, fits, and has nothing that is looked for in a link."""
    return len(url) < URL_BYTES and _USUAL.match(url) is not None
