"""What `doctor` found out about one thing, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from menuops.core.errors import MenuopsError
from menuops.core.outcome import Outcome

Status: TypeAlias = Literal["ok", "warning", "failed", "skipped"]
MachineWord: TypeAlias = Literal["config", "state", "store", "locks", "host", "clock"]
AccountWord: TypeAlias = Literal["source", "secret", "ip", "token", "rights", "quota", "tags"]

ACCOUNT_WORDS: Final[tuple[AccountWord, ...]] = (
    "source",
    "secret",
    "ip",
    "token",
    "rights",
    "quota",
    "tags",
)
"""In the order in which one depends on the one before."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `account` is None for what all accounts share.

    `fix` is what to type or to do, in one line or several; it is empty for `ok`, and may be for
    `skipped`.
    """

    account: str | None
    check: MachineWord | AccountWord
    status: Status
    message: str
    fix: str = ""


def failed_by(account: str | None, check: MachineWord | AccountWord, error: MenuopsError) -> Check:
    """Make a check that failed with this error; the account's name isn't said twice."""
    message = error.message if account is None else error.message.removeprefix(f"{account}: ")
    return Check(account, check, "failed", message, error.fix or "try again")


def tally(checks: Iterable[Check]) -> Mapping[Status, int]:
    """Count the checks of each status."""
    return Counter(check.status for check in checks)


def outcome_of(checks: Iterable[Check]) -> Outcome:
    """Choose how the command ends: a warning is no failure."""
    return Outcome.CANNOT_START if tally(checks)["failed"] else Outcome.DONE
