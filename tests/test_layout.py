"""The layout that the code promises: imports point down, one importer for each dependency."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from menuops.files.templates import MENU

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "menuops"
FOLDERS = ("cli", "run", "render", "post", "wechat", "transport", "state", "locks", "files", "core")
IMPORTERS = {
    "yaml": {"files/reader/yaml_parser.py"},
    "jsonschema": {"files/fault.py"},
    "jsonschema_rs": {"files/schema.py"},
    "deepdiff": {"core/fields.py"},
    "filelock": {"locks/file_locks.py"},
    "redis": {"locks/redis_server.py"},
    "resvg_py": {"render/phone/png.py"},
    "fontTools": {"files/fonts.py"},
}
SOURCES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def folder(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "menuops" and len(parts) > 1 else None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_from_its_own_folder_and_those_below(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0]
    if own not in FOLDERS:
        return
    above = FOLDERS[: FOLDERS.index(own)]
    assert [name for name in imports(path) if folder(name) in above] == []


FILES = ("answers", "formatting", "project", "menu", "rules", "reader")
"""Within `files` too: what reads text knows nothing of menus, and menus nothing of projects."""


@pytest.mark.parametrize("name", FILES)
def test_a_folder_of_files_imports_none_above_it(name: str) -> None:
    above = {f"menuops.files.{each}" for each in FILES[: FILES.index(name)]}
    for path in (PACKAGE / "files" / name).rglob("*.py"):
        assert not {".".join(module.split(".")[:3]) for module in imports(path)} & above, path


def test_every_folder_of_files_has_its_place_in_the_order() -> None:
    assert {path.parent.name for path in (PACKAGE / "files").glob("*/__init__.py")} == set(FILES)


def test_every_folder_of_the_package_has_its_place_in_the_order() -> None:
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert there == {*FOLDERS, "emulator"}


def test_the_emulator_shares_no_code_with_the_rest() -> None:
    for path in (PACKAGE / "emulator").rglob("*.py"):
        ours = {folder(name) for name in imports(path)} - {None, "emulator"}
        assert ours == set(), path
        assert "menuops" not in imports(path), path


def test_the_core_asks_nothing_of_the_world() -> None:
    barred = {"os", "time", "socket", "subprocess", "pathlib", "logging", "random", "threading"}
    for path in (PACKAGE / "core").rglob("*.py"):
        found = {name.split(".")[0] for name in imports(path)} & barred
        # These hold paths as values, and PurePath reads nothing.
        holds_paths = path.name in ("account.py", "schedule.py")
        assert found <= ({"pathlib"} if holds_paths else set()), path
        calls = (
            node
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call)
        )
        names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        assert not names & {"print", "open", "input"}, path


@pytest.mark.parametrize("dependency", IMPORTERS)
def test_each_dependency_has_one_importer(dependency: str) -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in SOURCES
        for name in imports(path)
        if name.split(".")[0] == dependency
    }
    assert found == IMPORTERS[dependency]


def test_only_the_transport_knows_http_libraries_and_only_the_cli_knows_click() -> None:
    for path in SOURCES:
        roots = {name.split(".")[0] for name in imports(path)}
        own = path.relative_to(PACKAGE).parts[0]
        assert own == "transport" or not roots & {"requests", "urllib3"}, path
        assert own == "cli" or "click" not in roots, path


def modules_of(*arguments: str, folder: Path = ROOT) -> set[str]:
    """Run a command in a folder and list the modules that it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "menuops", *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rsplit("|", 1)[1].strip() for line in lines}


def loaded_by(*arguments: str) -> set[str]:
    """Run a command and list the top-level modules that it imported."""
    return {name.split(".")[0] for name in modules_of(*arguments)}


HEAVY = {"yaml", "jsonschema", "requests", "deepdiff", "rich", "filelock", "platformdirs", "redis"}


def test_version_imports_no_dependency_at_all() -> None:
    assert not loaded_by("--version") & {*HEAVY, "click", "jsonschema_rs"}


def test_help_imports_nothing_heavy() -> None:
    assert not loaded_by("--help") & HEAVY


ONLY_FOR_FAULTS = {
    "comments", "cross_rules", "entry_faults", "line_slips", "login_rules",
    "meant", "menu_faults", "other_formats", "parser_words", "silencing", "slips",
    "template_marks", "template_slips", "trouble", "wrapped",
}  # fmt: skip
ONLY_FOR_PROJECTS = {
    "accounts", "api_url", "fault", "project_faults", "token_keys", "token_twins", "windows",
}  # fmt: skip


def test_validating_a_valid_file_pays_for_yaml_and_the_gate_alone(tmp_path: Path) -> None:
    """No module that only a fault needs, nor one for accounts where there is no project."""
    menu = tmp_path / "menu.yaml"
    menu.write_text(MENU, encoding="utf-8")
    loaded = modules_of("validate", "menu.yaml", folder=tmp_path)
    assert {name.split(".")[0] for name in loaded} & {*HEAVY, "http"} == {"yaml"}
    ours = {name.removeprefix("menuops.files.") for name in loaded}
    assert ours & (ONLY_FOR_FAULTS | ONLY_FOR_PROJECTS) == set()
    assert "menuops.core.plan" not in loaded  # it brings the diff and the planner, 35 ms


def test_a_plan_of_an_account_in_sync_loads_nothing_that_compares_or_draws(tmp_path: Path) -> None:
    """Neither deepdiff nor rich, nor what other views than text need."""
    (tmp_path / "menu.yaml").write_text(
        "button: [{name: 新品, type: view, url: https://shop.example.com/}]\n", encoding="utf-8"
    )
    (tmp_path / "menuops.yaml").write_text(
        "accounts: {shop: {appid: wx0123456789abcdef, menu: menu.yaml}}\n", encoding="utf-8"
    )
    menu = {"button": [{"name": "新品", "type": "view", "url": "https://shop.example.com/"}]}
    (tmp_path / "live.json").write_text(json.dumps({"menu": menu}), encoding="utf-8")
    loaded = modules_of("plan", "--live", "live.json", folder=tmp_path)
    assert {name.split(".")[0] for name in loaded} & {"deepdiff", "rich", "requests"} == set()
    assert not {name for name in loaded if re.search(r"plan_(html|markdown)|phone", name)}
