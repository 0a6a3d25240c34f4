"""urllib3's connections with three things added, for every request that this thread makes.

One deadline for a whole answer, however slowly it drips; exact knowledge of whether bytes of the
request went out; and silence in the log, since urllib3 writes the URL, and the token in it, at
DEBUG and with some warnings.
"""

from __future__ import annotations

import http.client
import io
import logging
import socket
import threading
import time
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_LOGGERS: Final = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)


class Exchange(threading.local):
    """The request that this thread is at."""

    active = False
    sent = False  # bytes of the request itself have begun to go out
    answer_s = 0.0  # how long the whole answer may take, from the moment when the request is out


exchange: Final = Exchange()


def _not_ours(_record: logging.LogRecord) -> bool:
    return not exchange.active


for _name in _LOGGERS:
    # Only what urllib3 says of our own requests is dropped; a program that uses menuops as a
    # library keeps its log.
    logging.getLogger(_name).addFilter(_not_ours)


class _Stream(io.RawIOBase):
    """A socket's incoming bytes, each wait cut to what is left until the deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline_s: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._deadline_s = deadline_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left_s = self._deadline_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left_s)
        return self._raw.readinto(buffer)

    def fileno(self) -> int:
        return self._raw.fileno()

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer whose deadline runs from the moment when the request was out."""

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_Stream(raw, sock, time.monotonic() + exchange.answer_s))


class _Connection(HTTPConnection):
    """A connection that notes when bytes of the request itself begin to go out."""

    debuglevel = 0  # whatever http.client's is: its debug output is the request line
    response_class = _Response

    def connect(self) -> None:
        try:
            super().connect()
        finally:
            exchange.sent = False  # what a proxy was told isn't the request

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange.sent = True
        super().send(data)


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


POOLS: Final = {"http": _Pool, "https": _TlsPool}
