"""Findings as annotations of a GitHub job.

Source: GitHub's documentation, "Workflow commands for GitHub Actions"; the escapes are those of
its package `@actions/core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from menuops.core.errors import MenuopsError
from menuops.core.finding import Finding, errors_of
from menuops.render.findings_text import verdict
from menuops.render.terminal import count, safe

_SHOWN: Final = 10
"""Errors, and as many warnings, that GitHub shows of one step."""


def github_text(findings: Sequence[Finding], files: int) -> str:
    """Render a workflow command for each finding and, last, what the text for people says.

    A finding's file is seen from the root of the repository.
    """
    return f"{annotations_of(findings)}{verdict(findings, files)}{_unseen(findings)}\n"


def annotations_of(findings: Sequence[Finding]) -> str:
    """Render a workflow command for each finding, a line each."""
    return "".join(f"{_command(finding)}\n" for finding in findings)


def github_failure(error: MenuopsError) -> str:
    """Render the one workflow command of a run that could not check anything."""
    return f"::error title=menuops::{escape_data(_safe_lines(str(error)))}\n"


def escape_data(text: str) -> str:
    """Keep a message on its line: a workflow command ends there."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Keep a value within its property."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _command(finding: Finding) -> str:
    properties = {
        "file": finding.file,
        "line": str(finding.line),
        "col": str(finding.column),
        "title": finding.rule,
    }
    listed = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
    return f"::{finding.severity} {listed}::{escape_data(safe(finding.message))}"


def _safe_lines(text: str) -> str:
    return "\n".join(map(safe, text.splitlines()))


def _unseen(findings: Sequence[Finding]) -> str:
    errors = len(errors_of(findings))
    warnings = len(findings) - errors
    more = [
        count(number - _SHOWN, noun)
        for number, noun in ((errors, "error"), (warnings, "warning"))
        if number > _SHOWN
    ]
    return f"; {' and '.join(more)} more than GitHub shows of a step" if more else ""
