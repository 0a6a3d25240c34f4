"""Menus, live states and plans for hypothesis, from alphabets so small that things meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from menuops.core.basis import Basis
from menuops.core.labels import Labels, label_menus
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import (
    ACTIONS,
    Action,
    Button,
    Buttons,
    Click,
    ConditionalMenu,
    Entry,
    Foreign,
    MatchRule,
    Menus,
    Parent,
    View,
)
from menuops.core.plan import AccountPlan, AccountRef, make_account_plan

NAMES = st.sampled_from(["甲", "B", "c c", "\u202e"])
VALUES = st.sampled_from(["x", "y", "https://a.example/", "https://b.example/"])
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@st.composite
def actions(draw: st.DrawFn) -> Action:
    """Any of the 13 types."""
    kind = draw(st.sampled_from(list(ACTIONS.values())))
    return kind(draw(NAMES), *(draw(VALUES) for _ in kind.FIELDS))


def foreigns() -> st.SearchStrategy[Foreign]:
    """A button as the console makes them, or one of a type that nobody knows yet."""
    return st.builds(
        Foreign,
        NAMES,
        st.sampled_from(["text", "news", "img", "hologram", ""]),
        st.dictionaries(st.sampled_from(["value", "news_info", "z"]), VALUES).map(
            lambda fields: tuple(sorted(fields.items()))
        ),
    )


def entries(leaves: st.SearchStrategy[Button]) -> st.SearchStrategy[Entry]:
    """A leaf, or a parent of some."""
    parents = st.builds(Parent, NAMES, st.lists(leaves, min_size=1, max_size=5).map(tuple))
    return leaves | parents


def buttons(*, foreign: bool = False, least: int = 1) -> st.SearchStrategy[Buttons]:
    """One menu, within WeChat's limits on entries."""
    leaves: st.SearchStrategy[Button] = actions() | foreigns() if foreign else actions()
    return st.lists(entries(leaves), min_size=least, max_size=3).map(tuple)


def rules() -> st.SearchStrategy[MatchRule]:
    """A rule over two tags and the platforms."""
    return st.builds(
        MatchRule, st.sampled_from([None, "100", "101"]), st.sampled_from([None, "1", "2"])
    ).filter(lambda rule: rule != MatchRule())


def conditionals(*, foreign: bool = False) -> st.SearchStrategy[ConditionalMenu]:
    """A conditional menu."""
    return st.builds(ConditionalMenu, rules(), buttons(foreign=foreign))


def menus(*, foreign: bool = False, least: int = 1) -> st.SearchStrategy[Menus]:
    """All menus of an account."""
    return st.builds(
        Menus,
        buttons(foreign=foreign, least=least),
        st.lists(conditionals(foreign=foreign), max_size=4).map(tuple),
    )


def ids_of(number: int) -> tuple[str, ...]:
    """Give menuids as WeChat does: the newest is the highest."""
    return tuple(str(9000 - i) for i in range(number))


def live_of(state: Menus, console: Console = Console.NONE) -> Live:
    """Make a state live."""
    return Live(state, ids_of(len(state.conditionalmenu)), console)


@st.composite
def lives(draw: st.DrawFn) -> Live:
    """Any state of an account that WeChat could answer."""
    console = draw(st.sampled_from(Console))
    state = draw(menus(foreign=True, least=0))
    if console is Console.CLOSED:
        state = Menus((), state.conditionalmenu)
    dead = st.builds(
        DeadMenu,
        st.sampled_from(["1", "2"]),
        st.just((("group_id", 100), ("sex", "1"))),
        buttons(),
    )
    return Live(
        state,
        ids_of(len(state.conditionalmenu)),
        console,
        tuple(draw(st.lists(dead, max_size=1))),
    )


def labelled(
    before: Menus, after: Menus, ids: Sequence[str | None] | None = None, **tags: str
) -> Labels:
    """Label two states; a tag's name stands behind `t` and its id: `t100="VIP"`."""
    names = {tag[1:]: name for tag, name in tags.items()}
    return label_menus(before, with_menu_ids(after, ids) if ids else after, names)


def with_menu_ids(state: Menus, ids: Sequence[str | None]) -> Menus:
    """Give ids to the conditional menus."""
    named = zip(state.conditionalmenu, ids, strict=True)
    return Menus(state.button, tuple(replace(menu, id=id_) for menu, id_ in named))


REF = AccountRef("shop", "wx0123456789abcdef", "https://api.weixin.qq.com")


@st.composite
def account_plans(draw: st.DrawFn) -> AccountPlan:
    """The plan of an account that could be read; what is live and what is wanted often meet."""
    live = draw(lives())
    wanted = st.just(live.menus) if live.menus.button else menus()
    after = draw(wanted | menus())
    after = Menus(
        tuple(entry for entry in after.button if not isinstance(entry, Foreign))
        or (Click("甲", "x"),),
        after.conditionalmenu,
    )
    if draw(st.booleans()):  # some of the live conditional menus, in another order
        some = draw(st.permutations(live.menus.conditionalmenu))
        after = Menus(after.button, tuple(some[: draw(st.integers(0, 4))]))
    ids = draw(
        st.lists(
            st.sampled_from([None, "spring", "vip"]),
            min_size=len(after.conditionalmenu),
            max_size=len(after.conditionalmenu),
        )
    )
    after = with_menu_ids(after, ids)
    labels = label_menus(live.menus, after, draw(st.sampled_from([{}, {"100": "VIP"}])))
    lifts = draw(st.lists(st.sampled_from(["console-menu", "remove-conditional", "x"])))
    ref = AccountRef(draw(st.sampled_from(["shop", "店"])), REF.appid, REF.api)
    return make_account_plan(
        ref, live, after, labels, lifts=lifts, basis=Basis(delete_first=draw(st.booleans()))
    )


def click(name: str, key: str | None = None) -> Click:
    """A click whose key is its name, unless one is given."""
    return Click(name, key or name)


def view(name: str, url: str | None = None) -> View:
    """A view of a page of its own, unless one is given."""
    return View(name, url or f"https://shop.example.com/{name}")


def parent(name: str, *children: Button) -> Parent:
    """A parent with its children."""
    return Parent(name, children)


def menu_for(rule: str, *entries: Entry) -> ConditionalMenu:
    """A conditional menu: the rule is a tag's id, a platform, or both: `100+ios`."""
    platforms = {"ios": "1", "android": "2", "other": "3"}
    parts = rule.split("+")
    tags = [part for part in parts if part not in platforms]
    on = [platforms[part] for part in parts if part in platforms]
    return ConditionalMenu(
        MatchRule(tags[0] if tags else None, on[0] if on else None),
        entries or (click(rule),),
    )
