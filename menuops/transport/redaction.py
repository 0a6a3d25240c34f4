"""Takes secrets out of foreign text, however it spells them."""

from __future__ import annotations

import binascii
import json
import re
import string
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final
from urllib.parse import quote

from menuops.core.secret import SHOWN, Secret

_PIECE_CHARS: Final = 8
"""So many characters of a secret in a row are replaced where only a part of it is repeated."""

# A value beside one of these names is a secret even where it isn't one that we sent: half an
# answer of a token call holds a token that nobody knows yet.
_NAMED: Final = re.compile(
    r"""((?:access_token|appsecret|secret)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'&<>,;}\\]+""",
    re.IGNORECASE,
)
# WeChat's tokens are over 100 characters of this alphabet; a rid is 26 and nothing else of
# what it answers comes near.
_LONG: Final = re.compile(r"[A-Za-z0-9_\-]{40,}")
# An AppSecret: it is no part of most calls, and a host may repeat what it was sent in another.
_HEX: Final = re.compile(r"(?<![A-Za-z0-9])[0-9a-f]{32}(?![A-Za-z0-9])", re.IGNORECASE)
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_HTML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_IN_URLS: Final = str.maketrans("+/", "-_")


def redacted(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Replace by `***` each secret, each piece of one, and all that looks like one.

    They are found in any case, and as URLs, JSON, HTML and base64 spell them.
    """
    # What looks like one comes first: a short secret could stand in the middle of it.
    text = _HEX.sub(SHOWN, _LONG.sub(SHOWN, _NAMED.sub(rf"\g<1>{SHOWN}", text)))
    return _without_pieces(text, secrets)


def _without_pieces(text: str, secrets: Iterable[Secret]) -> str:
    pieces = {
        piece
        for secret in secrets
        for spelling in _spellings(secret.reveal())
        for piece in _pieces(spelling.translate(_LOWER))
    }
    lower = text.translate(_LOWER)  # as long as the text, which str.lower() may not be
    hidden = bytearray(len(text))
    for size in {len(piece) for piece in pieces}:
        for start in range(len(text) - size + 1):
            if lower[start : start + size] in pieces:
                hidden[start : start + size] = b"\1" * size
    if not any(hidden):
        return text
    runs = groupby(zip(hidden, text, strict=True), lambda pair: pair[0])
    return "".join(SHOWN if is_hidden else "".join(c for _, c in run) for is_hidden, run in runs)


def _spellings(value: str) -> Iterator[str]:
    as_json = json.dumps(value, ensure_ascii=False)[1:-1]
    yield from (value, quote(value, safe=""), value.translate(_HTML))
    yield from (as_json, as_json.replace("/", "\\/"))
    for before in range(3):  # where it stands in what was encoded decides how it looks
        raw = bytes(before) + value.encode(errors="replace")
        encoded = binascii.b2a_base64(raw, newline=False).decode()
        inner = encoded[before + 1 if before else 0 : -4]  # what its neighbours don't change
        if len(inner) >= _PIECE_CHARS:
            yield from (inner, inner.translate(_IN_URLS))


def _pieces(text: str) -> Iterator[str]:
    """Give all pieces of 8 characters, or the whole of a text that is shorter."""
    size = min(len(text), _PIECE_CHARS)
    if size:
        yield from (text[start : start + size] for start in range(len(text) - size + 1))
