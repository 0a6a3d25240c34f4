"""What is wrong with a file, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]
DataPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: mapping keys and, from 0, sequence indexes: ("button", 0, "name")."""


IDLE_IGNORE: Final = "idle-ignore"
"""The rule that depends on all accounts of a file: a comment may silence a warning of one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a text file; both count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend (or, as a warning, to look at) in one place of one file."""

    file: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        word = "" if self.severity == "error" else "warning: "
        return f"{self.file}:{self.line}:{self.column}: {word}{self.message} [{self.rule}]"


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the findings that make a file invalid."""
    return tuple(finding for finding in findings if finding.severity == "error")
