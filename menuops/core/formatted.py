"""What formatting made of files: values, before anything is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from menuops.core.finding import Finding
from menuops.core.outcome import Outcome

Status: TypeAlias = Literal["unchanged", "formatted", "would_change", "left_alone"]

STDIN: Final = "<stdin>"
"""The name of what an editor sends."""


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """A file, before and after; `after` equals `before` where it is in the style or left alone."""

    file: str
    status: Status
    before: bytes = b""
    after: bytes = b""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Formatting:
    """All files, and what is wrong with those that were left alone.

    `check` says that files which aren't in the style make the outcome invalid.
    """

    files: tuple[FormattedFile, ...]
    findings: tuple[Finding, ...]
    check: bool = False

    @property
    def changed(self) -> tuple[FormattedFile, ...]:
        """The files that are formatted now, or would be."""
        return tuple(each for each in self.files if each.status in ("formatted", "would_change"))

    @property
    def outcome(self) -> Outcome:
        """Invalid if a file was left alone: it isn't known to be in the style."""
        if self.findings or (self.check and self.changed):
            return Outcome.INVALID
        return Outcome.DONE if self.changed else Outcome.NO_CHANGES
