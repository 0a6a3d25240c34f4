"""A directory that only its user may read."""

from __future__ import annotations

from pathlib import Path


def make_private(directory: Path) -> None:
    """Make `directory` and what is missing above it, each of them with mode 0700.

    What exists stays as it is: it may be somebody's, such as /tmp. Raises OSError.
    """
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
