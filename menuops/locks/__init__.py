"""One lock over threads and processes, which ends with its process."""

from __future__ import annotations

from menuops.locks.lock import Holder, LockKey, Locks, LockUnusable, file_stem

__all__ = ["Holder", "LockKey", "LockUnusable", "Locks", "file_stem"]
