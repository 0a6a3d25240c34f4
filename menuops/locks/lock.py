"""The lock of one account for one purpose.

It is an OS file lock (flock) taken through filelock, so it ends with the process that holds
it, however that dies; no file left behind is ever taken for a lock. Two checkouts of one user
share the directory, so they share the locks.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from menuops.core.errors import CannotStart, Locked
from menuops.files.private import make_private

if TYPE_CHECKING:
    from filelock import BaseFileLock

TOKEN_WAIT_S: Final = 60.0
"""How long to wait for another's renewal of a token; an apply doesn't wait at all."""

_POLL_S: Final = 0.02
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+")


class LockUnusable(CannotStart):
    """The lock can't be taken for a reason other than that somebody holds it."""


@dataclass(frozen=True, slots=True)
class LockKey:
    """What is locked: the account (API host, appid) and for what."""

    api: str
    appid: str
    purpose: Literal["token", "apply"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, as they wrote it down; `since` is in UTC."""

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        return f"{self.command}, process {self.pid} on {self.host}, since {self.since}"


def file_stem(api: str, appid: str) -> str:
    """Name the files of one account: its appid made safe, and a hash of host and appid."""
    import hashlib  # 5 ms that only who touches the files pays for

    digest = hashlib.sha256(f"{api}\n{appid}".encode()).hexdigest()[:16]
    return f"{_UNSAFE.sub('_', appid)[:40]}-{digest}"


class Locks:
    """All locks that lie in one directory; the default is the user's own state directory.

    `command` is what the others read while we hold one: the command, and the run where there
    is one. It must hold no secret.
    """

    def __init__(self, directory: Path | None = None, *, command: str = "menuops") -> None:
        self._directory = directory
        self._command = command
        self._guard = threading.Lock()
        self._of_threads: dict[str, threading.Lock] = {}

    @property
    def directory(self) -> Path:
        """Where the files of the locks lie."""
        if self._directory is None:
            from platformdirs import user_state_path

            self._directory = user_state_path("menuops", appauthor=False) / "locks"
        return self._directory

    @contextmanager
    def held(self, key: LockKey, timeout_s: float = 0.0) -> Iterator[None]:
        """Hold the lock of `key`, over all threads and processes of this user.

        Not re-entrant: a thread that asks twice is refused like any other. Raises Locked when
        somebody else has it for longer than `timeout_s`, and LockUnusable when the directory
        or its file system doesn't allow locks; the lock is never done without.
        """
        until_s = time.monotonic() + timeout_s
        path = self.directory / f"{file_stem(key.api, key.appid)}.{key.purpose}.lock"
        with self._guard:
            of_threads = self._of_threads.setdefault(path.name, threading.Lock())
        if not of_threads.acquire(timeout=max(timeout_s, 0.0)):
            raise _locked(key, path)
        try:
            lock = self._acquired(key, path, max(until_s - time.monotonic(), 0.0))
            try:
                _write_holder(path, self._command)
                yield
            finally:
                with suppress(OSError):
                    _beside(path).unlink()
                lock.release()
        finally:
            of_threads.release()

    def holder(self, key: LockKey) -> Holder | None:
        """Read who holds the lock of `key`, or held it when they died; None if nobody wrote."""
        return _read_holder(self.directory / f"{file_stem(key.api, key.appid)}.{key.purpose}.lock")

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


def _locked(key: LockKey, path: Path) -> Locked:
    holder = _read_holder(path)
    return Locked(
        f"{key.appid}: another run holds the {key.purpose} lock: "
        f"{holder or 'it has not said who it is'}",
        fix="wait until it is done, or end it: the lock goes with its process",
    )


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _write_holder(path: Path, command: str) -> None:
    import socket

    holder = Holder(
        pid=os.getpid(),
        host=socket.gethostname(),
        command=command,
        since=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    with suppress(OSError):  # the lock is held; only its label is missing
        descriptor = os.open(_beside(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(holder), file, ensure_ascii=False)


def _read_holder(path: Path) -> Holder | None:
    try:
        said = json.loads(_beside(path).read_text(encoding="utf-8"))
        return Holder(int(said["pid"]), str(said["host"]), str(said["command"]), str(said["since"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None  # not written yet, or cut off by the end of its process
