"""What can go wrong in a way that the user can act on. A bug keeps its traceback."""

from __future__ import annotations

from collections.abc import Sequence

from menuops.core.finding import Finding
from menuops.core.outcome import Outcome


class MenuopsError(Exception):
    """The top of the tree.

    `message` says what and where, and in which state the account is now; `fix` is the next
    thing to do or to type; `code` is the remote's number as text, or a word of ours.
    """

    outcome = Outcome.CANNOT_START

    def __init__(self, message: str, *, fix: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code or self.word()

    @classmethod
    def word(cls) -> str:
        """Name the kind of error for programs: `StalePlan` is `stale_plan`."""
        name = cls.__name__.removesuffix("Error")
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")

    def __str__(self) -> str:
        return f"{self.message}\n{self.fix}" if self.fix else self.message


class InvalidFiles(MenuopsError):
    """Files that can't be used as they stand; no request was sent for them.

    Where accounts were asked, for their tags, `besides` says what else came of it.
    """

    outcome = Outcome.INVALID

    def __init__(self, findings: Sequence[Finding], *, besides: Sequence[str] = ()) -> None:
        errors = sum(finding.severity == "error" for finding in findings)
        said = (f"{errors} error{'s' * (errors != 1)} in the files", *besides)
        super().__init__("\n".join(said), fix="mend them and run again")
        self.findings = tuple(findings)


class CannotStart(MenuopsError):
    """Nothing was written, and the run can't go on."""


class Refused(MenuopsError):
    """A guard stopped the change; nothing was written."""

    outcome = Outcome.REFUSED


class StalePlan(MenuopsError):
    """The account, the plan or its digest isn't what was approved; nothing was written."""

    outcome = Outcome.STALE


class Locked(MenuopsError):
    """Another run holds the account."""

    outcome = Outcome.LOCKED


class NotApproved(MenuopsError):
    """Nobody said yes; nothing was written."""

    outcome = Outcome.NOT_APPROVED


class Usage(MenuopsError):
    """The command line can't be understood."""

    outcome = Outcome.USAGE


class Interrupted(MenuopsError):
    """The user stopped the program while nothing was being written."""

    outcome = Outcome.INTERRUPTED


class Terminated(KeyboardInterrupt):
    """SIGTERM while nothing was being written; it goes the way of Ctrl-C."""


def interrupted(cause: BaseException, message: str, *, fix: str = "") -> Interrupted:
    """Make the error that says so, with the outcome of the signal that it was."""
    error = Interrupted(message, fix=fix)
    if isinstance(cause, Terminated):
        error.outcome = Outcome.TERMINATED
    return error


class Bug(MenuopsError):
    """A mistake of ours."""

    outcome = Outcome.BUG
