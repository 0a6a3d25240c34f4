"""A port and its connections. Imported only when something is served: http.server is slow to."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import socketserver
import sys
import threading
import time
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from .handler import Handler

if TYPE_CHECKING:
    from .emulator import Emulator

GRACE_S = 5.0  # what a call in flight has when the server stops
CROWDED_S = 0.05  # before the next try, where no more connections can be had

logger = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """A thread for each connection; all of them end when the server does."""

    daemon_threads = True
    request_queue_size = 1024  # as many may connect at once; the system may allow fewer

    def __init__(self, host: str, port: int, service: Emulator) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.served = host
        self.service = service
        self._closed_until_s = 0.0
        self._closed = threading.Event()
        self.stopping = threading.Event()
        self._wake_end, self._woken_end = socket.socketpair()
        self._guard = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}
        try:
            super().__init__((host, port), Handler)
        except BaseException:
            self._wake_end.close()
            self._woken_end.close()
            raise
        # A client that gave up between select() and accept() mustn't block the loop.
        self.socket.settimeout(1.0)

    @property
    def url(self) -> str:
        """Give the base URL, with no slash at its end."""
        host, port = self.server_address[:2]
        named = host.decode() if isinstance(host, bytes | bytearray) else str(host)
        return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"

    def server_bind(self) -> None:
        """Bind without asking DNS for the host's full name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)

    def run(self) -> None:
        """Serve until `stop`; then end every connection and give the port back."""
        try:
            while not self.stopping.is_set():
                self._accept_all()
                self._stay_closed()
        finally:
            self.stopping.set()
            self.server_close()

    def close_port(self, seconds: float) -> None:
        """Refuse whoever connects for so long; returns once the port is closed."""
        self._closed_until_s = time.monotonic() + seconds
        self._closed.clear()
        self._wake()
        self._closed.wait(GRACE_S)

    def _accept_all(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(self._woken_end, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._woken_end:
                        self._woken_end.recv(4096)
                        return
                    self._accept()

    def _accept(self) -> None:
        try:
            connection, address = self.get_request()
        except TimeoutError:
            return  # a client gave up between select() and accept()
        except OSError:
            self.stopping.wait(CROWDED_S)  # too many open files: one may be closed meanwhile
            return
        try:
            self.process_request(connection, address)
        except RuntimeError:  # no more threads
            self.shutdown_request(connection)

    def _stay_closed(self) -> None:
        if time.monotonic() >= self._closed_until_s:
            return
        self.socket.close()
        self._closed.set()
        while not self.stopping.is_set():
            self.stopping.wait(max(CROWDED_S, self._closed_until_s - time.monotonic()))
            if time.monotonic() >= self._closed_until_s and not self.stopping.is_set():
                self.socket = socket.socket(self.address_family, self.socket_type)
                try:
                    self.server_bind()
                    self.server_activate()
                except OSError:  # somebody else took the port
                    self.socket.close()
                    continue
                self.socket.settimeout(1.0)
                return

    def stop(self) -> None:
        """Ask `run` to return. Doesn't wait, so that a signal handler may call it."""
        self.stopping.set()
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_end.send(b"x")

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread for a connection, and remember both."""
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="menuops-emulator-connection",
            daemon=True,
        )
        with self._guard:
            self._connections[thread] = request
        try:
            thread.start()
        except BaseException:
            with self._guard:
                del self._connections[thread]
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._connections.pop(threading.current_thread(), None)

    def server_close(self) -> None:
        """Close the port, let calls in flight end, and wait for the threads."""
        self.socket.close()
        self.service.feed.wake()  # who follows what happens sees that it ends
        # The reading side alone: what is being answered still is, then the thread sees the end.
        self._shut(socket.SHUT_RD, GRACE_S)
        self._shut(socket.SHUT_RDWR, GRACE_S)
        self._wake_end.close()
        self._woken_end.close()

    def _shut(self, side: int, wait_s: float) -> None:
        with self._guard:
            open_ones = list(self._connections.items())
        for _, connection in open_ones:
            with contextlib.suppress(OSError):
                connection.shutdown(side)
        until_s = time.monotonic() + wait_s
        for thread, _ in open_ones:
            thread.join(max(0.0, until_s - time.monotonic()))

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Say nothing about clients that hang up; anything else is a bug of ours."""
        if not isinstance(sys.exception(), OSError):
            logger.exception("the emulator failed on a connection")
