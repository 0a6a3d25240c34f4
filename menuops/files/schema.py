"""The JSON Schemas: their text, and the compiled gate that passes a valid file quickly.

The gate is the one importer of jsonschema_rs: 0.02 ms a menu where jsonschema takes 1 ms and
0.1 s to be imported. What is wrong with a file that it refuses is explained elsewhere.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

SchemaName: TypeAlias = Literal["menu", "project", "plan"]
_HERE: Final = Path(__file__).resolve()
_FOLDERS: Final = (
    _HERE.parents[1] / "schemas",  # in a wheel: beside the package's code
    _HERE.parents[2] / "schemas",  # in a checkout
)


def schema_text(name: SchemaName) -> str:
    """Give the schema's file, as it is packaged. Raises FileNotFoundError on a broken install."""
    file = f"{name}.schema.json"
    for folder in _FOLDERS:
        text = _text(folder / file)
        if text:  # one that is empty is being written over by a shell: menuops schema > …
            return text
    raise FileNotFoundError(f"{file} is missing from the installation")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@functools.cache
def schema(name: SchemaName) -> dict[str, Any]:
    """Parse a schema, once."""
    parsed: dict[str, Any] = json.loads(schema_text(name))
    return parsed


@functools.cache
def gate(name: SchemaName) -> Callable[[Any], bool]:
    """Compile a schema, once, into a function that says whether a value is valid."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(schema(name)).is_valid


@functools.cache
def not_text(name: SchemaName) -> frozenset[str]:
    """Name the properties whose values may be numbers or booleans; all other scalars are text."""
    return frozenset(
        key
        for key, value in _properties(schema(name))
        if not {"boolean", "integer", "number"}.isdisjoint(_types(_follow(name, value)))
    )


@functools.cache
def free_maps(name: SchemaName) -> frozenset[str]:
    """Name the properties that map names of the user's own to texts: `vars`."""
    return frozenset(
        key
        for key, value in _properties(schema(name))
        if _types(value.get("additionalProperties")) == {"string"}
    )


def _follow(name: SchemaName, value: dict[str, Any]) -> Any:
    """Follow a `$ref` to one of the schema's own definitions, one step."""
    target = value.get("$ref", "").removeprefix("#/$defs/")
    return schema(name)["$defs"][target] if target else value


def _types(value: Any) -> set[str]:
    types = value.get("type", ()) if isinstance(value, dict) else ()
    return {types} if isinstance(types, str) else set(types)


def _properties(node: Any) -> list[tuple[str, dict[str, Any]]]:
    """List each property that a schema declares anywhere, with its schema."""
    if isinstance(node, list):
        return [each for item in node for each in _properties(item)]
    if not isinstance(node, dict):
        return []
    declared = node.get("properties", {})
    own = [(key, value) for key, value in declared.items() if isinstance(value, dict)]
    return own + [each for value in node.values() for each in _properties(value)]
