"""Locks over the threads and processes of one user on one machine.

Each is an OS file lock (flock) taken through filelock, so it ends with the process that holds
it, however that dies; no file left behind is ever taken for a lock. Two checkouts of one user
share the directory, so they share the locks.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from menuops.core.errors import Locked
from menuops.files.private import make_private
from menuops.locks.lock import (
    LEASE_S,
    Confirm,
    Holder,
    LockKey,
    LockUnusable,
    file_stem,
    locked,
)

if TYPE_CHECKING:
    from filelock import BaseFileLock

_POLL_S: Final = 0.02
_WRITE_FLAGS: Final = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_TRUNC
    # through no link, and without waiting for the reader of a pipe
    | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK"))
)


class FileLocks:
    """All locks that lie in one directory; the default is the user's own state directory.

    `command` is what the others read while we hold one: the command, and the run where there
    is one. It must hold no secret.
    """

    def __init__(self, directory: Path | None = None, *, command: str = "menuops") -> None:
        self._directory = directory
        self._command = command
        # By process: one that was forked begins with locks of its own, since a thread that isn't
        # there any more may hold the others.
        self._of_threads: dict[tuple[int, str], threading.Lock] = {}

    @property
    def directory(self) -> Path:
        """Where the files of the locks lie."""
        if self._directory is None:
            from platformdirs import user_state_path

            self._directory = user_state_path("menuops", appauthor=False) / "locks"
        return self._directory

    @contextmanager
    def held(
        self,
        key: LockKey,
        timeout_s: float = 0.0,
        *,
        lease_s: float = LEASE_S,  # noqa: ARG002  # an OS lock has no lease
    ) -> Iterator[Confirm]:
        """Hold the lock of `key`, over all threads and processes of this user.

        Raises Locked, and LockUnusable when the directory or its file system doesn't allow locks.
        """
        until_s = time.monotonic() + timeout_s
        path = self._path(key)
        pid = os.getpid()
        of_threads = self._of_threads.setdefault((pid, path.name), threading.Lock())
        if not of_threads.acquire(timeout=max(timeout_s, 0.0)):
            raise _locked(key, path)
        try:
            lock = self._acquired(key, path, max(until_s - time.monotonic(), 0.0))
            try:
                _write_holder(path, self._command)
                yield _confirmed
            finally:
                if pid == os.getpid():  # else it was forked, and the lock is its parent's
                    with suppress(OSError):
                        _beside(path).unlink()
                    lock.release()
        finally:
            of_threads.release()

    def holder(self, key: LockKey) -> Holder | None:
        """Read who holds the lock of `key`, or held it when they died; None if nobody wrote."""
        return _read_holder(self._path(key))

    def _path(self, key: LockKey) -> Path:
        return self.directory / f"{file_stem(key.api, key.appid)}.{key.purpose}.lock"

    def _acquired(self, key: LockKey, path: Path, timeout_s: float) -> BaseFileLock:
        import filelock  # only who locks pays for it

        problem = ""
        try:
            make_private(path.parent)
            lock = filelock.FileLock(path, mode=0o600, thread_local=False)
            lock.acquire(timeout=timeout_s, poll_interval=_POLL_S)
            if not isinstance(lock, filelock.SoftFileLock):
                return lock
            # Where the file system has no flock, filelock makes do with a file that says
            # "locked", which outlives its process.
            lock.release()
            problem = "its file system has no file locks"
        except filelock.Timeout:
            raise _locked(key, path) from None
        except (OSError, NotImplementedError, RuntimeError) as error:
            problem = (isinstance(error, OSError) and error.strerror) or str(error)
        raise LockUnusable(
            f"{path.parent}: the lock of {key.appid} can't be taken: {problem}",
            fix="use a directory on a local disk that this user may write "
            + ("(XDG_STATE_HOME names it)" if sys.platform != "darwin" else ""),
        )


def _confirmed() -> None:
    """Do nothing: the system takes an OS lock from nobody while its process lives."""


def _locked(key: LockKey, path: Path) -> Locked:
    fix = "wait until it is done, or end it: the lock goes with its process"
    return locked(key, _read_holder(path), fix)


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _write_holder(path: Path, command: str) -> None:
    with suppress(OSError):  # the lock is held; only its label is missing
        descriptor = os.open(_beside(path), _WRITE_FLAGS, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(Holder.this_process(command).to_json())


def _read_holder(path: Path) -> Holder | None:
    try:
        return Holder.from_json(_beside(path).read_bytes())
    except OSError:
        return None  # not written yet
