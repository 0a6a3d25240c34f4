"""What WeChat, or whatever stands before it, can answer: with what it was sent repeated in it."""

from __future__ import annotations

import base64
import codecs
import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from menuops.emulator import Fault

CODES: Final = (-1, 40001, 40013, 40014, 40125, 40164, 40243, 42001, 45009, 48001, 89503)


@dataclass(frozen=True)
class Sent:
    """What the host was sent: in this call (`own`), and in a call before it (`other`)."""

    own: str
    other: str = "nothing"

    @property
    def both(self) -> str:
        return f"{self.own} {self.other}"


SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "as it is": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded, lower case": lambda text: quote(text, safe="").lower(),
    "in JSON": lambda text: json.dumps(text).replace("/", "\\/"),
    "in HTML": html.escape,
    "in upper case": str.upper,
    "in base64": lambda text: base64.b64encode(f"x{text}".encode()).decode(),
    "its first 20": lambda text: f"{text[:20]}…",
    "its last 20": lambda text: f"…{text[-20:]}",
    "cut in two": lambda text: f"{text[:15]} {text[15:]}",
}


def page(text: str) -> str:
    return f"<html><body><p>No: /cgi-bin/x?access_token={text}&amp;a=1</p></body></html>"


def errmsg(text: str, code: int = 40013) -> bytes:
    body = {"errcode": code, "errmsg": f"invalid: {text} rid: 617682e0-09059ac5-34a8e2ea"}
    return json.dumps(body, ensure_ascii=False).encode()


Play = Callable[[Sent], Fault]


def _spelt(spell: Callable[[str], str]) -> dict[str, Play]:
    return {
        "errmsg": lambda sent: Fault.body(errmsg(spell(sent.own))),
        "page": lambda sent: Fault.status(502, f"<p>{spell(sent.own)}</p>"),
    }


ECHOES: Final[dict[str, Play]] = {
    f"{where}, {name}": play
    for name, spell in SPELLINGS.items()
    for where, play in _spelt(spell).items()
}
"""The spellings of what was sent in this very call."""

REFUSALS: Final[dict[str, Play]] = {
    f"code {code}": lambda sent, code=code: Fault.body(errmsg(sent.both, code))  # type: ignore[misc]
    for code in CODES
}

LINES: Final[dict[str, Play]] = {
    "reset before": lambda _: Fault.reset_before(),
    "reset after": lambda _: Fault.reset_after(),
    "half an answer": lambda _: Fault.half_answer(),
    "redirect": lambda sent: Fault.redirect(f"http://127.0.0.1:9/?t={sent.own}", 302),
    "redirect of a POST": lambda sent: Fault.redirect(f"/cgi-bin/menu/get?t={sent.own}", 307),
}
"""Trouble on the way."""

BODIES: Final[dict[str, Play]] = {
    "a page": lambda sent: Fault.status(404, page(sent.both)),
    "a page that says 200": lambda sent: Fault.body(page(sent.both).encode()),
    "a byte order mark": lambda sent: Fault.body(codecs.BOM_UTF8 + errmsg(sent.both)),
    "two byte order marks": lambda sent: Fault.body(codecs.BOM_UTF8 * 2 + errmsg(sent.both)),
    "no UTF-8": lambda sent: Fault.body(b"\xb2\xcb" + errmsg(sent.both)),
    "half an errmsg": lambda sent: Fault.body(errmsg(sent.both)[:-60]),
    "a list": lambda sent: Fault.body(json.dumps([sent.own, sent.other]).encode()),
    "a text": lambda sent: Fault.body(json.dumps(sent.both).encode()),
    "a code that is none": lambda sent: Fault.answer({"errcode": sent.both, "errmsg": sent.both}),
    "an errmsg of parts": lambda sent: Fault.answer({"errcode": 1, "errmsg": {"t": [sent.both]}}),
    "other fields": lambda sent: Fault.answer({"token": sent.own, sent.other: 7}),
    "a token of the wrong kind": lambda sent: Fault.answer({"access_token": [sent.own]}),
    "two words for a token": lambda sent: Fault.answer({"access_token": sent.both}),
    "no life": lambda sent: Fault.answer({"access_token": sent.own, "expires_in": sent.other}),
    "deep": lambda sent: Fault.body(b"[" * 100_000 + sent.both.encode()),
    "a huge page": lambda sent: Fault.body(b"<p>" + f"{sent.both} ".encode() * 50_000),
    "the edge of what is looked at": lambda sent: Fault.body(
        b"<p>" + b" " * (65536 - 33) + sent.own.encode()
    ),
}

ALL: Final[dict[str, Play]] = {**ECHOES, **REFUSALS, **LINES, **BODIES}
