"""What a program prints, for those who keep secrets behind one."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import PurePath
from threading import Event, Thread
from typing import Final

from menuops.core.errors import CannotStart
from menuops.wechat.tokens.running import RUNNING

_OUTPUT_BYTES: Final = 64 * 1024
_SLICE_S: Final = 0.1
"""No wait is longer. Whichever thread the system gives a signal to, Python runs its handler in the
main thread, and there only between two waits.
"""
_FIRST_LOOK_S: Final = 0.001
_REAPED_WITHIN_S: Final = 3.0
_GIVEN_UP_WITHIN_S: Final = 5.0


class ProgramFailed(CannotStart):
    """A program that the project file names gave nothing that can be used."""


class _Late(Exception):
    """The program's time is over, or nobody waits for it any more."""


def printed_by(
    argv: Sequence[str], *, label: str, environ: Mapping[str, str], timeout_s: float
) -> str:
    """Run a program and give what it prints on stdout, as text.

    No shell is involved; stdin is empty; what it says on stderr goes to ours. `label` begins
    every message: the account and the key of the project file. Its words may hold a secret, so
    messages name the program alone. It has `timeout_s` to end and to close its stdout, which what
    it started may still hold. Raises ProgramFailed.
    """
    given_up, over = Event(), Event()
    printed: Future[str] = Future()

    def work() -> None:
        try:
            until_s = time.monotonic() + timeout_s
            printed.set_result(_printed(argv, label, environ, _Time(timeout_s, until_s, given_up)))
        except Exception as error:
            printed.set_exception(error)
        finally:
            over.set()

    # In a thread of its own: Ctrl-C is raised in the main one wherever that is, also between the
    # start of a program and the note that it runs. `over`, since a join that is interrupted takes
    # a thread for ended that isn't.
    try:
        Thread(target=work, name="program").start()
        while not over.wait(_SLICE_S):
            pass
    except BaseException:
        given_up.set()
        over.wait(_GIVEN_UP_WITHIN_S)
        raise
    return printed.result()


@dataclass(frozen=True, slots=True)
class _Time:
    """What a program has: `whole_s` seconds, to `until_s` of the monotonic clock."""

    whole_s: float
    until_s: float
    given_up: Event

    def slice_s(self) -> float:
        """Give the longest next wait. Raises _Late."""
        left_s = self.until_s - time.monotonic()
        if left_s <= 0 or self.given_up.is_set():
            raise _Late
        return min(left_s, _SLICE_S)


def _printed(argv: Sequence[str], label: str, environ: Mapping[str, str], given: _Time) -> str:
    name = PurePath(argv[0]).name
    process = _started(argv, f"{label}: {name}", environ)
    late = False
    raw = b""
    try:
        raw = _read(process, given)
        if len(raw) <= _OUTPUT_BYTES:
            _wait(process, given)
    except _Late:
        late = True
    finally:
        _end(process)
    if late:
        raise ProgramFailed(
            f"{label}: {name} didn't end within {given.whole_s:g} s, and was ended",
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


def _started(argv: Sequence[str], who: str, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # what the project file says, as separate words
            argv,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=dict(environ),
            start_new_session=True,
        )

    try:
        process = RUNNING.start(start)
    except (OSError, ValueError) as error:
        problem = (isinstance(error, OSError) and error.strerror) or "its words can't be passed on"
        raise ProgramFailed(
            f"{who} can't be run: {problem}", fix="check its path and its mode"
        ) from None
    if process is None:
        raise ProgramFailed(f"{who} wasn't started: menuops is being ended", fix="run it again")
    return process


def _read(process: subprocess.Popen[bytes], given: _Time) -> bytes:
    """Read what a program prints, and one byte more than is allowed at most. Raises _Late."""
    assert process.stdout is not None
    raw = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(raw) <= _OUTPUT_BYTES:
            if not selector.select(given.slice_s()):
                continue
            more = os.read(process.stdout.fileno(), _OUTPUT_BYTES + 1 - len(raw))
            if not more:
                break
            raw += more
    return raw


def _wait(process: subprocess.Popen[bytes], given: _Time) -> None:
    """Wait for the end of a program that prints nothing more. Raises _Late."""
    look_s = _FIRST_LOOK_S
    while not RUNNING.has_ended(process):
        time.sleep(min(look_s, given.slice_s()))
        look_s *= 2


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program if it still runs, and close our end of its pipe, whoever has the other."""
    assert process.stdout is not None
    process.stdout.close()
    RUNNING.kill(process)
    try:
        _wait(process, _Time(_REAPED_WITHIN_S, time.monotonic() + _REAPED_WITHIN_S, Event()))
    except _Late:
        pass  # not ours to end; nobody waits for it
    finally:
        RUNNING.forget(process)
