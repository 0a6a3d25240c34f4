"""Where an AppSecret is read, and what is said where it isn't there."""

from __future__ import annotations

from pathlib import Path

import pytest

from menuops.core.account import SecretEnv, SecretFile, SecretGiven
from menuops.core.secret import Secret
from menuops.wechat.tokens.app_secret import NoSecret, read_secret

VALUE = "0f0e0d0c0b0a09080706050403020100"


@pytest.mark.parametrize("text", [VALUE, f"{VALUE}\n", f" {VALUE}\r\n\n"])
def test_white_space_around_it_is_dropped(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret"
    path.write_text(text)
    assert read_secret("shop", SecretEnv("S"), {"S": text}, timeout_s=5.0).reveal() == VALUE
    assert read_secret("shop", SecretFile(path), {}, timeout_s=5.0).reveal() == VALUE


def test_file_of_an_editor_that_writes_a_bom_is_read(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"\xef\xbb\xbf" + VALUE.encode())
    assert read_secret("shop", SecretFile(path), {}, timeout_s=5.0).reveal() == VALUE


def test_given_one_is_taken() -> None:
    assert read_secret("shop", SecretGiven(Secret(VALUE)), {}, timeout_s=5.0) == Secret(VALUE)


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "isn't set"),
        ({"S": ""}, "is empty"),
        ({"S": " \n"}, "is empty"),
        ({"S": f"{VALUE} {VALUE}"}, "more than an AppSecret"),
        ({"S": f"{VALUE}\x00"}, "more than an AppSecret"),
    ],
)
def test_variable_is_named(environ: dict[str, str], reason: str) -> None:
    with pytest.raises(NoSecret, match=reason) as caught:
        read_secret("shop", SecretEnv("S"), environ, timeout_s=5.0)
    assert "variable S" in caught.value.message
    assert "shop" in caught.value.message
    assert "set S" in caught.value.fix
    assert caught.value.code == "no_secret"
    assert VALUE not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "isn't there"),
        (b"", "is empty"),
        (b"\xff\xfe", "isn't text"),
        (VALUE.encode() * 2 + b"\nanother line", "more than an AppSecret"),
    ],
)
def test_file_is_named(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NoSecret, match=reason) as caught:
        read_secret("shop", SecretFile(path), {}, timeout_s=5.0)
    assert str(path) in caught.value.message
    assert caught.value.fix
    assert caught.value.__context__ is None
    assert VALUE not in str(caught.value)


def test_directory_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(NoSecret, match="can't be read"):
        read_secret("shop", SecretFile(tmp_path), {}, timeout_s=5.0)
