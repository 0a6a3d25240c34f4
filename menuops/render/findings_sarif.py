"""Findings as SARIF 2.1.0, which code scanning of several forges and editors read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import menuops
from menuops.core.errors import MenuopsError
from menuops.core.finding import Finding
from menuops.core.outcome import Outcome
from menuops.core.rulebook import RULEBOOK, RuleNote
from menuops.render.fingerprints import fingerprints
from menuops.render.terminal import safe

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT: Final = "SRCROOT"


def findings_to_sarif(findings: Sequence[Finding], outcome: Outcome) -> dict[str, Any]:
    """Build the document of a run that came to its end, whatever it found.

    A finding's file is seen from the root of the repository.
    """
    rules = {finding.rule: finding for finding in findings}
    names = sorted(rules)
    results = [
        _result(finding, names.index(finding.rule), fingerprint)
        for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
    ]
    invocation = {"executionSuccessful": True, "exitCode": outcome.exit_code}
    return _document([_rule(rules[name]) for name in names], results, invocation)


def failure_to_sarif(error: MenuopsError) -> dict[str, Any]:
    """Build the document of a run that could not check anything: no results, and why."""
    notification = {
        "level": "error",
        "message": {"text": "\n".join(map(safe, str(error).splitlines()))},
    }
    invocation = {
        "executionSuccessful": False,
        "exitCode": error.outcome.exit_code,
        "toolConfigurationNotifications": [notification],
    }
    return _document([], [], invocation)


def _document(
    rules: list[dict[str, Any]], results: list[dict[str, Any]], invocation: dict[str, Any]
) -> dict[str, Any]:
    driver = {"name": "menuops", "version": menuops.__version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository"}}},
        "invocations": [invocation],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    note = RULEBOOK.get(finding.rule)
    if note is None:  # a rule without a note
        note = RuleNote(finding.rule, finding.severity, finding.rule, finding.rule)
    explained = f"{note.summary}\n\n{note.help}"
    return {
        "id": note.rule,
        "shortDescription": {"text": note.summary},
        "fullDescription": {"text": note.help},
        "help": {"text": explained, "markdown": explained},
        "defaultConfiguration": {"level": note.severity},
    }


def _result(finding: Finding, rule_index: int, fingerprint: str) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": safe(finding.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.file), "uriBaseId": _ROOT},
                    "region": {"startLine": finding.line, "startColumn": finding.column},
                }
            }
        ],
        "partialFingerprints": {"finding/v1": fingerprint},
    }


def _uri(path: str) -> str:
    try:
        return quote(os.fsencode(path))
    except UnicodeEncodeError:  # half a character: no file has that name
        return quote(path.encode("utf-8", "surrogatepass"))
