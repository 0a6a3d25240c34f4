"""What came of asking for an account's token, for the threads that waited meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from menuops.core.errors import MenuopsError
from menuops.locks import LockLost
from menuops.wechat.tokens.store import TokenKey

E = TypeVar("E", bound=BaseException)


@dataclass(frozen=True, slots=True)
class _End:
    """How the attempt of this number ended: in an error, or in a token; by force or not."""

    number: int
    error: MenuopsError | None
    forced: bool


class Attempts:
    """Counts the attempts of this process, and knows how the last one of each account ended."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._count = 0
        self._ends: dict[TokenKey, _End] = {}

    @property
    def count(self) -> int:
        """How many have ended; who waits for a turn notes it before."""
        return self._count

    @contextmanager
    def counted(self, key: TokenKey, *, forced: bool) -> Iterator[None]:
        """Note how an attempt ends. One whose lock was lost ends nothing: it goes on."""
        try:
            yield
        except LockLost:
            raise
        except MenuopsError as error:
            self._note(key, bare(error), forced=forced)
            raise
        self._note(key, None, forced=forced)

    def raise_what_others_met(self, key: TokenKey, since: int) -> None:
        """Raise the error in which the last attempt ended, if it did after the count was `since`.

        A wrong AppSecret, or an IP that an administrator has to confirm, only gets worse by
        being asked again at once.
        """
        end = self._ends.get(key)
        if end is not None and end.error is not None and end.number > since:
            raise bare(end.error)

    def forced_since(self, key: TokenKey, since: int) -> bool:
        """Tell whether the last attempt gave a token by force after the count was `since`."""
        end = self._ends.get(key)
        return end is not None and end.error is None and end.forced and end.number > since

    def forget(self, key: TokenKey) -> None:
        """Know nothing of an account."""
        with self._guard:
            self._ends.pop(key, None)

    def _note(self, key: TokenKey, error: MenuopsError | None, *, forced: bool) -> None:
        with self._guard:
            self._count += 1
            self._ends[key] = _End(self._count, error, forced)


def bare(error: E) -> E:
    """Copy an exception without its traceback and its causes, whose frames may hold a secret."""
    made = type(error).__new__(type(error), *error.args)
    made.__dict__.update(error.__dict__)
    return made
