"""What differs between two JSON values: the one place that asks deepdiff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with what it was and what it will be; None where it isn't there."""

    field: str
    before: Any
    after: Any


def compare_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Compare two sets of fields; those that differ, in the order of `after`, then `before`."""
    differing = {path[0] for path in _differing_paths(dict(before), dict(after))}
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        FieldChange(name, before.get(name), after.get(name)) for name in names if name in differing
    )


def differing_places(before: Any, after: Any) -> tuple[str, ...]:
    """Name the places where two JSON values differ: `button[0].name`; for a person to read."""
    return tuple(
        "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        for path in sorted(_differing_paths(before, after), key=str)
    )


def _differing_paths(before: Any, after: Any) -> list[list[str | int]]:
    # Imported here: deepdiff costs more than all the rest of a plan that changes nothing.
    from deepdiff import DeepDiff

    tree = DeepDiff(
        before,
        after,
        view="tree",
        threshold_to_diff_deeper=0,
        ignore_private_variables=False,  # a live field may begin with two underscores
    )
    return [level.path(output_format="list") for kind in tree for level in tree[kind]]
