"""Findings as a code quality report of GitLab.

Source: GitLab's documentation, "Code Quality report format".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from menuops.core.finding import Finding, Severity
from menuops.render.fingerprints import fingerprints
from menuops.render.terminal import safe

_SEVERITIES: Final[dict[Severity, str]] = {"error": "major", "warning": "minor"}


def findings_to_gitlab(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Build the report, whose files are seen from the root of the repository."""
    return [
        {
            "description": safe(finding.message),
            "check_name": finding.rule,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": _text(finding.file), "lines": {"begin": finding.line}},
        }
        for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
    ]


def _text(path: str) -> str:
    """Write a path so that it is text: bytes that aren't UTF-8 become escapes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
