"""What happens, for those who look on: the last exchanges, and a way to wait for more."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .exchange import Exchange

KEPT = 1_000


@dataclass(frozen=True, slots=True)
class News:
    """What happened since: exchanges, the number of the last of all, and the state's version."""

    exchanges: list[Exchange]
    last: int
    version: int


class Feed:
    """The exchanges that ended, in that order, and how often anything else changed. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self._last = 0
        self._version = 0

    def add(self, exchange: Exchange) -> None:
        """Give a number to an exchange that ended, keep it and tell those who wait."""
        with self._changed:
            self._last += 1
            exchange.number = self._last
            self._exchanges.append(exchange)
            self._changed.notify_all()

    def touch(self) -> None:
        """Tell those who wait that something else than a call changed the state."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wake(self) -> None:
        """Let everybody who waits look again."""
        with self._changed:
            self._changed.notify_all()

    def since(self, number: int) -> News:
        """Give what came after an exchange.

        A number that wasn't given yet is one of an emulator that ran before: all is new.
        """
        with self._changed:
            return self._since(number)

    def wait(
        self, number: int, version: int, timeout_s: float, ended: Callable[[], bool]
    ) -> News | None:
        """Wait for news; None if there is none in that time, or whoever waits has `ended`."""
        with self._changed:
            found = self._changed.wait_for(
                lambda: ended() or self._last != number or self._version != version, timeout_s
            )
            return self._since(number) if found and not ended() else None

    def _since(self, number: int) -> News:
        new = self._last - number if 0 <= number <= self._last else self._last
        kept = list(self._exchanges)[-new:] if new else []
        return News(kept, self._last, self._version)
