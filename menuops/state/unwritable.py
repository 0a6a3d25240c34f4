"""What stops a run because it couldn't be journalled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from menuops.core.errors import CannotStart


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


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise StateUnwritable, naming `path`, for what the system raises."""
    try:
        yield
    except (OSError, ValueError) as cause:
        raise StateUnwritable.at(path, cause) from None
