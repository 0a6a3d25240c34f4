"""What the control interface takes and gives, without HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `path` is what follows /__emulator__/, or "" for the page.

    `query` has repeats too. Names of `headers` are in lower case. `served` is the host that the
    server was told to serve.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = b""
    served: str = "127.0.0.1"

    def first(self, name: str) -> str | None:
        """Give a parameter; of a repeated one the first counts."""
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; nothing of it may be kept by a cache."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that goes on: events after the exchange of this number."""

    since: int | None


class Refused(Exception):
    """A request that isn't done: a status 4xx and one sentence."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text
        super().__init__(text)


def json_reply(value: Any, status: int = 200) -> Reply:
    """Give an answer of JSON; what isn't text in Unicode is replaced."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Reply(text.encode("utf-8", "replace"), status)
