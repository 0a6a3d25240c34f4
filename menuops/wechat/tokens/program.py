"""What a program prints, for those who keep secrets behind one."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import PurePath
from typing import Final

from menuops.core.errors import CannotStart

_OUTPUT_BYTES: Final = 64 * 1024


class ProgramFailed(CannotStart):
    """A program that the project file names gave nothing that can be used."""


def printed_by(
    argv: Sequence[str], *, label: str, environ: Mapping[str, str], timeout_s: float
) -> str:
    """Run a program and give what it prints on stdout, as text.

    No shell is involved; stdin is empty; what it says on stderr goes to ours. `label` begins
    every message: the account and the key of the project file. Its words may hold a secret, so
    messages name the program alone. Raises ProgramFailed.
    """
    name = PurePath(argv[0]).name
    try:
        process = subprocess.Popen(  # noqa: S603  # what the project file says, as separate words
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=dict(environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        problem = (isinstance(error, OSError) and error.strerror) or "its words can't be passed on"
        raise ProgramFailed(
            f"{label}: {name} can't be run: {problem}", fix="check its path and its mode"
        ) from None
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(timeout_s, end)
    timer.start()
    assert process.stdout is not None
    try:
        raw = process.stdout.read(_OUTPUT_BYTES + 1)
        if len(raw) > _OUTPUT_BYTES:
            _kill(process)
        process.wait()
    except BaseException:
        _kill(process)
        process.wait()
        raise
    finally:
        timer.cancel()
        process.stdout.close()
    if late.is_set():
        raise ProgramFailed(
            f"{label}: {name} didn't end within {timeout_s:g} s, and was ended",
            fix="see why it waits: it gets no stdin; or raise `timeout_s` of the account",
        )
    if len(raw) > _OUTPUT_BYTES:
        raise ProgramFailed(
            f"{label}: {name} prints more than 64 KiB", fix="let it print one value"
        )
    if process.returncode:
        raise ProgramFailed(
            f"{label}: {name} ended with {process.returncode}",
            fix="run it by hand; what it said on stderr stands above",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # raised below, since the exception carries what was read
    raise ProgramFailed(f"{label}: {name} prints no UTF-8 text", fix="let it print one value")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program and all that it started and that still holds its pipe."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.kill()
