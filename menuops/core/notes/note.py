"""A note on one rule, and the two ways to make one."""

from __future__ import annotations

from dataclasses import dataclass

from menuops.core.finding import Severity


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What a rule is about. `summary` is one line; `help` says why, and what to do (Markdown)."""

    rule: str
    severity: Severity
    summary: str
    help: str


def error(rule: str, summary: str, help_: str) -> RuleNote:
    """Make the note of a rule that a file must keep."""
    return RuleNote(rule, "error", summary, help_)


def warning(rule: str, summary: str, help_: str) -> RuleNote:
    """Make the note of a rule that a comment can silence."""
    return RuleNote(rule, "warning", summary, help_)
