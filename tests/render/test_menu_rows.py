"""A menu as rows, whatever changes in it."""

from __future__ import annotations

from hypothesis import given

from menuops.core.diff import diff_buttons
from menuops.core.model import Buttons
from menuops.core.spots import fields_of, position, spots
from menuops.render.plan.menu_rows import _places_before, menu_rows, whole_menu_rows

from ..core.strategies import buttons, click, parent, view  # noqa: TID252  # tests are no package on the path


@given(buttons(foreign=True, least=0), buttons(foreign=True, least=0))
def test_every_entry_stands_once_in_its_place(before: Buttons, after: Buttons) -> None:
    changes = diff_buttons(before, after, "default")
    rows = menu_rows(before, after, changes)
    now = [row for row in rows if not row.is_before]
    assert [row.position for row in now] == [position(spot.path) for spot in spots(after)]
    gone = {change.at for change in changes if change.kind == "remove"}
    left = {change.was_at for change in changes if change.kind == "move"}
    assert {row.position for row in rows if row.is_before} == gone | left
    assert {row.position for row in now if row.word} == {
        change.at for change in changes if change.kind != "remove"
    }


@given(buttons(foreign=True, least=0), buttons(foreign=True, least=0))
def test_what_has_no_change_was_the_same_where_it_is_said_to_have_been(
    before: Buttons, after: Buttons
) -> None:
    changes = diff_buttons(before, after, "default")
    places = _places_before(before, after, changes)
    old = {spot.path: spot.entry for spot in spots(before)}
    changed = {change.at for change in changes if change.kind != "remove"}
    assert len(set(places.values())) == len(places)
    for spot in spots(after):
        if position(spot.path) not in changed:
            assert fields_of(spot.entry) == fields_of(old[places[spot.path]])


def test_children_of_a_parent_that_moved_are_not_pushed_along() -> None:
    parents = (parent("甲", click("a"), click("b")), parent("乙", click("c")), view("丙"))
    after = (parents[2], *parents[:2])
    rows = menu_rows(parents, after, diff_buttons(parents, after, "default"))
    assert [row.notes for row in rows if row.depth == 2] == [(), (), ()]


def test_a_whole_menu_is_all_new_or_all_gone() -> None:
    rows = whole_menu_rows((click("a"), parent("b", click("c"))), gone=True)
    assert [(row.symbol, row.position, row.notes) for row in rows] == [
        ("-", place, ("removed",)) for place in ("1", "2", "2.1")
    ]
