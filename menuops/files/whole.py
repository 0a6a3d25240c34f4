"""Files that a user owns, written in one piece: after a crash all there, or as they were."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from menuops.files.private import filled

_BINARY: Final = getattr(os, "O_BINARY", 0)


def write_whole(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file, and the directories above it that are missing.

    A file that is there is only replaced if `replace` says so; it keeps its mode, and a link
    stays and leads to the new content. Raises FileExistsError, other OSErrors, and ValueError
    for a path that can't be one.
    """
    target = Path(os.path.realpath(path)) if replace else path
    mode = _mode_of(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.parent / f".{os.urandom(6).hex()}.new"
    # Not by way of tempfile, whose files are of mode 0600 whatever the user's umask says.
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    with filled(descriptor, beside, content):
        if mode is not None:
            beside.chmod(mode)
        if replace:
            beside.replace(target)
        else:
            _put(beside, target)


def _mode_of(path: Path) -> int | None:
    """Give the mode of a file that is there. Raises OSError for what is no regular file."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise OSError(0, "it is no regular file")
    return stat.S_IMODE(mode)


def _put(beside: Path, target: Path) -> None:
    """Give a file its name unless somebody took that by now."""
    try:
        target.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise FileExistsError(0, "it is there already") from None
        beside.replace(target)
    else:
        beside.unlink()
