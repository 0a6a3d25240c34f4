"""HTTP to services that aren't WeChat: any JSON comes back, with its status and its headers."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from menuops import __version__
from menuops.core.secret import Secret
from menuops.transport.excerpt import excerpt

if TYPE_CHECKING:
    from menuops.transport.wire import Reply, Wire

ANSWER_BYTES: Final = 32 * 1024 * 1024
"""A page of 100 comments of 65,536 characters each has up to 25 MB."""
_KEEPING: Final = (301, 302, 307, 308)
"""Redirects that are followed with the same method, as GitHub asks for after a renaming."""
_HOPS: Final = 3


@dataclass(frozen=True, slots=True)
class Content:
    """What a request carries, and its media type."""

    type: str
    raw: bytes = field(repr=False)

    @classmethod
    def json(cls, document: Any) -> Content:
        """Carry a JSON document, as raw UTF-8."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return cls("application/json; charset=utf-8", text.encode("utf-8", "backslashreplace"))

    @classmethod
    def file(cls, name: str, filename: str, type_: str, raw: bytes, boundary: str) -> Content:
        """Carry one file, as a form of a web page does; `boundary` may not be in it."""
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
            f'filename="{filename}"\r\nContent-Type: {type_}\r\n\r\n'
        )
        body = head.encode() + raw + f"\r\n--{boundary}--\r\n".encode()
        return cls(f"multipart/form-data; boundary={boundary}", body)


@dataclass(frozen=True, slots=True, repr=False)
class RestAnswer:
    """An answer of any status; `document` is its JSON, None if it isn't JSON.

    The names of `headers` are in lower case; `excerpt` is its start, fit to be shown; `moved_to` is
    the host that a redirect leads to which
    wasn't followed, since it is another one.
    """

    status: int
    headers: Mapping[str, str]
    document: Any
    excerpt: str
    moved_to: str = ""


class Rest:
    """Sends requests, one at a time. Proxies and certificates as for `Http`.

    A redirect is followed to the same scheme, host and port only: no header of ours, and so no
    token, goes anywhere else.
    """

    def __init__(self, *, answer_bytes: int = ANSWER_BYTES) -> None:
        self._answer_bytes = answer_bytes
        self._lock = threading.Lock()
        self._wire: Wire | None = None

    def call(
        self,
        method: str,
        url: str | Secret,
        *,
        name: str,
        headers: Mapping[str, str | Secret],
        content: Content | None = None,
        connect_timeout_s: float,
        read_timeout_s: float,
    ) -> RestAnswer:
        """Make one request, which errors call `name`. Raises Unreachable.

        What is shown of the answer holds no secret: neither one of `headers` nor `url`.
        """
        secrets = [value for value in (url, *headers.values()) if isinstance(value, Secret)]
        sent = {
            "User-Agent": f"menuops/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if content is not None:
            sent["Content-Type"] = content.type
        for header, value in headers.items():
            sent[header] = value.reveal() if isinstance(value, Secret) else value
        target = url.reveal() if isinstance(url, Secret) else url
        moved_to = ""
        for _ in range(_HOPS + 1):
            reply = self._opened().send(
                name,
                method,
                target,
                sent,
                None if content is None else content.raw,
                connect_timeout_s=connect_timeout_s,
                read_timeout_s=read_timeout_s,
                at_most_bytes=self._answer_bytes,
            )
            if reply.status not in _KEEPING or not reply.headers.get("location"):
                break
            followed, moved_to = _led(target, reply.headers["location"])
            if moved_to:
                break
            target = followed
        return _answer(reply, secrets, moved_to)

    def _opened(self) -> Wire:
        with self._lock:
            if self._wire is None:
                from menuops.transport.wire import Wire  # imports requests: 90 to 150 ms

                self._wire = Wire(1)
            return self._wire

    def close(self) -> None:
        """Close all connections. The next call opens new ones."""
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


def same_origin(url: str, other: str) -> bool:
    """Tell whether two URLs have one scheme, host and port; what is no URL has none."""
    try:
        return urlsplit(url)[:2] == urlsplit(other)[:2]
    except ValueError:
        return False


def _led(url: str, location: str) -> tuple[str, str]:
    """Give where a redirect leads to, and its host if that is another."""
    try:
        followed = urljoin(url, location)
        other = urlsplit(followed).hostname or "nowhere"
    except ValueError:
        return "", "nowhere"
    return followed, "" if same_origin(url, followed) else other


def _answer(reply: Reply, secrets: list[Secret], moved_to: str) -> RestAnswer:
    document: Any = None
    if not (reply.oversized or reply.cut_short):
        try:
            document = json.loads(reply.raw)
        except (ValueError, RecursionError):
            document = None
    return RestAnswer(reply.status, reply.headers, document, excerpt(reply.raw, secrets), moved_to)
