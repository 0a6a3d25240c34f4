"""A directory that only its user may read."""

from __future__ import annotations

from pathlib import Path


def make_private(directory: Path) -> None:
    """Make `directory` and what is above it; the last one, where it is new, with mode 0700.

    One that exists stays as it is: it may be somebody's, such as /tmp. Raises OSError.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
