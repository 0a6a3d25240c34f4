"""Ctrl-C, and what else ends a process politely, so that an account is still put back."""

from __future__ import annotations

import contextlib
import os
import signal
from types import FrameType, TracebackType
from typing import Any, Self

HANDLED = ("SIGINT", "SIGTERM", "SIGHUP")  # the last isn't known everywhere


class Stopped(BaseException):
    """A signal came: its number."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


class Signals:
    """The first signal becomes Stopped, wherever the program is; none does after `hold`.

    As only one is ever raised, whoever catches it can finish what it does.
    """

    def __init__(self) -> None:
        self._raises = True
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for name in HANDLED:
            number = getattr(signal, name, None)
            try:
                if number is not None:
                    self._former[number] = signal.signal(number, self._came)
            except ValueError:  # not the main thread: signals don't come here
                break
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)

    def hold(self) -> None:
        """Raise no more."""
        self._raises = False

    def _came(self, number: int, _: FrameType | None) -> None:
        if self._raises:
            self._raises = False
            raise Stopped(number)
        with contextlib.suppress(OSError):  # a terminal that is gone is no reason to stop either
            os.write(2, b"the account is being put back; wait\n")
