"""Results as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .fact import Fact, Result, Verdict

MARKS: Mapping[Verdict, str] = {
    "as stated": "✓",
    "differs": "✗",
    "settled": "!",
    "couldn't tell": "·",
}


def render_facts(facts: Iterable[Fact]) -> str:
    """List facts: section, grade, name, statement."""
    facts = list(facts)
    wide = max((len(fact.name) for fact in facts), default=0)
    return "".join(
        f"§{fact.section:<5}{fact.grade}  {fact.name:<{wide}}  {fact.statement}\n" for fact in facts
    )


def render_result(result: Result) -> str:
    """Give one result in two lines: what is stated, what was seen."""
    fact = result.fact
    stated = (
        f"{MARKS[result.verdict]} §{fact.section:<5}{fact.grade}  {fact.name}: {fact.statement}"
    )
    return f"{stated}\n           {result.verdict}: {result.seen}\n"


def render_summary(results: Sequence[Result], calls: Mapping[str, int], restored: str) -> str:
    """Count the verdicts; the last line says what became of the account."""
    counted = Counter(result.verdict for result in results)
    figures = ", ".join(f"{counted[verdict]} {verdict}" for verdict in MARKS)
    return f"{len(results)} facts: {figures}. {sum(calls.values())} calls.\n{restored}\n"


def as_json(
    results: Sequence[Result], calls: Mapping[str, int], outcome: str, head: Mapping[str, Any]
) -> str:
    """Give the whole as one document."""
    counted = Counter(result.verdict for result in results)
    document = {
        "format_version": "1",
        **head,
        "outcome": outcome,
        "verdicts": {verdict: counted[verdict] for verdict in MARKS},
        "facts": [
            {
                "name": result.fact.name,
                "section": result.fact.section,
                "grade": result.fact.grade,
                "expected": None if result.fact.grade == "?" else result.fact.statement,
                "question": result.fact.statement if result.fact.grade == "?" else None,
                "seen": result.seen,
                "verdict": result.verdict,
            }
            for result in results
        ],
        "calls": dict(sorted(calls.items())),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
