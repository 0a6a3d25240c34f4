"""Tokens kept in memory."""

from __future__ import annotations

import threading

from menuops.locks import FileLocks, Locks
from menuops.wechat.tokens.store import StoredToken, TokenKey


class MemoryStore:
    """Tokens of this process; they end with it."""

    description = "memory"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[TokenKey, StoredToken] = {}

    def ready(self) -> None:
        """Memory is always there."""

    def get(self, key: TokenKey) -> StoredToken | None:
        """Give what is kept."""
        with self._lock:
            return self._tokens.get(key)

    def put(self, key: TokenKey, token: StoredToken, over: StoredToken | None) -> bool:
        """Keep it, unless another than `over` stands there."""
        with self._lock:
            there = self._tokens.get(key)
            if there is not None and there != over:
                return False
            self._tokens[key] = token
            return True

    def clear(self, key: TokenKey) -> None:
        """Nothing but tokens is ever in it."""

    def drop(self, key: TokenKey) -> None:
        """Forget it."""
        with self._lock:
            self._tokens.pop(key, None)

    def locks(self) -> Locks:
        """Those of this user on this machine, although no other process sees what is kept."""
        return FileLocks()
