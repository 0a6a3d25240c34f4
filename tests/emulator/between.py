"""A server between a client and the emulator: it counts, lies, cuts, and tells of followers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit


@dataclass
class Between:
    """What happens to a call. Paths are as in "menu/create"."""

    target: str
    followers: tuple[str, ...] | None = ("oVip",)  # None: user/get isn't known
    lies: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    before: Callable[[str, int], bytes | None] = lambda *_: None  # bytes answer in its place
    after: Callable[[str, int], None] = lambda *_: None  # may raise Cut
    calls: list[tuple[str, str, bytes]] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    url: str = ""

    @property
    def counts(self) -> Counter[str]:
        return Counter(path for _, path, _ in self.calls)

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
        path = urlsplit(target).path.removeprefix("/cgi-bin/")
        self.calls.append((method, path, body))
        said = self.before(path, self.counts[path])
        if said is None and path == "user/get":
            said = json.dumps(self._told_of_followers()).encode()
        if said is None:
            upstream = HTTPConnection(urlsplit(self.target).netloc, timeout=10)
            try:
                upstream.request(method, target, body or None, headers)
                said = upstream.getresponse().read()
            finally:
                upstream.close()
        self.answers.append(said)
        self.after(path, self.counts[path])
        return self.lies.get(path, self.lies.get("*", lambda told: told))(said)

    def _told_of_followers(self) -> dict[str, object]:
        if self.followers is None:
            return {"errcode": 40066, "errmsg": "invalid url"}
        return {"total": len(self.followers), "data": {"openid": list(self.followers)}}

    @contextmanager
    def serving(self) -> Iterator[Between]:
        handler = type("Handler", (_Handler,), {"between": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class Cut(Exception):
    """No answer is sent."""


class _Handler(BaseHTTPRequestHandler):
    between: Between

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kept = {name: self.headers[name] for name in ("Content-Type",) if name in self.headers}
        try:
            said = self.between.answer(self.command, self.path, kept, body)
        except Cut:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json; encoding=utf-8")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
