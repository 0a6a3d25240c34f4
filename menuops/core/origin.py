"""Whose changes a plan holds: those of the files, or what undoes changes made to the live menu.

Three states are compared: `base`, what the files said at an earlier commit or what was last
applied; `before`, what is live; `after`, what the files say now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from menuops.core.conditional import pair_rules
from menuops.core.diff import Change, Origin, moved_entries, moved_numbers
from menuops.core.jsonform import rule_to_json
from menuops.core.labels import DEFAULT, Labels
from menuops.core.model import Buttons, ConditionalMenu, Menus
from menuops.core.pairing import pair
from menuops.core.spots import Path, Spot, edits, fields_of, path_at, spots


def origins(
    base: Menus, before: Menus, after: Menus, labels: Labels, changes: Sequence[Change]
) -> tuple[Origin, ...]:
    """Tell for each of the changes from `before` to `after` where it comes from."""
    found: list[Origin] = []
    if base in (before, after):
        one: Origin = "yours" if base == before else "reverts"
        found += [one] * len(changes)
        return tuple(found)
    whole = _Whole(base, before, after)
    menus = dict(whole.insides(labels))
    menus[DEFAULT] = _Inside(base.button, before.button, after.button)
    for change in changes:
        if change.at.startswith("#"):
            found.append(whole.origin(change))
        else:
            inside = menus[change.menu]
            # A menu that live and the files have, each on its own, is like nothing in `base`.
            found.append("both" if inside is None else inside.origin(change))
    return tuple(found)


def _of_values(base: Any, before: Any, after: Any) -> Origin:
    if base == before:
        return "yours"
    return "reverts" if base == after else "both"


def _of_addition(base: object | None, after: object) -> Origin:
    if base is None:
        return "yours"
    return "reverts" if base == after else "both"


def _of_fields(change: Change, base: Mapping[str, Any]) -> Origin:
    return _of_values(
        [base.get(field.field) for field in change.fields],
        [field.before for field in change.fields],
        [field.after for field in change.fields],
    )


def _of_move(*, by_files: bool, live: bool, any_by_files: bool, any_live: bool) -> Origin:
    """Judge a move by who moved the entry; where nobody did, by who moved others round it."""
    if not by_files and not live:
        by_files, live = any_by_files, any_live
    if by_files == live:
        return "both"
    return "yours" if by_files else "reverts"


class _Inside:
    """One menu in the three states."""

    def __init__(self, base: Buttons, before: Buttons, after: Buttons) -> None:
        self._same: Origin | None = None
        if base == before:
            self._same = "yours"
        elif base == after:
            self._same = "reverts"
        self._base = {spot.path: spot for spot in spots(base)}
        self._before = {spot.path: spot for spot in spots(before)}
        self._after = {spot.path: spot for spot in spots(after)}
        self._of_after = {} if self._same else pair(base, after)
        self._of_before = {} if self._same else pair(base, before)

    def origin(self, change: Change) -> Origin:
        """Tell where the change of an entry comes from."""
        if self._same:
            return self._same
        at = path_at(change.at)
        match change.kind:
            case "add":
                return self._of_added(at)
            case "remove":
                return self._of_removed(at)
            case "move":
                return self._of_moved(at, path_at(change.was_at or change.at))
            case _:
                was = self._counterpart(at, path_at(change.was_at or change.at))
                return "both" if was is None else _of_fields(change, fields_of(was.entry))

    def _counterpart(self, at: Path, was_at: Path) -> Spot | None:
        path = self._of_after.get(at, self._of_before.get(was_at))
        return None if path is None else self._base[path]

    def _of_added(self, at: Path) -> Origin:
        if at not in self._of_after:
            return "yours"
        same = not edits(self._base[self._of_after[at]], self._after[at])
        return "reverts" if same else "both"

    def _of_removed(self, at: Path) -> Origin:
        if at not in self._of_before:
            return "reverts"
        was = self._base[self._of_before[at]]
        if not edits(was, self._before[at]):
            return "yours"
        stays = next((p for p, b in self._of_after.items() if b == was.path), None)
        return "reverts" if stays is not None and not edits(was, self._after[stays]) else "both"

    def _of_moved(self, at: Path, was_at: Path) -> Origin:
        if self._counterpart(at, was_at) is None:
            return "both"
        by_files, live = moved_entries(self._of_after), moved_entries(self._of_before)
        return _of_move(
            by_files=at in by_files,
            live=was_at in live,
            any_by_files=bool(by_files),
            any_live=bool(live),
        )


class _Whole:
    """The conditional menus in the three states."""

    def __init__(self, base: Menus, before: Menus, after: Menus) -> None:
        self._base = base.conditionalmenu
        self._before, self._after = before.conditionalmenu, after.conditionalmenu
        self._of_before = {b: o for o, b in pair_rules(base, before)}
        self._of_after = {a: o for o, a in pair_rules(base, after)}
        self._moved_live = _moved(self._of_before)
        self._moved_by_files = _moved(self._of_after)

    def insides(self, labels: Labels) -> Iterator[tuple[str, _Inside | None]]:
        """Give the menus that are there before and after, by label."""
        old = {label: b for b, label in enumerate(labels.before)}
        for a, label in enumerate(labels.after):
            if label in old:
                b = old[label]
                base = self._counterpart(a, b)
                yield (
                    label,
                    None
                    if base is None
                    else _Inside(base.button, self._before[b].button, self._after[a].button),
                )

    def _counterpart(self, a: int, b: int) -> ConditionalMenu | None:
        number = self._of_after.get(a, self._of_before.get(b))
        return None if number is None else self._base[number]

    def origin(self, change: Change) -> Origin:
        """Tell where the change of a whole menu comes from."""
        at = _number(change.at)
        was_at = _number(change.was_at or change.at)
        match change.kind:
            case "add":
                old = self._of_after.get(at)
                return _of_addition(None if old is None else self._base[old], self._after[at])
            case "remove":
                old = self._of_before.get(at)
                if old is None:
                    return "reverts"
                return "yours" if self._base[old] == self._before[at] else "both"
            case "move":
                if self._counterpart(at, was_at) is None:
                    return "both"
                return _of_move(
                    by_files=at in self._moved_by_files,
                    live=was_at in self._moved_live,
                    any_by_files=bool(self._moved_by_files),
                    any_live=bool(self._moved_live),
                )
            case _:
                base = self._counterpart(at, was_at)
                return "both" if base is None else _of_fields(change, rule_to_json(base.matchrule))


def _moved(pairs: Mapping[int, int]) -> frozenset[int]:
    """Find, of pairs after -> before, the places after of those that moved."""
    moved = moved_numbers([pairs[number] for number in sorted(pairs)])
    return frozenset(number for number, old in pairs.items() if old in moved)


def _number(at: str) -> int:
    return int(at.removeprefix("#")) - 1
