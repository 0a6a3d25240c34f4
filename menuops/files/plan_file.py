"""A saved plan on disk: canonical JSON, for its user alone."""

from __future__ import annotations

import json
import os
from contextlib import suppress
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
from menuops.files.schema import gate, schema

_PLAN_HEAD: Final = b'{"accounts":['
"""How each plan begins: canonical JSON sorts its keys."""
PLAN_BYTES: Final = 256 * 1024 * 1024
"""A plan of 10,000 accounts that all change has some 100 MB."""


def write_plan(path: Path, plan: Plan) -> None:
    """Write a plan with mode 0600, in one piece; an older plan is replaced, nothing else.

    Raises CannotStart.
    """
    _check_replaceable(path)
    path = Path(os.path.realpath(path))  # a link stays, and what it leads to is replaced
    beside = path.parent / f".{path.name}.{os.getpid()}"
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(f"{canonical(plan_to_json(plan))}\n".encode("utf-8", "surrogatepass"))
        beside.replace(path)
    except OSError as cause:
        with suppress(OSError):
            beside.unlink()
        raise CannotStart(
            f"can't write the plan to {path}: {cause.strerror}. Nothing was written",
            fix="name another file with --out",
            code="plan_unwritable",
        ) from None


def _check_replaceable(path: Path) -> None:
    """Raise CannotStart for a device, and for a file that holds something else than a plan."""
    if not path.exists():
        return
    problem = "" if path.is_file() else "it is no regular file"
    if not problem:
        with suppress(OSError), path.open("rb") as file:
            head = file.read(len(_PLAN_HEAD))
            problem = "" if head in (b"", _PLAN_HEAD) else "it holds something else than a plan"
    if problem:
        raise CannotStart(
            f"the plan isn't written to {path}: {problem}, and it stays as it is",
            fix="name another file with --out",
            code="plan_unwritable",
        )


def read_plan(path: Path, shown_as: str) -> Plan:
    """Read a saved plan and work out again all that can be.

    Raises InvalidFiles for what is no plan, PlanMismatch for one that was edited or is of
    another format.
    """
    try:
        document = _parsed(read_bytes(path, PLAN_BYTES))
    except Unreadable as cause:
        raise InvalidFiles([Finding(shown_as, 1, 1, "unreadable", "error", str(cause))]) from None
    except (ValueError, RecursionError) as cause:
        raise _not_a_plan(shown_as, _reason(cause)) from None
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


def _parsed(raw: bytes) -> Any:
    return json.loads(raw.decode("utf-8", "surrogatepass"))


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
