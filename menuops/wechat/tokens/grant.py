"""A token as its source gives it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from menuops.core.secret import Secret

LONGEST_LIFE_S: Final = 86400
_TOKEN_CHARS: Final = 2048  # WeChat asks for room for 512


class NoGrant(Exception):
    """What was given holds no token; the text says why and holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A token with what is left of its life in seconds; None where its source doesn't say."""

    value: Secret
    expires_in_s: float | None = None


def grant_from_text(text: str) -> Grant:
    """Read a token that stands alone, or JSON with `access_token` and maybe `expires_in`.

    White space around it is dropped. Raises NoGrant.
    """
    text = text.strip()
    if not text:
        raise NoGrant("it is empty")
    if not text.startswith("{"):
        return Grant(_token(text))
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise NoGrant("it begins like JSON and isn't") from None
    return grant_from_json(body)


def grant_from_json(body: Mapping[str, Any], field: tuple[str, ...] = ("access_token",)) -> Grant:
    """Take the token out of an object, key by key, and `expires_in` from beside it.

    Raises NoGrant.
    """
    holder: Any = body
    for depth, key in enumerate(field):
        if not isinstance(holder, dict) or key not in holder:
            raise NoGrant(f"it holds no {'.'.join(field[: depth + 1])}")
        beside, holder = holder, holder[key]
    if not isinstance(holder, str):
        raise NoGrant(f"its {'.'.join(field)} is no text")
    return Grant(_token(holder), _life_s(beside.get("expires_in")))


def _token(text: str) -> Secret:
    if not text:
        raise NoGrant("the token is empty")
    if len(text) > _TOKEN_CHARS:
        raise NoGrant(f"it is longer than a token ({_TOKEN_CHARS} characters)")
    if not text.isprintable() or any(char.isspace() for char in text):
        raise NoGrant("it holds more than a token")
    return Secret(text)


def _life_s(said: object) -> float | None:
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise NoGrant("its expires_in isn't a number of seconds")
    if not 0 < said <= LONGEST_LIFE_S:
        raise NoGrant("its expires_in is no life of a token (7200 s at most)")
    return float(said)
