"""Slow clients, very many, and a machine that has no more files to give."""

from __future__ import annotations

import resource
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from menuops.emulator import Emulator, handler

from .conftest import Caller

ASK = b"GET /cgi-bin/menu/get HTTP/1.1\r\nHost: x\r\n\r\n"
SCARCE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
from menuops.emulator import Emulator
with Emulator().serve() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard < 4096 else max(soft, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_a_thousand_connections_at_once_are_all_served(emulator: Emulator) -> None:
    with emulator.serve() as url, ExitStack() as opened, selectors.DefaultSelector() as selector:
        for _ in range(1000):
            connection = opened.enter_context(socket.create_connection(address(url), timeout=30))
            selector.register(connection, selectors.EVENT_READ)
        for key in list(selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.sendall(ASK)
        while selector.get_map():
            ready = selector.select(30)
            assert ready
            for key, _ in ready:
                assert isinstance(key.fileobj, socket.socket)
                assert b'"errcode":41001' in key.fileobj.recv(65536)
                selector.unregister(key.fileobj)
    assert len(emulator.calls) == 1000


def test_a_machine_out_of_files_serves_again_once_there_are_some() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCARCE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        with ExitStack() as opened:
            for _ in range(100):
                opened.enter_context(socket.create_connection(address(url), timeout=30))
        with socket.create_connection(address(url), timeout=30) as connection:
            connection.sendall(ASK)
            assert b'"errcode":41001' in connection.recv(65536)
        process.stdin.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /cgi-bin/menu/get HTTP/1.1\r\nA: " + b"b" * 60_000,
        b"POST /cgi-bin/menu/create HTTP/1.1\r\nContent-Length: 60000\r\n\r\n" + b" " * 50_000,
        b"POST /__emulator__/clock HTTP/1.1\r\nContent-Length: 60000\r\n\r\n" + b" " * 50_000,
    ],
)
def test_a_request_that_drips_in_for_too_long_is_ended_with_an_errcode(
    anonymous: Caller, monkeypatch: pytest.MonkeyPatch, request_bytes: bytes
) -> None:
    """Each byte comes in time, and all of them don't."""
    monkeypatch.setattr(handler, "REQUEST_S", 0.1)
    with socket.create_connection(address(anonymous.url), timeout=30) as raw:
        received = b""
        raw.settimeout(0.005)
        for at in range(len(request_bytes)):
            try:
                raw.sendall(request_bytes[at : at + 1])
                received = raw.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
            break
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b'"errcode":' in received


def test_a_slow_client_keeps_nobody_else_waiting(anonymous: Caller) -> None:
    with ExitStack() as opened:
        for _ in range(50):
            raw = opened.enter_context(socket.create_connection(address(anonymous.url)))
            raw.sendall(b"POST /cgi-bin/menu/create HTTP/1.1\r\nContent-Length: 10\r\n\r\n1")
        assert anonymous.send("GET", "menu/get").json()["errcode"] == 41001
