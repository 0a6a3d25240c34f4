"""How a run ended: the one value behind the exit code, the JSON word and the last line."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Final


class Outcome(enum.Enum):
    """Every way in which a command ends, with its exit code and its word in JSON."""

    DONE = (0, "done")
    NO_CHANGES = (0, "no_changes")
    VALID = (0, "valid")
    IN_SYNC = (0, "in_sync")
    PENDING = (0, "pending")
    BUG = (1, "error")
    CHANGES = (2, "changes")
    DRIFT = (2, "drift")
    INVALID = (3, "invalid")
    REFUSED = (4, "refused")
    STALE = (5, "error")
    PARTIAL = (6, "partial")
    UNKNOWN = (6, "unknown")
    CANNOT_START = (7, "error")
    LOCKED = (8, "error")
    NOT_APPROVED = (9, "error")
    USAGE = (64, "error")
    INTERRUPTED = (130, "partial")
    TERMINATED = (143, "partial")

    def __init__(self, exit_code: int, word: str) -> None:
        self.exit_code = exit_code
        self.word = word


_GRAVITY: Final = (143, 130, 6, 1, 7, 5, 4, 8, 9, 3, 2, 64, 0)


def gravest(outcomes: Iterable[Outcome]) -> Outcome:
    """Choose what a run of several accounts reports: 130/143 > 6 > 1 > 7 > 5 > 4 > 2 > 0.

    Of outcomes with one exit code the first counts. No outcome at all is NO_CHANGES.
    """
    return min(
        outcomes, key=lambda outcome: _GRAVITY.index(outcome.exit_code), default=Outcome.NO_CHANGES
    )
