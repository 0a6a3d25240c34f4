"""The search itself: what it must find, or the tests beside it prove nothing."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from .search import PIECE, Secrets

SECRET = 'Qd7+xV/9="kL&m~2Z'

FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "within a line": lambda secret: f"GET /cgi-bin/x?access_token={secret}&y HTTP/1.1",
    "lower case": str.lower,
    "upper case": str.upper,
    "reversed": lambda secret: secret[::-1],
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "percent-encoded, lower case": lambda secret: quote(secret, safe="").lower(),
    "percent-encoded to the last": lambda secret: "".join(
        f"%{byte:02x}" for byte in secret.encode()
    ),
    "percent-encoded twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "JSON": json.dumps,
    "JSON with slashes escaped": lambda secret: json.dumps(secret).replace("/", "\\/"),
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret)),
    "JSON to the last": lambda secret: "".join(f"\\u{ord(char):04x}" for char in secret),
    "HTML": html.escape,
    "repr": repr,
    "bytes": lambda secret: repr(secret.encode()),
    "hex": lambda secret: secret.encode().hex(),
    **{
        f"base64 after {before} bytes": lambda secret, before=before: base64.b64encode(  # type: ignore[misc]
            b"a" * before + secret.encode() + b"b"
        ).decode()
        for before in range(3)
    },
    "base64 of a URL": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "the first piece": lambda secret: f"{secret[:PIECE]}…",
    "the last piece": lambda secret: f"…{secret[-PIECE:]}",
}


@pytest.mark.parametrize("spelt", FORMS.values(), ids=FORMS)
def test_a_secret_is_found_however_it_is_spelt(spelt: Callable[[str], str], tmp_path: Path) -> None:
    secrets = Secrets()
    secrets.add("the token", SECRET)
    text = f"before {spelt(SECRET)} after"
    assert secrets.found_in(text) != []
    path = tmp_path / "deep" / "below" / "a.log"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff" + text.encode())
    assert secrets.found_below(tmp_path) != []
    assert secrets.found_below(tmp_path, but=frozenset({path.parent})) == []


def test_a_secret_is_found_in_the_name_of_a_file(tmp_path: Path) -> None:
    secrets = Secrets()
    secrets.add("the token", "90_abcdefghijklmnop")
    (tmp_path / "90_abcdefghijklmnop.lock").touch()
    assert secrets.found_below(tmp_path) != []


def test_nothing_else_is_found(tmp_path: Path) -> None:
    secrets = Secrets()
    secrets.add("the token", SECRET)
    assert secrets.found_in(f"{SECRET[: PIECE - 1]} *** {'0123456789abcdef' * 9}") == []
    (tmp_path / "journal.jsonl").write_text('{"at": "2026-11-22T10:41:00Z", "access_token": "***"}')
    assert secrets.found_below(tmp_path) == []
