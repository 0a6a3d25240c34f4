"""Requests a second of the emulator from 16 keep-alive clients, beside a bare http.server.

Both serve in a process of their own; the clients are raw sockets, driven by one thread that sends
bytes made before. What counts on a busy machine is the CPU time that the server takes a request.
The peer answers a constant, so it does nothing but HTTP. Start: from the import of the emulator to
its first answer, in a bare process and in one that has an HTTP client, as menuops and tests have.
"""

from __future__ import annotations

import json
import selectors
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

CLIENTS = 16
REQUESTS = 4_000
RUNS = 5
APPID = "wxdemo000000000001"

TOLD_CPU = """
import sys, time
for _ in sys.stdin:
    print(time.process_time(), flush=True)
"""
OURS = f"""
from menuops.emulator import Account, Emulator
emulator = Emulator()
emulator.add_account(Account(appid="{APPID}", secret="demo"))
with emulator.serve() as url:
    print(url, flush=True)
{"".join("    " + line + chr(10) for line in TOLD_CPU.strip().splitlines())}
"""
PEER = f"""
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{{"errcode":0,"errmsg":"ok"}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *_): pass
class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{{server.server_port}}", flush=True)
{TOLD_CPU}
"""
START = f"""
import sys, time
if len(sys.argv) > 1:
    import requests
begun = time.perf_counter()
from menuops.emulator import Account, Emulator
emulator = Emulator()
emulator.add_account(Account(appid="{APPID}", secret="demo"))
with emulator.serve() as url:
    import socket
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /cgi-bin/menu/get HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        connection.recv(65536)
    print((time.perf_counter() - begun) * 1000)
"""
BUTTONS = [
    {
        "name": f"菜单{parent}",
        "sub_button": [
            {"type": "view", "name": f"链接{leaf}", "url": f"https://shop.example.com/{leaf}"}
            for leaf in range(5)
        ],
    }
    for parent in range(3)
]
MENU = json.dumps({"button": BUTTONS}, ensure_ascii=False).encode()


class Server:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._process = process
        self.url = process.stdout.readline().strip()
        host, _, port = self.url.removeprefix("http://").partition(":")
        self.address = (host, int(port))

    def cpu_s(self) -> float:
        """Ask how much CPU time it took up to now."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


@contextmanager
def serving(code: str) -> Iterator[Server]:
    """Run code that prints its URL, and then its CPU time for each line that it is sent."""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Server(process)
        assert process.stdin is not None
        process.stdin.close()


def ask_all(server: Server, request: bytes) -> tuple[float, float]:
    """Send REQUESTS over CLIENTS connections; give wall and CPU seconds of the server."""
    with selectors.DefaultSelector() as selector:
        connections = []
        for _ in range(CLIENTS):
            connection = socket.create_connection(server.address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ)
            connections.append(connection)
        cpu_s, begun_s = server.cpu_s(), time.perf_counter()
        for connection in connections:
            connection.sendall(request)
        sent, answered = CLIENTS, 0
        while answered < REQUESTS:
            for key, _ in selector.select():
                asked = key.fileobj
                assert isinstance(asked, socket.socket)
                received = asked.recv(65536)
                head, _, body = received.partition(b"\r\n\r\n")
                length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
                while len(body) < length:
                    body += asked.recv(65536)
                answered += 1
                if sent < REQUESTS:
                    asked.sendall(request)
                    sent += 1
        taken = time.perf_counter() - begun_s, server.cpu_s() - cpu_s
        for connection in connections:
            connection.close()
    return taken


def token(url: str) -> str:
    """Fetch a token."""
    target = f"{url}/cgi-bin/token?grant_type=client_credential&appid={APPID}&secret=demo"
    with urllib.request.urlopen(target, timeout=10) as answer:  # noqa: S310  loopback
        value = json.load(answer)["access_token"]
    assert isinstance(value, str)
    return value


def get(target: str) -> bytes:
    """Make a request for a read."""
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode()


def post(target: str, body: bytes) -> bytes:
    """Make a request for a write."""
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def compare(title: str, ours: tuple[Server, bytes], peer: tuple[Server, bytes]) -> None:
    """Time both in turn, and print medians and the ratio of their CPU times."""
    taken: dict[str, list[tuple[float, float]]] = {"emulator": [], "http.server": []}
    for _ in range(RUNS):
        taken["emulator"].append(ask_all(*ours))
        taken["http.server"].append(ask_all(*peer))
    print(f"{title}, {REQUESTS} requests from {CLIENTS} clients, {RUNS} runs in turn")
    cpu = {name: statistics.median(one[1] for one in runs) for name, runs in taken.items()}
    for name, runs in taken.items():
        rate = REQUESTS / statistics.median(one[0] for one in runs)
        ratio = cpu["emulator"] / cpu[name]
        beside = "" if name == "emulator" else f"   emulator takes {ratio:.2f} of its CPU"
        print(
            f"  {name:<12} {rate:7.0f} a second   {cpu[name] / REQUESTS * 1e6:6.0f} µs CPU{beside}"
        )


def main() -> None:
    """Print all figures."""
    with serving(OURS) as ours, serving(PEER) as peer:
        target = f"/cgi-bin/menu/get?access_token={token(ours.url)}"
        create = post(target.replace("menu/get", "menu/create"), MENU)
        compare("menu/create of a full menu", (ours, create), (peer, create))
        compare("menu/get of a full menu", (ours, get(target)), (peer, get(target)))
    for beside in ((), ("requests",)):
        command = [sys.executable, "-c", START, *beside]
        starts = [
            float(subprocess.run(command, capture_output=True, check=True).stdout)
            for _ in range(11)
        ]
        where = "where requests is imported" if beside else "in a bare process"
        print(f"embedded start to first answer, {where}: median {statistics.median(starts):.1f} ms")


if __name__ == "__main__":
    main()
