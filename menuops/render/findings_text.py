"""Findings about files, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from menuops.core.document import FORMAT_VERSION, error_to_json
from menuops.core.errors import InvalidFiles, MenuopsError
from menuops.core.finding import Finding, errors_of
from menuops.core.outcome import Outcome
from menuops.render.language.speech import is_english, said
from menuops.render.terminal import Paint, count, safe


def findings_lines(findings: Iterable[Finding], *, colour: bool = False) -> list[str]:
    """Render a line each: `file:line:column: message [rule]`."""
    paint = Paint(colour=colour)
    return [
        paint(safe(finding_text(finding)), "removed" if finding.severity == "error" else "changed")
        for finding in findings
    ]


def finding_text(finding: Finding) -> str:
    """Say a finding as `str` writes it; as it came: whoever writes it escapes it."""
    if is_english():
        return str(finding)
    text = str(replace(finding, message=said(finding.message)))
    return text.replace(": warning: ", f": {said('warning')}：", 1)


def findings_text(findings: Sequence[Finding], files: int, *, colour: bool = False) -> str:
    """Render all findings and, last, how many files and errors there are."""
    lines = findings_lines(findings, colour=colour)
    return "\n".join([*lines, said(verdict(findings, files))]) + "\n"


def verdict(findings: Sequence[Finding], files: int) -> str:
    """Write the last line: how many files, errors and warnings there are."""
    errors = len(errors_of(findings))
    warnings = len(findings) - errors
    if errors:
        return f"{count(errors, 'error')}, {count(warnings, 'warning')} in {count(files, 'file')}"
    return f"{count(files, 'file')} valid" + (f", {count(warnings, 'warning')}" if warnings else "")


def findings_to_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Give a list of `{file, line, column, rule, severity, message}`."""
    return [
        {
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "rule": finding.rule,
            "severity": finding.severity,
            "message": finding.message,
        }
        for finding in findings
    ]


def error_document(error: MenuopsError, command: str) -> dict[str, Any]:
    """Build the document of a command that failed; `command` is "" where it isn't known."""
    findings = error.findings if isinstance(error, InvalidFiles) else ()
    listed = {"findings": findings_to_json(findings)} if findings else {}
    return {
        "format_version": FORMAT_VERSION,
        "outcome": "error",
        **({"command": command} if command else {}),
        "error": {**error_to_json(error), **listed},
    }


def validation_to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """Build the document of `validate --format json`."""
    outcome = Outcome.INVALID if errors_of(findings) else Outcome.VALID
    return {
        "format_version": FORMAT_VERSION,
        "outcome": outcome.word,
        "findings": findings_to_json(findings),
    }
