"""One lock over threads, processes and machines, which outlives no holder for long."""

from __future__ import annotations

from menuops.locks.file_locks import FileLocks
from menuops.locks.lock import (
    Confirm,
    Holder,
    LockKey,
    LockLost,
    Locks,
    LockUnusable,
    file_stem,
)

__all__ = [
    "Confirm",
    "FileLocks",
    "Holder",
    "LockKey",
    "LockLost",
    "LockUnusable",
    "Locks",
    "file_stem",
]
