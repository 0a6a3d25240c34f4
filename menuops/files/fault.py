"""What the schema's errors come to, before it is known where in the file they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from menuops.core.finding import DataPath, Finding, Place
from menuops.files.line_slips import full_width_colon_message, mend_key
from menuops.files.node import Node, Text, key_place_at, place_at, walk
from menuops.files.wording import did_you_mean, named, nearest

HINTS: Final = 50
"""Unknown keys of one mapping that are compared with those that are known, 0.1 ms each."""


class Fault(NamedTuple):
    """One thing to mend at `path`; `at_key` where the key is what is wrong, not its value."""

    path: DataPath
    rule: str
    message: str
    at_key: bool = False
    inside: int = 0
    """Characters from the value's begin to what is wrong in it, where it is a plain text."""


class SchemaError(NamedTuple):
    """What jsonschema says: where, which keyword failed, its value, and the value judged."""

    path: DataPath
    keyword: str
    expected: Any
    value: Any
    schema: Any


def schema_errors(schema: Any, data: Any) -> Iterator[SchemaError]:
    """Ask jsonschema what is wrong: the one place that imports it, 0.1 s for an invalid file."""
    import jsonschema

    for error in jsonschema.Draft202012Validator(schema).iter_errors(data):
        yield SchemaError(
            tuple(error.absolute_path),
            str(error.validator),
            error.validator_value,
            error.instance,
            error.schema,
        )


def to_findings(
    faults: Iterable[Fault], root: Node, file: str, warnings: Iterable[Finding] = ()
) -> list[Finding]:
    """Say where in the file each fault stands; of equal ones one is left.

    With them stand those `warnings` that don't speak of a value which has a fault.
    """
    faults = tuple(dict.fromkeys(faults))
    wrong = {place_at(root, fault.path) for fault in faults}
    findings = [each for each in warnings if Place(each.line, each.column) not in wrong]
    for fault in faults:
        place = (key_place_at if fault.at_key else place_at)(root, fault.path)
        column = place.column + _inside(root, fault)
        findings.append(Finding(file, place.line, column, fault.rule, "error", fault.message))
    return findings


def _inside(root: Node, fault: Fault) -> int:
    """Count the characters before what is wrong in a text, if they stand in its first line."""
    if not fault.inside:
        return 0
    node = next((node for _, node in reversed([*walk(root, fault.path)])), root)
    if not isinstance(node, Text) or not node.plain or " " in node.text[: fault.inside]:
        return 0  # a blank may be a line's end
    return fault.inside


_KINDS = {
    "string": "text",
    "array": "a list",
    "object": "a mapping",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
}


def kind_of(value: Any) -> str:
    """Name what a value is; never the value, which may be a secret."""
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "a mapping"


def wrong_type(path: DataPath, value: Any, wanted: str | list[str], hint: str = "") -> Fault:
    """Say what stands at `path` and what should."""
    meant = mend_key(value, alone=True) if isinstance(value, str) else None
    if meant and meant.value is not None:  # `- name：新品`
        rule, message, index = meant.slip
        return Fault(path, rule, message, inside=index)
    kinds = [wanted] if isinstance(wanted, str) else wanted
    words = " or ".join(_KINDS[kind] for kind in kinds)
    name = next((named(step) for step in reversed(path) if isinstance(step, str)), "the file")
    if path and isinstance(path[-1], int):
        name = f"an item of {name}"
    return Fault(path, "wrong-type", f"{name} must be {words}; this is {kind_of(value)}{hint}")


def unknown_key(path: DataPath, hint: str) -> Fault:
    """Say that nothing is called so here; `path` ends in the key."""
    key = str(path[-1])
    if "：" in key:
        return Fault(path, "full-width-colon", full_width_colon_message(), at_key=True)
    return Fault(path, "unknown-key", f"no key is called {named(key)} here{hint}", at_key=True)


def unknown_keys(path: DataPath, keys: Iterable[str], known: Sequence[str]) -> Iterator[Fault]:
    """Say of each key that nothing is called so; what was meant, only of the first ones."""
    for number, key in enumerate(keys):
        yield unknown_key((*path, key), did_you_mean(key, known) if number < HINTS else "")


def lacks(needed: Iterable[str], value: dict[str, Any], known: Iterable[str]) -> list[str]:
    """List what `value` needs and lacks, but for what one of its unknown keys was meant to be."""
    missing = [field for field in needed if field not in value]
    if not missing:
        return []
    names = set(known)
    unknown = islice((key for key in value if key not in names), HINTS)
    meant = {nearest(key, missing) for key in unknown}
    return [field for field in missing if field not in meant]


def strays(error: SchemaError) -> list[str]:
    """List the keys that `additionalProperties: false` refuses."""
    known = error.schema.get("properties", {})
    free = error.schema.get("patternProperties", {})
    assert set(free) <= {"^x-"}
    return [key for key in error.value if key not in known and not (free and key[:2] == "x-")]
