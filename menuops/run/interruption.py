"""Ctrl-C and SIGTERM while accounts are being written: the call in flight is finished first."""

from __future__ import annotations

import signal
import threading
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
        self.outcome = _OUTCOMES[signal.Signals(number)]
        for each in self._before:
            signal.signal(each, signal.SIG_DFL)
