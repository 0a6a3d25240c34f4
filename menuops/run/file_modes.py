"""Who else on this machine may read or write a file of ours."""

from __future__ import annotations

import os
import shlex
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OTHERS: Final = 0o077
_EVERYBODY_READS: Final = 0o004


@dataclass(frozen=True, slots=True)
class Openness:
    """In what way a file isn't its user's alone: "is open to other users"; and what closes it."""

    problem: str
    fix: str


def openness_of(path: Path) -> Openness | None:
    """Look at the owner and the mode; None for what is private, absent, or on Windows."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    if not hasattr(os, "geteuid"):
        return None  # Windows has neither owners nor modes of this kind
    quoted = shlex.quote(str(path))
    if status.st_uid != os.geteuid():
        fix = f'`sudo chown -R "$(id -un)" {quoted}`, or run menuops as its owner'
        return Openness("belongs to another user", fix)
    mode = stat.S_IMODE(status.st_mode)
    if mode & _OTHERS:
        closed = "700" if stat.S_ISDIR(status.st_mode) else "600"
        return Openness(f"is open to other users (mode {mode:04o})", f"`chmod {closed} {quoted}`")
    return None


def is_readable_by_all(path: Path) -> bool:
    """Tell whether every user of this machine may read a file; a group of one's choice may."""
    try:
        return hasattr(os, "geteuid") and bool(path.stat().st_mode & _EVERYBODY_READS)
    except (OSError, ValueError):
        return False
