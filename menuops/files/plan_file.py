"""A saved plan on disk: canonical JSON, for its user alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from menuops.core.document import FORMAT_VERSION
from menuops.core.errors import CannotStart, InvalidFiles
from menuops.core.finding import Finding
from menuops.core.jsonform import canonical
from menuops.core.plan import Plan
from menuops.core.plan_document import PlanMismatch, plan_from_json, plan_to_json
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.fault import schema_errors
from menuops.files.private import write_private
from menuops.files.schema import gate, schema

_ENCODING: Final = ("utf-8", "surrogatepass")
_HEAD: Final = b'{"accounts":['
"""How each plan begins: canonical JSON sorts its keys."""
PLAN_BYTES: Final = 256 * 1024 * 1024
"""A plan of 10,000 accounts that all change has some 100 MB."""


def write_plan(path: Path, plan: Plan) -> None:
    """Write a plan with mode 0600, in one piece; an older plan is replaced, nothing else.

    Raises CannotStart.
    """
    try:
        problem = _cannot_be_replaced(path)
        if not problem:
            # A link stays, and what it leads to is replaced.
            document = canonical(plan_to_json(plan))
            write_private(Path(os.path.realpath(path)), f"{document}\n".encode(*_ENCODING))
    except OSError as cause:
        problem = cause.strerror or type(cause).__name__
    if problem:
        raise CannotStart(
            f"can't write the plan to {path}: {problem}. Nothing was written",
            fix="name another file with --out",
            code="plan_unwritable",
        )


def _cannot_be_replaced(path: Path) -> str:
    """Say why a file isn't ours to replace: a device, or one that holds something else."""
    if not path.exists():
        return ""
    if not path.is_file():
        return "it is no regular file"
    with path.open("rb") as file:
        ours = file.read(len(_HEAD)) in (b"", _HEAD)
    return "" if ours else "it holds something else than a plan"


def read_plan(path: Path, shown_as: str) -> Plan:
    """Read a saved plan and work out again all that can be.

    Raises InvalidFiles for what is no plan, PlanMismatch for one that was edited or is of
    another format.
    """
    try:
        raw = read_bytes(path, PLAN_BYTES)
    except Unreadable as cause:
        raise InvalidFiles([Finding(shown_as, 1, 1, "unreadable", "error", str(cause))]) from None
    return plan_of(parsed(raw, shown_as), shown_as)


def plan_of(document: Any, shown_as: str) -> Plan:
    """Read a plan's document. Raises as `read_plan`."""
    version = document.get("format_version") if isinstance(document, dict) else None
    if isinstance(version, str) and version != FORMAT_VERSION:
        raise PlanMismatch(
            f"{shown_as} has plan format {version[:20]!r}, and this menuops reads "
            f"{FORMAT_VERSION!r}. Nothing was written",
            fix="make a new plan: menuops plan --out FILE",
            code="plan_format",
        )
    if not gate("plan")(document):
        raise _not_a_plan(shown_as, _where(document))
    return plan_from_json(document)


def parsed(raw: bytes, shown_as: str) -> Any:
    """Parse JSON of ours. Raises InvalidFiles."""
    try:
        return json.loads(raw.decode(*_ENCODING))
    except (ValueError, RecursionError) as cause:
        raise _not_a_plan(shown_as, _reason(cause)) from None


def _reason(cause: Exception) -> str:
    match cause:
        case json.JSONDecodeError():
            return f"it isn't JSON: {cause.msg} at line {cause.lineno}, column {cause.colno}"
        case UnicodeDecodeError():
            return "it isn't UTF-8"
    return "it isn't JSON that can be read"


def _where(document: Any) -> str:
    for error in schema_errors(schema("plan"), document):
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.path)
        return f"{''.join(parts).lstrip('.') or 'its top level'} doesn't fit the schema"
    return "it doesn't fit the schema"


def _not_a_plan(shown_as: str, why: str) -> InvalidFiles:
    message = f"this is no plan that menuops made: {why}"
    return InvalidFiles([Finding(shown_as, 1, 1, "not-a-plan", "error", message)])
