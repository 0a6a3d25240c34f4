"""What changes between two states of an account, as a person would say it.

Positions count from 1: "2" is the second entry of a menu, "2.1" the first button below it,
"#1" the conditional menu that is tried first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from menuops.core.alignment import longest_run
from menuops.core.conditional import pair_rules
from menuops.core.fields import FieldChange, compare_fields
from menuops.core.jsonform import rule_to_json
from menuops.core.labels import DEFAULT, Labels
from menuops.core.model import Buttons, Menus
from menuops.core.pairing import pair
from menuops.core.spots import Path, SameBy, Spot, edits, fields_of, position, same_by, spots

Kind: TypeAlias = Literal["add", "remove", "change", "move", "rename"]
Origin: TypeAlias = Literal["yours", "reverts", "both"]
"""Where a change comes from. `yours`: live is as it was, the files changed. `reverts`: the files
say what they said, and live moved away from it. `both`: live and the files went different ways."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entry, or of a whole conditional menu.

    `at` is its place afterwards (for a removal: before); `was_at` its place before where that
    differs. `menu` is the label of the menu. `same_by` says what makes both sides the same entry;
    None for what is there on one side only. An entry can be moved, renamed and changed: in this
    order.
    `origin` is None where nothing is known of the past.
    """

    kind: Kind
    at: str
    menu: str
    was_at: str | None = None
    fields: tuple[FieldChange, ...] = ()
    same_by: SameBy | None = None
    origin: Origin | None = None


def diff(before: Menus, after: Menus, labels: Labels) -> tuple[Change, ...]:
    """List all changes: of the default menu, then of the conditional menus as they are tried."""
    if before == after:
        return ()
    return (
        *diff_buttons(before.button, after.button, DEFAULT),
        *_diff_conditional(before, after, labels),
    )


def _diff_conditional(before: Menus, after: Menus, labels: Labels) -> Iterator[Change]:
    pairs = {a: b for b, a in pair_rules(before, after)}
    moved = moved_numbers([pairs[a] for a in sorted(pairs)])
    for a, label in enumerate(labels.after):
        if a not in pairs:
            yield Change("add", f"#{a + 1}", label)
            continue
        b = pairs[a]
        was, now = before.conditionalmenu[b], after.conditionalmenu[a]
        by: SameBy = "id" if was.id is not None and was.id == now.id else "rule"
        if b in moved:
            yield Change("move", f"#{a + 1}", label, f"#{b + 1}", same_by=by)
        if was.matchrule != now.matchrule:
            fields = compare_fields(rule_to_json(was.matchrule), rule_to_json(now.matchrule))
            was_at = f"#{b + 1}" if a != b else None
            yield Change("change", f"#{a + 1}", label, was_at, fields, by)
        yield from diff_buttons(was.button, now.button, label)
    for b, label in enumerate(labels.before):
        if b not in pairs.values():
            yield Change("remove", f"#{b + 1}", label)


def diff_buttons(before: Buttons, after: Buttons, menu: str) -> tuple[Change, ...]:
    """List what changes in one menu, in the order of the menu afterwards, removals last.

    Applying the changes to `before` gives `after`. Entries that are merely pushed along by
    others are no change.
    """
    if before == after:
        return ()
    pairs = pair(before, after)
    old = {spot.path: spot for spot in spots(before)}
    moved = moved_entries(pairs)
    changes: list[Change] = []
    for spot in spots(after):
        was = old.get(pairs.get(spot.path, ()))
        at = position(spot.path)
        if was is None:
            changes.append(Change("add", at, menu, fields=_only_after(spot)))
            continue
        by = same_by(was, spot)
        if spot.path in moved:
            # An entry can go from under the first parent to the first parent's own place.
            changes.append(Change("move", at, menu, position(was.path), same_by=by))
        was_at = position(was.path) if was.path != spot.path else None
        for kind, fields in _edits(was, spot):
            changes.append(Change(kind, at, menu, was_at, fields, by))
    kept = set(pairs.values())
    changes += (
        Change("remove", position(path), menu, fields=_only_before(spot))
        for path, spot in old.items()
        if path not in kept
    )
    return tuple(changes)


def moved_entries(pairs: Mapping[Path, Path]) -> set[Path]:
    """Find the entries, of pairs after -> before, that moved.

    They changed parent, or the others of their parent don't go round them.
    """
    moved: set[Path] = set()
    families: dict[Path, list[Path]] = {}
    for path, was in pairs.items():
        parent_was = pairs.get(path[:-1]) if len(path) > 1 else ()
        if parent_was == was[:-1]:
            families.setdefault(path[:-1], []).append(path)
        else:
            moved.add(path)
    for paths in families.values():
        paths.sort()
        out = moved_numbers([pairs[path][-1] for path in paths])
        moved.update(path for path in paths if pairs[path][-1] in out)
    return moved


def moved_numbers(numbers: Sequence[int]) -> set[int]:
    """Choose the fewest of `numbers` (all different) without which the rest is ascending."""
    return set(numbers).difference(longest_run(numbers))


def _edits(was: Spot, now: Spot) -> Iterator[tuple[Kind, tuple[FieldChange, ...]]]:
    """Tell a new name from whatever else is new in an entry."""
    if not edits(was, now):
        return
    fields = compare_fields(fields_of(was.entry), fields_of(now.entry))
    name = tuple(field for field in fields if field.field == "name")
    rest = tuple(field for field in fields if field.field != "name")
    if name:
        yield "rename", name
    if rest:
        yield "change", rest


def _only_after(spot: Spot) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(name, None, value) for name, value in fields_of(spot.entry).items())


def _only_before(spot: Spot) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(name, value, None) for name, value in fields_of(spot.entry).items())


def change_to_json(change: Change) -> dict[str, Any]:
    """Give `{kind, at, was_at?, same_by?, menu, fields?}`, a field as `{before?, after?}`."""
    value: dict[str, Any] = {"kind": change.kind, "at": change.at, "menu": change.menu}
    if change.was_at is not None:
        value["was_at"] = change.was_at
    if change.same_by is not None:
        value["same_by"] = change.same_by
    if change.fields:
        value["fields"] = {
            field.field: {
                side: content
                for side, content in (("before", field.before), ("after", field.after))
                if content is not None
            }
            for field in change.fields
        }
    if change.same_by is not None:
        value["same_by"] = change.same_by
    if change.origin is not None:
        value["origin"] = change.origin
    return value
