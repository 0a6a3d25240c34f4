"""Who serves a state file just now: each who does holds a shared OS lock on a file beside it.

The system gives the lock back when a process ends, however it does. Windows has no such lock, so
nobody else is seen there.
"""

from __future__ import annotations

import os
from pathlib import Path


class Presence:
    """One emulator among those that serve a file. Not thread-safe: its owner holds a lock.

    Raises OSError where the file can't be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._servers = 0

    def come(self) -> None:
        """Say that a server begins."""
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            share(self._descriptor)
        self._servers += 1

    def go(self) -> None:
        """Say that a server ended."""
        self._servers -= 1
        if self._servers == 0 and self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def others(self) -> bool:
        """Tell whether another emulator serves. Who asks keeps others from asking meanwhile."""
        if self._descriptor is not None:
            try:
                return not is_alone(self._descriptor)
            finally:
                share(self._descriptor)
        try:
            asking = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return False  # nobody ever did
        try:
            return not is_alone(asking)
        finally:
            os.close(asking)


def share(descriptor: int) -> None:
    """Hold the lock beside others; waits for who is just asking."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def is_alone(descriptor: int) -> bool:
    """Take the lock for oneself if nobody else holds it; what was held before is given up."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
