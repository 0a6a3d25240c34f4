"""The pytest plugin, in a project that isn't ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
    import json
    import urllib.request

    from menuops.emulator import Account, Fault


    def token(emulator, appid, secret):
        query = f"grant_type=client_credential&appid={appid}&secret={secret}"
        with urllib.request.urlopen(f"{emulator.url}/cgi-bin/token?{query}") as answer:
            return json.load(answer)


    def test_the_demo_account_is_there(wechat_emulator):
        assert token(wechat_emulator, wechat_emulator.appid, wechat_emulator.secret)["expires_in"]
        assert wechat_emulator.calls == [("GET", "/cgi-bin/token", None)]


    def test_each_test_has_one_of_its_own(wechat_emulator):
        assert wechat_emulator.calls == []


    def test_accounts_are_added_and_faults_planned(wechat_emulator):
        wechat_emulator.add_account(Account(appid="wx1", secret="s"))
        wechat_emulator.fail_next("token", Fault.errcode(-1))
        assert token(wechat_emulator, "wx1", "s")["errcode"] == -1
        assert "access_token" in token(wechat_emulator, "wx1", "s")
        wechat_emulator.emulator.close_menu("wx1")
"""
LOOK = """
    import sys

    def test_nothing_of_it_is_loaded():
        for slow in ("requests", "click", "yaml", "http.server", "menuops.emulator.api"):
            assert slow not in sys.modules, slow
"""


# Others' plugins, which are slow to load.
ALONE = ("-p", "no:anyio", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")


def run(folder: Path, code: str, *options: str) -> str:
    lines = [line.removeprefix("    ") for line in code.splitlines()]
    (folder / "test_theirs.py").write_text("\n".join(lines), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *ALONE, *options],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout + ended.stderr


def test_a_project_of_somebody_else_has_the_fixture(tmp_path: Path) -> None:
    assert "3 passed" in run(tmp_path, TESTS, "-W", "error")


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    assert "fixture 'wechat_emulator' not found" in run(tmp_path, TESTS, "-p", "no:menuops")


@pytest.mark.parametrize("option", ["-W error", "-p no:menuops"])
def test_who_does_not_ask_for_it_pays_next_to_nothing(tmp_path: Path, option: str) -> None:
    assert "1 passed" in run(tmp_path, LOOK, *option.split())
