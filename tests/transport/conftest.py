"""A server that answers with the very bytes that a test gives it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from menuops.core.secret import Secret
from menuops.transport import Answer, Http

TOKEN = "90_" + "tOkEn-of_the_account" * 7


def answered(
    body: bytes,
    status: str = "200 OK",
    content_type: str = "application/json; encoding=utf-8",
    extra: bytes = b"",
) -> bytes:
    """A whole HTTP answer; the type is the one that WeChat sends."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + extra + b"\r\n" + body


OK = answered(b'{"errcode":0,"errmsg":"ok"}')


def call(
    http: Http,
    url: str,
    *,
    method: str = "GET",
    path: str = "/cgi-bin/menu/get",
    query: Mapping[str, str | Secret] | None = None,
    body: Mapping[str, Any] | None = None,
    read_timeout_s: float = 5.0,
    connect_timeout_s: float = 5.0,
) -> Answer:
    return http.call(
        method,
        url,
        path,
        query={"access_token": Secret(TOKEN)} if query is None else query,
        body=body,
        connect_timeout_s=connect_timeout_s,
        read_timeout_s=read_timeout_s,
    )


class RawServer:
    """Takes connections on loopback; each request read gets the next of `answers`.

    An answer is bytes, or a list of (seconds to wait, bytes); None hangs up without a word.
    A keep-alive connection takes as many requests as there are answers. `requests` holds what
    came, byte for byte.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.requests: list[bytes] = []
        self.connections = 0
        self.answers: list[bytes | list[tuple[float, bytes]] | None] = []
        self._sockets: list[socket.socket] = []
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), self._wrapped(sock) as channel:
            while not self._stopped.is_set():
                request = self._read(channel)
                if not request:
                    return
                self.requests.append(request)
                answer = self.answers.pop(0) if self.answers else None
                if answer is None:
                    return
                for wait_s, piece in [(0.0, answer)] if isinstance(answer, bytes) else answer:
                    if wait_s:
                        time.sleep(wait_s)
                    channel.sendall(piece)
                if b"Connection: close" in (answer if isinstance(answer, bytes) else b""):
                    return

    def _wrapped(self, sock: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(sock, server_side=True) if self._tls else sock

    @staticmethod
    def _read(sock: socket.socket) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            piece = sock.recv(65536)
            if not piece:
                return b""
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        size = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        while len(body) < size:
            body += sock.recv(65536)
        return head + b"\r\n\r\n" + body


@pytest.fixture
def server() -> Iterator[RawServer]:
    raw = RawServer()
    yield raw
    raw.stop()


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> Iterator[Http]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    with Http() as made:
        yield made
