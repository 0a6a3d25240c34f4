"""The `menu` of an account: one file, or a list of files with the time of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from menuops.core.finding import DataPath, Place, Severity
from menuops.core.moments import MOMENT_FORM, parse_moment
from menuops.core.schedule import Hole, Window, always, holes, never_in_force, overlaps
from menuops.files.project.paths import path_from
from menuops.files.reader.node import Node, place_at


class Doubt(NamedTuple):
    """What is wrong with a list of menus, and where."""

    rule: str
    severity: Severity
    message: str
    place: Place


def read_windows(
    menu: str | list[Mapping[str, Any]], root: Path, tree: Node, at: DataPath
) -> tuple[tuple[Window, ...], list[Doubt]]:
    """Read what fits the schema; `at` is the way to it in the project file's `tree`."""
    if isinstance(menu, str):
        return always(path_from(root, menu)), []
    wrong: list[Doubt] = []
    windows = []
    written: dict[int, str] = {}
    for index, item in enumerate(menu):
        moments: dict[str, int | None] = {}
        for key in ("from", "until"):
            moments[key] = moment = parse_moment(item[key]) if key in item else None
            if moment is not None:
                written.setdefault(moment, item[key])
            elif key in item:
                message = f"`{key}` is no moment that exists; write {MOMENT_FORM}"
                wrong.append(Doubt("moment", "error", message, place_at(tree, (*at, index, key))))
        place = place_at(tree, (*at, index))
        window = Window(path_from(root, item["menu"]), moments["from"], moments["until"], place)
        if window.is_empty:
            message = "`until` isn't after `from`: this menu is never in force"
            until = place_at(tree, (*at, index, "until"))
            wrong.append(Doubt("window-empty", "error", message, until))
        windows.append(window)
    return tuple(windows), wrong or list(_doubts(tuple(windows), written, place_at(tree, at)))


def _doubts(
    windows: tuple[Window, ...], written: Mapping[int, str], place: Place
) -> Iterator[Doubt]:
    idle = tuple(never_in_force(windows))
    ever = [window for window in windows if id(window) not in set(map(id, idle))]
    for window in idle:
        message = "those above are in force all the time of this menu; move it up, or delete it"
        yield Doubt("window-never", "warning", message, window.place or place)
    for earlier, later in overlaps(ever):
        assert earlier.place is not None
        message = (
            f"its time and that of the menu in line {earlier.place.line} overlap; the upper one"
            " counts there: end one where the other begins"
        )
        yield Doubt("window-overlap", "warning", message, later.place or place)
    for hole in holes(windows):
        message = (
            f"no menu is in force {_when(hole, written)}: nothing can be planned then; end the list"
            " with one that has neither `from` nor `until`"
        )
        yield Doubt("window-hole", "warning", message, place)


def _when(hole: Hole, written: Mapping[int, str]) -> str:
    starts = None if hole.starts_s is None else written[hole.starts_s]
    ends = None if hole.ends_s is None else written[hole.ends_s]
    if starts is None:
        return f"before {ends}"
    return f"from {starts} on" if ends is None else f"from {starts} until {ends}"
