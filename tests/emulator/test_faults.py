"""Faults: what a client sees, and whether the call was done."""

from __future__ import annotations

import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from menuops.emulator import Emulator, Fault

from .conftest import APPID, SECRET, Caller, encoded, read

BODY = {"button": [{"type": "click", "name": "a", "key": "k"}]}


def has_menu(call: Caller) -> bool:
    return call.errcode("menu/get") is None


def test_an_errcode_is_answered_and_nothing_done(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.errcode(-1))
    answer = call("menu/create", BODY)
    assert answer["errcode"] == -1
    assert answer["errmsg"].startswith("system error rid: ")
    assert not has_menu(call)
    assert call.errcode("menu/create", BODY) == 0


def test_an_errcode_may_have_another_text(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.errcode(48004, "api forbidden"))
    assert call("menu/create", BODY)["errmsg"].startswith("api forbidden rid: ")
    emulator.fail_next("menu/create", Fault.errcode(99999))
    assert call.errcode("menu/create", BODY) == 99999


def test_a_gateways_page_is_answered_and_nothing_done(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.status(502, "<h1>坏</h1>"))
    answer = call.raw("menu/create", encoded(BODY))
    assert (answer.status_code, answer.content) == (502, "<h1>坏</h1>".encode())
    assert answer.headers["Content-Type"] == "text/html"
    assert not has_menu(call)


@pytest.mark.parametrize(
    ("fault", "done"),
    [(Fault.reset_before(), False), (Fault.reset_after(), True), (Fault.half_answer(), True)],
)
def test_the_connection_is_cut(call: Caller, emulator: Emulator, fault: Fault, done: bool) -> None:
    emulator.fail_next("menu/create", fault)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        call("menu/create", BODY)
    assert has_menu(call) is done
    assert call.errcode("menu/create", BODY) == 0


def test_a_reset_sends_no_byte_and_half_an_answer_sends_half(
    call: Caller, emulator: Emulator
) -> None:
    parts = urlsplit(call.url)
    head = f"POST /cgi-bin/menu/delete?access_token={call.token} HTTP/1.1\r\nHost: x\r\n\r\n"
    for fault in (Fault.reset_before(), Fault.reset_after()):
        emulator.fail_next("menu/delete", fault)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as raw:
            raw.sendall(head.encode())
            with pytest.raises(ConnectionResetError):
                raw.recv(1)
    emulator.fail_next("menu/delete", Fault.half_answer())
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as raw:
        raw.sendall(head.encode())
        received = b""
        while piece := raw.recv(65536):
            received += piece
    whole = b'{"errcode":0,"errmsg":"ok"}'
    assert b"Content-Length: 27\r\n" in received
    assert received.endswith(b"\r\n\r\n" + whole[:13])


def test_a_late_answer_comes_late_but_the_call_is_done_at_once(emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.delay(3600))
    answers: list[dict[str, Any]] = []

    def create(caller: Caller) -> None:
        with caller.session:
            answers.append(caller("menu/create", BODY))

    with emulator.serve() as url:
        first, second = Caller(url), Caller(url)
        first.token = second.token = first.fetch_stable()["access_token"]
        thread = threading.Thread(target=create, args=(second,))
        thread.start()
        with first.session:
            while not has_menu(first):
                thread.join(0.001)
        assert answers == []
    thread.join()
    assert answers == [{"errcode": 0, "errmsg": "ok"}]


def test_faults_hit_the_calls_they_were_planned_for(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.errcode(-1), times=2, after=1)
    emulator.fail_next("/cgi-bin/menu/create", Fault.errcode(45009), after=1)
    found = [call.errcode("menu/create", BODY) for _ in range(6)]
    assert found == [0, -1, -1, 0, 45009, 0]
    assert call.errcode("menu/get") is None


@pytest.mark.parametrize("path", ["token", "stable_token", "openapi/quota/get"])
def test_token_and_quota_calls_can_fail_too(call: Caller, emulator: Emulator, path: str) -> None:
    def ask() -> requests.Response:
        asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        if path == "token":
            return call.send("GET", path, params=asked)
        return call.raw(path, encoded({**asked, "cgi_path": "/cgi-bin/token"}))

    emulator.fail_next(path, Fault.errcode(40243))
    assert read(ask())["errcode"] == 40243
    emulator.fail_next(path, Fault.status(502))
    assert ask().status_code == 502
    for fault in (Fault.reset_before(), Fault.reset_after(), Fault.half_answer()):
        emulator.fail_next(path, fault)
        with pytest.raises(requests.RequestException):
            ask()
    emulator.fail_next(path, Fault.answer({"access_token": 7}))
    assert read(ask()) == {"access_token": 7}
    assert read(ask()).get("errcode", 0) == 0


def test_an_answer_may_be_any_object(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.answer({"errcode": 61004, "errmsg": "一/二"}))
    answer = call.raw("menu/create", encoded(BODY))
    assert answer.content == '{"errcode":61004,"errmsg":"一/二"}'.encode()
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
    assert emulator.calls[-1] == ("POST", "/cgi-bin/menu/create", 61004)
    assert not has_menu(call)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\x00", b"null"])
def test_an_answer_may_be_any_bytes(call: Caller, emulator: Emulator, content: bytes) -> None:
    emulator.fail_next("menu/create", Fault.body(content))
    answer = call.raw("menu/create", encoded(BODY))
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
    assert emulator.calls[-1] == ("POST", "/cgi-bin/menu/create", None)
    assert not has_menu(call)


@pytest.mark.parametrize(("code", "method"), [(302, "GET"), (307, "POST"), (308, "POST")])
def test_a_redirect_leads_away_whoever_follows_it(
    anonymous: Caller, emulator: Emulator, code: int, method: str
) -> None:
    elsewhere = Emulator()
    with elsewhere.serve() as url:
        target = f"{url}/cgi-bin/stolen?a=b"
        emulator.fail_next("stable_token", Fault.redirect(target, code), times=2)
        wary = anonymous.send("POST", "stable_token", data=b"secret", allow_redirects=False)
        assert (wary.status_code, wary.headers["Location"]) == (code, target)
        assert elsewhere.calls == []
        anonymous.send("POST", "stable_token", data=b"secret")
    [followed] = elsewhere.requests
    assert (followed.method, followed.path, followed.query) == (method, "stolen", {"a": "b"})
    assert followed.body == (b"secret" if method == "POST" else b"")


def test_a_redirect_is_a_302_unless_told_otherwise(anonymous: Caller, emulator: Emulator) -> None:
    emulator.fail_next("token", Fault.redirect("http://127.0.0.1:1/"))
    answer = anonymous.send("GET", "token", allow_redirects=False)
    assert (answer.status_code, answer.content) == (302, b"")


def test_what_a_fault_did_is_in_the_list_of_calls(call: Caller, emulator: Emulator) -> None:
    for fault in (Fault.errcode(-1), Fault.status(502), Fault.reset_before(), Fault.reset_after()):
        emulator.fail_next("menu/create", fault)
        try:
            call.raw("menu/create", encoded(BODY))
        except requests.ConnectionError:
            continue
    found = [code for _, path, code in emulator.calls if path == "/cgi-bin/menu/create"]
    assert found == [-1, None, None, 0]


@pytest.mark.parametrize(
    "wrong",
    [{"path": "menu/creat"}, {"times": 0}, {"after": -1}, {"path": "menu/get", "times": -1}],
)
def test_a_plan_that_can_never_come_true_is_an_error(
    emulator: Emulator, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"no such call|at least"):
        emulator.fail_next(**{"path": "menu/create", "fault": Fault.errcode(-1), **wrong})


def test_an_answer_can_be_lost_to_another_though_the_call_was_done(
    call: Caller, emulator: Emulator
) -> None:
    for fault in (
        Fault.status(502, done=True),
        Fault.body(b"", done=True),
        Fault.answer({}, done=True),
        Fault.encoding("utf-16"),
        Fault.encoding("gbk"),
    ):
        call("menu/delete")
        emulator.fail_next("menu/create", fault)
        answer = call.raw("menu/create", encoded(BODY))
        assert answer.content != b'{"errcode":0,"errmsg":"ok"}'
        assert has_menu(call)
    emulator.fail_next("menu/create", Fault.encoding("gbk"))
    assert "好".encode("gbk") in call.raw("menu/create", encoded(BODY)).content


def test_what_is_sent_twice_is_done_twice(call: Caller, emulator: Emulator) -> None:
    call("menu/create", BODY)
    emulator.fail_next("menu/addconditional", Fault.sent_twice())
    added = call("menu/addconditional", {**BODY, "matchrule": {"client_platform_type": "1"}})
    menus = call("menu/get")["conditionalmenu"]
    assert len(menus) == 2
    assert str(menus[0]["menuid"]) == added["menuid"]


def test_a_connection_is_cut_before_the_body_is_read(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.reset_unread())
    with pytest.raises(requests.ConnectionError):
        call("menu/create", BODY)
    assert emulator.requests[-1].body == b""
    assert not has_menu(call)


def test_a_closed_port_refuses_and_opens_again(emulator: Emulator) -> None:
    """Who is connected stays so; the port is the same afterwards."""
    with emulator.serve() as url:
        first, second = Caller(url), Caller(url)
        with first.session, second.session:
            first.token = second.token = first.fetch_stable()["access_token"]
            assert second.errcode("menu/get") == 46003
            emulator.fail_next("menu/create", Fault.refused(0.3))
            with pytest.raises(requests.ConnectionError):
                first("menu/create", BODY)
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", urlsplit(url).port or 0))
            assert second.errcode("menu/get") == 46003
            while True:
                try:
                    assert first.errcode("menu/create", BODY) == 0
                except requests.ConnectionError:
                    continue
                break


def test_a_server_whose_port_is_closed_can_be_stopped(emulator: Emulator) -> None:
    emulator.fail_next("menu/get", Fault.refused(3600))
    with emulator.serve() as url, pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/cgi-bin/menu/get", timeout=10)
