"""What the page and the lock file say: the examples of docs/emulator.md run as they stand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .installing import NODE
from .table import PAGE

EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_page_runs(example: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", example], cwd=tmp_path, check=True)


def test_the_page_has_examples() -> None:
    assert EXAMPLES


def test_the_lock_file_names_no_registry() -> None:
    """So that npm takes the packages from the one that it is set up with, and checks them."""
    lock = json.loads((NODE / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages)
