"""A file's bytes, or one sentence why there are none; never a wait."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

_BINARY: Final = getattr(os, "O_BINARY", 0)
_DIRECTORY: Final = "this is a directory, not a file"


class Unreadable(Exception):
    """The file can't be read; the text says why."""


def read_bytes(path: Path, most: int) -> bytes:
    """Read a regular file, at most `most` bytes and one. Raises Unreadable.

    A pipe or a device would make a run wait for somebody to write to it.
    """
    try:
        # O_NONBLOCK: to open a pipe waits for its other end.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except (OSError, ValueError) as exc:
        raise Unreadable(_why(exc)) from None
    try:
        mode = os.fstat(number).st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable(_DIRECTORY)
        if not stat.S_ISREG(mode):
            raise Unreadable("this is a pipe or a device, not a file")
        with os.fdopen(number, "rb", closefd=False) as file:
            return file.read(most + 1)
    except OSError as exc:
        raise Unreadable(_why(exc)) from None
    finally:
        os.close(number)


def _why(exc: OSError | ValueError) -> str:
    match exc:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return _DIRECTORY
        case PermissionError():
            return "it may not be read; look at its permissions"
        case OSError():
            return f"it can't be read: {exc.strerror or type(exc).__name__}"
    return "this is no name of a file"
