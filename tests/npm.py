"""Packages of npm that tests need, installed once for all runs: pytest keeps them in its cache."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from filelock import FileLock

_INSTALL_S: Final = 180
_FLAGS: Final = ("--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")


def node_modules(named_in: Path, folder: Path, requires: Callable[[str], None]) -> Path:
    """Install into `folder` what package-lock.json of `named_in` pins, and give its node_modules.

    Skips the test where that can't be done. Processes that want the same at a time install once.
    """
    requires("node")
    requires("npm")
    lock = (named_in / "package-lock.json").read_bytes()
    installed = folder / "installed"  # written last: what is there without it is half of it
    with FileLock(folder / "installing"):
        if not installed.is_file() or installed.read_bytes() != lock:
            installed.unlink(missing_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(named_in / name, folder)
            _install(folder, named_in)
            installed.write_bytes(lock)
    return folder / "node_modules"


def _install(folder: Path, named_in: Path) -> None:
    command = ["npm", "ci", *_FLAGS]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, timeout=_INSTALL_S, check=True)
    except subprocess.SubprocessError as why:  # no network, say
        said = getattr(why, "stderr", None) or b""
        pytest.skip(f"npm can't install what {named_in} names: {why}: {said[-300:]!r}")
