"""What the schema's errors come to, before it is known where in the file they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from menuops.core.finding import DataPath, Finding, Place
from menuops.files.reader.node import List, Map, Node, Text, key_place_at, place_at, place_of, walk
from menuops.files.wording import did_you_mean, named, nearest

IMPORT: Final = "menuops import --from FILE"
"""What makes a menu file of an answer or a body."""
HINTS: Final = 50
"""Unknown keys of one mapping that are compared with those that are known, 0.1 ms each."""


_SECRETS: Final = frozenset(
    ("secret", "appsecret", "token", "accesstoken", "refreshtoken", "encodingaeskey", "aeskey")
)
"""Names that keys of secrets have, without `_` and `-`."""
_STRANGE: Final = ("unknown-key", "no-secret-here")
"""Rules that refuse a key; what stands under it means nothing, and isn't judged."""


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

    With them stand those `warnings` that don't speak of a value which has a fault, nor of what
    stands under a key that nothing is called.
    """
    faults, warnings = tuple(dict.fromkeys(faults)), tuple(warnings)
    wrong = {place_at(root, fault.path) for fault in faults}
    if warnings:
        strange = [fault.path for fault in faults if fault.at_key and fault.rule in _STRANGE]
        wrong |= {place for path in strange for place in _places_under(root, path)}
    findings = [each for each in warnings if Place(each.line, each.column) not in wrong]
    for fault in faults:
        place = (key_place_at if fault.at_key else place_at)(root, fault.path)
        column = place.column + _inside(root, fault)
        findings.append(Finding(file, place.line, column, fault.rule, "error", fault.message))
    return findings


def _places_under(root: Node, path: DataPath) -> Iterator[Place]:
    steps = [*walk(root, path)]
    todo = [steps[-1][1]] if len(steps) == len(path) else []
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) not in seen:  # an alias leads to what was seen
            seen.add(id(node))
            yield place_of(node.mark)
            inner = node.entries.values() if isinstance(node, Map) else ()
            todo += node.items if isinstance(node, List) else inner


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
    from menuops.files.reader.line_slips import (
        mend_key,  # as below: 3 ms that every start would pay
    )

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
        from menuops.files.reader.line_slips import full_width_colon_message

        return Fault(path, "full-width-colon", full_width_colon_message(), at_key=True)
    return Fault(path, "unknown-key", f"no key is called {named(key)} here{hint}", at_key=True)


def unknown_keys(path: DataPath, keys: Iterable[str], known: Sequence[str]) -> Iterator[Fault]:
    """Say of each key that nothing is called so; what was meant, only of the first ones.

    Of a key that a secret has, that it belongs in no menu file.
    """
    for number, key in enumerate(keys):
        if is_secret_key(key):
            yield secret_fault((*path, key))
        else:
            yield unknown_key((*path, key), did_you_mean(key, known) if number < HINTS else "")


def is_secret_key(key: str) -> bool:
    """Tell whether a key is called as those of AppSecrets and tokens are."""
    return key[:40].lower().replace("_", "").replace("-", "") in _SECRETS


def secret_fault(path: DataPath) -> Fault:
    """Refuse a secret in a menu file; `path` ends in its key."""
    message = (
        "an AppSecret or token doesn't belong in a menu file; take it out, and reset it if the "
        "file was shared"
    )
    return Fault(path, "no-secret-here", message, at_key=True)


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
