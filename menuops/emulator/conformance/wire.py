"""HTTP by the standard library: one request, one connection, no redirect followed.

Proxies come from the environment, but never for loopback; certificates are verified.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPErrorProcessor,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from .errors import Lost, OtherShape

TIMEOUT_S = 20.0
ANSWER_BYTES = 4 << 20
LONG_WORD = re.compile(r"[0-9A-Za-z_-]{20,}")
JSON_TYPE = "application/json; charset=utf-8"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by name or by address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer as it came; its body may hold a token."""

    status: int
    content_type: str
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """Give the body as text: UTF-8, whatever the header says."""
        return self.body.decode("utf-8", "replace")

    @property
    def excerpt(self) -> str:
        """Give its begin, without long words: one may be a token, or half of one."""
        return LONG_WORD.sub("***", self.text[:200])[:80]

    def value(self) -> dict[str, Any]:
        """Give the JSON object. Raises OtherShape for anything else."""
        try:
            found = json.loads(self.text, strict=False)
        except (ValueError, RecursionError):
            raise OtherShape(f"HTTP {self.status}, no JSON: {self.excerpt!r}") from None
        if not isinstance(found, dict):
            raise OtherShape(f"JSON that is no object: {self.excerpt!r}")
        return found

    @property
    def errcode(self) -> int:
        """Give the number; 0 where there is none, as in a read that succeeded."""
        found = self.value().get("errcode", 0)
        if not isinstance(found, int) or isinstance(found, bool):
            raise OtherShape(f"an errcode that is no number: {found!r}")
        return found


class _AsItCame(HTTPErrorProcessor):
    """Hands every answer on, redirects and errors too."""

    def http_response(self, request: Any, response: Any) -> Any:  # noqa: ARG002
        return response

    https_response = http_response


class Wire:
    """Sends requests to one server. Raises Lost where no whole answer came."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.host = parts.hostname or ""
        self.loopback = is_loopback(self.host)
        self._timeout_s = timeout_s
        self._opener = build_opener(
            ProxyHandler({} if self.loopback else None),
            HTTPSHandler(context=ssl.create_default_context()),
            _AsItCame(),
        )

    def send(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Exchange:
        """Send one request to /cgi-bin/`path`."""
        target = f"{self.url}/cgi-bin/{path}" + (f"?{urlencode(query)}" if query else "")
        given = {} if body is None else {"Content-Type": JSON_TYPE}
        # Only http and https come this far: command.py looks at the scheme.
        request = Request(  # noqa: S310
            target, data=body, headers={**given, **(headers or {})}, method=method
        )
        try:
            with self._opener.open(request, timeout=self._timeout_s) as response:
                answer = response.read(ANSWER_BYTES)
                return Exchange(response.status, response.headers.get("Content-Type", ""), answer)
        except (OSError, http.client.HTTPException) as cause:
            # `from None`: the URL, and the token in it, may stand in the exception.
            reason = getattr(cause, "reason", cause)
            raise Lost(f"{method} {path}: {type(reason).__name__}") from None
