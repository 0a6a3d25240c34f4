"""Ids that live menus get from what is known of their past."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.identity import ids_of, with_ids, with_known_ids
from menuops.core.jsonform import buttons_to_json, parse_buttons
from menuops.core.model import Buttons, Click, Foreign, Menus, Parent, View
from menuops.core.spots import spots

from .strategies import click, menu_for, menus, view

KNOWN = Menus(
    (
        Click("签到", "SIGN", id="sign"),
        Parent("帮助", (View("门店", "https://a.cn/s", id="shops"), click("B")), id="help"),
    ),
    (
        replace(menu_for("100", Click("A", "x", id="a")), id="vip"),
        replace(menu_for("ios"), id="ios-launch"),
    ),
)


def bare(state: Menus) -> Menus:
    """Take all ids away, as the remote does."""
    return with_ids(state, {})


def test_a_live_state_that_is_as_known_gets_all_ids() -> None:
    assert (
        ids_of(with_known_ids(bare(KNOWN), KNOWN))
        == ids_of(KNOWN)
        == {
            "1": "sign",
            "2": "help",
            "2.1": "shops",
            "#1": "vip",
            "#1/1": "a",
            "#2": "ios-launch",
        }
    )


@pytest.mark.parametrize(
    ("live", "ids"),
    [
        pytest.param((Click("打卡", "SIGN"),), {"1": "sign"}, id="by what a tap does"),
        pytest.param((click("签到", "NEW"),), {"1": "sign"}, id="by name, of one type"),
        pytest.param((view("签到"),), {}, id="another type under that name is something else"),
        pytest.param((Foreign("签到", "text"),), {}, id="so is what the console made"),
        pytest.param((click("Z", "Z"), view("Z")), {}, id="likeness is not enough"),
        pytest.param(
            (view("x"), Parent("帮助", (click("B"), View("店", "https://a.cn/s")))),
            {"2": "help", "2.2": "shops"},
            id="wherever it went",
        ),
        pytest.param(
            (Click("签到", "SIGN"), Click("签到", "SIGN")), {"1": "sign"}, id="each id once"
        ),
        pytest.param((), {}, id="no menu"),
    ],
)
def test_an_entry_is_known_again(live: Buttons, ids: dict[str, str]) -> None:
    assert ids_of(with_known_ids(Menus(live), KNOWN)) == ids


def test_a_conditional_menu_is_known_again_by_its_rule() -> None:
    live = Menus((), (menu_for("ios"), menu_for("102"), menu_for("100", Click("A", "y"))))
    assert ids_of(with_known_ids(live, KNOWN)) == {"#1": "ios-launch", "#3": "vip", "#3/1": "a"}


def test_an_id_that_is_known_twice_is_given_once() -> None:
    known = Menus((Click("A", "x", id="a"), Click("B", "y", id="a")))
    assert list(ids_of(with_known_ids(bare(known), known)).values()) == ["a"]


@st.composite
def named_menus(draw: st.DrawFn) -> Menus:
    state = draw(menus(foreign=True, least=0))
    places = [
        *(".".join(str(n + 1) for n in spot.path) for spot in spots(state.button)),
        *(f"#{n + 1}" for n in range(len(state.conditionalmenu))),
        *(
            f"#{n + 1}/{'.'.join(str(m + 1) for m in spot.path)}"
            for n, menu in enumerate(state.conditionalmenu)
            for spot in spots(menu.button)
        ),
    ]
    chosen = draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    return with_ids(state, {place: f"id{number}" for number, place in enumerate(chosen)})


@given(named_menus())
def test_ids_come_back_from_json(state: Menus) -> None:
    ids = json.loads(json.dumps(ids_of(state)))
    again = with_ids(
        Menus(parse_buttons(buttons_to_json(state.button)), state.conditionalmenu), ids
    )
    assert again == state
    assert repr(again) == repr(state)  # ids too, which are no part of equality


@given(named_menus(), menus(foreign=True, least=0))
def test_known_ids_change_nothing_but_ids(known: Menus, live: Menus) -> None:
    found = with_known_ids(live, known)
    assert found == live
    given_ids = list(ids_of(found).values())
    assert len(given_ids) == len(set(given_ids))
    assert set(given_ids) <= set(ids_of(known).values())


@given(named_menus())
def test_a_key_that_names_no_place_is_of_no_use(state: Menus) -> None:
    ids = {**ids_of(state), "9": "x", "#9": "x", "#1/9": "x", "": "x", "1.9": "x"}
    assert ids_of(with_ids(state, ids)) == ids_of(state)
