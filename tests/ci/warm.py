"""A `menuops` that is quick to start: its modules are there, and each call is a fork of its own.

A job calls it ten times, and a life has forty jobs: most of a second each, were Python to start and
to import every time. A call gets its own process, arguments, environment, folder and streams all
the same.
"""

from __future__ import annotations

import gc
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

WITHOUT_PREVIEW: Final = "WITHOUT_PREVIEW"
"""The variable for a menuops that was installed without its extra `preview`: it draws nothing."""

CLIENT: Final = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as there:
    there.connect({address!r})
    asked = [sys.argv[1:], os.getcwd(), dict(os.environ)]
    raw = json.dumps(asked).encode()
    socket.send_fds(there, [len(raw).to_bytes(8, "big")], [0, 1, 2])
    there.sendall(raw)
    answer = there.recv(1)
sys.exit(answer[0] if answer else 99)
"""


@contextmanager
def warm(folder: Path) -> Iterator[Path]:
    """Start the server; gives the path of the `menuops` that asks it."""
    root = Path(__file__).parents[2]
    with (
        TemporaryDirectory() as short,  # the path of a socket has about a hundred bytes
        subprocess.Popen(
            [sys.executable, "-m", "tests.ci.warm", f"{short}/s"], stdout=subprocess.PIPE, cwd=root
        ) as process,
    ):
        client = folder / "menuops"
        client.write_text(CLIENT.format(python=sys.executable, address=f"{short}/s"))
        client.chmod(0o755)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield client
        finally:
            process.terminate()


def serve(address: str) -> None:
    """Fork for each call, until it is terminated."""
    _import_all()
    gc.freeze()  # or each fork copies the pages of all that was imported
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            there, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _call(there)
            there.close()
            while True:  # those that ended meanwhile
                try:
                    if os.waitpid(-1, os.WNOHANG)[0] == 0:
                        break
                except ChildProcessError:
                    break


def _import_all() -> None:
    import pkgutil
    from importlib import import_module

    import deepdiff  # noqa: F401
    import fontTools.ttLib  # noqa: F401
    import jsonschema  # noqa: F401
    import requests  # noqa: F401
    import resvg_py  # noqa: F401

    import menuops

    for found in pkgutil.walk_packages(menuops.__path__, "menuops."):
        if "__main__" not in found.name and "pytest_plugin" not in found.name:
            import_module(found.name)


def _call(there: socket.socket) -> None:
    head, fds, _, _ = socket.recv_fds(there, 8, 3)
    raw = b""
    while len(raw) < int.from_bytes(head, "big"):
        raw += there.recv(1 << 16)
    arguments, folder, environ = json.loads(raw)
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
        os.close(fd)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _written(1)
    sys.stderr = _written(2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = ["menuops", *arguments]
    if WITHOUT_PREVIEW in environ:
        sys.modules["resvg_py"] = None  # type: ignore[assignment]  # then it can't be imported
    code: object = 1
    try:
        from menuops.__main__ import main

        code = main()
    except SystemExit as exit_:
        code = exit_.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        there.sendall(bytes([code if isinstance(code, int) else 1 if code else 0]))
        os._exit(0)


def _written(fd: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(open(fd, "wb", closefd=False), "utf-8", line_buffering=fd == 2)


if __name__ == "__main__":
    serve(sys.argv[1])
