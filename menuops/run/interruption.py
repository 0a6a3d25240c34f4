"""Ctrl-C and SIGTERM while accounts are being written: the call in flight is finished first."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Final, Self

from menuops.core.outcome import Outcome

_OUTCOMES: Final = {
    signal.SIGINT: Outcome.INTERRUPTED,
    signal.SIGTERM: Outcome.TERMINATED,
}
if hasattr(signal, "SIGHUP"):  # the terminal was closed; Windows has no such signal
    _OUTCOMES[signal.SIGHUP] = Outcome.TERMINATED


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
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _say(text: str) -> None:
    # A handler may run in the middle of any write, so it goes round Python's own buffers.
    with suppress(OSError):
        os.write(2, f"\nmenuops: {text}\n".encode())
