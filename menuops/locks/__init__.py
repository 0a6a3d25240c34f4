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
from menuops.locks.redis_failure import RedisUnusable
from menuops.locks.redis_locks import RedisLocks
from menuops.locks.redis_server import RedisServer

__all__ = [
    "Confirm",
    "FileLocks",
    "Holder",
    "LockKey",
    "LockLost",
    "LockUnusable",
    "Locks",
    "RedisLocks",
    "RedisServer",
    "RedisUnusable",
    "file_stem",
]
