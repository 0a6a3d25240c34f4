"""HTTP/1.1 in front of the calls. Imported only when something is served: http.server is slow to.

An answer is sent in one piece and without delay (wbufsize, TCP_NODELAY): unbuffered, each request
waited 40 ms for the client's delayed acknowledgement.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import socketserver
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from .answers import Answer, refused
from .body import BrokenBody, read_body
from .faults import (
    Body,
    Delay,
    Errcode,
    Fault,
    HalfAnswer,
    Redirect,
    ResetAfter,
    ResetBefore,
    Said,
    Status,
)
from .refusal import Refusal
from .request import BODY_BYTES, ROOT, Request

IDLE_S = 120.0  # a client that says nothing for so long is gone
LINGER_S = 2.0
GRACE_S = 5.0  # what a call in flight has when the server stops
JSON_TYPE = "application/json; encoding=utf-8"  # WeChat's own words; the parameter isn't `charset`

logger = logging.getLogger(__name__)


class Seen(Protocol):
    """The record of a call that came in."""

    fault: Fault | None
    errcode: int | None


class Service(Protocol):
    """What the server asks of the emulator."""

    latency_s: float

    def now_s(self) -> float:
        """Give the time by the emulator's clock."""

    def note(self, method: str, path: str, request: Request) -> Seen:
        """Record a call, and say which fault it meets."""

    def respond(self, request: Request) -> Answer:
        """Do what is asked."""


class Server(ThreadingHTTPServer):
    """A thread for each connection; all of them end when the server does."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, service: Service) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.service = service
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
            with selectors.DefaultSelector() as selector:
                selector.register(self.socket, selectors.EVENT_READ)
                selector.register(self._woken_end, selectors.EVENT_READ)
                while not self.stopping.is_set():
                    for key, _ in selector.select():
                        if key.fileobj is self.socket:
                            self.handle_request()
        finally:
            self.stopping.set()
            self.server_close()

    def stop(self) -> None:
        """Ask `run` to return. Doesn't wait, so that a signal handler may call it."""
        self.stopping.set()
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
        thread.start()

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


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "menuops-emulator"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = IDLE_S
    server: Server
    lingers = False

    def version_string(self) -> str:
        """Give the Server header, without Python's version."""
        return self.server_version

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Give the Date header, by the emulator's clock: clients measure theirs against it."""
        return super().date_time_string(
            self.server.service.now_s() if timestamp is None else timestamp
        )

    def answer_call(self) -> None:
        """Read a call, do it, answer it: with status 200 whatever comes of it, as WeChat does."""
        service = self.server.service
        path, query = split_target(self.path)
        try:
            body = read_body(self.rfile, self.headers, BODY_BYTES)
        except BrokenBody:
            self.close_connection = self.lingers = True
            self.send_answer(refused(Refusal(47001), service.now_s()))
            return
        request = self.read_request(path, query, body)
        seen = service.note(self.command, path, request)
        if service.latency_s:
            self.server.stopping.wait(service.latency_s)
        match seen.fault:
            case ResetBefore():
                self.reset()
            case Status(code, html):
                self.send_body(code, "text/html", html.encode("utf-8"))
            case Redirect(url, code):
                self.send_body(code, "text/html", b"", location=url)
            case Body(content):
                self.send_body(200, JSON_TYPE, content)
            case Said(value):
                said = Answer(value)
                seen.errcode = said.errcode
                self.send_answer(said)
            case Errcode(code, text):
                seen.errcode = code
                self.send_answer(refused(Refusal(code, text), service.now_s()))
            case fault:
                answer = service.respond(request)
                seen.errcode = answer.errcode
                self.send_faulty(answer, fault)

    def read_request(self, path: str, query: dict[str, str], body: bytes | None) -> Request:
        """Give the call as the emulator takes it."""
        method = "GET" if self.command == "HEAD" else self.command
        name = path.removeprefix(ROOT) if path.startswith(ROOT) else ""
        headers = {title.lower(): value for title, value in self.headers.items()}
        return Request(method, name, query, body, self.client_address[0], headers)

    # The names are http.server's. A method that no call has still gets an errcode.
    do_GET = do_POST = do_HEAD = answer_call  # noqa: N815
    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer_call  # noqa: N815

    def handle_expect_100(self) -> bool:
        """Tell the client to go on now: it waits for this before it sends the body."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def send_faulty(self, answer: Answer, fault: Fault | None) -> None:
        """Send the answer to a call that was done, or fail to."""
        match fault:
            case ResetAfter():
                self.reset()
            case HalfAnswer():
                body = answer.encode()
                self.close_connection = True
                self.send_body(200, JSON_TYPE, body[: len(body) // 2], len(body))
            case Delay(seconds):
                self.server.stopping.wait(seconds)
                self.send_answer(answer)
            case _:
                self.send_answer(answer)

    def send_answer(self, answer: Answer) -> None:
        """Send a JSON answer."""
        self.send_body(200, JSON_TYPE, answer.encode())

    def send_body(
        self,
        status: int,
        content_type: str,
        body: bytes,
        stated_bytes: int | None = None,
        location: str | None = None,
    ) -> None:
        """Send status, headers and body."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if stated_bytes is None else stated_bytes))
        if location is not None:
            self.send_header("Location", location)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer what isn't HTTP with a body that a client of WeChat can read, and hang up."""
        self.close_connection = self.lingers = True
        if not hasattr(self, "command") or self.command is None:
            self.command = "GET"
        status = code if code < 500 else 400
        body = refused(Refusal(40066), self.server.service.now_s()).encode()
        self.send_body(status, JSON_TYPE, body)

    def finish(self) -> None:
        """End the connection; let a client that is still sending read its answer first.

        Closing with bytes unread would be a reset, and the answer might be lost with it.
        """
        if self.lingers:
            until_s = time.monotonic() + LINGER_S
            with contextlib.suppress(OSError):
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_WR)
                self.connection.settimeout(LINGER_S)
                while time.monotonic() < until_s and self.connection.recv(1 << 16):
                    pass
        super().finish()

    def reset(self) -> None:
        """Cut the connection so that the client sees a reset and not a polite end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Detached, as http.server would otherwise shut it down politely first.
        socket.close(self.connection.detach())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet: a request's line holds the token."""


def split_target(target: str) -> tuple[str, dict[str, str]]:
    """Split a request's target into path and query; of a repeated parameter the first counts."""
    try:
        parts = urlsplit(target)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:  # such as http://[
        return "", {}
    return unquote(parts.path), dict(reversed(query))
