"""Emulators as processes of their own: one state file, files of exchanges, options."""

from __future__ import annotations

import io
import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import requests

from menuops.cli.main import run

from .conftest import Caller, encoded

BODY = {"button": [{"type": "click", "name": "帮助", "key": "HELP"}]}
ACCOUNT = "wx0123456789abcdef:0f0e0d0c0b0a09080706050403020100"
APPID, SECRET = ACCOUNT.split(":")


@contextmanager
def served(*options: str | Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "menuops", "emulator", "--port", "0", *map(str, options)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1], process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


@contextmanager
def calling(*options: str | Path) -> Iterator[Caller]:
    with served("--account", ACCOUNT, *options) as (url, _):
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable()["access_token"]
            yield caller


def state(url: str) -> Any:
    return requests.get(f"{url}/__emulator__/state", timeout=10).json()


def fails(*options: str | Path) -> tuple[int, str]:
    """Run it in this process, on a port that is taken: it ends whatever it makes of the options."""
    out, err = io.StringIO(), io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["emulator", "--port", port, *map(str, options)])
    return code, err.getvalue()


def test_two_processes_share_a_state_and_it_outlives_both(tmp_path: Path) -> None:
    file = tmp_path / "wechat.json"
    with calling("--state", file) as one, calling("--state", file) as other:
        assert other.token == one.token
        code, said = fails("--state", file, "--account", f"{APPID}:{SECRET[::-1]}")
        assert (code, said.count("\n")) == (7, 1)
        assert f"{file}: another emulator serves this state" in said
        events = requests.get(f"{one.url}/__emulator__/events", stream=True, timeout=20)
        lines = events.iter_lines(chunk_size=1, decode_unicode=True)
        assert "event: state" in (next(lines), next(lines))
        assert other.errcode("menu/create", BODY) == 0
        while next(lines) != "event: state":  # it is told that something changed elsewhere
            pass
        events.close()
        assert one("menu/get")["menu"]["button"][0]["key"] == "HELP"
        assert one.errcode("menu/delete") == 0
        assert other.errcode("menu/get") == 46003
        assert other.errcode("menu/create", BODY) == 0
        token = one.token
    with calling("--state", file) as again:
        assert again.token == token
        assert again("menu/get")["menu"]["button"][0]["name"] == "帮助"


def test_exchanges_are_recorded_without_secrets_and_appended(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    tokens = []
    for _ in range(2):
        with calling("--record", file) as call:
            tokens.append(call.token)
            call.raw("menu/create", encoded(BODY))
            call.send("GET", f"menu/get&{call.token}")
    text = file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(secret not in text for secret in (*tokens, SECRET))
    exchanges = [json.loads(line) for line in text.splitlines()]
    assert [one["n"] for one in exchanges] == [1, 2, 3, 1, 2, 3]
    assert [one["errcode"] for one in exchanges[:3]] == [None, 0, 40066]
    assert json.loads(exchanges[1]["body"]) == BODY
    assert exchanges[1]["appid"] == APPID


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    missing = tmp_path / "none" / "calls.jsonl"
    code, said = fails("--record", missing)
    assert code == 7
    assert str(missing) in said
    assert "Traceback" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to play")
def test_a_disk_that_fills_up_is_said_and_calls_go_on() -> None:
    with served("--record", "/dev/full") as (url, process):
        for _ in range(3):
            answer = requests.get(f"{url}/cgi-bin/menu/get", timeout=10)
            assert answer.json()["errcode"] == 41001
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        assert process.stderr.read().count("calls are missing") == 1


def test_the_demo_account_has_tags_and_followers_to_try() -> None:
    with served() as (url, _):
        [account] = state(url)["accounts"]
        assert account["appid"] == "wxdemo000000000001"
        assert [tag["name"] for tag in account["tags"]] == ["VIP", "spring"]
        platforms = {one["platform"] for one in account["followers"] if one["tags"] == [100]}
        assert platforms == {"1", "2"}


def test_options_say_what_an_account_has() -> None:
    with served(
        *("--tag", "7=七", "--tag", "8=eight", "--follower", "oA:8,7:ios", "--follower", "oB"),
        *("--switch", "trymatch=wrapped", "--account", "wx1:a", "--account", "wx2:b"),
    ) as (url, _):
        one, other = state(url)["accounts"]
        assert [(tag["id"], tag["name"]) for tag in one["tags"]] == [(7, "七"), (8, "eight")]
        anna, bo = one["followers"]
        assert (anna["openid"], anna["tags"], anna["platform"]) == ("oA", [8, 7], "1")
        assert (bo["openid"], bo["tags"], bo["platform"]) == ("oB", [], "3")
        assert one["switches"]["trymatch"] == "wrapped"
        assert {**other, "appid": "wx1"} == one


@pytest.mark.parametrize(
    "options",
    [
        ("--tag", "VIP"),
        ("--tag", "x=VIP"),
        ("--tag", "7="),
        ("--follower", ":7"),
        ("--follower", "oA:x"),
        ("--follower", "oA:7:nokia"),
        ("--switch", "nonsense=1"),
        ("--switch", "trymatch=1"),
        ("--account", "wx1"),
        ("--latency", "nan"),
        ("--tag", "7=seven", "--tag", "7=eight"),
        ("--follower", "oA", "--follower", "oA"),
    ],
)
def test_an_option_that_is_misspelt_is_wrong_usage(options: tuple[str, ...]) -> None:
    code, said = fails(*options)
    assert code == 64
    assert options[0] in said


@pytest.mark.parametrize("tags", [(), ("--tag", "7=seven")])
def test_a_follower_with_a_tag_that_no_account_has_is_wrong_usage(tags: tuple[str, ...]) -> None:
    code, said = fails(*tags, "--follower", "oA:9")
    assert code == 64
    assert "no tag 9" in said


def test_a_record_in_the_file_of_the_state_is_wrong_usage(tmp_path: Path) -> None:
    kept = tmp_path / "state.json"
    (tmp_path / "link").symlink_to(kept)
    for record in (kept, tmp_path / "link"):
        code, said = fails("--state", kept, "--record", record)
        assert code == 64
        assert "--record" in said
    assert not kept.exists()


def test_whoever_serves_the_network_is_warned() -> None:
    with served("--host", "0.0.0.0") as (url, process):
        port = url.rpartition(":")[2]
        assert requests.get(f"http://127.0.0.1:{port}/__emulator__/state", timeout=10).ok
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        assert "can be reached from the network" in process.stderr.read()
    with served("--host", "127.0.0.2") as (_, process):
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        assert process.stderr.read() == ""
