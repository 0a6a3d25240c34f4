"""put_live: any answer of menu/get can be put in, and is given back."""

from __future__ import annotations

from typing import Any

import pytest

from menuops.emulator import Emulator

from .conftest import APPID, Caller, payload

BUTTON = [{"name": "a", "type": "click", "key": "k", "sub_button": []}]
RULE = {"group_id": "1"}


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "all-types",
        "with-conditional",
        "live-miniprogram",
        "live-raw",
        "live-platform-conditionals",
        "tag-conditional-after-recreate",
    ],
)
def test_an_answer_is_given_back(call: Caller, emulator: Emulator, name: str) -> None:
    answer = payload(f"menu-get-{name}")
    emulator.put_live(APPID, answer)
    assert call("menu/get") == answer


def test_ids_go_on_from_those_put_in(call: Caller, emulator: Emulator) -> None:
    rule = {"client_platform_type": "1"}
    body = {"button": [{"type": "click", "name": "a", "key": "k"}], "matchrule": rule}
    emulator.put_live(APPID, payload("menu-get-with-conditional"))
    assert int(call("menu/addconditional", body)["menuid"]) > 208396993
    assert call.errcode("menu/delconditional", {"menuid": "208396993"}) == 0
    emulator.put_live(
        APPID,
        {
            "menu": {"button": BUTTON, "menuid": 700_000_000},
            "conditionalmenu": [
                {"button": BUTTON, "matchrule": RULE, "menuid": "700000009"},
                {"button": BUTTON, "matchrule": RULE},
            ],
        },
    )
    ids = [one["menuid"] for one in call("menu/get")["conditionalmenu"]]
    assert ids == [700_000_009, 700_000_010]
    assert int(call("menu/addconditional", body)["menuid"]) > 700_000_010


def test_no_menu_can_be_put_in(call: Caller, emulator: Emulator) -> None:
    emulator.put_live(APPID, payload("menu-get-with-conditional"))
    emulator.put_live(APPID, payload("menu-get-none"))
    assert call.errcode("menu/get") == 46003


def test_what_is_put_in_is_a_copy(call: Caller, emulator: Emulator) -> None:
    answer = payload("menu-get-plain")
    emulator.put_live(APPID, answer)
    answer["menu"]["button"].clear()
    assert call("menu/get") == payload("menu-get-plain")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"button": BUTTON},
        {"errcode": 40001, "errmsg": "x"},
        {"menu": {"button": 5}},
        {"menu": {"button": [5]}},
        {"menu": {"button": [{"sub_button": {"list": []}}]}},
        {"menu": {"button": [{"sub_button": [5]}]}},
        {"menu": {"button": BUTTON, "menuid": True}},
        {"menu": {"button": BUTTON, "menuid": "x"}},
        {"menu": {"button": BUTTON, "other": 1}},
        {"menu": {"button": BUTTON}, "other": 1},
        {"menu": {"button": BUTTON}, "conditionalmenu": 5},
        {"menu": {"button": BUTTON}, "conditionalmenu": [5]},
        {"menu": {"button": BUTTON}, "conditionalmenu": [{"button": BUTTON}]},
        {"menu": {"button": BUTTON}, "conditionalmenu": [{"matchrule": RULE}]},
    ],
)
def test_what_is_no_answer_of_menu_get_is_an_error(
    emulator: Emulator, answer: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"is|has"):
        emulator.put_live(APPID, answer)


def test_an_account_that_was_not_added_is_an_error(emulator: Emulator) -> None:
    with pytest.raises(KeyError, match="wxunknown"):
        emulator.put_live("wxunknown", payload("menu-get-plain"))
