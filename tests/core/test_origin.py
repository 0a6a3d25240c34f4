"""Whose changes a plan holds."""

from __future__ import annotations

import pytest
from hypothesis import given

from menuops.core.diff import diff
from menuops.core.model import Buttons, Click, Menus, View
from menuops.core.origin import origins

from .strategies import click, labelled, menu_for, menus, parent, view, with_menu_ids

A, B, C, D = click("A"), click("B"), click("C"), view("D")


def told(base: Menus, before: Menus, after: Menus) -> list[tuple[str, str, str]]:
    labels = labelled(before, after)
    changes = diff(before, after, labels)
    found = origins(base, before, after, labels, changes)
    return [(c.kind, c.at, origin) for c, origin in zip(changes, found, strict=True)]


CASES: list[tuple[str, Buttons, Buttons, Buttons, list[tuple[str, str, str]]]] = [
    ("the file added", (A,), (A,), (A, B), [("add", "2", "yours")]),
    ("someone deleted it live", (A, B), (A,), (A, B), [("add", "2", "reverts")]),
    (
        "someone deleted it live, the file changed it",
        (A, B),
        (A,),
        (A, Click("B", "z")),
        [("add", "2", "both")],
    ),
    ("the file removed", (A, B), (A, B), (A,), [("remove", "2", "yours")]),
    ("someone added it live", (A,), (A, B), (A,), [("remove", "2", "reverts")]),
    (
        "someone changed it live, the file removed it",
        (A, B),
        (A, Click("B", "z")),
        (A,),
        [("remove", "2", "both")],
    ),
    ("the file renamed", (A,), (A,), (Click("Z", "A"),), [("rename", "1", "yours")]),
    ("someone renamed it live", (A,), (Click("Z", "A"),), (A,), [("rename", "1", "reverts")]),
    (
        "both renamed it",
        (A,),
        (Click("Y", "A"),),
        (Click("Z", "A"),),
        [("rename", "1", "both")],
    ),
    ("the file changed", (A,), (A,), (Click("A", "z"),), [("change", "1", "yours")]),
    (
        "someone changed it live",
        (A,),
        (View("A", "u"),),
        (A,),
        [("change", "1", "reverts")],
    ),
    (
        "both changed it",
        (A,),
        (Click("A", "y"),),
        (Click("A", "z"),),
        [("change", "1", "both")],
    ),
    (
        "one renamed it live, the file changed what it does",
        (Click("A", "x", id="a"),),
        (Click("Z", "x", id="a"),),
        (Click("A", "y", id="a"),),
        [("rename", "1", "reverts"), ("change", "1", "yours")],
    ),
    (
        "the file moved",
        (parent("P", A, B), D),
        (parent("P", A, B), D),
        (parent("P", B, A), D),
        [("move", "1.1", "yours")],
    ),
    (
        "someone moved it live",
        (parent("P", A, B, C), D),
        (parent("P", C, A, B), D),
        (parent("P", A, B, C), D),
        [("move", "1.3", "reverts")],
    ),
    (
        "both moved it",
        (parent("P", A, B, C), parent("Q", D), parent("R", view("E"))),
        (parent("P", B, C), parent("Q", D, A), parent("R", view("E"))),
        (parent("P", B, C), parent("Q", D), parent("R", view("E"), A)),
        [("move", "3.2", "both")],
    ),
    (
        "each on its own",
        (parent("P", A, B, C), parent("Q", D)),
        (parent("P", A, B, C), parent("Q", D, view("live"))),
        (parent("P", C, A, B), parent("Q", view("file"), D)),
        [("move", "1.1", "yours"), ("add", "2.1", "yours"), ("remove", "2.2", "reverts")],
    ),
    (
        "a leaf that the file made a parent",
        (A, B),
        (A, Click("Z", "B")),
        (parent("A", C), B),
        [("change", "1", "yours"), ("add", "1.1", "yours"), ("rename", "2", "reverts")],
    ),
    (
        "live and the file added the same, each in its way",
        (A,),
        (A, Click("B", "y")),
        (A, Click("B", "z")),
        [("change", "2", "both")],
    ),
]


@pytest.mark.parametrize(
    ("base", "before", "after", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_an_entry_comes_from(
    base: Buttons, before: Buttons, after: Buttons, expected: list[tuple[str, str, str]]
) -> None:
    assert told(Menus(base), Menus(before), Menus(after)) == expected


@pytest.mark.parametrize(
    ("base", "before", "after", "expected"),
    [
        pytest.param("", "", "A", [("add", "#1", "yours")], id="the file added"),
        pytest.param("A", "", "A", [("add", "#1", "reverts")], id="someone deleted it"),
        pytest.param("A", "A", "", [("remove", "#1", "yours")], id="the file removed"),
        pytest.param("", "A", "", [("remove", "#1", "reverts")], id="someone added it"),
        pytest.param("AB", "AB", "BA", [("move", "#1", "yours")], id="the file moved"),
        pytest.param("ABC", "CAB", "ABC", [("move", "#3", "reverts")], id="someone moved it"),
        pytest.param(
            "ABC", "BAC", "CAB", [("move", "#1", "yours"), ("move", "#2", "both")], id="each"
        ),
    ],
)
def test_a_conditional_menu_comes_from(
    base: str, before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    """Each letter is a menu of its own rule; the default menus differ too."""
    old, live, new = (
        Menus((default,), tuple(menu_for(letter) for letter in letters))
        for default, letters in ((A, base), (B, before), (C, after))
    )
    assert [line for line in told(old, live, new) if line[1][0] == "#"] == expected


@pytest.mark.parametrize(
    ("base", "before", "after", "origin"),
    [
        ("100", "100", "101", "yours"),
        ("101", "100", "101", "reverts"),
        ("102", "100", "101", "both"),
    ],
)
def test_a_rule_comes_from(base: str, before: str, after: str, origin: str) -> None:
    old, live, new = (
        with_menu_ids(Menus((default,), (menu_for(rule, A),)), ["vip"])
        for default, rule in ((A, base), (B, before), (C, after))
    )
    assert told(old, live, new)[-1] == ("change", "#1", origin)


def test_a_change_inside_a_menu_that_live_and_the_file_added_is_of_both() -> None:
    base, live = Menus((A,)), Menus((B,), (menu_for("100", A),))
    new = Menus((C,), (menu_for("100", A, D),))
    assert told(base, live, new)[-1] == ("add", "2", "both")


@given(menus(foreign=True, least=0), menus(foreign=True, least=0))
def test_where_live_is_as_the_files_were_all_is_yours(base: Menus, after: Menus) -> None:
    assert {origin for *_, origin in told(base, base, after)} <= {"yours"}


@given(menus(foreign=True, least=0), menus(foreign=True, least=0))
def test_where_the_files_are_as_they_were_all_reverts(base: Menus, before: Menus) -> None:
    assert {origin for *_, origin in told(base, before, base)} <= {"reverts"}


@given(menus(foreign=True, least=0), menus(foreign=True, least=0), menus(foreign=True, least=0))
def test_a_menu_that_one_side_left_alone_is_never_of_both(
    base: Menus, before: Menus, after: Menus
) -> None:
    """Whatever happens to the conditional menus says nothing about the default menu."""
    live = Menus(base.button, before.conditionalmenu)
    assert {o for _, at, o in told(base, live, Menus(after.button)) if at[0] != "#"} <= {"yours"}


@given(menus(foreign=True, least=0), menus(foreign=True, least=0), menus(foreign=True, least=0))
def test_every_change_comes_from_somewhere(base: Menus, before: Menus, after: Menus) -> None:
    assert {o for *_, o in told(base, before, after)} <= {"yours", "reverts", "both"}
