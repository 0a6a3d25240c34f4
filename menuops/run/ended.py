"""How a command ended, as its JSON document and as what reports are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from menuops.core.applied import Applied, applied_to_json
from menuops.core.drift import Drift, drift_to_json
from menuops.core.errors import InvalidFiles, MenuopsError
from menuops.core.finding import Finding
from menuops.core.plan import ErrorNote, Plan
from menuops.core.plan_document import plan_to_json
from menuops.core.told import Result, ToldApply, ToldFailure
from menuops.core.told_reading import told_from_json
from menuops.render.findings_text import error_document, validation_to_json
from menuops.run.validating import Validation

Ended: TypeAlias = Plan | Applied | Drift | Validation | MenuopsError


def document_of(ended: Ended, command: str) -> dict[str, Any]:
    """Build what `command --format json` prints; `command` is "" where it isn't known."""
    match ended:
        case Plan():
            return plan_to_json(ended)
        case Applied():
            return applied_to_json(ended)
        case Drift():
            return drift_to_json(ended)
        case Validation():
            return validation_to_json(ended.findings)
    return error_document(ended, command)


def result_of(ended: Ended, command: str) -> Result | None:
    """Make what is told of it, as if its JSON had been read; None: of valid files there is nothing.

    It is a plan as it is, or what `read_result` gives.
    """
    match ended:
        case Plan():
            return ended
        case Applied():
            told = told_from_json(applied_to_json(ended))
            return replace(told, left=ended.left) if isinstance(told, ToldApply) else told
        case Drift():
            return told_from_json(drift_to_json(ended))
        case Validation():
            document = validation_to_json(ended.findings)
            return None if document["outcome"] == "valid" else told_from_json(document)
    note = ErrorNote(ended.code, ended.message, ended.fix)
    return ToldFailure(command, note, tuple(findings_of(ended)))


def findings_of(ended: Ended) -> Sequence[Finding]:
    """Give what was found in files, where that is how it ended."""
    return ended.findings if isinstance(ended, InvalidFiles | Validation) else ()
