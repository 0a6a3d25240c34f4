"""A real redis-server of a test's own: on loopback, with nothing kept on disk."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

import redis

_READY: Final = b"Ready to accept connections"
_TRIES: Final = 5


class LocalRedis:
    """A redis-server that may be stopped, frozen and started again, always on the same port.

    `url` is what a user would write down, with the password where there is one; `address` is its
    host and port alone. `certificate` is a key and its certificate in one file, and makes the
    server speak TLS and nothing else, as localhost.
    """

    def __init__(
        self, directory: Path, *, password: str = "", certificate: Path | None = None
    ) -> None:
        self.directory = directory
        self.password = password
        self.certificate = certificate
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        return "localhost" if self.certificate else "127.0.0.1"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        scheme = "rediss" if self.certificate else "redis"
        login = f":{quote(self.password, safe='')}@" if self.password else ""
        return f"{scheme}://{login}{self.address}/0"

    @property
    def socket_url(self) -> str:
        return f"unix://{self.directory}/redis.sock"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start it, empty; it answers when this returns."""
        assert not self.runs
        said = b""
        for _ in range(_TRIES):
            process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
            )
            assert process.stdout is not None
            for line in process.stdout:
                said += line
                if _READY in line:
                    self._process = process
                    return self
            process.stdout.close()
            process.wait()
            time.sleep(0.05)  # somebody else may have the port for a moment
        raise AssertionError(f"redis-server doesn't start: {said.decode()}")

    def stop(self) -> None:
        """Kill it, as a crash would; what it held is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def freeze(self) -> None:
        """Let it hang: connections are accepted, no answer comes."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def call(self, *words: str | bytes | int) -> Any:
        """Do one command as the server's owner; bytes come as they are."""
        with self.client() as client:
            return client.execute_command(*words)

    def client(self) -> redis.Redis:
        """Make a client of the server's owner, for the caller to close."""
        tls: dict[str, Any] = {"ssl_ca_certs": str(self.certificate)} if self.certificate else {}
        return redis.Redis.from_url(self.url, **tls)

    def _command(self) -> list[str]:
        command = ["redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command += ["--dir", str(self.directory), "--logfile", "", "--daemonize", "no"]
        command += ["--unixsocket", "redis.sock", "--unixsocketperm", "700"]  # below --dir
        if self.certificate:
            command += ["--port", "0", "--tls-port", str(self.port), "--tls-auth-clients", "no"]
            command += ["--tls-cert-file", str(self.certificate)]
            command += ["--tls-key-file", str(self.certificate)]
        else:
            command += ["--port", str(self.port)]
        return [*command, "--requirepass", self.password] if self.password else command


@contextmanager
def running_redis(
    directory: Path, *, password: str = "", certificate: Path | None = None
) -> Iterator[LocalRedis]:
    """Start one, and stop it in the end, in whatever state it is by then."""
    server = LocalRedis(directory, password=password, certificate=certificate)
    try:
        yield server.start()
    finally:
        server.stop()


def make_certificate(directory: Path, host: str = "localhost") -> Path:
    """Make a key and its self-signed certificate for a host, in one file; needs openssl."""
    pem, key, both = (directory / f"{name}.pem" for name in ("cert", "key", "both"))
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    command += ["-out", str(pem), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + pem.read_bytes())
    return both


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
