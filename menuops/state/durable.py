"""Files that are whole on disk when the call returns."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from menuops.core.errors import CannotStart
from menuops.locks import make_private


class StateUnwritable(CannotStart):
    """The state directory can't take what must be kept before anything is written."""

    @classmethod
    def at(cls, path: Path, cause: OSError | ValueError) -> StateUnwritable:
        """Say which path, and why; a ValueError is that of a path with a NUL in it."""
        why = (isinstance(cause, OSError) and cause.strerror) or "it can't be a path"
        return cls(
            f"can't write {path}: {why}. The journal and the "
            "snapshots are kept there, so nothing is sent without it",
            fix="make it writable, or set state_dir in menuops.yaml to another directory",
            code="state_unwritable",
        )


def make_private_directory(path: Path) -> None:
    """Make a directory, and those above it, that only its user can enter."""
    try:
        make_private(path)
    except (OSError, ValueError) as cause:
        raise StateUnwritable.at(path, cause) from None


def write_private_file(path: Path, text: str) -> None:
    """Write a file of mode 0600 in one piece: after a crash it is all there or not at all.

    Raises OSError.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in a directory last; a system that can't open one keeps them itself."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
