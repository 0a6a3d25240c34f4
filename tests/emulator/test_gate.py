"""Whom the control interface refuses, and what of the page it serves."""

from __future__ import annotations

import http.client
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from menuops.emulator.control import pages

from .conftest import Clock, Control


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "", "[", "0"]
)
def test_a_host_that_is_no_loopback_is_refused(control: Control, host: str) -> None:
    for path in ("__emulator__/state", "__emulator__/events", ""):
        answer = control.session.get(f"{control.url}/{path}", headers={"Host": host}, timeout=10)
        assert answer.status_code == 403


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "127.9.9.9:80", "[::1]:8787"])
def test_a_host_of_loopback_is_served(control: Control, host: str) -> None:
    assert control.send("GET", "state", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_a_page_of_another_site_changes_nothing(
    control: Control, clock: Clock, headers: dict[str, str], status: int
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    answer = control.send("POST", "clock", data=b'{"advance_s":1}', headers=sent)
    assert answer.status_code == status
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert control.send("OPTIONS", "clock", headers=sent).status_code in (403, 405, 415)
    assert control.get("state")["now_s"] == clock.now_s


def test_a_page_of_its_own_may_change_things(control: Control) -> None:
    headers = {"Origin": control.url, "Sec-Fetch-Site": "same-origin"}
    answer = control.send("POST", "clock", json={"advance_s": 1}, headers=headers)
    assert answer.status_code == 200


# The page


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "page"
    folder.mkdir()
    (tmp_path / "outside.html").write_text("secret", encoding="utf-8")
    (folder / "index.html").write_text("<title>手机</title>", encoding="utf-8")
    (folder / "app.js").write_text("", encoding="utf-8")
    (folder / "notes.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(pages, "FOLDER", folder)
    return folder


@pytest.mark.usefixtures("page")
def test_the_page_is_served_without_inline_scripts_and_without_a_cache(control: Control) -> None:
    for target in ("/", "/?lang=zh", "/__emulator__/page/index.html"):
        answer = control.session.get(control.url + target, timeout=10)
        assert answer.text == "<title>手机</title>"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    script = control.send("GET", "page/app.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    "name", ["../outside.html", "%2e%2e/outside.html", "..%2Foutside.html", "notes.py", ".html", ""]
)
def test_nothing_else_is_served(control: Control, name: str) -> None:
    parts = urlsplit(control.url)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port)) as connection:
        connection.request("GET", f"/__emulator__/page/{name}")
        answer = connection.getresponse()
        assert answer.status == 404
        assert b"secret" not in answer.read()
