"""The base URL of an API: https, or http on loopback, and nothing in it that is secret."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_LOOPBACK: Final = r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])"
_BASE: Final = re.compile(
    rf"(?i:https)://[^\s/?#@]+(?:/[^\s?#@]*)?\Z|(?i:http)://{_LOOPBACK}(?::[0-9]{{1,5}})?(?:/[^\s?#@]*)?\Z",
)


def base_url(text: str) -> str | None:
    """Give the URL without a slash at its end, or None where it can't be a base URL.

    It has no user, query or fragment: those may hold a secret, and a base is printed. Plain
    http to another machine would show the token to the network.
    """
    if not text.isprintable() or not _BASE.match(text):
        return None
    try:
        urlsplit(text).port  # noqa: B018  # raises for a port or an address that can't be one
    except ValueError:
        return None
    return text.rstrip("/")
