"""No list of changes of the same kinds is shorter than the one that is told.

Two judges that share nothing with the search: menus reached edit by edit, breadth first, and
all ways to pair the entries of two menus.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuops.core.diff import diff_buttons
from menuops.core.labels import DEFAULT
from menuops.core.model import Buttons, Click, Entry, Parent

Node: TypeAlias = tuple[str, str | None, tuple["Node", ...]]
"""A name, an action (None: a parent), and the children; a parent may be empty on the way."""
Tree: TypeAlias = tuple[Node, ...]

NAMES, ACTIONS = "ab", "xy"
LEAVES: list[Node] = [(name, action, ()) for name in NAMES for action in ACTIONS]


def to_menu(tree: Tree) -> Buttons:
    return tuple(
        Click(name, action)
        if action is not None
        else Parent(name, tuple(Click(n, a) for n, a, _ in children if a is not None))
        for name, action, children in tree
    )


# Edit by edit.


def edits(tree: Tree, most: int) -> Iterator[Tree]:
    """Give all that one add, remove, move, rename or change makes of a tree."""
    for node in [*LEAVES, *((name, None, ()) for name in NAMES)]:
        yield from insertions(tree, node, most)
    for path, (name, action, children) in nodes(tree):
        if not children:
            yield replaced(tree, path, ())
        for other in NAMES:
            if other != name:
                yield replaced(tree, path, ((other, action, children),))
        for act in (*ACTIONS, None):
            if act != action and not children and (act is not None or len(path) == 1):
                yield replaced(tree, path, ((name, act, ()),))
        rest = replaced(tree, path, ())
        yield from insertions(rest, (name, action, children), most)


def nodes(tree: Tree) -> Iterator[tuple[tuple[int, ...], Node]]:
    for i, node in enumerate(tree):
        yield (i,), node
        for j, child in enumerate(node[2]):
            yield (i, j), child


def replaced(tree: Tree, path: tuple[int, ...], by: tuple[Node, ...]) -> Tree:
    i = path[0]
    if len(path) == 2:
        name, action, children = tree[i]
        by = ((name, action, (*children[: path[1]], *by, *children[path[1] + 1 :])),)
    return (*tree[:i], *by, *tree[i + 1 :])


def insertions(tree: Tree, node: Node, most: int) -> Iterator[Tree]:
    if sum(1 for _ in nodes(tree)) + 1 + len(node[2]) > most:
        return
    for i in range(len(tree) + 1):
        yield (*tree[:i], node, *tree[i:])
    for i, (name, action, children) in enumerate(tree):
        if action is None and node[1] is not None:
            for j in range(len(children) + 1):
                inner = (*children[:j], node, *children[j:])
                yield (*tree[:i], (name, action, inner), *tree[i + 1 :])


def reached(start: Tree, steps: int, most: int) -> dict[Tree, int]:
    """Give the fewest edits to each tree that is no more than `steps` away."""
    found = {start: 0}
    border = [start]
    for step in range(1, steps + 1):
        border = [
            tree
            for tree in {after for before in border for after in edits(before, most)}
            if tree not in found
        ]
        found.update(dict.fromkeys(border, step))
    return found


def whole(tree: Tree) -> bool:
    """Tell whether WeChat would take it: on the way there may be more, and empty parents."""
    return len(tree) <= 3 and all(children or action is not None for _, action, children in tree)


def trees(leaves: int) -> list[Tree]:
    """Give all menus of up to so many entries in all."""
    level: set[Tree] = {()}
    every: set[Tree] = {()}
    for _ in range(leaves):
        level = {
            after
            for before in level
            for node in [*LEAVES, *((name, None, ()) for name in NAMES)]
            for after in insertions(before, node, leaves)
        }
        every |= level
    return sorted(filter(whole, every), key=repr)


def test_no_shorter_list_of_changes_leads_from_any_menu_of_three_leaves_to_another() -> None:
    """All pairs of menus without parents: 85 by 85."""
    states: list[Tree] = [s for n in range(4) for s in product(LEAVES, repeat=n)]
    for before in states:
        # Three of each can't be farther than three removed and three added.
        found = flat_distances(before)
        for after in states:
            told = diff_buttons(to_menu(before), to_menu(after), DEFAULT)
            assert len(told) == found[after], (before, after, told)


def flat_distances(start: Tree) -> dict[Tree, int]:
    """Give the fewest edits from one menu of leaves to all others, through leaves alone."""
    found = {start: 0}
    border = [start]
    while border:
        step = found[border[0]] + 1
        border = [
            tree
            for tree in {after for before in border for after in edits(before, 4)}
            if tree not in found and all(action is not None for _, action, _ in tree)
        ]
        found.update(dict.fromkeys(border, step))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_no_shorter_list_of_changes_leads_through_menus_with_parents(seed: int) -> None:
    """Whatever two edits can reach is told in no more."""
    rng = random.Random(seed)
    before = rng.choice([tree for tree in SMALL if any(action is None for _, action, _ in tree)])
    for after, fewest in reached(before, 2, 5).items():
        if whole(after):
            told = diff_buttons(to_menu(before), to_menu(after), DEFAULT)
            assert len(told) == fewest, (before, after, told)


SMALL = trees(4)


def test_chains_of_edits_are_told_in_no_more() -> None:
    """Far ones too: so many random edits one after the other are told in so many at most."""
    rng = random.Random(5)
    for _ in range(400):
        tree = before = rng.choice(SMALL)
        steps = rng.randint(1, 5)
        for _ in range(steps):
            tree = rng.choice(list(edits(tree, 9)))
        if whole(tree):
            told = diff_buttons(to_menu(before), to_menu(tree), DEFAULT)
            assert len(told) <= steps, (before, tree, told)


# All ways to pair.


@st.composite
def menus_of(draw: st.DrawFn) -> Buttons:
    """A menu of six entries at most, of few names and actions."""
    leaves = st.builds(Click, st.sampled_from("abc"), st.sampled_from("xyz"))
    parents = st.builds(
        Parent, st.sampled_from("abP"), st.lists(leaves, min_size=1, max_size=3).map(tuple)
    )
    menu: list[Entry] = []
    for entry in draw(st.lists(leaves | parents, max_size=3)):
        room = 6 - sum(1 + len(getattr(e, "sub_button", ())) for e in menu)
        if 1 + len(getattr(entry, "sub_button", ())) <= room:
            menu.append(entry)
    return tuple(menu)


@settings(max_examples=150)
@given(menus_of(), menus_of())
def test_no_other_pairs_leave_fewer_changes(before: Buttons, after: Buttons) -> None:
    assert len(diff_buttons(before, after, DEFAULT)) == fewest_by_pairing(before, after)


def fewest_by_pairing(before: Buttons, after: Buttons) -> int:
    old, new = listed(before), listed(after)
    best = len(old) + len(new)

    def go_on(at: int, partners: dict[int, int]) -> None:
        nonlocal best
        if at == len(new):
            best = min(best, cost(old, new, partners))
            return
        go_on(at + 1, partners)
        for i, (was_at, was) in enumerate(old):
            if i in partners.values() or not mixed_on_top(was_at, was, *new[at]):
                continue
            go_on(at + 1, {**partners, at: i})

    go_on(0, {})
    return best


Listed: TypeAlias = list[tuple[tuple[int, ...], Entry]]


def listed(menu: Buttons) -> Listed:
    found: Listed = []
    for i, entry in enumerate(menu):
        found.append(((i,), entry))
        if isinstance(entry, Parent):
            found += (((i, j), child) for j, child in enumerate(entry.sub_button))
    return found


def mixed_on_top(was_at: tuple[int, ...], was: Entry, at: tuple[int, ...], now: Entry) -> bool:
    """Pair a leaf with a parent on top only; leaves that share nothing never save anything."""
    if isinstance(was, Parent) or isinstance(now, Parent):
        return len(was_at) == len(at) == 1
    return was.name == now.name or action(was) == action(now)


def action(entry: Entry) -> object:
    return entry.key if isinstance(entry, Click) else None


def cost(old: Listed, new: Listed, partners: dict[int, int]) -> int:
    number = {at: k for k, (at, _) in enumerate(new)}
    changes = len(old) + len(new) - 2 * len(partners)
    families: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for k, i in partners.items():
        (at, now), (was_at, was) = new[k], old[i]
        changes += (now.name != was.name) + (action(now) != action(was))
        above = number.get(at[:-1])
        partner = () if above is None else old[partners[above]][0] if above in partners else None
        if partner == was_at[:-1]:
            families.setdefault(at[:-1], []).append(was_at)
        else:
            changes += 1
    return changes + sum(len(places) - ascending(places) for places in families.values())


def ascending(places: list[tuple[int, ...]]) -> int:
    """Count the most that are in order as they stand, by all ways to choose."""
    return max(
        sum(chosen)
        for chosen in product((0, 1), repeat=len(places))
        if (kept := [p for p, c in zip(places, chosen, strict=True) if c]) == sorted(kept)
    )


# Of any size.


def leaf(number: int) -> Click:
    return Click("same", str(number))


@pytest.mark.parametrize("size", [50, 400])
def test_a_live_answer_of_any_size_is_told(size: int) -> None:
    """More than WeChat allows, all alike; whatever is told must be few."""
    alike = tuple(Click("same", "same") for _ in range(size))
    assert diff_buttons(alike, alike[1:], DEFAULT)[0].kind == "remove"
    assert len(diff_buttons(alike, alike[: size // 2], DEFAULT)) == size - size // 2
    named = tuple(leaf(number) for number in range(size))
    turned = (*named[size // 2 :], *named[: size // 2])
    assert len(diff_buttons(named, turned, DEFAULT)) <= size
    assert [c.kind for c in diff_buttons(named, (*named[1:], named[0]), DEFAULT)] == ["move"]
    parents = tuple(Parent("P", (leaf(number), leaf(number + 1))) for number in range(size))
    assert len(diff_buttons(parents, parents[1:], DEFAULT)) <= 3 * size
