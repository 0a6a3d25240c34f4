"""Files and directories for one user alone, whole on disk or not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def make_private(directory: Path) -> None:
    """Make `directory` and what is missing above it, each of them with mode 0700.

    What exists stays as it is: it may be somebody's, such as /tmp. Raises OSError.
    """
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 in one piece: after a crash it is all there or as it was.

    Raises OSError, and ValueError for a path that can't be one.
    """
    import tempfile  # imports random and shutil, 5 ms; most commands write nothing

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    beside = Path(name)
    with filled(descriptor, beside, content):
        beside.replace(path)


@contextmanager
def filled(
    descriptor: int, beside: Path, content: bytes, prepare: Callable[[int], None] | None = None
) -> Iterator[None]:
    """Fill a new file, which the body then gives its name: both last, or neither is there.

    `descriptor` is that of the file `beside`; `prepare` is given it before the file is made to
    last, to set its owner and mode. Whatever goes wrong, the new file is taken away.
    """
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if prepare is not None:
                prepare(descriptor)
            os.fsync(descriptor)
        yield
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_directory(beside.parent)


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
