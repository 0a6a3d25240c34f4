"""The examples of docs/emulator.md run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .table import PAGE

EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_page_runs(example: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", example], cwd=tmp_path, check=True)


def test_the_page_has_examples() -> None:
    assert EXAMPLES
