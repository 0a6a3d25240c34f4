"""Putting a file's new content in the place of what was read: whole, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from menuops.files.disk import Unreadable, read_bytes
from menuops.files.private import filled


class Unwritten(Exception):
    """The file is as it was; the text says why."""


def replace_content(path: Path, before: bytes, after: bytes) -> None:
    """Replace what a file holds if that is still `before`. Raises Unwritten.

    A link stays, and what it leads to is replaced; mode and owner stay what they are.
    """
    target = Path(os.path.realpath(path))
    try:
        _replace(target, before, after)
    except OSError as cause:
        raise Unwritten(f"it can't be written: {cause.strerror or type(cause).__name__}") from None


def _replace(target: Path, before: bytes, after: bytes) -> None:
    import tempfile  # imports random and shutil, 5 ms

    status = target.stat()
    if not os.access(target, os.W_OK):
        raise Unwritten("it may not be written; look at its permissions")
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    beside = Path(name)
    with filled(descriptor, beside, after, lambda own: _make_like(own, status)):
        if not _holds(target, before):
            raise Unwritten("it changed while it was being formatted; run again")
        beside.replace(target)


def _make_like(descriptor: int, status: os.stat_result) -> None:
    """Give a file the owner and the mode of another; Windows has neither."""
    if not hasattr(os, "fchown"):
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except OSError:
            raise Unwritten("it belongs to another user or group; format it as its owner") from None
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_bytes(path, len(content)) == content
    except Unreadable:
        return False
