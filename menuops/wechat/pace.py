"""When to try again: growing, jittered waits within a budget."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from menuops.core.errors import MenuopsError

T = TypeVar("T")
_log = logging.getLogger(__name__)

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 16.0
TRIES: Final = 6
"""-1 asks for growing waits and at most 3 to 5 tries more: reference, 6."""


def _random() -> float:
    import random  # imports hashlib, 5 ms that only a repetition pays for

    return random.random()  # noqa: S311  # no secret depends on it


@dataclass(frozen=True, slots=True)
class Pace:
    """How time passes between tries; given from outside, so that no test waits."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = _random
    _told: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def repeat(
        self, call: Callable[[], T], *, budget_s: float, when: Callable[[MenuopsError], bool]
    ) -> T:
        """Make `call` until it works, fails for good, or `budget_s` is spent; then its last error.

        Waits are 1 s, 2 s, 4 s, … up to 16 s, each cut by up to a half at random, so that
        many accounts don't come back at once. At most six tries. Why somebody waits is said once,
        whichever call and account it was that met it first.
        """
        until_s = self.clock() + budget_s
        waited_s = 0.0
        longest_s = FIRST_WAIT_S
        for _ in range(TRIES - 1):
            try:
                return call()
            except MenuopsError as error:
                wait_s = longest_s * (1 - self.jitter() / 2)
                spent = waited_s + wait_s > budget_s or self.clock() + wait_s > until_s
                if spent or not when(error):
                    raise
                self._tell(error, budget_s)
            # Outside the handler, so that the next error isn't chained to this one.
            self.sleep(wait_s)
            waited_s += wait_s
            longest_s = min(longest_s * 2, LONGEST_WAIT_S)
        return call()

    def _tell(self, error: MenuopsError, budget_s: float) -> None:
        """Say that it is tried again: a person who waits in silence takes it for a hang."""
        _call, _, why = error.message.partition(": ")
        level = logging.INFO if why in self._told else logging.WARNING
        self._told.add(why)
        _log.log(level, "%s; trying again, for %.0f s at most", error.message, budget_s)
