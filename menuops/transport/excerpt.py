"""Foreign text made fit to print: short, escaped, and with nothing secret in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from menuops.core.secret import SHOWN, Secret

EXCERPT_CHARS: Final = 200

# A value beside one of these names is a secret even where it isn't one that we sent: half an
# answer of a token call holds a token that nobody knows yet.
_NAMED: Final = re.compile(
    r"""((?:access_token|appsecret|secret)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'&<>,;}\\]+""",
    re.IGNORECASE,
)
# WeChat's tokens are over 100 characters of this alphabet; a rid is 26 and nothing else of
# what it answers comes near.
_LONG: Final = re.compile(r"[A-Za-z0-9_\-]{40,}")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def escaped(text: str) -> str:
    r"""Show control, bidi and zero-width characters as `\n`, `\x1b` or `\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if unicodedata.category(char) not in _INVISIBLE else ascii(char)[1:-1] for char in text
    )


def redacted(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Replace each secret, plain or percent-encoded, and all that looks like one by `***`."""
    for secret in secrets:
        value = secret.reveal()
        for form in {value, quote(value, safe="")} - {""}:
            text = text.replace(form, SHOWN)
    return _LONG.sub(SHOWN, _NAMED.sub(rf"\g<1>{SHOWN}", text))


def excerpt(raw: bytes, secrets: Iterable[Secret] = ()) -> str:
    """Show the start of an answer in one line of at most 200 characters.

    What is replaced is replaced before the text is cut, so no piece of a secret is left at
    the end; only the first 64 KiB are looked at.
    """
    text = escaped(" ".join(redacted(raw[:65536].decode(errors="replace"), secrets).split()))
    return text if len(text) <= EXCERPT_CHARS else f"{text[: EXCERPT_CHARS - 1]}…"
