"""A call and its answer, as they are kept and shown: without a token or a secret.

What is hidden is known by what it is: the values of every token and secret that the emulator has,
and whatever stands where WeChat's interfaces take or give one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from .buttons import JsonObject
from .faults import Fault, kind_of
from .request import ROOT, Request
from .state import AccountState

HIDDEN = "***"
SHOWN_BYTES = 1 << 16  # of a body; a full menu has under 30 KB
# The names under which a token or a secret goes over the wire, SDKs' own and WeChat's to come.
NAMED = re.compile(r"(?i)secret|token|ticket|password|authorization")
# One that stands in a path, a link or a broken body: up to the next mark that ends a value.
LOOSE = re.compile(
    r"""(?i)((?:secret|token|ticket|password)\w*["']?\s*[=:]\s*["']?)[\w.~+%/-]{6,}"""
)
LONG = 16  # characters; a shorter secret is a word, and may be a part of others
TOKEN_CALLS = ("token", "stable_token")


@dataclass(slots=True)
class Seen:
    """What is kept longest of a call; `errcode` is None while it runs, and where none is told."""

    method: str
    path: str
    errcode: int | None = None


@dataclass(slots=True)
class Exchange:
    """A call that came in, and what was answered.

    `method` and `path` are as sent; `status` and `answer` stay None where the connection was cut.
    `number` counts the calls in the order in which they ended; it is 0 before.
    """

    seen: Seen
    request: Request
    at_s: float
    fault: Fault | None
    appid: str | None = None
    status: int | None = None
    answer: bytes | None = None
    took_ms: float = 0.0
    number: int = 0


def appid_of(request: Request, owner: Callable[[str], AccountState | None]) -> str | None:
    """Give the account that a call is for, as far as it says."""
    token = request.query.get("access_token") or request.query.get("cloudbase_access_token")
    if token:
        state = owner(token)
        return None if state is None else state.account.appid
    asked: Any = request.query.get("appid")
    if request.path == "stable_token" and request.body:
        try:
            value = json.loads(request.body)
        except (ValueError, RecursionError):
            return None
        asked = value.get("appid") if isinstance(value, dict) else None
    return asked if isinstance(asked, str) else None


def shown(exchange: Exchange, secrets: Collection[str]) -> JsonObject:
    """Give an exchange as JSON: {n, at_s, appid, method, path, query, body, answer, …}."""
    request = exchange.request
    return {
        "n": exchange.number,
        "at_s": exchange.at_s,
        "appid": exchange.appid,
        "method": exchange.seen.method,
        "path": hide(exchange.seen.path, secrets),
        "query": {
            hide(name, secrets): HIDDEN if NAMED.search(name) else hide(value, secrets)
            for name, value in request.query.items()
        },
        "body": shown_body(request.body, exchange.seen.path, secrets),
        "answer": shown_body(exchange.answer, exchange.seen.path, secrets),
        "errcode": exchange.seen.errcode,
        "status": exchange.status,
        "fault": None if exchange.fault is None else kind_of(exchange.fault),
        "took_ms": round(exchange.took_ms, 3),
    }


def shown_body(body: bytes | None, path: str, secrets: Collection[str]) -> str | None:
    """Give a body as text. One that may hold a secret and can't be read isn't shown at all."""
    if body is None:
        return None
    if len(body) > SHOWN_BYTES:
        return f"({len(body)} bytes)"
    text = body.decode("utf-8", "replace")
    if not NAMED.search(text) and "\\u" not in text:
        return hide(text, secrets)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        if path.removeprefix(ROOT) in TOKEN_CALLS:
            return f"({len(body)} bytes)"
        return hide(text, secrets)
    masked = without_named(value)
    if masked == value:
        return hide(text, secrets)
    return hide(json.dumps(masked, ensure_ascii=False, separators=(",", ":")), secrets)


def without_named(value: Any) -> Any:
    """Give a JSON value with `***` for texts whose name says that they are to be hidden."""
    match value:
        case dict():
            return {
                name: HIDDEN
                if NAMED.search(name) and isinstance(inner, str)
                else without_named(inner)
                for name, inner in value.items()
            }
        case list():
            return [without_named(inner) for inner in value]
    return value


def hide(text: str, secrets: Collection[str]) -> str:
    """Put `***` for each known secret, and for what is named as one."""
    for secret in secrets:
        if secret and secret in text:
            whole = re.escape(secret)
            found = whole if len(secret) >= LONG else rf"(?<![\w-]){whole}(?![\w-])"
            text = re.sub(found, HIDDEN, text)
    return LOOSE.sub(rf"\g<1>{HIDDEN}", text)
