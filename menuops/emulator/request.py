"""A call as it came in, and what is read from its body."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .buttons import JsonObject
from .refusal import Refusal
from .switches import Switches

ROOT = "/cgi-bin/"

# No limit is published. A full menu has under 30 KB, three languages of escapes included.
BODY_BYTES = 1 << 20

# A backslash that isn't itself escaped, then u: \u4e2d, but not the text \\u4e2d.
UNICODE_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u")


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is what follows /cgi-bin/; a `body` of None was longer than BODY_BYTES.

    Names of `headers` are in lower case. Where a token or a secret may stand isn't in the repr.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=b"", repr=False)
    client_ip: str = "127.0.0.1"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_menu(request: Request, switches: Switches) -> JsonObject:
    r"""Read the body of menu/create or addconditional.

    Escapes of the form \uXXXX are 40033, the code in the table and in most reports; 47002 and
    65318 were seen too. A byte order mark makes the body unreadable: 40016 (one report). Both are
    switches.
    """
    raw = read_bytes(request)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(65318) from None
    if text.startswith("\ufeff"):
        if switches.bom != "taken":
            raise Refusal(int(switches.bom))
        text = text[1:]
    if switches.unicode_escape != "taken" and UNICODE_ESCAPE.search(text):
        raise Refusal(int(switches.unicode_escape))
    return parse_object(text)


def read_object(request: Request) -> JsonObject:
    """Read the body of any other call."""
    try:
        return parse_object(read_bytes(request).decode("utf-8"))
    except UnicodeDecodeError:
        raise Refusal(47001) from None


def read_bytes(request: Request) -> bytes:
    """Give the body, or refuse it for its length."""
    if request.body is None:
        # Nobody reported what WeChat says to a huge menu; 45002 is its code for huge messages.
        raise Refusal(45002)
    if not request.body:
        raise Refusal(44002)
    return request.body


def parse_object(text: str) -> JsonObject:
    """Read strict JSON with an object on top; all else is 47001."""
    try:
        value: Any = json.loads(text, parse_constant=refuse_constant)
    except (ValueError, RecursionError):  # RecursionError: brackets, thousands deep
        raise Refusal(47001) from None
    if not isinstance(value, dict):
        raise Refusal(47001)
    return value


def refuse_constant(name: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON doesn't have."""
    raise ValueError(name)
