"""A proxy with a fixed address, in front of an emulated WeChat that is reached through it alone."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

FIXED: Final = "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"
"""Where the proxy calls WeChat from: only Linux has all of 127/8 without being told."""
LOGIN: Final = "menus:s3cret-of-the-proxy"


@dataclass
class Proxy:
    """Takes CONNECT with a login, and is WeChat behind the tunnel: it ends TLS with `certificate`.

    `asked` has each first line, `seen` all that came before TLS began.
    """

    behind: str
    certificate: Path
    asked: list[str] = field(default_factory=list)
    seen: bytes = b""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{LOGIN}@127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._tunnel, args=(sock,), daemon=True).start()

    def _tunnel(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            head = b""
            while b"\r\n\r\n" not in head:
                head += sock.recv(4096)
            self.seen += head
            self.asked.append(head.partition(b"\r\n")[0].decode())
            login = base64.b64encode(LOGIN.encode())
            if b"Proxy-Authorization: Basic " + login not in head:
                sock.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                return
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(self.certificate)
            host, port = urlsplit(self.behind).hostname, urlsplit(self.behind).port
            with (
                tls.wrap_socket(sock, server_side=True) as client,
                socket.create_connection((host, port), source_address=(FIXED, 0)) as wechat,
            ):
                back = threading.Thread(target=_pump, args=(wechat, client), daemon=True)
                back.start()
                _pump(client, wechat)
                back.join(5)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def proxy_before(behind: str, certificate: Path) -> Iterator[Proxy]:
    """Serve a proxy behind which each host is the server at the URL `behind`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(behind, certificate, port=listener.getsockname()[1])
        thread = threading.Thread(target=proxy.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
