"""Foreign text made fit to print: short, escaped, and with nothing secret in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from menuops.core.secret import Secret
from menuops.transport.redaction import redacted

EXCERPT_CHARS: Final = 200
_LOOKED_AT_BYTES: Final = 65536
_LOOKED_AT_CHARS: Final = 4096

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def escaped(text: str) -> str:
    r"""Show control, bidi and zero-width characters as `\n`, `\x1b` or `\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if unicodedata.category(char) not in _INVISIBLE else ascii(char)[1:-1] for char in text
    )


def excerpt(raw: bytes, secrets: Iterable[Secret] = ()) -> str:
    """Show the start of an answer in one line of at most 200 characters.

    What is replaced is replaced before the text is cut, so no piece of a secret is left at
    the end; only the first 64 KiB are looked at.
    """
    words = raw[:_LOOKED_AT_BYTES].decode(errors="replace").split()
    text = escaped(redacted(" ".join(words)[:_LOOKED_AT_CHARS], secrets))
    return text if len(text) <= EXCERPT_CHARS else f"{text[: EXCERPT_CHARS - 1]}…"
