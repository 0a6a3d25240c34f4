"""What an exception of requests, urllib3 or the system means, in words without a URL."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Any

from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from menuops.transport.errors import Kind


class BadCertificates(OSError):
    """The file that the environment names holds no certificates."""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Go through an exception and all that it wraps, outermost first."""
    todo: list[Any] = [error]
    seen: set[int] = set()
    while todo:
        this = todo.pop(0)
        if isinstance(this, BaseException) and id(this) not in seen:
            seen.add(id(this))
            yield this
            todo += [getattr(this, "reason", None), *this.args, this.__cause__, this.__context__]


def explained(error: Exception) -> tuple[Kind, str]:
    """Say what went wrong, in words that hold neither URL nor query."""
    chain = list(_chain(error))

    def first(*kinds: type[BaseException]) -> Any:
        return next((cause for cause in chain if isinstance(cause, kinds)), None)

    system = next((e.strerror for e in chain if isinstance(e, OSError) and e.strerror), "")
    because = f" ({system})" if system else ""
    if bundle := first(BadCertificates):
        return "tls", str(bundle)
    if first(ProxyError):
        return "proxy", f"the proxy of the environment doesn't work{because}"
    if first(socket.gaierror):
        return "dns", f"its name can't be resolved{because}"
    if certificate := first(ssl.SSLCertVerificationError):
        return "tls", f"its certificate isn't trusted ({certificate.verify_message})"
    if first(ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return "reset", "the connection ended"  # hung up without TLS's goodbye
    if tls := first(ssl.SSLError, SSLError):
        return "tls", f"TLS failed ({getattr(tls, 'reason', None) or type(tls).__name__})"
    if first(ConnectTimeoutError) and not first(NewConnectionError):
        return "timeout", "no connection in time"
    if first(NewConnectionError):
        return "refused", f"no connection{because}"
    if first(ReadTimeoutError, TimeoutError):
        return "timeout", "no whole answer in time"
    return "reset", f"the connection broke{because}"
