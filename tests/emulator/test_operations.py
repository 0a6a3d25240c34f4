"""Quotas set back, refusals looked up, addresses, and the check of a callback."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from menuops.emulator import Account, Emulator, Switches

from .conftest import APPID, SECRET, Caller, Clock, encoded

RID = "openapi/rid/get"
DAY_S = 86_400


def used(call: Caller, path: str) -> int:
    found = call("openapi/quota/get", {"cgi_path": f"/cgi-bin/{path}"})["quota"]["used"]
    assert isinstance(found, int)
    return found


def clear_v2(call: Caller, secret: str = SECRET, appid: str = APPID) -> Any:
    body = encoded({"appid": appid, "appsecret": secret})
    return call.send("POST", "clear_quota/v2", data=body).json()["errcode"]


def rid_of(answer: dict[str, Any]) -> str:
    return str(answer["errmsg"]).rsplit(" ", 1)[1]


def test_all_counts_are_set_back(call: Caller) -> None:
    call("menu/get")
    call("tags/get")
    assert call("clear_quota", {"appid": APPID}) == {"errcode": 0, "errmsg": "ok"}
    assert (used(call, "menu/get"), used(call, "tags/get")) == (0, 0)


def test_an_account_clears_its_own_alone(call: Caller, emulator: Emulator) -> None:
    emulator.add_account(Account("wxelse"))
    others: list[Any] = ["wxelse", None, [], ""]
    for appid in others:
        assert call.errcode("clear_quota", {"appid": appid}) == 40013


def test_ten_a_month_by_both_ways_together(call: Caller, clock: Clock) -> None:
    for _ in range(5):
        assert call.errcode("clear_quota", {"appid": APPID}) == 0
        assert clear_v2(call) == 0
    assert call.errcode("clear_quota", {"appid": APPID}) == 48006
    assert clear_v2(call) == 48006
    clock.pass_s(9 * DAY_S + 12 * 3600 - 1)  # the last second of November in China
    assert clear_v2(call) == 48006
    clock.pass_s(1)
    assert clear_v2(call) == 0


def test_by_secret_it_works_when_no_token_calls_are_left(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, quotas={"token": 1}, ip_whitelist=()))
    assert clear_v2(call) == 0
    emulator.add_account(replace(account, quotas={"token": 1}))
    call.fetch_token()
    assert call.fetch_token()["errcode"] == 45009
    assert clear_v2(call) == 0
    assert "access_token" in call.fetch_token()


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"appid": APPID, "appsecret": "wrong"}, 40125),
        ({"appid": "wxno", "appsecret": SECRET}, 40013),
        ({"appid": [], "appsecret": SECRET}, 40013),
        ({"appsecret": SECRET}, 41002),
        ({"appid": APPID}, 41004),
    ],
)
def test_who_clears_by_secret_is_checked(anonymous: Caller, body: Any, errcode: int) -> None:
    answer = anonymous.send("POST", "clear_quota/v2", data=encoded(body)).json()
    assert answer["errcode"] == errcode
    assert anonymous.send("GET", "clear_quota/v2").json()["errcode"] == 43002


def test_one_count_is_set_back_fifty_times_a_month(call: Caller) -> None:
    call("menu/get")
    call("tags/get")
    body = {"cgi_path": "/cgi-bin/menu/get"}
    assert call.errcode("openapi/quota/clear", body) == 0
    assert (used(call, "menu/get"), used(call, "tags/get")) == (0, 1)
    for _ in range(49):
        assert call.errcode("openapi/quota/clear", body) == 0
    assert call.errcode("openapi/quota/clear", body) == 48006
    for cgi_path, errcode in (("/cgi-bin/x", 76021), ("menu/get", 76003), ("/sns/x", 76022)):
        assert call.errcode("openapi/quota/clear", {"cgi_path": cgi_path}) == errcode


def test_a_refusal_is_found_by_its_rid(call: Caller, clock: Clock) -> None:
    answer = call("menu/create", {"button": []})
    clock.pass_s(60)
    found = call(RID, {"rid": rid_of(answer)})
    assert (found["errcode"], found["errmsg"]) == (0, "ok")
    assert found["request"] == {
        "invoke_time": int(clock.now_s) - 60,
        "cost_in_ms": 1,
        "request_url": f"access_token={call.token[:6]}xxxx",
        "request_body": '{"button": []}',
        "response_body": json.dumps(answer, separators=(",", ":")),
        "client_ip": "127.0.0.1",
    }


def test_refused_token_calls_are_found_without_secrets(call: Caller) -> None:
    for answer in (call.fetch_token(secret="s3cret"), call.fetch_stable(secret="s3cret")):
        found = call(RID, {"rid": rid_of(answer)})
        assert found["errcode"] == 0
        assert "s3cret" not in json.dumps(found)
        assert call.token not in json.dumps(found)


def test_a_rid_that_is_not_found(call: Caller, emulator: Emulator, clock: Clock) -> None:
    emulator.add_account(Account("wxelse"))
    rid = rid_of(call("menu/get"))
    for wrong in ("", None, 5, rid.upper() + "x", rid[:-1], [rid]):
        assert call.errcode(RID, {"rid": wrong}) == 76002
    assert call.errcode(RID, {"rid": "0" * 8 + rid[8:]}) == 76001
    own, call.token = call.token, call.fetch_stable(appid="wxelse", secret="x")["access_token"]
    assert call.errcode(RID, {"rid": rid}) == 76003
    call.token = own
    clock.pass_s(7 * DAY_S)
    call.token = call.fetch_stable()["access_token"]
    assert call.errcode(RID, {"rid": rid}) == 0
    clock.pass_s(1)
    assert call.errcode(RID, {"rid": rid}) == 76004
    settings = Account(APPID, secret=SECRET, switches=Switches(old_rid="76001"))
    emulator.add_account(settings)
    assert call.errcode(RID, {"rid": rid}) == 76001


def test_rids_are_there_in_the_next_process(tmp_path: Path, clock: Clock, account: Account) -> None:
    path = tmp_path / "emulator.json"
    one = Emulator(state_file=path, clock=clock)
    one.add_account(account)
    with one.serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable()["access_token"]
            rid = rid_of(caller("menu/get"))
    with Emulator(state_file=path, clock=clock).serve() as url:
        again = Caller(url)
        with again.session:
            again.token = caller.token
            assert again.errcode(RID, {"rid": rid}) == 0


def test_the_last_refusals_are_kept(call: Caller) -> None:
    first = rid_of(call("menu/get"))
    second = rid_of(call("menu/get"))
    for _ in range(49):
        call("menu/get")
    assert call.errcode(RID, {"rid": second}) == 0
    assert call.errcode(RID, {"rid": first}) == 76001


@pytest.mark.parametrize("path", ["get_api_domain_ip", "getcallbackip"])
def test_addresses_are_listed_for_every_account(
    call: Caller, emulator: Emulator, account: Account, path: str
) -> None:
    emulator.add_account(replace(account, rights=False))
    listed = call(path)["ip_list"]
    assert listed
    assert all(isinstance(ip, str) for ip in listed)
    assert call.errcode(path, {}) == 43001


@pytest.mark.parametrize("action", ["dns", "ping", "all"])
def test_a_callback_is_checked(
    call: Caller, emulator: Emulator, account: Account, action: str
) -> None:
    emulator.add_account(replace(account, callback_url="https://bot.example/wx"))
    answer = call("callback/check", {"action": action, "check_operator": "UNICOM"})
    assert set(answer) == ({"dns", "ping"} if action == "all" else {action})
    for one in answer.get("dns", []):
        assert set(one) == {"ip", "real_operator"}
    for one in answer.get("ping", []):
        assert set(one) == {"ip", "from_operator", "package_loss", "time"}
        assert one["from_operator"] == "UNICOM"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"action": "all", "check_operator": "DEFAULT"}, 40201),
        ({"action": "trace", "check_operator": "DEFAULT"}, 40202),
        ({"action": [], "check_operator": "DEFAULT"}, 40202),
        ({"action": "all", "check_operator": "MOBILE"}, 40203),
        ({"action": "all", "check_operator": {}}, 40203),
        ({"action": "all"}, 40203),
    ],
)
def test_a_callback_check_is_checked(call: Caller, body: Any, errcode: int) -> None:
    assert call.errcode("callback/check", body) == errcode
