"""The state on disk, shared safely by processes that run at the same time or one after another.

Readers and writers hold an OS lock on a file beside it (`<state file>.lock`, which stays: removing
it would let two processes lock two files). Each write makes a whole new file and renames it; what
a process that was killed left of one is removed by the next that starts.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from .document import Damaged, join_accounts, read_accounts, write_account
from .errors import EmulatorStateError
from .presence import Presence
from .state import AccountState, World

Stamp: TypeAlias = tuple[int, int, int]


class StateFile:
    """One state file. Not thread-safe: its owner holds a lock of its own."""

    def __init__(self, path: Path) -> None:
        # What was read or written last, kept open so that its inode can't be given to a newer file
        # (POSIX only: Windows can't rename onto an open file).
        self._held: int | None = None
        self.path = path
        self._lock_path = path.with_name(path.name + ".lock")
        self._presence = Presence(path.with_name(path.name + ".served"))
        self._seen: Stamp | None = None  # None: there was no file
        self._stale = False  # a write failed, so the file isn't what its owner has in memory
        self._written: dict[str, tuple[AccountState, str]] = {}

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out."""
        try:
            descriptor = self._lock()
        except OSError as exc:
            raise self._unusable("can't be locked", exc) from exc
        try:
            yield
        finally:
            os.close(descriptor)  # which gives the lock back

    def _lock(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            lock_descriptor(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def come(self) -> None:
        """Say that a server of this file begins; `go` says that it ended."""
        try:
            self._presence.come()
        except OSError as exc:
            raise self._unusable("can't be locked", exc) from exc

    def go(self) -> None:
        """Say that a server of this file ended."""
        self._presence.go()

    def served_elsewhere(self) -> bool:
        """Tell whether another emulator serves this file. Asked while it is locked."""
        try:
            return self._presence.others()
        except OSError as exc:
            raise self._unusable("can't be locked", exc) from exc

    def sweep(self) -> None:
        """Remove what killed processes left. Who writes holds the lock, so it is nobody's else."""
        left = re.compile(rf"{re.escape(self.path.name)}\.[0-9]+\.tmp")
        with self.locked(), contextlib.suppress(OSError):
            for found in self.path.parent.iterdir():
                if left.fullmatch(found.name):
                    with contextlib.suppress(OSError):
                        found.unlink()

    def changed(self) -> bool:
        """Tell whether the file isn't the one that was read or written last."""
        return self._stale or self._stamp() != self._seen

    def read(self) -> World:
        """Read the file; a world without accounts if there is none."""
        try:
            content = self.path.read_text(encoding="utf-8")
            states = read_accounts(content)
        except FileNotFoundError:
            states = []
        except OSError as exc:
            raise self._unusable("can't be read", exc) from exc
        except (UnicodeDecodeError, Damaged) as exc:
            raise EmulatorStateError(
                f"{self.path}: the emulator's state is damaged ({exc}); "
                "delete this file to start with an empty emulator"
            ) from exc
        self._remember()
        return World(states)

    def write(self, world: World) -> None:
        """Replace the file by one with this world, readable by its owner alone."""
        content = join_accounts(self._text(state) for state in world.states)
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content.encode("ascii"))
            temporary.replace(self.path)
        except OSError as exc:
            self._stale = True
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise self._unusable("can't be written", exc) from exc
        self._remember()

    def __del__(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _text(self, state: AccountState) -> str:
        # With many accounts one call changes one of them; the texts of the others are kept.
        appid = state.account.appid
        kept = self._written.get(appid)
        if kept is None or kept[0] is not state:
            kept = self._written[appid] = (state, write_account(state))
        return kept[1]

    def _stamp(self) -> Stamp | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise self._unusable("can't be read", exc) from exc
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _remember(self) -> None:
        self._let_go()
        if os.name == "posix":
            with contextlib.suppress(OSError):
                self._held = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        self._seen = self._stamp()
        self._stale = False

    def _unusable(self, what: str, exc: OSError) -> EmulatorStateError:
        return EmulatorStateError(
            f"{self.path}: the emulator's state {what} ({exc.strerror}); "
            "choose another file or correct its permissions"
        )


def lock_descriptor(descriptor: int) -> None:
    """Wait for the lock of an open file; without a way to lock, go on unlocked."""
    try:
        import fcntl
    except ImportError:
        lock_on_windows(descriptor)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def lock_on_windows(descriptor: int) -> None:
    """Lock the file's first byte. LK_LOCK gives up after ten seconds, so it is asked again."""
    try:
        import msvcrt
    except ImportError:
        return
    while True:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            continue
        return
