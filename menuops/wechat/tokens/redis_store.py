"""Tokens kept in Redis, for machines that share it."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from menuops.locks import Locks, RedisLocks, file_stem
from menuops.locks.redis_failure import RedisUnusable
from menuops.locks.redis_server import NOTHING, Kept, RedisServer, Value
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey, token_from_json

_log = logging.getLogger(__name__)

_PROBE: Final = bytes(1024)
_PROBE_MS: Final = 1000


class RedisStore:
    """A key for each account, which ends with its token.

    A value that is damaged, or of another account, counts as absent, which is said as a warning,
    and the next `put` replaces it.
    """

    def __init__(self, server: RedisServer) -> None:
        self._server = server

    @property
    def description(self) -> str:
        """The word and where it is."""
        return f"redis ({self._server.address})"

    def ready(self) -> None:
        """Write a text as large as a token's, and delete it."""
        key = f"menuops:probe-{os.urandom(8).hex()}"
        with self._usable():
            self._server.replace(NOTHING, Kept(key, _PROBE, _PROBE_MS))
            self._server.delete_if(key, _PROBE)

    def get(self, key: TokenKey) -> StoredToken | None:
        """Read the account's key; None if it holds nothing that can be used."""
        with self._usable():
            return self._token(key, self._server.get(_name(key)))

    def put(self, key: TokenKey, token: StoredToken, over: StoredToken | None) -> bool:
        """Set the account's key in one step, unless it holds another token than `over`."""
        life_s = max(1, math.ceil(token.expires_at_s - token.issued_at_s))
        new = Kept(_name(key), token.to_json(key).encode(), life_s * 1000)
        expected = {token.value, *(() if over is None else (over.value,))}
        with self._usable():
            there: Value | None = self._server.get(new.key)
            while there is not None:
                standing = self._token(key, there)
                if standing is not None and standing.value not in expected:
                    return False
                there = self._server.replace(there, new)
        return True

    def clear(self, key: TokenKey) -> None:
        """Leave it to `put`, which takes the place of what is no token in one step."""

    def drop(self, key: TokenKey) -> None:
        """Delete the account's key."""
        with self._usable():
            self._server.delete(_name(key))

    def locks(self) -> Locks:
        """Those in the same Redis, so that of all who share the tokens one renews."""
        return RedisLocks(self._server)

    def _token(self, key: TokenKey, value: Value) -> StoredToken | None:
        if value == NOTHING:
            return None
        token = token_from_json(value.raw, key) if value.kind == "string" else None
        if token is None:
            _log.warning(
                "%s in Redis at %s isn't used as a token: it is damaged, or of another account; "
                "it will be replaced",
                _name(key),
                self._server.address,
            )
        return token

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except RedisUnusable as error:
            raise StoreUnusable(f"tokens can't be kept: {error.message}", fix=error.fix) from None


def _name(key: TokenKey) -> str:
    # The braces let a cluster keep all keys of one account in one place.
    return f"menuops:{{{file_stem(key.api, key.appid)}}}:token"
