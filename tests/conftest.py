"""What tests of several folders share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from .site import Site, opened_site

_INSTALL: Final = {"tmux": "apt-get install tmux"}


@pytest.fixture
def requires() -> Callable[[str], None]:
    """Skip where a program isn't installed; with MENUOPS_TEST_ALL=1, fail instead."""

    def check(program: str) -> None:
        if shutil.which(program) is None:
            message = f"{program} isn't installed: {_INSTALL.get(program, f'install {program}')}"
            if os.environ.get("MENUOPS_TEST_ALL") == "1":
                pytest.fail(message)
            pytest.skip(message)

    return check


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A project, an emulated WeChat, and a home directory that is all its own."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("MENUOPS_", "GITHUB_", "GITLAB_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    with opened_site(tmp_path) as opened:
        yield opened
