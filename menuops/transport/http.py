"""One request to one host: what is sent, how the answer is read."""

from __future__ import annotations

import codecs
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote, urlsplit

from menuops import __version__
from menuops.core.secret import Secret
from menuops.transport.errors import BadAnswer
from menuops.transport.excerpt import excerpt

if TYPE_CHECKING:
    from menuops.transport.wire import Reply, Wire

ANSWER_BYTES: Final = 8 * 1024 * 1024
"""The largest answer that is read. A full set of menus is well under 1 MB."""

_ROOT: Final = "/cgi-bin/"
_HEADERS: Final[Mapping[str, str]] = {
    "User-Agent": f"menuops/{__version__}",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """One JSON object, as the host answered it with a status of 2xx.

    `body` may hold a token, so it is no part of the repr. `date` is the host's clock as it says
    it in the header of that name, or empty.
    """

    status: int
    body: dict[str, Any]
    date: str = ""

    def __repr__(self) -> str:
        return f"Answer({self.status}, keys={sorted(self.body)})"


class Http:
    """Pooled connections for any number of threads, at most `pool_size` kept open per host.

    No redirect is followed, no cookie kept, `.netrc` never read, nothing repeated. Proxies and
    certificates come from the environment (HTTPS_PROXY, NO_PROXY, …; REQUESTS_CA_BUNDLE,
    CURL_CA_BUNDLE, SSL_CERT_FILE), as it stands at the first call; loopback goes through none.
    """

    def __init__(self, *, pool_size: int = 32, answer_bytes: int = ANSWER_BYTES) -> None:
        self._pool_size = pool_size
        self._answer_bytes = answer_bytes
        self._lock = threading.Lock()
        self._wire: Wire | None = None

    def call(
        self,
        method: str,
        base_url: str,
        path: str,
        *,
        query: Mapping[str, str | Secret],
        body: Mapping[str, Any] | None,
        connect_timeout_s: float,
        read_timeout_s: float,
        headers: Mapping[str, Secret] | None = None,
        name: str | None = None,
        gives_secret: bool = False,
    ) -> Answer:
        r"""Send one request and read one JSON object.

        `body` is sent as raw UTF-8, never with `\uXXXX`, which WeChat refuses (40033), and may
        hold a Secret as a value. `read_timeout_s` bounds the whole answer, from the request's
        last byte to the answer's last, however slowly it drips. `headers` go beside ours, in
        printable ASCII. Errors call the request `name`, by default its path without "/cgi-bin/".
        With `gives_secret` they show nothing of an answer of 2xx: it may be a token that nothing
        tells from other text.

        Raises Unreachable when no whole answer came, BadAnswer when one came that isn't a JSON
        object with a status of 2xx. Neither holds the URL or a secret.
        """
        secrets = [value for value in query.values() if isinstance(value, Secret)]
        sent = dict(_HEADERS)
        for header, value in (headers or {}).items():
            secrets.append(value)
            sent[header] = value.reveal()
        data = None
        if body is not None:
            data = _encoded(body, secrets)
            sent["Content-Type"] = "application/json; charset=utf-8"
        name = name or path.removeprefix(_ROOT)
        reply = self._opened().send(
            name,
            method,
            f"{base_url}{path}?{_query(query)}" if query else base_url + path,
            sent,
            data,
            connect_timeout_s=connect_timeout_s,
            read_timeout_s=read_timeout_s,
            at_most_bytes=self._answer_bytes,
        )
        hidden = gives_secret and 200 <= reply.status < 300
        return _decoded(name, urlsplit(base_url).netloc, reply, secrets, hidden=hidden)

    def close(self) -> None:
        """Close all pooled connections. The next call opens new ones."""
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _opened(self) -> Wire:
        wire = self._wire
        if wire is not None:
            return wire
        with self._lock:
            if self._wire is None:
                from menuops.transport.wire import Wire  # imports requests: 90 to 150 ms

                self._wire = Wire(self._pool_size)
            return self._wire


def _query(query: Mapping[str, str | Secret]) -> str:
    return "&".join(
        f"{key}={quote(value.reveal() if isinstance(value, Secret) else value, safe='')}"
        for key, value in query.items()
    )


def _encoded(body: Mapping[str, Any], secrets: list[Secret]) -> bytes:
    opened = {}
    for key, value in body.items():
        if isinstance(value, Secret):
            secrets.append(value)
            value = value.reveal()
        opened[key] = value
    return json.dumps(opened, ensure_ascii=False, separators=(",", ":")).encode()


def _decoded(name: str, host: str, reply: Reply, secrets: list[Secret], *, hidden: bool) -> Answer:
    def bad(reason: str, *, transient: bool = False) -> BadAnswer:
        return BadAnswer(
            name,
            reason,
            status=reply.status,
            content_type=excerpt(reply.content_type.encode(), secrets),
            excerpt="" if hidden else excerpt(reply.raw, secrets),
            transient=transient,
        )

    if reply.oversized:
        raise bad(f"the answer of {host} is larger than any of WeChat's")
    if not 200 <= reply.status < 300:
        raise bad(
            f"{host} answered with an error",
            transient=reply.status >= 500 or reply.status == 429,
        )
    if reply.cut_short:
        raise bad(f"the answer of {host} breaks off", transient=True)
    # The header says `encoding=utf-8`, or `text/plain` on errors: only the bytes count.
    # Control characters may stand raw inside strings of followers' making, hence strict=False.
    # Source: reference, "Encoding and parsing".
    problem = ""
    try:
        body = json.loads(reply.raw.removeprefix(codecs.BOM_UTF8).decode(), strict=False)
    except UnicodeDecodeError:
        problem = f"the answer of {host} isn't UTF-8"
    except (ValueError, RecursionError):
        problem = f"the answer of {host} isn't JSON"
    if problem:
        # Raised out here, since the exception above carries the whole answer.
        raise bad(problem)
    if not isinstance(body, dict):
        raise bad(f"the answer of {host} isn't a JSON object")
    return Answer(reply.status, body, reply.date)
