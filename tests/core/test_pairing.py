"""Which button is which."""

from __future__ import annotations

import pytest
from hypothesis import given

from menuops.core.model import Buttons, Click, Parent, View
from menuops.core.pairing import pair
from menuops.core.spots import Path, spots

from .strategies import buttons, click, parent, view

A, B = click("A"), click("B")


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        pytest.param(
            (Click("A", "x", id="a"), Click("B", "y", id="b")),
            (Click("B", "y", id="a"), Click("A", "x", id="b")),
            {(0,): (0,), (1,): (1,)},
            id="the file's id counts before all else",
        ),
        pytest.param(
            (Click("A", "x", id="a"),),
            (Parent("A", (Click("B", "y"),), id="a"),),
            {(0,): (0,)},
            id="a leaf that becomes a parent keeps its id",
        ),
        pytest.param(
            (A, Click("Z", "A")),
            (Click("Z", "A"), A),
            {(0,): (1,), (1,): (0,)},
            id="action and name count before the action alone",
        ),
        pytest.param(
            (A, B), (Click("B", "A"),), {(0,): (0,)}, id="the action counts before the name"
        ),
        pytest.param((A, B), (view("B"),), {(0,): (1,)}, id="the name counts before the place"),
        pytest.param(
            (A, B), (Click("Z", "z"),), {(0,): (0,)}, id="at last the place and the type count"
        ),
        pytest.param((A,), (view("Z"),), {}, id="another type in the same place is another button"),
        pytest.param(
            (parent("P", A), parent("Q", A)),
            (parent("Q", A),),
            {(0,): (1,), (0, 0): (1, 0)},
            id="of several alike, the one below the same parent is the same",
        ),
        pytest.param(
            (parent("P", A), parent("Q", B, A)),
            (parent("R", view("w")), parent("Q", A)),
            {(1,): (1,), (1, 0): (1, 1), (0,): (0,)},
            id="as long as that leaves less to tell",
        ),
        pytest.param((A,), (parent("P", A),), {(0, 0): (0,)}, id="or one that is anywhere"),
        pytest.param(
            (parent("P", View("A", "u")),),
            (parent("P", Click("A", "x")),),
            {(0,): (0,), (0, 0): (0, 0)},
            id="by name below a parent too",
        ),
        pytest.param(
            (parent("A", B),),
            (view("v"), parent("P", view("A"))),
            {(1,): (0,)},
            id="a parent isn't a button below another parent",
        ),
    ],
)
def test_pair(before: Buttons, after: Buttons, pairs: dict[Path, Path]) -> None:
    assert pair(before, after) == pairs


@given(buttons(foreign=True, least=0), buttons(foreign=True, least=0))
def test_each_entry_has_one_partner_at_most(before: Buttons, after: Buttons) -> None:
    pairs = pair(before, after)
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= {spot.path for spot in spots(after)}
    assert set(pairs.values()) <= {spot.path for spot in spots(before)}


@given(buttons(foreign=True, least=0))
def test_a_menu_pairs_with_itself_place_by_place(menu: Buttons) -> None:
    assert pair(menu, menu) == {spot.path: spot.path for spot in spots(menu)}
