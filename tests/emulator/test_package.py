"""What importing the package costs, and what it may import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import menuops.emulator

FOLDER = Path(menuops.emulator.__file__).parent


def test_it_imports_the_standard_library_and_itself_alone() -> None:
    for path in set(FOLDER.glob("*.py")) - {FOLDER / "pytest_plugin.py"}:  # pytest alone loads it
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    roots = {alias.name.split(".")[0] for alias in names}
                case ast.ImportFrom(module=module, level=level):
                    assert level <= 1, path
                    roots = set() if level else {str(module).split(".")[0]}
                case _:
                    continue
            assert roots <= sys.stdlib_module_names, path


def test_importing_it_loads_no_server() -> None:
    code = (
        "import sys; before = set(sys.modules); import menuops.emulator; "
        "print(*(set(sys.modules) - before))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=FOLDER.parents[1], capture_output=True, check=True
    )
    loaded = found.stdout.decode().split()
    assert "menuops.emulator.emulator" in loaded
    for slow in ("http", "http.server", "socketserver", "email", "logging"):
        assert slow not in loaded


def test_its_names_are_there() -> None:
    wanted = {"Account", "Emulator", "EmulatorStateError", "Fault", "Follower", "Tag"}
    assert set(menuops.emulator.__all__) == wanted | {"Switches", "demo_account", "switches_from"}
