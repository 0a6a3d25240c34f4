"""The tokens that this process uses, and what it knows of how they are kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from menuops.wechat.tokens.store import StoredToken, TokenKey


@dataclass(frozen=True, slots=True)
class Known:
    """A token that this process uses, and when it last looked whether the store has it too.

    One that the store couldn't take is `unkept`; it was to take the place of `over`.
    """

    token: StoredToken
    looked_at_s: float
    unkept: bool = False
    over: StoredToken | None = None

    def yields_to(self, stored: StoredToken) -> bool:
        """Whether what the store holds is the account's token, and not void because of this one."""
        if not self.unkept or self.over is None or stored.value == self.token.value:
            return True
        return stored.value != self.over.value


class KnownTokens:
    """One of each account at most, for any number of threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[TokenKey, Known] = {}

    def get(self, key: TokenKey) -> Known | None:
        """Give what is known, fresh or not."""
        return self._known.get(key)

    def put(self, key: TokenKey, known: Known) -> None:
        """Know it from now on, whatever was known before: a token that has just been fetched."""
        with self._guard:
            self._known[key] = known

    def replace(self, key: TokenKey, was: Known | None, known: Known) -> None:
        """Know it in place of `was`; another token that a thread knows by now stays."""
        with self._guard:
            now = self._known.get(key)
            if (now and now.token) == (was and was.token):
                self._known[key] = known

    def forget(self, key: TokenKey) -> None:
        """Know nothing of an account."""
        with self._guard:
            self._known.pop(key, None)
