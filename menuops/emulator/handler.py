"""HTTP/1.1 in front of the calls.

An answer is sent in one piece and without delay (wbufsize, TCP_NODELAY): unbuffered, each request
waited 40 ms for the client's delayed acknowledgement.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from .answers import refused
from .body import BrokenBody, read_body
from .faults import Refused, ResetUnread
from .playing import JSON_TYPE, Told, play
from .refusal import Refusal
from .request import BODY_BYTES, ROOT, Request

if TYPE_CHECKING:
    from .control.reply import Reply
    from .server import Server

IDLE_S = 120.0  # a client that says nothing for so long is gone
REQUEST_S = 60.0  # what a request may take to come in, from its first byte to its last
LINGER_S = 2.0
EARLIEST_S, LATEST_S = -62_135_596_800.0, 253_402_300_799.0  # what a date can say: 0001 to 9999
OWN = "/__emulator__/"  # the emulator's own interface; no call of WeChat's

Query = tuple[tuple[str, str], ...]


class Incoming(socket.SocketIO):
    """What a client sends: a request that drips in has an end too."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection, "r")
        self._connection = connection
        self.begun_s: float | None = None  # None: no byte of the next request is here

    def readinto(self, buffer: object) -> int | None:
        """Read what is there. Raises TimeoutError where nothing, or not all, comes in time."""
        if self.begun_s is not None:
            left_s = self.begun_s + REQUEST_S - time.monotonic()
            self._connection.settimeout(max(left_s, 0.001))
        try:
            count = super().readinto(buffer)  # type: ignore[arg-type]
        finally:
            self._connection.settimeout(IDLE_S)
        if self.begun_s is None and count:
            self.begun_s = time.monotonic()
        return count


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "menuops-emulator"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = IDLE_S
    server: Server
    request_version = protocol_version  # these two until a request comes whole
    requestline = ""
    lingers = False

    def setup(self) -> None:
        """Take the connection over."""
        super().setup()
        self.rfile.close()
        self.incoming = Incoming(self.connection)
        self.rfile = io.BufferedReader(self.incoming)

    def handle_one_request(self) -> None:
        """Answer one request; one that doesn't come in time gets its errcode all the same."""
        self.incoming.begun_s = None
        self.path = ""  # until this one's is known
        super().handle_one_request()

    def log_error(self, format: str, *args: object) -> None:  # noqa: A002, ARG002
        """Answer a request that took too long; http.server tells of it in no other way."""
        if self.incoming.begun_s is not None:
            with contextlib.suppress(OSError):
                self.send_error(408)
                self.wfile.flush()

    def version_string(self) -> str:
        """Give the Server header, without Python's version."""
        return self.server_version

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Give the Date header, by the emulator's clock: clients measure theirs against it."""
        at_s = self.server.service.now_s() if timestamp is None else timestamp
        return super().date_time_string(min(max(at_s, EARLIEST_S), LATEST_S))

    def answer(self) -> None:
        """Answer one request: a call of WeChat's, or one of the emulator's own interface."""
        if self.headers.defects:  # what follows may be headers, or the body
            self.send_error(400)
            return
        path, query = split_target(self.path)
        if path == "/" or path.startswith(OWN):
            self.answer_own(path, query)
        else:
            self.answer_call(path, dict(reversed(query)))  # of a repeated one the first counts

    # The names are http.server's. A method that no call has still gets an errcode.
    do_GET = do_POST = do_HEAD = answer  # noqa: N815
    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def answer_call(self, path: str, query: dict[str, str]) -> None:
        """Do a call and answer it: with status 200 whatever comes of it, as WeChat does."""
        service, stopping = self.server.service, self.server.stopping
        begun_s = time.perf_counter()
        fault = service.fault_for(path)
        try:
            unread = isinstance(fault, ResetUnread)
            body = b"" if unread else read_body(self.rfile, self.headers, BODY_BYTES)
        except BrokenBody:
            self.close_connection = self.lingers = True
            self.send_body(200, JSON_TYPE, refused(Refusal(47001), service.now_s()).encode())
            return
        request = self.read_request(path, query, body)
        exchange = service.traffic.note(self.command, path, request, service.now_s(), fault)
        if service.latency_s:
            stopping.wait(service.latency_s)
        if isinstance(fault, Refused):
            self.server.close_port(fault.seconds)
        answer = play(fault, lambda: service.respond(request), service.now_s(), stopping.wait)
        exchange.seen.errcode = answer.errcode
        if isinstance(answer, Told):
            exchange.status, exchange.answer = answer.status, answer.body[: answer.sent]
        exchange.took_ms = (time.perf_counter() - begun_s) * 1000
        service.traffic.done(exchange)  # before its client can ask for it
        if isinstance(answer, Told):
            self.send_told(answer)
        else:
            self.reset()

    def read_request(self, path: str, query: dict[str, str], body: bytes | None) -> Request:
        """Give the call as the emulator takes it."""
        method = "GET" if self.command == "HEAD" else self.command
        name = path.removeprefix(ROOT) if path.startswith(ROOT) else ""
        headers = {title.lower(): value for title, value in self.headers.items()}
        return Request(method, name, query, body, self.client_address[0], headers)

    def answer_own(self, path: str, query: Query) -> None:
        """Answer what isn't WeChat's: the page, and what it is driven by."""
        from .control.reply import Asked, Reply, json_reply
        from .control.routes import answer

        try:
            body = read_body(self.rfile, self.headers, BODY_BYTES)
        except BrokenBody:
            self.close_connection = self.lingers = True
            self.send_reply(json_reply({"error": "the body breaks off, or has no length"}, 400))
            return
        asked = Asked(
            "GET" if self.command == "HEAD" else self.command,
            path.removeprefix(OWN) if path.startswith(OWN) else "",
            query,
            {title.lower(): value for title, value in self.headers.items()},
            body,
            self.server.served,
        )
        reply = answer(self.server.service, asked)
        if isinstance(reply, Reply):
            self.send_reply(reply)
        else:
            self.send_events(reply.since)

    def send_reply(self, reply: Reply) -> None:
        """Send an answer of the emulator's own, which nobody may keep."""
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        self.send_body(
            reply.status, reply.content_type, reply.body, headers={**headers, **reply.headers}
        )

    def send_events(self, since: int | None) -> None:
        """Send what happens, until the client or the server goes."""
        from .control.events import events

        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        for text in events(self.server.service, since, self.server.stopping.is_set):
            self.wfile.write(text.encode("utf-8", "replace"))
            self.wfile.flush()

    def handle_expect_100(self) -> bool:
        """Tell the client to go on now: it waits for this before it sends the body."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def send_told(self, told: Told) -> None:
        """Send the answer to a call, or as much of it as is to come."""
        headers = {} if told.location is None else {"Location": told.location}
        if told.sent is not None:
            self.close_connection = True
        body, stated_bytes = told.body[: told.sent], len(told.body)
        self.send_body(told.status, told.content_type, body, stated_bytes, headers)

    def send_body(
        self,
        status: int,
        content_type: str,
        body: bytes,
        stated_bytes: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Send status, headers and body."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if stated_bytes is None else stated_bytes))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer what isn't HTTP with a body that who asked for this path can read, and hang up."""
        self.close_connection = self.lingers = True
        if not hasattr(self, "command") or self.command is None:
            self.command = "GET"
        self.request_version = self.protocol_version  # it may be one that has no status
        status = code if code < 500 else 400
        if self.path.startswith(OWN):
            from .control.reply import json_reply

            wrong = message or self.responses[status][0]
            self.send_reply(json_reply({"error": f"this is no request: {wrong}"}, status))
            return
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

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: a request's line holds the token."""


def split_target(target: str) -> tuple[str, Query]:
    """Split a request's target into path and query, repeats in their order."""
    try:
        parts = urlsplit(target)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:  # such as http://[
        return "", ()
    return unquote(parts.path), tuple(query)
