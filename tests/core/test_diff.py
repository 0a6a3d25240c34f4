"""What a person is told about a change, and that it is the whole change."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import example, given

from menuops.core.diff import Change, change_to_json, diff, diff_buttons
from menuops.core.fields import FieldChange
from menuops.core.jsonform import buttons_to_json, parse_buttons
from menuops.core.labels import DEFAULT
from menuops.core.model import Buttons, Click, ConditionalMenu, Foreign, Menus, Parent, View
from menuops.core.spots import fields_of

from .strategies import buttons, click, labelled, menu_for, menus, parent, view

Told = list[tuple[str, ...]]


def told(before: Buttons, after: Buttons) -> Told:
    """Give each change as (kind, at), or (kind, at, was_at)."""
    return brief(diff_buttons(before, after, DEFAULT))


def brief(changes: tuple[Change, ...]) -> Told:
    return [(c.kind, c.at, c.was_at) if c.was_at is not None else (c.kind, c.at) for c in changes]


# Applying changes, from nothing but what they say.


def apply_changes(before: Buttons, changes: tuple[Change, ...]) -> Buttons:
    tree: dict[tuple[int, ...], dict[str, Any]] = {}
    for i, entry in enumerate(before, 1):
        tree[(i,)] = fields_of(entry)
        for j, child in enumerate(entry.sub_button if isinstance(entry, Parent) else (), 1):
            tree[(i, j)] = fields_of(child)
    gone = {place(c.at) for c in changes if c.kind == "remove"}
    moves = {place(c.at): place(c.was_at) for c in changes if c.kind == "move" and c.was_at}
    pinned: dict[tuple[int, ...], tuple[int, ...] | None] = {
        place(c.at): None for c in changes if c.kind == "add"
    }
    pinned |= moves
    staying = [path for path in tree if path not in gone and path not in moves.values()]
    came_from = fill((), [path for path in staying if len(path) == 1], pinned)
    for top, was in list(came_from.items()):
        children = [p for p in staying if len(p) == 2 and was is not None and p[:1] == was]
        came_from |= fill(top, children, pinned)
    fields = {at: dict(tree[was]) if was else {} for at, was in came_from.items()}
    for change in changes:
        if change.kind in ("add", "change", "rename"):
            for field in change.fields:
                if field.after is None:
                    del fields[place(change.at)][field.field]
                else:
                    fields[place(change.at)][field.field] = field.after
    return parse_buttons(
        [
            {**fields[top], "sub_button": [fields[p] for p in sorted(fields) if p[:-1] == top]}
            for top in sorted(fields)
            if len(top) == 1
        ]
    )


def place(at: str) -> tuple[int, ...]:
    return tuple(map(int, at.split(".")))


def fill(
    above: tuple[int, ...],
    staying: Sequence[tuple[int, ...]],
    pinned: dict[tuple[int, ...], tuple[int, ...] | None],
) -> dict[tuple[int, ...], tuple[int, ...] | None]:
    """Put what is pinned in its place; the others keep their order and fill up."""
    mine = {at: was for at, was in pinned.items() if at[:-1] == above}
    others = iter(staying)
    return {
        at: mine[at] if at in mine else next(others)
        for at in ((*above, n) for n in range(1, len(mine) + len(staying) + 1))
    }


@given(buttons(foreign=True, least=0), buttons(foreign=True, least=0))
@example((parent("A", click("x")),), (click("x"), parent("A", click("y"))))
def test_applying_the_changes_to_before_gives_after(before: Buttons, after: Buttons) -> None:
    assert apply_changes(before, diff_buttons(before, after, DEFAULT)) == after


@given(menus(foreign=True, least=0), menus(foreign=True, least=0))
def test_changes_of_conditional_menus_give_after_too(before: Menus, after: Menus) -> None:
    """A menu that is added whole is taken by its label; all else follows from the changes."""
    labels = labelled(before, after)
    changes = diff(before, after, labels)
    whole = [c for c in changes if c.at.startswith("#")]
    gone = {int(c.at[1:]) - 1 for c in whole if c.kind == "remove"}
    moved = {int(c.at[1:]) - 1: int((c.was_at or "#")[1:]) - 1 for c in whole if c.kind == "move"}
    added = {int(c.at[1:]) - 1 for c in whole if c.kind == "add"}
    rest = iter(
        b for b in range(len(before.conditionalmenu)) if b not in gone and b not in moved.values()
    )
    result: list[ConditionalMenu] = []
    for a, label in enumerate(labels.after):
        if a in added:
            result.append(after.conditionalmenu[labels.after.index(label)])
            continue
        b = moved[a] if a in moved else next(rest)
        assert labels.before[b] == label
        inner = tuple(c for c in changes if c.menu == label and not c.at.startswith("#"))
        was = before.conditionalmenu[b]
        result.append(ConditionalMenu(was.matchrule, apply_changes(was.button, inner)))
    assert tuple(result) == after.conditionalmenu
    assert next(rest, None) is None


@given(menus(foreign=True, least=0), menus(foreign=True, least=0))
def test_no_change_means_equal(before: Menus, after: Menus) -> None:
    assert (diff(before, after, labelled(before, after)) == ()) == (before == after)


@given(menus(foreign=True))
def test_a_state_differs_in_nothing_from_itself(state: Menus) -> None:
    again = Menus(parse_buttons(buttons_to_json(state.button)), state.conditionalmenu)
    assert diff(state, again, labelled(state, again)) == ()


# Minimality.


def test_a_permutation_is_told_in_the_fewest_moves() -> None:
    """Nobody can do with fewer than the entries outside the longest run that keeps its order."""
    for n in range(6):
        before: Buttons = (parent("P", *(click(str(i)) for i in range(n))),) if n else ()
        for order in permutations(range(n)):
            after: Buttons = (parent("P", *(click(str(i)) for i in order)),) if n else ()
            fewest = n - max(
                (
                    sum(kept)
                    for kept in product((0, 1), repeat=n)
                    if (run := [i for i, k in zip(order, kept, strict=True) if k]) == sorted(run)
                ),
                default=0,
            )
            changes = told(before, after)
            assert [kind for kind, *_ in changes] == ["move"] * fewest


# One case each.

A, B, C = click("A"), click("B"), view("C")

CASES: list[tuple[str, Buttons, Buttons, Told]] = [
    ("a swap is one move", (A, B), (B, A), [("move", "1", "2")]),
    ("a rename keeps what a tap does", (A,), (Click("Z", "A"),), [("rename", "1")]),
    ("another action under the same name", (A,), (Click("A", "z"),), [("change", "1")]),
    (
        "another name and another action is two changes",
        (A,),
        (Click("Z", "z"),),
        [("rename", "1"), ("change", "1")],
    ),
    (
        "two that have nothing in common are not one",
        (A,),
        (view("Z"),),
        [("add", "1"), ("remove", "1")],
    ),
    (
        "two that swap their actions stay in place",
        (Click("A", "x"), Click("B", "y")),
        (Click("A", "y"), Click("B", "x")),
        [("change", "1"), ("change", "2")],
    ),
    (
        "two that swap their names stay in place too",
        (View("A", "u"), View("B", "v")),
        (View("B", "u"), View("A", "v")),
        [("rename", "1"), ("rename", "2")],
    ),
    (
        "renamed and moved is two changes",
        (A, B, C),
        (B, C, Click("Z", "A")),
        [("move", "3", "1"), ("rename", "3", "1")],
    ),
    (
        "moved, renamed and changed by id is three",
        (Click("A", "x", id="a"), B, C),
        (B, C, View("Z", "u", id="a")),
        [("move", "3", "1"), ("rename", "3", "1"), ("change", "3", "1")],
    ),
    (
        "what an id keeps together is told so, though remove and add would be shorter",
        (parent("P", Click("A", "x", id="a"), B), parent("Q", C)),
        (parent("P", B), parent("Q", C, View("Z", "u", id="a"))),
        [("move", "2.2", "1.1"), ("rename", "2.2", "1.1"), ("change", "2.2", "1.1")],
    ),
    (
        "an id that is on one side only says nothing",
        (Click("A", "x", id="a"),),
        (Click("A", "x", id="b"), B),
        [("add", "2")],
    ),
    (
        "a leaf that becomes a parent under a new name, by id",
        (Click("A", "x", id="a"),),
        (Parent("P", (B,), id="a"),),
        [("rename", "1"), ("change", "1"), ("add", "1.1")],
    ),
    (
        "a parent with all that is in it is gone before another of the same name",
        (parent("P", A), parent("P", B, C)),
        (parent("P", B, C),),
        [("remove", "1"), ("remove", "1.1")],
    ),
    (
        "the children say which parent was renamed",
        (parent("P", A), parent("Q", B, C)),
        (parent("R", B, C),),
        [("rename", "1", "2"), ("remove", "1"), ("remove", "1.1")],
    ),
    (
        "several at once, each where it is afterwards",
        (parent("P", A, B), parent("Q", C, click("D"))),
        (parent("P", Click("Z", "A")), parent("Q", view("N"), B, C)),
        [("rename", "1.1"), ("add", "2.1"), ("move", "2.2", "1.2"), ("remove", "2.2")],
    ),
    ("another type under the same name", (A,), (view("A"),), [("change", "1")]),
    ("entries pushed along are not counted", (A, B), (C, A, B), [("add", "1")]),
    ("entries that close ranks are not counted", (A, B, C), (B, C), [("remove", "1")]),
    ("rotating three is one move", (A, B, C), (B, C, A), [("move", "3", "1")]),
    ("under a parent is a move", (A, parent("P", B)), (parent("P", B, A),), [("move", "1.2", "1")]),
    ("out of a parent", (parent("P", A, B),), (parent("P", A), B), [("move", "2", "1.2")]),
    (
        "to another parent",
        (parent("P", A, B), parent("Q", C)),
        (parent("P", A), parent("Q", B, C)),
        [("move", "2.1", "1.2")],
    ),
    (
        "a parent takes its children along",
        (A, parent("P", B)),
        (parent("P", B), A),
        [("move", "1", "2")],
    ),
    (
        "a renamed parent keeps its children",
        (parent("P", A),),
        (parent("Q", A),),
        [("rename", "1")],
    ),
    (
        "a leaf becomes a parent",
        (click("P"),),
        (parent("P", A),),
        [("change", "1"), ("add", "1.1")],
    ),
    (
        "a parent becomes a leaf",
        (parent("P", A),),
        (click("P"),),
        [("change", "1"), ("remove", "1.1")],
    ),
    (
        "a button takes its parent's place",
        (parent("P", A),),
        (A,),
        [("move", "1", "1.1"), ("remove", "1")],
    ),
    (
        "moved and changed is two changes",
        (A, B, C),
        (B, C, Click("A", "z")),
        [("move", "3", "1"), ("change", "3", "1")],
    ),
    (
        "renamed where others push it along",
        (A,),
        (B, Click("Z", "A")),
        [("add", "1"), ("rename", "2", "1")],
    ),
    ("one of two alike goes", (A, A), (A,), [("remove", "2")]),
    (
        "everything goes",
        (A, parent("P", B)),
        (),
        [("remove", "1"), ("remove", "2"), ("remove", "2.1")],
    ),
    ("a first menu", (), (A,), [("add", "1")]),
    (
        "what only the console makes is replaced in its place",
        (Foreign("A", "text", (("value", "hi"),)),),
        (A,),
        [("change", "1")],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "changes"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_diff_tells(before: Buttons, after: Buttons, changes: Told) -> None:
    assert told(before, after) == changes


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("AB", "BA", [("move", "#1", "#2")]),
        ("AB", "B", [("remove", "#1")]),
        ("B", "AB", [("add", "#1")]),
        ("ABC", "CAB", [("move", "#1", "#3")]),
        ("AA", "A", [("remove", "#1")]),  # the older one is the one that can stay
        ("AA", "AA", []),
    ],
)
def test_diff_tells_of_conditional_menus(before: str, after: str, changes: Told) -> None:
    """Each letter is a menu of its own rule."""
    old = Menus((A,), tuple(menu_for(letter) for letter in before))
    new = Menus((A,), tuple(menu_for(letter) for letter in after))
    assert brief(diff(old, new, labelled(old, new))) == changes


def test_a_change_inside_a_conditional_menu_names_that_menu() -> None:
    old, new = Menus((A,), (menu_for("100", A),)), Menus((A,), (menu_for("100", Click("A", "z")),))
    (change,) = diff(old, new, labelled(old, new, t100="VIP"))
    assert (change.menu, change.at) == ("tag:VIP", "1")


def test_another_rule_is_another_menu() -> None:
    old, new = Menus((A,), (menu_for("100", A),)), Menus((A,), (menu_for("101", A),))
    assert brief(diff(old, new, labelled(old, new))) == [("add", "#1"), ("remove", "#1")]


def test_fields_say_what_was_and_what_will_be() -> None:
    (change,) = diff_buttons((click("A"),), (view("A", "u"),), DEFAULT)
    assert change_to_json(change) == {
        "kind": "change",
        "at": "1",
        "menu": "default",
        "same_by": "name",
        "fields": {
            "type": {"before": "click", "after": "view"},
            "url": {"after": "u"},
            "key": {"before": "A"},
        },
    }


def test_an_added_and_a_removed_button_carry_their_fields() -> None:
    add, remove = diff_buttons((click("A"),), (view("C", "u"),), DEFAULT)
    assert add.fields == (
        FieldChange("type", None, "view"),
        FieldChange("name", None, "C"),
        FieldChange("url", None, "u"),
    )
    assert [field.after for field in remove.fields] == [None, None, None]


def test_a_move_says_where_it_came_from_in_json() -> None:
    move = Change("move", "1", DEFAULT, was_at="2")
    assert change_to_json(move) == {"kind": "move", "at": "1", "was_at": "2", "menu": "default"}
