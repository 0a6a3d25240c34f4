"""A gateway between menuops and the emulator, at which all that a network does can be had.

Each request comes over a connection of its own, so that each can be met before it is read, and
they are numbered from 1 in the order in which they come.
"""

from __future__ import annotations

import http.client
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

_HEADER_BYTES = 64 * 1024
_HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    body: bytes

    @property
    def call(self) -> str:
        """The path below /cgi-bin/."""
        return urlsplit(self.target).path.removeprefix("/cgi-bin/")


class Line:
    """What is done with one request; `ask` passes it on and gives WeChat's answer."""

    def __init__(self, gateway: Gateway, connection: socket.socket) -> None:
        self.gateway = gateway
        self.connection = connection
        self._asked: Asked | None = None

    def read(self) -> Asked:
        """Read the request, once."""
        if self._asked is None:
            self._asked = _read(self.connection)
            self.gateway.note(self._asked)
        return self._asked

    def ask(self) -> bytes:
        """Let WeChat do what is asked."""
        asked = self.read()
        wechat = http.client.HTTPConnection(self.gateway.behind, timeout=30)
        headers = {"Content-Type": "application/json"} if asked.body else {}
        wechat.request(asked.method, asked.target, asked.body or None, headers)
        answer = wechat.getresponse().read()
        wechat.close()
        return answer

    def answer(
        self, body: bytes, status: str = "200 OK", kind: str = "application/json", cut: int = 0
    ) -> None:
        """Send an answer; of its body all but the last `cut` bytes."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        sent = f"{head}Connection: close\r\n\r\n".encode() + body[: len(body) - cut]
        with suppress(OSError):  # the client may be dead by now
            self.connection.sendall(sent)

    def reset(self) -> None:
        """Cut the connection so that the client sees a reset."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


Act: TypeAlias = Callable[[Line], None]
"""Deals with one request, from its connection to its answer."""


class Gateway:
    """Listens on one port for as long as it is open; `acts` say what becomes of which request.

    `every`, where there is one, deals with each request from its number on.
    """

    def __init__(self, behind: str) -> None:
        self.behind = urlsplit(behind).netloc
        self.acts: dict[int, Act] = {}
        self.every: tuple[int, Act] | None = None
        self.seen: list[Asked] = []
        self._taken = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self.ended = threading.Event()
        self._goes_on = threading.Event()
        self._goes_on.set()
        listener = _listening(0)
        self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open(listener)

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.seen.append(asked)

    def begin(self) -> None:
        """Number the requests from 1 again, with nothing seen and no faults."""
        with self._lock:
            self._taken, self.acts, self.every, self.seen = 0, {}, None, []

    def hold(self) -> None:
        """Let all that comes from now on wait until `go_on`."""
        self._goes_on.clear()

    def go_on(self) -> None:
        self._goes_on.set()

    def refuse(self) -> None:
        """Close the port: whoever connects is refused."""
        self._wake.send(b"x")
        self._accepting.join()

    def listen(self) -> None:
        """Open the port, again."""
        self._open(_listening(self.port))

    def close(self) -> None:
        """End all that goes on."""
        self.ended.set()
        self.go_on()
        if self._accepting.is_alive():
            self.refuse()
        for thread in self._threads:
            thread.join()

    def _open(self, listener: socket.socket) -> None:
        self._wake, woken = socket.socketpair()
        self._accepting = self._start(self._accept, listener, woken)

    def _start(self, work: Callable[..., None], *sockets: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=work, args=sockets, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _accept(self, listener: socket.socket, woken: socket.socket) -> None:
        with listener, woken, self._wake:
            while woken not in select.select([listener, woken], [], [])[0]:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        self._goes_on.wait()
        with self._lock:
            self._taken += 1
            act = self.acts.pop(self._taken, None)
            if act is None and self.every is not None and self._taken >= self.every[0]:
                act = self.every[1]
        with connection, suppress(OSError):
            (act or passing)(Line(self, connection))


@contextmanager
def opened_gateway(behind: str) -> Iterator[Gateway]:
    gateway = Gateway(behind)
    try:
        yield gateway
    finally:
        gateway.close()


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    return listener


def _read(connection: socket.socket) -> Asked:
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(_HEADER_BYTES)
        if not more:
            raise ConnectionError
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    first, *headers = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    length = next(
        (int(line.partition(":")[2]) for line in headers if line.lower().startswith("content-len")),
        0,
    )
    while len(body) < length:
        more = connection.recv(_HEADER_BYTES)
        if not more:
            raise ConnectionError
        body += more
    return Asked(method, target, body)


# What can become of a request


def passing(line: Line) -> None:
    """Nothing happens to it."""
    line.answer(line.ask())


def errcode(number: int, text: str = "refused by the test") -> Act:
    """WeChat refuses it."""

    def act(line: Line) -> None:
        line.read()
        line.answer(f'{{"errcode":{number},"errmsg":"{text}"}}'.encode())

    return act


def bad_gateway(line: Line) -> None:
    """A gateway answers in WeChat's place; nothing is done."""
    line.read()
    line.answer(_HTML, "502 Bad Gateway", "text/html")


def bad_gateway_after(line: Line) -> None:
    """It is done, and a gateway in front of WeChat lost the answer."""
    line.ask()
    line.answer(_HTML, "502 Bad Gateway", "text/html")


def reset_unread(line: Line) -> None:
    """The connection is cut before a byte of it is read, but not before it is there.

    A reset in the middle of connecting looks like a port that nobody listens on.
    """
    select.select([line.connection], [], [], 5.0)
    line.reset()


def reset_before(line: Line) -> None:
    """It is read, not done, and the connection is cut."""
    line.read()
    line.reset()


def reset_after(line: Line) -> None:
    """It is done, and the connection is cut without a byte of an answer."""
    line.ask()
    line.reset()


def half_answer(line: Line) -> None:
    """It is done, and half of the answer's body comes."""
    answer = line.ask()
    line.answer(answer, cut=len(answer) // 2)


def too_late(line: Line) -> None:
    """It is done, and the answer comes when nobody waits for it any more."""
    answer = line.ask()
    line.gateway.ended.wait(60)
    line.answer(answer)


def in_encoding(name: str) -> Act:
    """It is done, and something on the way wrote the answer in another encoding."""

    def act(line: Line) -> None:
        answer = line.ask().decode()
        # What isn't ASCII is what encodings differ in.
        line.answer(answer.replace('"errmsg":"ok"', '"errmsg":"好"').encode(name))

    return act


def sent_twice(line: Line) -> None:
    """A proxy sends it again, as some do with what they believe to be lost."""
    line.ask()
    line.answer(line.ask())


def unclear(answer: bytes, *, done: bool) -> Act:
    """It is done, or not, and this is what comes as an answer."""

    def act(line: Line) -> None:
        if done:
            line.ask()
        else:
            line.read()
        line.answer(answer)

    return act
