"""Tokens of Cloud Run: another parameter, half an hour, and none voids another."""

from __future__ import annotations

import pytest

from menuops.emulator import Emulator

from .conftest import APPID, Caller, Clock, encoded


def errcode(call: Caller, **query: str) -> int | None:
    found = call.send("GET", "get_current_selfmenu_info", params=query).json().get("errcode")
    assert found is None or isinstance(found, int)
    return found


def test_it_works_as_its_own_parameter_alone(anonymous: Caller, emulator: Emulator) -> None:
    token = emulator.cloudbase_token(APPID)
    assert errcode(anonymous, cloudbase_access_token=token) is None
    assert errcode(anonymous, access_token=token) == 40001


def test_it_works_for_writes_too(anonymous: Caller, emulator: Emulator) -> None:
    asked = {"cloudbase_access_token": emulator.cloudbase_token(APPID)}
    menu = encoded({"button": [{"type": "click", "name": "a", "key": "k"}]})
    answer = anonymous.send("POST", "menu/create", params=asked, data=menu)
    assert answer.json()["errcode"] == 0
    body = encoded({"cgi_path": "/cgi-bin/menu/create"})
    answer = anonymous.send("POST", "openapi/quota/get", params=asked, data=body)
    assert answer.json()["quota"]["used"] == 1


def test_no_other_token_works_as_its_parameter(anonymous: Caller) -> None:
    for answer in (anonymous.fetch_token(), anonymous.fetch_stable()):
        assert errcode(anonymous, cloudbase_access_token=answer["access_token"]) == 40001


@pytest.mark.parametrize(("token", "wanted"), [("", 41001), ("short", 40014), ("x" * 140, 40001)])
def test_one_that_was_never_made_is_refused_as_any_other(
    anonymous: Caller, token: str, wanted: int
) -> None:
    assert errcode(anonymous, cloudbase_access_token=token) == wanted


def test_of_both_parameters_access_token_counts(anonymous: Caller, emulator: Emulator) -> None:
    cloudbase = emulator.cloudbase_token(APPID)
    stable = anonymous.fetch_stable()["access_token"]
    assert errcode(anonymous, access_token=stable, cloudbase_access_token="x") is None
    assert errcode(anonymous, access_token="", cloudbase_access_token=cloudbase) == 41001


def test_each_lives_half_an_hour_whatever_comes_after_it(
    anonymous: Caller, emulator: Emulator, clock: Clock
) -> None:
    first = emulator.cloudbase_token(APPID)
    clock.pass_s(600)
    second = emulator.cloudbase_token(APPID)
    anonymous.fetch_token()
    anonymous.fetch_stable(force=True)
    clock.pass_s(1199)
    assert errcode(anonymous, cloudbase_access_token=first) is None
    clock.pass_s(1)
    assert errcode(anonymous, cloudbase_access_token=first) == 42001
    assert errcode(anonymous, cloudbase_access_token=second) is None
    clock.pass_s(600)
    assert errcode(anonymous, cloudbase_access_token=second) == 42001


def test_it_voids_no_token_of_another_kind(
    anonymous: Caller, emulator: Emulator, clock: Clock
) -> None:
    others = [anonymous.fetch_token()["access_token"], anonymous.fetch_stable()["access_token"]]
    emulator.cloudbase_token(APPID)
    clock.pass_s(301)
    assert [errcode(anonymous, access_token=token) for token in others] == [None, None]
    assert anonymous.fetch_stable()["access_token"] == others[1]


def test_it_can_be_voided_and_expired_from_outside(anonymous: Caller, emulator: Emulator) -> None:
    token = emulator.cloudbase_token(APPID)
    emulator.void_tokens(APPID)
    assert errcode(anonymous, cloudbase_access_token=token) == 40001
    token = emulator.cloudbase_token(APPID)
    emulator.expire_tokens(APPID)
    assert errcode(anonymous, cloudbase_access_token=token) == 42001


def test_an_account_that_was_not_added_has_none(emulator: Emulator) -> None:
    with pytest.raises(KeyError, match="wxunknown"):
        emulator.cloudbase_token("wxunknown")
