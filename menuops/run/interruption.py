"""Ctrl-C, SIGTERM and SIGHUP: at once, or while accounts are written after the call in flight."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Final, Self

from menuops.core.errors import Terminated
from menuops.core.outcome import Outcome
from menuops.wechat.tokens.running import RUNNING

_OUTCOMES: Final = {
    signal.SIGINT: Outcome.INTERRUPTED,
    signal.SIGTERM: Outcome.TERMINATED,
}
if hasattr(signal, "SIGHUP"):  # the terminal was closed; Windows has no such signal
    _OUTCOMES[signal.SIGHUP] = Outcome.TERMINATED


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """Let a signal end the programs that the project file names, and then the command.

    SIGTERM raises Terminated, to go the way of Ctrl-C: with a message, and a document if asked
    for. SIGHUP ends the process, since nobody is left to be told. Outside the main thread, where
    Python can't catch signals, nothing is caught.
    """
    RUNNING.reopen()
    before: dict[int, signal._HANDLER] = {}
    if threading.current_thread() is threading.main_thread():
        for number in _OUTCOMES:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks for
                before[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for caught, handler in before.items():
            signal.signal(caught, handler)


def _stop(number: int, _frame: FrameType | None) -> None:
    RUNNING.end_all()
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    if number == signal.SIGTERM:
        raise Terminated
    _end_by(number)


def _end_by(number: int) -> None:
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # the first process of a container outlives its own signals


class Interruption:
    """A context in which the first signal only asks to stop; the second ends the process.

    Outside the main thread, where Python can't catch signals, nothing is caught.
    """

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _OUTCOMES:
                if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks for
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def asked(self) -> bool:
        """Whether somebody asked to stop."""
        return self.outcome is not None

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self.outcome is None:
            self.outcome = _OUTCOMES[signal.Signals(number)]
            _say("the call in flight is finished first; once more ends at once")
            return
        _say("ended in the middle; the journal is true, and menuops plan shows what is live")
        RUNNING.end_all()
        _end_by(number)


def _say(text: str) -> None:
    # A handler may run in the middle of any write, so it goes round Python's own buffers.
    with suppress(OSError):
        os.write(2, f"\nmenuops: {text}\n".encode())
