"""What a client gets for a call: WeChat's answer, or what the call's fault makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .answers import Answer, refused
from .faults import (
    Body,
    Delay,
    Encoding,
    Errcode,
    Fault,
    HalfAnswer,
    Redirect,
    Refused,
    ResetAfter,
    ResetBefore,
    ResetUnread,
    Said,
    SentTwice,
    Status,
)
from .refusal import Refusal

JSON_TYPE = "application/json; encoding=utf-8"  # WeChat's own words; the parameter isn't `charset`
HTML_TYPE = "text/html"

Act: TypeAlias = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it goes over the wire; `errcode` is that of its JSON.

    Where `sent` is given, only so much of the body is sent, and then the connection ends.
    """

    body: bytes
    errcode: int | None = None
    status: int = 200
    content_type: str = JSON_TYPE
    location: str | None = None
    sent: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A connection that is reset; `errcode` is that of the answer nobody got."""

    errcode: int | None = None


def told(answer: Answer) -> Told:
    """Give an answer as it is."""
    return Told(answer.encode(), answer.errcode)


def play(
    fault: Fault | None, act: Act, now_s: float, wait: Callable[[float], object]
) -> Told | Cut:
    """Give what a client gets; `act` does what it asks. The connection is the caller's business."""
    match fault:
        case None:
            return told(act())
        case Refused() | ResetUnread() | ResetBefore():
            return Cut()
        case ResetAfter():
            return Cut(act().errcode)
        case Errcode(code, text):
            return told(refused(Refusal(code, text), now_s))
        case Redirect(url, code):
            return Told(b"", None, code, HTML_TYPE, url)
        case Status(code, html, done):
            errcode = act().errcode if done else None
            return Told(html.encode("utf-8", "replace"), errcode, code, HTML_TYPE)
        case Said(value, done):
            if done:
                act()
            return told(Answer(value))
        case Body(content, done):
            return Told(content, act().errcode if done else None)
        case Encoding(name):
            return encoded(act(), name)
        case HalfAnswer():
            whole = told(act())
            return Told(whole.body, whole.errcode, sent=len(whole.body) // 2)
        case Delay(seconds):
            late = told(act())
            wait(seconds)
            return late
        case SentTwice():
            act()
            return told(act())
    raise AssertionError(f"a fault that nobody plays: {fault}")


def encoded(answer: Answer, name: str) -> Told:
    """Give an answer in another encoding: "ok" in Chinese, as ASCII is the same in most."""
    value = dict(answer.value)
    if value.get("errmsg") == "ok":
        value["errmsg"] = "好"
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Told(text.encode(name, "replace"), answer.errcode)
