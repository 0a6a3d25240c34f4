"""token and stable_token: who gets one, how long it works, what ends it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from menuops.emulator import Account, Emulator
from menuops.emulator.quotas import take_minute
from menuops.emulator.refusal import Refusal

from .conftest import APPID, SECRET, Caller, Clock


def errcode_of(call: Caller, token: str) -> int | None:
    call.token = token
    return call.errcode("get_current_selfmenu_info")


def test_a_token_is_long_and_url_safe(anonymous: Caller) -> None:
    for answer in (anonymous.fetch_token(), anonymous.fetch_stable()):
        assert answer.keys() == {"access_token", "expires_in"}
        assert answer["expires_in"] == 7200
        assert re.fullmatch(r"[\w-]{136,157}", answer["access_token"], re.ASCII)


def test_a_second_classic_token_voids_the_first_after_five_minutes(
    anonymous: Caller, clock: Clock
) -> None:
    first = anonymous.fetch_token()["access_token"]
    second = anonymous.fetch_token()["access_token"]
    assert first != second
    clock.pass_s(299)
    assert errcode_of(anonymous, first) is None
    clock.pass_s(1)
    assert errcode_of(anonymous, first) == 40001
    assert errcode_of(anonymous, second) is None


def test_a_stable_token_stays_the_same_and_counts_down(anonymous: Caller, clock: Clock) -> None:
    first = anonymous.fetch_stable()
    clock.pass_s(6855)
    assert anonymous.fetch_stable() == {"access_token": first["access_token"], "expires_in": 345}
    clock.pass_s(45)
    assert anonymous.fetch_stable()["expires_in"] == 300


def test_in_its_last_five_minutes_a_stable_token_is_replaced_and_both_work(
    anonymous: Caller, clock: Clock
) -> None:
    first = anonymous.fetch_stable()["access_token"]
    clock.pass_s(6901)
    renewed = anonymous.fetch_stable()
    assert renewed["expires_in"] == 7200
    assert renewed["access_token"] != first
    clock.pass_s(298)
    assert errcode_of(anonymous, first) is None
    clock.pass_s(1)
    assert errcode_of(anonymous, first) == 42001
    assert errcode_of(anonymous, renewed["access_token"]) is None


def test_the_two_kinds_never_void_each_other(anonymous: Caller, clock: Clock) -> None:
    classic = anonymous.fetch_token()["access_token"]
    stable = anonymous.fetch_stable()["access_token"]
    anonymous.fetch_stable(force=True)
    clock.pass_s(301)
    assert errcode_of(anonymous, classic) is None
    anonymous.fetch_token()
    assert errcode_of(anonymous, stable) == 40001
    assert errcode_of(anonymous, anonymous.fetch_stable()["access_token"]) is None


def test_two_forced_refreshes_kill_a_leaked_token_at_once(anonymous: Caller, clock: Clock) -> None:
    leaked = anonymous.fetch_stable()["access_token"]
    anonymous.fetch_stable(force=True)
    assert errcode_of(anonymous, leaked) is None
    clock.pass_s(30)
    anonymous.fetch_stable(force=True)
    assert errcode_of(anonymous, leaked) == 40001


def test_a_forced_refresh_within_thirty_seconds_of_another_does_nothing(
    anonymous: Caller, clock: Clock
) -> None:
    forced = anonymous.fetch_stable(force=True)["access_token"]
    clock.pass_s(29)
    assert anonymous.fetch_stable(force=True) == {"access_token": forced, "expires_in": 7171}
    clock.pass_s(1)
    assert anonymous.fetch_stable(force=True)["access_token"] != forced


def test_the_twenty_first_forced_refresh_of_a_day_does_nothing(
    anonymous: Caller, clock: Clock
) -> None:
    seen = set()
    for _ in range(20):
        seen.add(anonymous.fetch_stable(force=True)["access_token"])
        clock.pass_s(30)
    assert len(seen) == 20
    assert anonymous.fetch_stable(force=True)["access_token"] in seen
    clock.pass_s(86_400)
    assert anonymous.fetch_stable(force=True)["access_token"] not in seen


def test_a_token_expires_after_two_hours(call: Caller, clock: Clock) -> None:
    clock.pass_s(7199)
    assert call.errcode("get_current_selfmenu_info") is None
    clock.pass_s(1)
    assert call.errcode("get_current_selfmenu_info") == 42001


def test_a_dead_token_is_named_by_how_it_died_long_after(call: Caller, clock: Clock) -> None:
    dead = call.token
    clock.pass_s(7200)
    for _ in range(5):
        call.fetch_stable()
        clock.pass_s(7200)
    assert errcode_of(call, dead) == 42001


@pytest.mark.parametrize(
    ("token", "errcode"),
    [("", 41001), ("short", 40014), ("a b" * 40, 40014), ("x" * 600, 40014), ("x" * 140, 40001)],
)
def test_a_token_that_was_never_issued_is_refused(
    anonymous: Caller, token: str, errcode: int
) -> None:
    assert errcode_of(anonymous, token) == errcode


def test_no_token_at_all_is_41001(anonymous: Caller) -> None:
    answer = anonymous.send("GET", "menu/get").json()
    assert answer["errcode"] == 41001
    assert answer["errmsg"].startswith("access_token missing rid: ")


def test_tokens_can_be_voided_and_expired_from_outside(call: Caller, emulator: Emulator) -> None:
    emulator.void_tokens(APPID)
    assert call.errcode("menu/get") == 40001
    call.token = call.fetch_stable()["access_token"]
    assert call.errcode("menu/get") == 46003
    emulator.expire_tokens(APPID)
    assert call.errcode("menu/get") == 42001
    assert errcode_of(call, call.fetch_token()["access_token"]) is None


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "client_credentials"}, 40002),
        ({"grant_type": None}, 40002),
        ({"appid": None}, 41002),
        ({"appid": ""}, 41002),
        ({"secret": None}, 41004),
        ({"secret": ""}, 41004),
        ({"appid": "wxffffffffffffffff", "secret": "wrong"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
def test_token_calls_check_their_parameters_in_order(
    anonymous: Caller, change: dict[str, Any], errcode: int
) -> None:
    good = {
        "grant_type": "client_credential",
        "appid": APPID,
        "secret": SECRET,
    }
    asked = {name: value for name, value in {**good, **change}.items() if value is not None}
    assert anonymous.send("GET", "token", params=asked).json()["errcode"] == errcode
    assert anonymous.send("POST", "stable_token", json=asked).json()["errcode"] == errcode


@pytest.mark.parametrize(
    ("body", "errcode"), [(b"", 44002), (b"{", 47001), (b"[]", 47001), (b"\xff", 47001)]
)
def test_stable_token_wants_a_json_object(anonymous: Caller, body: bytes, errcode: int) -> None:
    assert anonymous.send("POST", "stable_token", data=body).json()["errcode"] == errcode


def test_parameters_of_another_type_are_refused(anonymous: Caller) -> None:
    asked = {"grant_type": "client_credential", "appid": ["a"], "secret": 5}
    assert anonymous.send("POST", "stable_token", json=asked).json()["errcode"] == 40013
    asked["appid"] = APPID
    assert anonymous.send("POST", "stable_token", json=asked).json()["errcode"] == 40125


def test_each_token_call_has_its_method(anonymous: Caller) -> None:
    assert anonymous.send("GET", "stable_token").json()["errcode"] == 43002
    assert anonymous.send("POST", "token").json()["errcode"] == 43001


def test_an_address_off_the_whitelist_is_told_so_after_the_secret(
    anonymous: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, ip_whitelist=("10.0.0.1",)))
    assert anonymous.fetch_token(secret="wrong")["errcode"] == 40125
    answer = anonymous.fetch_token()
    assert answer["errcode"] == 40164
    text = "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist"
    assert re.fullmatch(re.escape(text) + r" rid: [0-9a-f]{8}(-[0-9a-f]{8}){2}", answer["errmsg"])
    emulator.add_account(replace(account, ip_whitelist=("10.0.0.1", "127.0.0.1")))
    assert "access_token" in anonymous.fetch_token()


def test_the_whitelist_governs_token_calls_only(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, ip_whitelist=()))
    assert call.errcode("menu/get") == 46003


def test_an_account_without_a_secret_takes_any(emulator: Emulator, anonymous: Caller) -> None:
    emulator.add_account(Account("wxdemo000000000001"))
    answer = anonymous.fetch_stable(appid="wxdemo000000000001", secret="anything")
    assert "access_token" in answer


def test_a_token_stands_for_its_own_account(emulator: Emulator, call: Caller) -> None:
    emulator.add_account(Account("wxdemo000000000001"))
    emulator.put_live("wxdemo000000000001", {"menu": {"button": [{"name": "a", "url": "b"}]}})
    assert call.errcode("menu/get") == 46003
    call.token = call.fetch_stable(appid="wxdemo000000000001", secret="x")["access_token"]
    assert call("menu/get")["menu"] == {"button": [{"name": "a", "url": "b"}]}


def test_more_than_ten_thousand_stable_calls_a_minute_are_45011(clock: Clock) -> None:
    used = take_minute({}, clock())
    for _ in range(9_999):
        used = take_minute(used, clock())
    with pytest.raises(Refusal, match="45011"):
        take_minute(used, clock())
    take_minute(used, clock() + 60)
