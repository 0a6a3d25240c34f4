"""A token or a secret never gets into a text: no error, log, traceback or repr has it."""

from __future__ import annotations

import http.client
import io
import logging
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator

import pytest
import urllib3

from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.transport import Answer, BadAnswer, Http, Unreachable
from menuops.transport.excerpt import escaped, excerpt
from menuops.transport.redaction import redacted

from .conftest import OK, TOKEN, RawServer, answered, call

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger says at DEBUG, with urllib3's set to it by name as well."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    chatty = [root, *(logging.getLogger(name) for name in ("urllib3", "urllib3.connectionpool"))]
    before = [logger.level for logger in chatty]
    root.addHandler(handler)
    for logger in chatty:
        logger.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    for logger, level in zip(chatty, before, strict=True):
        logger.setLevel(level)


def texts_of(error: BaseException) -> str:
    """Everything that a program may print of an error, and of every error behind it."""
    found: list[str] = []
    behind: BaseException | None = error
    while behind is not None:
        found += [str(behind), repr(behind), repr(behind.args), repr(vars(behind))]
        behind = behind.__cause__ or behind.__context__
    return "\n".join((*found, *traceback.format_exception(error)))


def secret_call(http: Http, url: str) -> Answer:
    return call(
        http,
        url,
        method="POST",
        path="/cgi-bin/stable_token",
        query={"access_token": Secret(TOKEN)},
        body={"secret": Secret(SECRET)},
        read_timeout_s=0.3,
    )


def echo(head: bytes) -> bytes:
    return head + f"<p>/cgi-bin/x?access_token={TOKEN}&amp;secret={SECRET}</p>".encode()


ANSWERS: dict[str, bytes | None] = {
    "page that repeats the URL": answered(echo(b"<html>"), "502 Bad Gateway", "text/html"),
    "type that repeats the URL": answered(b"", "500 No", f"text/html; x={TOKEN}"),
    "reason that repeats the URL": answered(b"", f"400 bad {TOKEN}"),
    "half a token": answered(b'{"access_token":"90_newTokenThatNobodyKnowsYet'),
    "short half": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n"
    b'{"access_token":"Zq7',
    "no status line": b"access_token=" + TOKEN.encode() + b"\r\n\r\n",
    "hangs up": None,
    "silence": b"",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_no_error_and_no_log_has_a_secret(
    http: Http, server: RawServer, log: io.StringIO, answer: bytes | None
) -> None:
    server.answers = [answer]
    with pytest.raises(MenuopsError) as caught:
        secret_call(http, server.url)
    said = texts_of(caught.value) + log.getvalue()
    for secret in (TOKEN, SECRET, TOKEN[:40], "newTokenThatNobodyKnowsYet", "Zq7"):
        assert secret not in said


def test_our_error_stands_alone(http: Http, server: RawServer) -> None:
    """requests' exceptions have the URL in their text, so not even the context keeps one."""
    server.answers = [None]
    with pytest.raises(Unreachable) as caught:
        secret_call(http, server.url)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    server.answers = [answered(b"{")]
    with pytest.raises(BadAnswer) as also:
        secret_call(http, server.url)
    assert also.value.__context__ is None


def test_refused_connection_says_no_secret(http: Http, log: io.StringIO) -> None:
    with pytest.raises(Unreachable) as caught:
        secret_call(http, "http://127.0.0.1:1")
    assert TOKEN not in texts_of(caught.value) + log.getvalue()


def test_good_call_logs_no_url(http: Http, server: RawServer, log: io.StringIO) -> None:
    server.answers = [OK]
    answer = secret_call(http, server.url)
    assert "stable_token" not in log.getvalue()
    assert TOKEN not in log.getvalue()
    assert "ok" not in repr(answer)


def test_broken_header_is_not_logged_with_the_url(
    http: Http, server: RawServer, log: io.StringIO
) -> None:
    """urllib3 says "Failed to parse headers (url=…)" as a warning, with the query in it."""
    server.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n: nameless\r\nX y\r\n\r\n{}"]
    secret_call(http, server.url)
    assert TOKEN not in log.getvalue()


def test_debug_output_of_http_client_is_silent(
    http: Http,
    server: RawServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(http_connection(), "debuglevel", 1)
    server.answers = [OK]
    secret_call(http, server.url)
    printed = capsys.readouterr()
    assert TOKEN not in printed.out + printed.err


def http_connection() -> type[http.client.HTTPConnection]:
    return http.client.HTTPConnection


def test_others_keep_their_log_of_urllib3(http: Http, server: RawServer, log: io.StringIO) -> None:
    server.answers = [OK, OK]
    secret_call(http, server.url)
    with urllib3.PoolManager() as others:
        thread = threading.Thread(target=others.request, args=("GET", f"{server.url}/theirs"))
        thread.start()
        thread.join()
    assert "/theirs" in log.getvalue()


def test_importing_costs_no_requests() -> None:
    script = (
        "import sys, menuops.transport, menuops.wechat.api, menuops.wechat.tokens.container;"
        "print({'requests', 'urllib3', 'filelock', 'platformdirs'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("菜单👍🏻", "菜单👍🏻"),
        ("a\x1b[2Jb\x00", r"a\x1b[2Jb\x00"),
        ("a\u202eb\u200bc", r"a\u202eb\u200bc"),
        ("line\nbreak", r"line\nbreak"),
    ],
)
def test_what_cannot_be_seen_is_shown_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"before {TOKEN} after",
        "access_token=short&x",
        '{"access_token": "short"}',
        "secret: short",
        '{\\"appsecret\\":\\"short\\"}',
        "a%20short",
    ],
)
def test_secret_looking_text_is_covered(text: str) -> None:
    said = redacted(text, [Secret("a short")])
    assert "short" not in said
    assert TOKEN not in said
    assert "***" in said


def test_rid_is_no_secret() -> None:
    rid = "rid: 617682e0-09059ac5-34a8e2ea"
    assert redacted(rid) == rid


def test_excerpt_is_one_short_line() -> None:
    said = excerpt(b"<html>\n  <p>" + b"x. " * 500)
    assert len(said) <= 200
    assert "\n" not in said
    assert said.endswith("…")
