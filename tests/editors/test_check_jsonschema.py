"""What check-jsonschema says of the mistakes that editors are shown, by the same schemas.

Each mistake is one line: where it is, and what of it is named. A form that a value lacks isn't
called an unknown field too, nor a type that is right.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from . import test_menu_files as menus
from . import test_project_files as projects
from .documents import unmarked

ENTRY: Final = "$.button[0]"
SUB: Final = "$.button[0].sub_button[0]"
RULE: Final = "$.conditionalmenu[0].matchrule"
SHOP: Final = "$.accounts.shop"
TOKEN: Final = "$.accounts.shop.token"
MENUS: Final = {
    "a type that nearly is one": [(f"{ENTRY}.type", "'clik' is not one of ['click', 'view', ")],
    "a key on a view": [(ENTRY, "('key' was unexpected)")],
    "no link": [(ENTRY, "'url' is a required property")],
    "no key": [(SUB, "'key' is a required property")],
    "a mini program without its page": [(ENTRY, "'pagepath' is a required property")],
    "neither type nor sub-menu": [(ENTRY, "'type' is a required property")],
    "a type on an entry with a sub-menu": [(ENTRY, "('type' was unexpected)")],
    "four entries": [("$.button", "is too long")],
    "no entry": [("$.button", "[] should be non-empty")],
    "six buttons in a sub-menu": [(f"{ENTRY}.sub_button", "is too long")],
    "a sub-menu within a sub-menu": [(f"{SUB}.sub_button", "is expected to be empty")],
    "an empty name": [(f"{ENTRY}.name", "'' should be non-empty")],
    "a name of 17 letters": [(f"{ENTRY}.name", f"'{'x' * 17}' is too long")],
    "a name of 61 letters in a sub-menu": [(f"{SUB}.name", f"'{'x' * 61}' is too long")],
    "a key of 129 letters": [(f"{ENTRY}.key", f"'{'x' * 129}' is too long")],
    "a link to a file": [(f"{ENTRY}.url", "'ftp://a.example/' does not match")],
    "a number for a name": [(f"{ENTRY}.name", "2026 is not of type 'string'")],
    "an unknown key of a button": [(ENTRY, "('colour' was unexpected)")],
    "a slip in a key of a button": [
        (ENTRY, "'key' is a required property"),
        (ENTRY, "('kye' was unexpected)"),
    ],
    "an unknown key of the file": [("$", "'buttons' does not match")],
    "no button": [("$", "'button' is a required property")],
    "a rule by sex": [(f"{RULE}.sex", "'1' is not one of []")],
    "a tag twice over": [(f"{RULE}.tag_id", "'104' is not one of []")],
    "an unknown platform": [(f"{RULE}.client_platform_type", "'iPhone' is not one of ['ios', ")],
    "an empty rule": [(RULE, "{} should be non-empty")],
    "an old field of a rule": [(RULE, "('group_id' was unexpected)")],
    "a variable that is built in": [("$.vars", "'appid' does not match")],
}
PROJECTS: Final = {
    "an unknown key of the file": [("$", "'parallel' does not match")],
    "an unknown key of an account": [(SHOP, "('protcted' was unexpected)")],
    "no appid": [(SHOP, "'appid' is a required property")],
    "no menu": [(SHOP, "'menu' is a required property")],
    "a secret under the account": [(SHOP, "('secret' was unexpected)")],
    "a secret under the token": [(TOKEN, "('secret' was unexpected)")],
    "a key of another source": [(TOKEN, "('url' was unexpected)")],
    "a source without its key": [(TOKEN, "'path' is a required property")],
    "an unknown source": [(f"{TOKEN}.source", "'redis' is not one of ['stable', ")],
    "an unknown SDK": [(f"{TOKEN}.sdk", "'wechat' is not one of ['wechatpy', ")],
    "a header's value": [(f"{TOKEN}.headers_env.Authorization", "does not match")],
    "plain http": [(f"{SHOP}.api", "'http://api.example' does not match")],
    "a Redis without its variable": [("$", "'token_store_env' is a required property")],
    "a moment without its offset": [(f"{SHOP}.menu[0].from", "'2026-11-11' does not match")],
}

UNREAD: Final = ("tab", "yaml-syntax")
"""Rules whose good cases hold what the tool's reader refuses: tabs, `\\ud83d\\ude00` in JSON."""

Errors = dict[str, list[tuple[str, str]]]


def judged(kind: str, texts: Mapping[str, str], folder: Path) -> Errors:
    """Ask about all texts in one run, which takes its second before it judges anything."""
    files = {}
    for number, (name, text) in enumerate(texts.items()):
        files[name] = folder / f"{kind}-{number}.yaml"
        files[name].write_text(text, encoding="utf-8")
    schema = menus.ROOT / "schemas" / f"{kind}.schema.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema", "--output-format", "json"),
            *("--schemafile", str(schema), *map(str, files.values())),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    assert report.get("parse_errors", []) == []
    found: Errors = {name: [] for name in texts}
    names = {str(file): name for name, file in files.items()}
    for error in report.get("errors", []):
        found[names[error["filename"]]].append((error["path"], error["message"]))
    return found


def mistakes(all_of_them: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: unmarked(text)[0] for name, (text, *_) in all_of_them.items()}


@pytest.fixture(scope="module")
def of_menus(tmp_path_factory: pytest.TempPathFactory) -> Errors:
    return judged("menu", mistakes(menus.MISTAKES), tmp_path_factory.mktemp("menus"))


@pytest.fixture(scope="module")
def of_projects(tmp_path_factory: pytest.TempPathFactory) -> Errors:
    return judged("project", mistakes(projects.MISTAKES), tmp_path_factory.mktemp("projects"))


def assert_said(found: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> None:
    assert [path for path, _ in found] == [path for path, _ in wanted]
    for (_, message), (_, part) in zip(found, wanted, strict=True):
        assert part in message


@pytest.mark.parametrize("name", MENUS)
def test_a_mistake_in_a_menu_file_is_named(name: str, of_menus: Errors) -> None:
    assert_said(of_menus[name], MENUS[name])


@pytest.mark.parametrize("name", PROJECTS)
def test_a_mistake_in_a_project_file_is_named(name: str, of_projects: Errors) -> None:
    assert_said(of_projects[name], PROJECTS[name])


def test_each_mistake_is_refused(of_menus: Errors, of_projects: Errors) -> None:
    assert [name for name, errors in {**of_menus, **of_projects}.items() if not errors] == []


def test_a_secret_that_stands_where_none_belongs_is_not_repeated(of_projects: Errors) -> None:
    for name in ("a secret under the account", "a secret under the token"):
        assert projects.A_SECRET not in str(of_projects[name])


def test_what_is_right_is_accepted(tmp_path: Path) -> None:
    for kind, files in (("menu", menus.GOOD), ("project", projects.GOOD)):
        texts = {str(file): menus.read(file) for file in files if file.parent.name not in UNREAD}
        errors = judged(kind, texts, tmp_path)
        assert {name: found for name, found in errors.items() if found} == {}
