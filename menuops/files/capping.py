"""So many findings of one file as anybody reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from menuops.core.finding import Finding, errors_of

MOST_FINDINGS: Final = 200
"""Findings of one file; who mends so many looks again."""


def capped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings of one file in order, each once; of too many the first, errors before all."""
    ordered = tuple(sorted(set(findings), key=_order))
    if len(ordered) <= MOST_FINDINGS + 1:  # to leave out one takes a line as well
        return ordered
    errors = errors_of(ordered)[:MOST_FINDINGS]
    warnings = [each for each in ordered if each.severity == "warning"]
    kept = sorted((*errors, *warnings[: MOST_FINDINGS - len(errors)]))
    return (*kept, left_out(kept[-1], len(ordered) - len(kept)))


def _order(finding: Finding) -> tuple[str, int, int, str, str, str]:
    """Give what findings are ordered by; to compare 100,000 of them themselves takes a second."""
    each = finding
    return each.file, each.line, each.column, each.rule, each.severity, each.message


def left_out(last: Finding, count: int) -> Finding:
    """Say in place of `count` findings that there are so many, at the place of the last one."""
    message = f"at least {count:,} more findings are left out; mend these first"
    return Finding(last.file, last.line, last.column, "more-findings", "warning", message)
