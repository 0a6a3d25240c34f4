"""The server itself: what it does with good and bad HTTP, and what it leaves behind."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
import requests

from menuops.emulator import Account, Emulator, Fault
from menuops.emulator.request import Request

from .conftest import SECRET, Caller, Clock, read


@contextlib.contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        yield connection


def exchange(url: str, request: bytes) -> bytes:
    """Send bytes, and give all that comes until the server hangs up."""
    with connected(url) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


def test_an_unknown_path_is_an_errcode(call: Caller) -> None:
    for path in ("menu/gett", "menu/get/", "menu", "", "Menu/Get", "token/x"):
        assert call.errcode(path) == 40066
    for target in ("/menu/get", "/cgi-bin", "/favicon.ico", "/__emulator__"):
        answer = call.session.get(call.url + target, timeout=10)
        assert read(answer)["errcode"] == 40066


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_method_that_no_call_has_is_an_errcode(call: Caller, method: str) -> None:
    parameters = {"access_token": call.token}
    answer = call.send(method, "menu/get", params=parameters, data=b"x")
    assert read(answer)["errcode"] == 43001
    assert call.errcode("menu/get") == 46003


def test_head_has_headers_alone(call: Caller) -> None:
    answer = call.send("HEAD", "menu/get", params={"access_token": call.token})
    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) > 0
    assert call.errcode("menu/get") == 46003


def test_one_connection_serves_many_calls(anonymous: Caller) -> None:
    with connected(anonymous.url) as raw:
        request = b"GET /cgi-bin/menu/get HTTP/1.1\r\nHost: x\r\n\r\n"
        raw.sendall(request * 3)
        received = b""
        while received.count(b"access_token missing") < 3:
            received += raw.recv(65536)
    assert received.count(b"HTTP/1.1 200 OK\r\n") == 3


def test_an_answer_comes_in_one_piece(anonymous: Caller) -> None:
    with connected(anonymous.url) as raw:
        raw.sendall(b"GET /cgi-bin/menu/get HTTP/1.1\r\nHost: x\r\n\r\n")
        received = raw.recv(65536)
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert received.endswith(b"}")


def test_a_body_in_chunks_is_read(call: Caller) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"button":[{"type":"click",'
        yield b'"name":"a","key":"k"}]}'

    parameters = {"access_token": call.token}
    answer = call.send("POST", "menu/create", params=parameters, data=pieces())
    assert read(answer)["errcode"] == 0
    answer = call.send("POST", "menu/create", params=parameters, data=iter([b"x" * 65536] * 17))
    assert read(answer)["errcode"] == 45002
    assert call.errcode("menu/get") is None


def test_a_client_that_waits_to_be_told_to_go_on_is_told(call: Caller) -> None:
    body = b'{"button":[{"type":"click","name":"a","key":"k"}]}'
    head = (
        f"POST /cgi-bin/menu/create?access_token={call.token} HTTP/1.1\r\nHost: x\r\n"
        f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with connected(call.url) as raw:
        raw.sendall(head.encode())
        assert raw.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        raw.sendall(body)
        assert raw.recv(65536).endswith(b'{"errcode":0,"errmsg":"ok"}')


POST = b"POST /cgi-bin/menu/create HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\xff\xfe\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"BREW /cgi-bin/menu/get HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"GET http://[ HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /cgi-bin/menu/get?%ff=%ff&&=&a HTTP/1.1\r\nConnection: close\r\n\r\n",
        POST + b"Content-Length: x\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: " + b"9" * 18 + b"\r\n\r\n",
        POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 100 + b"\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 10_000,
    ],
)
def test_garbage_gets_an_errcode_and_never_a_traceback(
    anonymous: Caller, capfd: pytest.CaptureFixture[str], request_bytes: bytes
) -> None:
    received = exchange(anonymous.url, request_bytes)
    assert b'{"errcode":4' in received
    assert received.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4"))
    assert anonymous.send("GET", "menu/get").json()["errcode"] == 41001
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 2\r\nContent-Length: 5",
        b"Content-Length : 2",
        b"no header\r\nContent-Length: 2",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: chunked, gzip",
        b"Transfer-Encoding: xchunkedx",
        b"Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0",
        b"Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0",
        b"Transfer-Encoding: chunked\r\n\r\n0_1\r\na\r\n0",
    ],
)
def test_what_follows_a_body_of_doubtful_length_is_no_request(
    anonymous: Caller, headers: bytes
) -> None:
    """Somebody on the way may have taken it for a part of the body."""
    received = exchange(anonymous.url, POST + headers + b"\r\n\r\n" + POST + b"\r\n")
    assert received.count(b"HTTP/1.1 ") == 1
    assert b'"errcode":47001' in received or b'"errcode":40066' in received


def test_a_length_that_is_said_twice_alike_is_a_length(call: Caller) -> None:
    twice = b"Content-Length: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    assert b'"errcode":41001' in exchange(call.url, POST + twice)


def test_a_client_that_sends_far_too_much_still_reads_its_answer(anonymous: Caller) -> None:
    with connected(anonymous.url) as raw:
        raw.sendall(POST + b"Content-Length: " + b"9" * 18 + b"\r\n\r\n")
        raw.sendall(b"x" * 3_000_000)
        received = b""
        while piece := raw.recv(65536):
            received += piece
    assert b"47001" in received


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"GET /cgi-bin",
        POST + b"Content-Length: 100\r\n\r\nabc",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_a_client_that_hangs_up_is_forgotten(
    anonymous: Caller, capfd: pytest.CaptureFixture[str], request_bytes: bytes
) -> None:
    with connected(anonymous.url) as raw:
        raw.sendall(request_bytes)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65536):
            pass
    assert anonymous.send("GET", "menu/get").json()["errcode"] == 41001
    assert capfd.readouterr() == ("", "")


def test_nothing_is_left_when_serving_ends(emulator: Emulator) -> None:
    before = threading.active_count()
    with emulator.serve() as url:
        idle = [socket.create_connection(("127.0.0.1", urlsplit(url).port)) for _ in range(5)]
        assert requests.get(f"{url}/cgi-bin/menu/get", timeout=10).status_code == 200
    assert threading.active_count() == before
    for connection in idle:
        with connection:
            assert connection.recv(1) == b""
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)


def test_serving_ends_though_an_answer_is_held_back(emulator: Emulator) -> None:
    emulator.fail_next("menu/get", Fault.delay(3600))
    answers: list[requests.Response] = []

    def ask(url: str) -> None:
        answers.append(requests.get(f"{url}/cgi-bin/menu/get", timeout=30))

    with emulator.serve() as url:
        thread = threading.Thread(target=ask, args=(url,))
        thread.start()
        while not emulator.calls:
            thread.join(0.001)
    thread.join()
    assert answers[0].json()["errcode"] == 41001


def test_an_emulator_can_be_served_again_and_twice_at_once(emulator: Emulator) -> None:
    for _ in range(2):
        with emulator.serve() as one, emulator.serve() as other:
            assert one != other
            token = Caller(one).fetch_stable()["access_token"]
            assert Caller(other).fetch_stable()["access_token"] == token


def test_an_exception_in_the_block_ends_serving_too(emulator: Emulator) -> None:
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="mine"), emulator.serve():
        raise RuntimeError("mine")
    assert threading.active_count() == before


def test_a_port_that_is_taken_is_an_error(emulator: Emulator) -> None:
    with emulator.serve() as url, pytest.raises(OSError, match="in use"):
        emulator.serve_forever(port=urlsplit(url).port or 0)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


if has_ipv6():  # a container may come without

    def test_it_serves_ipv6_too(emulator: Emulator) -> None:
        with emulator.serve(host="::1") as url:
            assert url.startswith("http://[::1]:")
            assert requests.get(f"{url}/cgi-bin/menu/get", timeout=10).json()["errcode"] == 41001


def test_serve_forever_says_where_and_ends_when_stopped(emulator: Emulator) -> None:
    urls: list[str] = []
    ready = threading.Event()

    def note(url: str) -> None:
        urls.append(url)
        ready.set()

    thread = threading.Thread(target=emulator.serve_forever, kwargs={"ready": note})
    thread.start()
    assert ready.wait(10)
    assert requests.get(f"{urls[0]}/cgi-bin/menu/get", timeout=10).status_code == 200
    emulator.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_serve_forever_may_be_stopped_before_it_begins(emulator: Emulator) -> None:
    emulator.serve_forever(ready=lambda _: emulator.stop())


def test_serve_forever_gives_the_port_back_when_ready_fails(emulator: Emulator) -> None:
    urls: list[str] = []

    def fail(url: str) -> None:
        urls.append(url)
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        emulator.serve_forever(ready=fail)
    with emulator.serve(port=urlsplit(urls[0]).port or 0) as url:
        assert url == urls[0]


def test_calls_are_listed_in_order_without_their_query(call: Caller, emulator: Emulator) -> None:
    call("menu/create", {})
    call("menu/create", {"button": [{"type": "click", "name": "a", "key": "k"}]})
    call("menu/get")
    call("nothing")
    assert emulator.calls == [
        ("POST", "/cgi-bin/stable_token", None),
        ("POST", "/cgi-bin/menu/create", 40016),
        ("POST", "/cgi-bin/menu/create", 0),
        ("GET", "/cgi-bin/menu/get", None),
        ("GET", "/cgi-bin/nothing", 40066),
    ]


def test_the_date_of_an_answer_is_the_emulators_whatever_the_machines_is(
    anonymous: Caller, emulator: Emulator, clock: Clock
) -> None:
    def date() -> str:
        return anonymous.send("GET", "menu/get").headers["Date"]

    assert date() == "Sat, 21 Nov 2026 04:00:00 GMT"
    clock.pass_s(-3600.5)
    assert date() == "Sat, 21 Nov 2026 02:59:59 GMT"
    emulator.fail_next("menu/get", Fault.status(502))
    assert date() == "Sat, 21 Nov 2026 02:59:59 GMT"
    assert b"\r\nDate: Sat, 21 Nov 2026 02:59:59 GMT\r\n" in exchange(
        anonymous.url, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n"
    )


@pytest.mark.parametrize("now_s", [-1e15, -1e10, 0.0, 2.5e11, 1e15])
def test_a_clock_of_any_age_is_answered_with_a_date(account: Account, now_s: float) -> None:
    emulator = Emulator(clock=lambda: now_s)
    emulator.add_account(account)
    with emulator.serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_token()["access_token"]
            answer = caller.raw("menu/get")
            assert answer.json()["errcode"] == 46003
            assert parsedate_to_datetime(answer.headers["Date"]).year in range(1, 10_000)


def test_requests_show_what_a_client_sent(call: Caller, emulator: Emulator) -> None:
    emulator.fail_next("menu/create", Fault.errcode(-1))
    call.raw("menu/create", b"{}", headers={"X-Trace": "7"})
    call.send("HEAD", "menu/get")
    first, second, third = emulator.requests
    assert json.loads(first.body or b"")["secret"] == SECRET
    assert json.loads(first.body or b"")["force_refresh"] is False
    assert (second.method, second.path, second.body) == ("POST", "menu/create", b"{}")
    assert second.query == {"access_token": call.token}
    assert second.headers["x-trace"] == "7"
    assert (third.method, third.query, third.body) == ("GET", {}, b"")


def test_requests_keep_what_is_secret_out_of_their_repr(call: Caller, emulator: Emulator) -> None:
    call.fetch_token()
    call.raw("menu/create", b"{}", headers={"Authorization": call.token})
    shown = repr(emulator.requests)
    assert shown.count("Request(") == 3
    assert SECRET not in shown
    assert call.token not in shown


def test_the_last_thousand_requests_are_kept(emulator: Emulator) -> None:
    for number in range(1_001):
        request = Request("GET", "menu/get", {"n": str(number)})
        emulator.traffic.note("GET", "/cgi-bin/menu/get", request, 0.0)
    kept = emulator.requests
    assert [kept[0].query["n"], kept[-1].query["n"], len(kept)] == ["1", "1000", 1_000]


def test_many_threads_may_call_at_once(emulator: Emulator) -> None:
    names = [f"wxdemo{number:012}" for number in range(8)]
    emulator.add_account(*(Account(name) for name in names))
    failures: list[str] = []

    def run(url: str, appid: str) -> None:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable(appid=appid)["access_token"]
            for key in range(20):
                entry = {"type": "click", "name": "a", "key": f"{appid} {key}"}
                caller("menu/create", {"button": [entry]})
                if caller("menu/get")["menu"]["button"][0]["key"] != entry["key"]:
                    failures.append(appid)

    with emulator.serve() as url:
        threads = [threading.Thread(target=run, args=(url, name)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert len(emulator.calls) == len(names) * 41


def test_latency_is_waited_for_and_ends_with_serving(clock: Clock) -> None:
    emulator = Emulator(clock=clock, latency_s=0.001)
    with emulator.serve() as url:
        assert requests.get(f"{url}/cgi-bin/menu/get", timeout=10).json()["errcode"] == 41001


def test_an_error_of_its_own_is_answered_and_logged(
    call: Caller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("menuops.emulator.api.authorised", broken)
    assert call.errcode("menu/get") == -1
    assert "menu/get" in caplog.text
    assert call.token not in caplog.text


def test_it_speaks_plain_http_client_too(call: Caller) -> None:
    parts = urlsplit(call.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", f"/cgi-bin/menu/get?access_token={call.token}&access_token=x")
        assert b"46003" in connection.getresponse().read()
