"""What is wrong with the structure of a menu file, said once for each mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from menuops.core.finding import DataPath
from menuops.core.limits import ENTRIES
from menuops.core.model import PLATFORMS
from menuops.files.fault import (
    Fault,
    SchemaError,
    kind_of,
    lacks,
    schema_errors,
    strays,
    unknown_key,
    unknown_keys,
    wrong_type,
)
from menuops.files.menu.entry_faults import entry_faults
from menuops.files.menu.variables import BUILT_IN
from menuops.files.schema import schema
from menuops.files.wording import did_you_mean, named

WITHDRAWN: Final = ("sex", "country", "province", "city", "language")
_FORM: Final = ("pattern", "minLength", "maxLength")
"""Keywords that judge a text; the rules say the same, in bytes and after variables."""

_MANY: Final = 200
"""Faults after which a file is no menu file with slips but something else."""
_LONG: Final = 100
_MANY_ENTRIES: Final = 10


def menu_faults(data: Any, *, posted: bool = False) -> list[Fault]:
    """Explain why the schema refuses `data`; faults of length and form are left to the rules.

    What a program posted, which `menuops import` understands, may be `posted` again.
    """
    faults: list[Fault] = []
    entries: set[DataPath] = set()
    for error in schema_errors(schema("menu"), _pruned(data)):
        if len(faults) > _MANY:
            break
        entry = _entry_path(error.path)
        if entry is None:
            faults += _explain(error, data)
        elif entry not in entries:
            entries.add(entry)
            value = _value_at(data, entry)
            faults += entry_faults(entry, value, top="sub_button" not in entry, posted=posted)
    return faults


def _pruned(data: Any, most: int = _LONG) -> Any:
    """Shorten lists that no menu has: jsonschema takes 0.1 s for 1,000 entries."""
    if isinstance(data, list):
        return [_pruned(item) for item in data[:most]]
    if isinstance(data, dict):
        return {
            key: _pruned(value, _MANY_ENTRIES if key in ("button", "sub_button") else _LONG)
            for key, value in data.items()
        }
    return data


def _entry_path(path: DataPath) -> DataPath | None:
    """Find the innermost entry that `path` leads to or through."""
    start = 2 if path[:1] == ("conditionalmenu",) else 0
    if len(path) < start + 2 or path[start] != "button":
        return None
    deep = len(path) > start + 3 and path[start + 2] == "sub_button"
    return path[: start + 4] if deep else path[: start + 2]


def _value_at(data: Any, path: DataPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _explain(error: SchemaError, data: Any) -> Iterator[Fault]:
    path, keyword = error.path, error.keyword
    name = path[-1] if path else None
    if keyword in _FORM and not isinstance(error.value, str):
        return
    if "matchrule" in path:
        yield from _rule(error)
    elif keyword == "type":
        yield wrong_type(path, error.value, error.expected)
    elif name == "button" and keyword in ("minItems", "maxItems"):
        count = len(_value_at(data, path))
        message = f"a menu has 1 to {ENTRIES} entries; this one has {count}"
        if not count:
            message = f"a menu has 1 to {ENTRIES} entries; this one has none"
        where = (*path, ENTRIES) if count else path
        yield Fault(where, "entry-count", message)
    elif keyword == "required":
        what = "a conditional menu" if path else "a menu file"
        for field in lacks(error.expected, error.value, error.schema["properties"]):
            yield Fault(path, "missing-field", f"{what} needs `{field}`")
    elif keyword == "additionalProperties":
        known = [key for key in error.schema["properties"] if key != "menuid"]
        yield from unknown_keys(path, strays(error), known)
    elif name == "vars" and isinstance(error.value, str):
        yield variable_name_fault(path, error.value)


def variable_name_fault(path: DataPath, name: str) -> Fault:
    """Say why a variable can't be called so; `path` leads to `vars`."""
    if name in BUILT_IN:
        message = f"`${{{name}}}` is built in; choose another name"
        return Fault((*path, name), "reserved-variable", message, at_key=True)
    message = "a variable's name has letters, digits and `_`, and no digit at its start"
    return Fault((*path, name), "variable-name", message, at_key=True)


def _rule(error: SchemaError) -> Iterator[Fault]:
    path, keyword, value = error.path, error.keyword, error.value
    name = path[-1]
    if name in WITHDRAWN:
        message = f"WeChat withdrew rules by {name} for privacy and refuses them (65320); use a tag"
        yield Fault(path, "withdrawn-rule-field", message, at_key=True)
    elif keyword == "minProperties":
        message = "an empty rule is refused (65304); name a tag, a platform, or both"
        yield Fault(path, "empty-rule", message)
    elif name == "tag_id" and keyword == "enum":
        message = "a rule has `tag` or `tag_id`, not both; delete one"
        yield Fault(path, "tag-and-tag-id", message, at_key=True)
    elif keyword == "type":
        yield wrong_type(path, value, error.expected)
    elif keyword == "enum":
        yield Fault(path, "unknown-platform", _platform(value))
    elif keyword == "additionalProperties":
        known = ("tag", "tag_id", "client_platform_type")
        others = [key for key in strays(error) if key != "group_id"]
        if len(others) < len(strays(error)):
            yield unknown_key((*path, "group_id"), "; did you mean `tag_id`?")
        yield from unknown_keys(path, others, known)


def _platform(value: Any) -> str:
    names = ", ".join(PLATFORMS.values())
    if not isinstance(value, str):
        return f"`client_platform_type` is one of {names}; this is {kind_of(value)}"
    hint = did_you_mean(value, PLATFORMS.values()) or f"; there are {names}"
    return f"no platform is called {named(value)}{hint}"
