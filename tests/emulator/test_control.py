"""The control interface over HTTP: what it shows, what it does, and what it hides."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from menuops.emulator import Emulator, Fault

from .conftest import APPID, SECRET, Caller, Clock, Control, encoded, payload

BODY = {"button": [{"type": "click", "name": "a", "key": "k"}]}
RULE = {"tag_id": "100", "client_platform_type": "1"}


# What it shows


def test_state_has_all_but_secrets_and_tokens(call: Caller, control: Control) -> None:
    call("menu/create", BODY)
    menuid = call("menu/addconditional", {**BODY, "matchrule": RULE})["menuid"]
    call.fetch_token()
    answer = control.send("GET", "state")
    assert SECRET not in answer.text
    assert call.token not in answer.text
    state = answer.json()
    assert state["latency_s"] == 0
    assert state["last_call"] == 4
    assert "menu/create" in state["paths"]
    assert {"errcode", "status", "reset_after", "delay", "refused"} <= set(state["fault_kinds"])
    [account] = state["accounts"]
    assert account["secret"] == "***"
    assert account["default"]["button"][0]["key"] == "k"
    [conditional] = account["conditional"]
    assert conditional["menuid"] == int(menuid)
    assert conditional["matchrule"] == {"group_id": "100", "client_platform_type": "1"}
    assert account["console"] is None
    assert account["is_open"] is True
    assert account["rights"] is True
    assert account["tags"][0] == {"id": 100, "name": "VIP", "count": 3}
    assert account["followers"][1]["openid"] == "oVip"
    assert account["tokens"] == [
        {"kind": "stable", "status": "works", "expires_in_s": 7200},
        {"kind": "classic", "status": "works", "expires_in_s": 7200},
    ]


def test_calls_are_shown_whole_once_they_ended(call: Caller, control: Control) -> None:
    call("menu/create", BODY)
    call.send("GET", "menu/gett")
    shown = control.get("calls")
    assert shown["last"] == 3
    token, create, unknown = shown["calls"]
    assert [one["n"] for one in shown["calls"]] == [1, 2, 3]
    assert token["appid"] == create["appid"] == APPID
    assert json.loads(token["body"])["secret"] == "***"
    assert json.loads(token["answer"]) == {"access_token": "***", "expires_in": 7200}
    assert create["method"] == "POST"
    assert create["path"] == "/cgi-bin/menu/create"
    assert create["query"] == {"access_token": "***"}
    assert json.loads(create["body"]) == BODY
    assert json.loads(create["answer"]) == {"errcode": 0, "errmsg": "ok"}
    assert (create["errcode"], create["status"], create["fault"]) == (0, 200, None)
    assert unknown["appid"] is None
    assert unknown["errcode"] == 40066
    assert [one["n"] for one in control.get("calls", since=2)["calls"]] == [3]
    assert control.get("calls", since=3) == {"calls": [], "last": 3}


def test_a_number_of_an_emulator_that_ran_before_shows_all(control: Control) -> None:
    assert [one["n"] for one in control.get("calls", since=99)["calls"]] == [1]


def test_what_is_asked_of_the_control_interface_is_no_call(
    control: Control, emulator: Emulator
) -> None:
    before = emulator.calls
    control.get("state")
    control.session.get(control.url, timeout=10)
    assert emulator.calls == before
    assert control.get("calls")["last"] == len(before)


# What it does


def test_what_a_follower_sees(call: Caller, control: Control) -> None:
    def sight(**who: Any) -> Any:
        return control.get("match", appid=APPID, **who)

    assert sight() == {"menuid": None, "button": None, "rule": None, "source": "none"}
    call("menu/create", BODY)
    menuid = int(call("menu/addconditional", {**BODY, "matchrule": RULE})["menuid"])
    assert sight()["menuid"] == menuid - 1
    for who in list[dict[str, Any]]([{"tag": [101, 100], "platform": 1}, {"openid": "oVip"}]):
        assert sight(**who)["menuid"] == menuid
        assert sight(**who)["rule"] == {"group_id": "100", "client_platform_type": "1"}
    for who in list[dict[str, Any]](
        [{"tag": [100, 101], "platform": 1}, {"tag": 100}, {"openid": "oSpring"}]
    ):
        assert sight(**who)["menuid"] == menuid - 1
        assert sight(**who)["rule"] is None
    control.post("console", {"appid": APPID, **payload("selfmenu-console")})
    seen = sight(openid="oVip")
    assert (seen["source"], seen["menuid"]) == ("console", None)
    parents = [entry for entry in seen["button"] if "sub_button" in entry]
    assert parents
    assert all(isinstance(entry["sub_button"], list) for entry in parents)
    control.post("console", {"appid": APPID, "is_open": 0})
    assert sight() == {"menuid": None, "button": None, "rule": None, "source": "closed"}
    strangers: list[dict[str, Any]] = [{"openid": "oNobody"}, {"openid": "oGone"}, {"appid": "x"}]
    for who in strangers:
        answer = control.send("GET", "match", params={"appid": APPID, **who})
        assert answer.status_code == 404


def test_faults_are_planned_shown_and_cleared(
    call: Caller, control: Control, emulator: Emulator
) -> None:
    planned = {"path": "menu/create", "fault": "errcode", "code": 45009, "times": 2, "after": 1}
    control.post("faults", planned)
    shown = control.post("faults", {"path": "menu/get", "fault": "delay", "seconds": 0, "times": 0})
    assert shown["faults"] == control.get("state")["faults"]
    assert shown["faults"] == [
        {**planned, "text": None},
        {"path": "menu/get", "fault": "delay", "seconds": 0, "times": 0, "after": 0},
    ]
    assert [call.errcode("menu/create", BODY) for _ in range(4)] == [0, 45009, 45009, 0]
    assert [one.fault for one in emulator.faults] == [Fault.delay(0)]
    assert control.get("calls")["calls"][-2]["fault"] == "errcode"
    options = {"headers": {"Content-Type": "application/json"}}
    assert control.send("DELETE", "faults?path=menu/create", **options).json() != {"faults": []}
    assert control.send("DELETE", "faults", **options).json() == {"faults": []}
    assert emulator.faults == []


def test_a_fault_for_ever_never_ends(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/get", Fault.errcode(-1), times=None)
    assert {call.errcode("menu/get") for _ in range(5)} == {-1}
    emulator.clear_faults("menu/get")
    assert call.errcode("menu/get") == 46003


def test_the_clock_goes_on_and_tokens_end(call: Caller, control: Control, clock: Clock) -> None:
    assert control.post("clock", {"advance_s": 7199.5}) == {"now_s": clock.now_s + 7199.5}
    assert call.errcode("menu/get") == 46003
    control.post("clock", {"advance_s": 1})
    assert call.errcode("menu/get") == 42001
    assert control.account()["tokens"][0]["status"] == "expired"


def test_the_next_day_begins_at_midnight_in_china_with_new_quotas(
    call: Caller, control: Control, clock: Clock
) -> None:
    assert control.post("clock", {"next_day": True}) == {"now_s": clock.now_s + 12 * 3600}
    assert control.post("clock", {"next_day": True}) == {"now_s": clock.now_s + 36 * 3600}
    control.post("accounts", {"appid": APPID, "quotas": {"menu/get": 1}})
    call.token = call.fetch_stable()["access_token"]
    assert [call.errcode("menu/get") for _ in range(2)] == [46003, 45009]
    control.post("clock", {"next_day": True})
    call.token = call.fetch_stable()["access_token"]
    assert call.errcode("menu/get") == 46003


def test_the_clock_ends_with_the_years_that_a_date_can_have(control: Control, clock: Clock) -> None:
    clock.now_s = 253_402_100_000.0  # 9999-12-30 in Beijing
    answer = control.post("clock", {"advance_s": 86_400 * 30}, status=400)
    assert "9999" in answer["error"]
    control.post("clock", {"next_day": True})
    assert control.post("clock", {"next_day": True}, status=400) == answer
    assert control.get("state")["now_s"] < 253_402_300_000


def test_tokens_are_voided_and_expired(call: Caller, control: Control) -> None:
    assert control.post("tokens", {"appid": APPID, "do": "void"})["tokens"] == [
        {"kind": "stable", "status": "voided", "expires_in_s": 0}
    ]
    assert call.errcode("menu/get") == 40001
    call.token = call.fetch_stable()["access_token"]
    control.post("tokens", {"appid": APPID, "do": "expire"})
    assert call.errcode("menu/get") == 42001


def test_an_account_is_added_and_changed(call: Caller, control: Control) -> None:
    shown = control.post(
        "accounts",
        {
            "appid": "wxnew",
            "secret": "s1",
            "tags": [{"id": 7, "name": "七"}],
            "followers": [{"openid": "oNew", "tags": [7]}],
        },
    )
    assert shown["tags"] == [{"id": 7, "name": "七", "count": 0}]
    assert shown["followers"][0]["platform"] == "3"
    assert call.fetch_stable(appid="wxnew", secret="s1")["expires_in"] == 7200
    shown = control.post("accounts", {"appid": "wxnew", "conditional": False, "tags": []})
    assert (shown["tags"], shown["supports_conditional"], shown["secret"]) == ([], False, "***")
    assert shown["followers"][0]["openid"] == "oNew"
    assert len(shown["tokens"]) == 1


def test_latency_is_set(control: Control, emulator: Emulator) -> None:
    assert control.post("latency", {"latency_s": 0.001}) == {"latency_s": 0.001}
    assert emulator.latency_s == 0.001


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("faults", {"path": "menu/gett", "fault": "delay", "seconds": 1}),
        ("faults", {"path": "menu/get", "fault": "nonsense"}),
        ("faults", {"path": "menu/get", "fault": "delay"}),
        ("faults", {"path": "menu/get", "fault": "delay", "seconds": -1}),
        ("faults", {"path": "menu/get", "fault": "delay", "seconds": 1, "code": 1}),
        ("faults", {"path": "menu/get", "fault": "errcode"}),
        ("faults", {"path": "menu/get", "fault": "errcode", "code": True}),
        ("faults", {"path": "menu/get", "fault": "errcode", "code": -1, "times": -1}),
        ("faults", {"path": "menu/get", "fault": "status", "code": 99}),
        ("faults", {"path": "menu/get", "fault": "redirect", "url": "http://a\r\nX: y"}),
        ("faults", {"path": "menu/get", "fault": "redirect", "url": "http://a/" + "x" * 9_000}),
        ("faults", {"path": "menu/get", "fault": "encoding", "name": "base64"}),
        ("faults", {"path": "menu/get", "fault": "encoding", "name": "idna"}),
        ("faults", {"path": "menu/get", "fault": "encoding", "name": "\0"}),
        ("faults", {"path": ["menu/get"], "fault": "reset_after"}),
        ("clock", {}),
        ("clock", {"advance_s": -1}),
        ("clock", {"advance_s": True}),
        ("clock", {"advance_s": 1, "next_day": True}),
        ("latency", {"latency_s": "1"}),
        ("latency", {"latency_s": 61}),
        ("tokens", {"appid": APPID, "do": "drop"}),
        ("console", {"appid": APPID, "is_open": 2}),
        ("console", {"appid": APPID, "is_open": 0.0}),
        ("console", {"appid": APPID, "selfmenu_info": []}),
        ("accounts", {}),
        ("accounts", {"appid": 7}),
        ("accounts", {"appid": APPID, "nonsense": 1}),
        ("accounts", {"appid": APPID, "rights": 1}),
        ("accounts", {"appid": APPID, "tags": [{"id": "7", "name": "x"}]}),
        ("accounts", {"appid": APPID, "tags": 7}),
        ("accounts", {"appid": APPID, "followers": [{}]}),
    ],
)
def test_nonsense_is_an_error_and_changes_nothing(control: Control, path: str, value: Any) -> None:
    before = control.get("state")
    assert list(control.post(path, value, status=400)) == ["error"]
    assert control.get("state") == before


def test_a_field_that_is_missing_of_an_account_is_named_as_missing(control: Control) -> None:
    answer = control.post("accounts", {"appid": APPID, "followers": [{}]}, status=400)
    assert "openid is missing" in answer["error"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"x" * (1 << 21)])
def test_a_body_that_is_no_object_is_an_error(control: Control, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = control.send("POST", "clock", data=body, headers=headers)
    assert answer.status_code in (400, 413)
    assert list(answer.json()) == ["error"]


def test_what_is_no_http_is_an_error_as_any_other(control: Control) -> None:
    for method in ("BREW", "TRACE"):
        answer = control.send(method, "state")
        assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_a_body_that_breaks_off_is_said_to(control: Control) -> None:
    parts = urlsplit(control.url)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port)) as connection:
        headers = {"Content-Type": "application/json", "Content-Length": "x"}
        connection.request("POST", "/__emulator__/clock", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 400
        assert b"the body breaks off" in answer.read()


def test_unknown_paths_and_methods_are_errors(control: Control) -> None:
    for method, path, status in (
        ("GET", "nonsense", 404),
        ("GET", "State", 404),
        ("GET", "clock", 405),
        ("GET", "calls?since=x", 400),
        ("GET", f"match?appid={APPID}&tag=x", 400),
        ("GET", f"match?appid={APPID}&platform=4", 400),
        ("GET", "page/nonsense.html", 404),
    ):
        answer = control.send(method, path)
        assert answer.status_code == status, path
        assert list(answer.json()) == ["error"]


# What happens, live


def pieces(answer: requests.Response) -> Iterator[tuple[str, Any]]:
    """Read events as they come: (name, data)."""
    name = ""
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


def test_events_come_as_they_happen(call: Caller, control: Control, emulator: Emulator) -> None:
    url = f"{control.url}/__emulator__/events"
    with requests.get(url, params={"since": 0}, stream=True, timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        seen = pieces(answer)
        assert next(seen) == ("state", {})
        name, token = next(seen)
        assert (name, token["n"], token["path"]) == ("call", 1, "/cgi-bin/stable_token")
        call("menu/create", BODY)
        name, create = next(seen)
        assert (name, create["n"], create["path"]) == ("call", 2, "/cgi-bin/menu/create")
        emulator.close_menu(APPID)
        assert next(seen) == ("state", {})


def test_a_browser_that_comes_back_misses_nothing(call: Caller, control: Control) -> None:
    call("menu/create", BODY)
    headers = {"Last-Event-ID": "1"}
    url = f"{control.url}/__emulator__/events"
    with requests.get(url, headers=headers, stream=True, timeout=10) as answer:
        seen = pieces(answer)
        assert next(seen) == ("state", {})
        assert next(seen)[1]["n"] == 2


def test_events_end_with_the_server(emulator: Emulator) -> None:
    with emulator.serve() as url:
        answer = requests.get(f"{url}/__emulator__/events", stream=True, timeout=10)
        seen = pieces(answer)
        assert next(seen) == ("state", {})
    assert list(seen) == []
    answer.close()


def test_a_token_that_stands_elsewhere_is_hidden_too(call: Caller, control: Control) -> None:
    call.send("GET", f"menu/get&access_token={call.token}")
    call.send("GET", call.token)
    call.send("POST", "menu/create", params={"x": call.token}, data=call.token.encode())
    call.send("POST", "stable_token", data=f'{{"secret": "{SECRET}"'.encode())
    escaped = encoded({"secr\u0065t": SECRET}).replace(b"secret", b"secr\\u0065t")
    call.send("POST", "stable_token", data=escaped)
    shown = control.send("GET", "calls").text
    assert call.token not in shown
    assert SECRET not in shown


def test_a_token_of_somebody_else_is_hidden_where_it_is_named(
    call: Caller, control: Control
) -> None:
    """It is no token of this emulator, so only its name tells."""
    strange = "90_" + "x" * 133
    call.send("GET", f"menu/get&access_token={strange}")
    call.send("GET", "menu/get", params={"access_token": strange})
    call.send("POST", "menu/create", data=f'{{"access_token": "{strange}"'.encode())
    assert strange not in control.send("GET", "calls").text


def test_a_short_secret_is_hidden_as_a_word_alone(call: Caller, control: Control) -> None:
    control.post("accounts", {"appid": "wxdemo1", "secret": "demo"})
    call.send("POST", "menu/create", data=b"wxdemo1 demo")
    [*_, last] = control.get("calls")["calls"]
    assert last["body"] == "wxdemo1 ***"
