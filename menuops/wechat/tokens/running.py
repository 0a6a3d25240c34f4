"""The programs that run for us now, so that who ends this process can end them too.

Each has a session of its own: a terminal's Ctrl-C reaches us alone.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen


class Running:
    """The programs that have been started and not been waited for, in any number of threads.

    A signal handler may call any of it.
    """

    def __init__(self) -> None:
        # Reentrant, since a handler may run while its own thread holds it.
        self._guard = threading.RLock()
        self._processes: set[Popen[bytes]] = set()
        self._closed = False

    def start(self, start: Callable[[], Popen[bytes]]) -> Popen[bytes] | None:
        """Start a program, which leads a group of its own; None after `end_all`."""
        with self._guard:
            if self._closed:
                return None
            process = start()
            self._processes.add(process)
            return process

    def has_ended(self, process: Popen[bytes]) -> bool:
        """Whether a program has ended; its number may be another's from then on."""
        with self._guard:
            if process.poll() is None:
                return False
            self._processes.discard(process)
            return True

    def kill(self, process: Popen[bytes]) -> None:
        """End a program and all that it started in its group, unless it is known to have ended."""
        with self._guard:
            if process in self._processes and process.returncode is None:
                with suppress(OSError):  # not ours to end, as with sudo
                    os.killpg(process.pid, signal.SIGKILL)

    def forget(self, process: Popen[bytes]) -> None:
        """Answer for a program no longer."""
        with self._guard:
            self._processes.discard(process)

    def end_all(self) -> None:
        """End all programs, and start none until `reopen`."""
        with self._guard:
            self._closed = True
            for process in tuple(self._processes):
                self.kill(process)

    def reopen(self) -> None:
        """Start programs again."""
        self._closed = False


RUNNING = Running()
"""All programs of this process."""
