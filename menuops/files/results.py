"""What a command printed with `--format json`, or saved: read back, to be told to others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding
from menuops.core.told import Result, ToldApply
from menuops.core.told_reading import NotTold, told_from_json
from menuops.files.plan_file import PLAN_BYTES, parsed, plan_of


def read_result(raw: bytes, shown_as: str) -> Result:
    """Tell what a document is, and read it; a plan is worked out again.

    Raises InvalidFiles for what is none of ours, PlanMismatch for a plan that was edited.
    """
    if not raw.strip():
        raise _not_ours(
            shown_as, "it is empty: the command was stopped before it printed, or failed to start"
        )
    if len(raw) > PLAN_BYTES:
        raise _not_ours(shown_as, f"it is larger than {PLAN_BYTES >> 20} MB")
    document = parsed(raw, shown_as)
    if _is_plan(document):
        return plan_of(document, shown_as)
    try:
        told = told_from_json(document)
    except NotTold as why:
        raise _not_ours(shown_as, str(why)) from None
    if isinstance(told, ToldApply) and "left" in document:
        return replace(told, left=plan_of(document["left"], shown_as))
    return told


def _is_plan(document: Any) -> bool:
    """Tell a plan from how it was applied, which begins as the plan does."""
    return isinstance(document, dict) and "expires_at" in document and "run" not in document


def _not_ours(shown_as: str, why: str) -> InvalidFiles:
    message = (
        "this is neither a saved plan nor what plan, apply, restore or drift printed with "
        f"--format json: {why}"
    )
    return InvalidFiles([Finding(shown_as, 1, 1, "not-a-result", "error", message)])
