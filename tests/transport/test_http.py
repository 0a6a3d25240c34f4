"""What goes out over a real socket, and what is made of what comes back."""

from __future__ import annotations

import gzip
import json
import socket
import time
from pathlib import Path

import pytest

from menuops.core.secret import Secret
from menuops.transport import BadAnswer, Http, Unreachable, wire

from .conftest import OK, TOKEN, RawServer, answered, call


def bad_answer(http: Http, server: RawServer, answer: bytes) -> BadAnswer:
    server.answers = [answer]
    with pytest.raises(BadAnswer) as caught:
        call(http, server.url)
    return caught.value


class TestWhatIsSent:
    def test_body_is_raw_utf8_without_escapes(self, http: Http, server: RawServer) -> None:
        r"""WeChat answers 40033 to any \uXXXX; an emoji and an ampersand stay as they are."""
        server.answers = [OK]
        body = {
            "button": [{"type": "view", "name": "赞👍🏻", "url": "https://a.example/?a=1&b=<2>"}]
        }
        call(http, server.url, method="POST", path="/cgi-bin/menu/create", body=body)
        head, _, sent = server.requests[0].partition(b"\r\n\r\n")
        assert b"\\u" not in sent
        assert "赞👍🏻".encode() in sent
        assert b"a=1&b=<2>" in sent
        assert json.loads(sent) == body
        assert b"Content-Type: application/json; charset=utf-8" in head
        assert head.startswith(f"POST /cgi-bin/menu/create?access_token={TOKEN} HTTP/1.1".encode())

    def test_secret_in_body_is_opened(self, http: Http, server: RawServer) -> None:
        server.answers = [OK]
        call(http, server.url, method="POST", query={}, body={"secret": Secret("s3cr3t")})
        head, _, sent = server.requests[0].partition(b"\r\n\r\n")
        assert json.loads(sent) == {"secret": "s3cr3t"}
        assert b"?" not in head.split(b"\r\n")[0]

    def test_query_is_percent_encoded(self, http: Http, server: RawServer) -> None:
        server.answers = [OK]
        call(http, server.url, query={"access_token": Secret("a b&c=d/中")})
        assert b"?access_token=a%20b%26c%3Dd%2F%E4%B8%AD HTTP/1.1" in server.requests[0]

    def test_netrc_and_cookies_are_not_used(
        self, http: Http, server: RawServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login who password what\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        server.answers = [answered(b"{}", extra=b"Set-Cookie: a=b\r\n"), OK]
        call(http, server.url)
        call(http, server.url)
        assert not any(b"authorization" in sent.lower() for sent in server.requests)
        assert not any(b"\r\ncookie" in sent.lower() for sent in server.requests)

    def test_connection_is_kept(self, http: Http, server: RawServer) -> None:
        server.answers = [OK, OK, OK]
        for _ in range(3):
            call(http, server.url)
        assert server.connections == 1

    def test_connection_idle_for_long_is_not_used_again(
        self, http: Http, server: RawServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A firewall drops idle ones without a word, and a write on one would be lost."""
        monkeypatch.setattr(wire, "IDLE_S", -1.0)
        server.answers = [OK, OK]
        call(http, server.url)
        call(http, server.url)
        assert server.connections == 2

    def test_loopback_goes_through_no_proxy(
        self, http: Http, server: RawServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        server.answers = [OK]
        assert call(http, server.url).body["errmsg"] == "ok"

    def test_proxy_of_the_environment_is_used(
        self, http: Http, server: RawServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        monkeypatch.setenv("http_proxy", server.url)
        server.answers = [OK]
        call(http, "http://wechat.example")
        assert server.requests[0].startswith(b"GET http://wechat.example/cgi-bin/menu/get?")


class TestWhatIsRead:
    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            ('{"name":"帮助"}'.encode(), "text/plain"),
            ('{"name":"帮助"}'.encode(), "application/json; charset=iso-8859-1"),
            (b"\xef\xbb\xbf" + '{"name":"帮助"}'.encode(), "application/json"),
            ('{"name":"帮助"}'.encode(), ""),
        ],
    )
    def test_bytes_are_utf8_whatever_the_header_says(
        self, http: Http, server: RawServer, body: bytes, content_type: str
    ) -> None:
        server.answers = [answered(body, content_type=content_type)]
        assert call(http, server.url).body == {"name": "帮助"}

    def test_raw_control_characters_in_strings_are_taken(
        self, http: Http, server: RawServer
    ) -> None:
        server.answers = [answered(b'{"name":"a\x07\nb"}')]
        assert call(http, server.url).body == {"name": "a\x07\nb"}

    def test_chunked_and_compressed_answers_are_read(self, http: Http, server: RawServer) -> None:
        packed = gzip.compress(b'{"errcode":0}')
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunked += b'4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n'
        server.answers = [chunked, answered(packed, extra=b"Content-Encoding: gzip\r\n")]
        assert call(http, server.url).body == {"a": 1}
        assert call(http, server.url).body == {"errcode": 0}

    @pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Busy", "429 Too Many"])
    def test_gateway_page_is_a_passing_trouble(
        self, http: Http, server: RawServer, status: str
    ) -> None:
        page = answered(b"<html>\r\n<b>Bad\x1b[2J Gateway</b></html>", status, "text/html")
        error = bad_answer(http, server, page)
        assert error.transient
        assert error.status == int(status[:3])
        assert error.call == "menu/get"
        assert error.content_type == "text/html"
        assert "<b>Bad" in error.excerpt
        assert "\x1b" not in str(error)
        assert "\n" not in error.message

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (answered(b"<html>login to the hotel</html>", content_type="text/html"), "isn't JSON"),
            (answered(b""), "isn't JSON"),
            (answered(b"[]"), "isn't a JSON object"),
            (answered(b"1"), "isn't a JSON object"),
            (answered('{"name":"帮助"}'.encode("gbk")), "isn't UTF-8"),
            (answered(b'{"a":' * 100_000), "isn't JSON"),
            (answered(b"{}", "403 Forbidden"), "with an error"),
            (answered(b"", "302 Found", extra=b"Location: /elsewhere\r\n"), "with an error"),
        ],
    )
    def test_anything_but_an_object_is_a_bad_answer(
        self, http: Http, server: RawServer, answer: bytes, reason: str
    ) -> None:
        error = bad_answer(http, server, answer)
        assert reason in error.message
        assert not error.transient
        assert len(server.requests) == 1  # no redirect followed, nothing repeated

    @pytest.mark.parametrize(
        "answer",
        [
            b'HTTP/1.1 200 OK\r\nContent-Length: 90\r\nConnection: close\r\n\r\n{"menu":{"butt',
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\n{"me',
        ],
    )
    def test_half_an_answer_is_told_from_a_whole_one(
        self, http: Http, server: RawServer, answer: bytes
    ) -> None:
        error = bad_answer(http, server, answer)
        assert "breaks off" in error.message
        assert error.transient

    def test_endless_answer_is_not_read_to_its_end(self, server: RawServer) -> None:
        server.answers = [answered(b"[" + b"1," * 5000 + b"1]")]
        with Http(answer_bytes=1000) as http, pytest.raises(BadAnswer, match="larger"):
            call(http, server.url)

    def test_answer_that_unpacks_to_too_much_is_not_unpacked(self, server: RawServer) -> None:
        packed = gzip.compress(b" " * 1_000_000)
        server.answers = [answered(packed, extra=b"Content-Encoding: gzip\r\n")]
        with Http(answer_bytes=1000) as http, pytest.raises(BadAnswer, match="larger"):
            call(http, server.url)


class TestTime:
    @pytest.mark.parametrize("where", ["body", "head"])
    def test_dripping_answer_ends_at_the_deadline(
        self, http: Http, server: RawServer, where: str
    ) -> None:
        """Each byte comes in time; the whole doesn't."""
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        if where == "body":
            server.answers = [[(0.0, head)] + [(0.05, b"{")] * 1000]
        else:
            server.answers = [[(0.0, b"HTTP/1.1 200 OK\r\n")] + [(0.05, b"X: y\r\n")] * 1000]
        began_s = time.monotonic()
        with pytest.raises(Unreachable) as caught:
            call(http, server.url, read_timeout_s=0.3)
        assert time.monotonic() - began_s < 2.0
        assert caught.value.kind == "timeout"
        assert caught.value.sent

    def test_silence_is_a_timeout_after_sending(self, http: Http, server: RawServer) -> None:
        server.answers = [[(1.5, OK)]]
        with pytest.raises(Unreachable) as caught:
            call(http, server.url, read_timeout_s=0.1)
        assert (caught.value.kind, caught.value.sent) == ("timeout", True)
        assert "no answer" in caught.value.message

    def test_deadline_of_one_answer_does_not_shorten_the_next(
        self, http: Http, server: RawServer
    ) -> None:
        server.answers = [OK, [(0.3, OK)]]
        call(http, server.url, read_timeout_s=0.2)
        assert call(http, server.url, read_timeout_s=5.0).body["errcode"] == 0
        assert server.connections == 1


class TestNoConnection:
    def test_refused_was_not_sent(self, http: Http) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with pytest.raises(Unreachable) as caught:
            call(http, f"http://127.0.0.1:{port}")
        error = caught.value
        assert (error.kind, error.sent, error.transient) == ("refused", False, True)
        assert error.code == "unreachable"
        assert str(port) in error.message

    def test_unknown_name_was_not_sent(self, http: Http) -> None:
        with pytest.raises(Unreachable) as caught:
            call(http, "http://no-such-host.invalid")
        assert (caught.value.kind, caught.value.sent) == ("dns", False)

    def test_hanging_up_without_an_answer_was_sent(self, http: Http, server: RawServer) -> None:
        server.answers = [None]
        with pytest.raises(Unreachable) as caught:
            call(http, server.url, method="POST", body={"button": []})
        assert (caught.value.kind, caught.value.sent) == ("reset", True)

    def test_dead_proxy_was_not_sent(self, http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        with pytest.raises(Unreachable) as caught:
            call(http, "https://wechat.example")
        assert (caught.value.kind, caught.value.sent) == ("proxy", False)

    def test_proxy_that_refuses_the_tunnel_was_not_sent(
        self, http: Http, server: RawServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The proxy was spoken to, WeChat wasn't; the token never reached the proxy."""
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, server.url)
        server.answers = [
            b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        ]
        with pytest.raises(Unreachable) as caught:
            call(http, "https://wechat.example")
        assert (caught.value.kind, caught.value.sent) == ("proxy", False)
        assert TOKEN.encode() not in server.requests[0]
