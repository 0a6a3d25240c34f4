"""`menuops` as a library."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

import menuops
from menuops.cli.main import run
from menuops.core.outcome import Outcome

ROOT = Path(__file__).resolve().parent.parent


def test_plan_and_apply_work_as_functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copy(ROOT / "menuops.yaml", tmp_path)
    shutil.copytree(ROOT / "menus", tmp_path / "menus")
    first = menuops.plan(tmp_path, accounts=["demo"])
    assert first.outcome is Outcome.CHANGES
    assert menuops.apply(first, tmp_path).outcome is Outcome.DONE
    assert menuops.plan(tmp_path).outcome is Outcome.NO_CHANGES


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        menuops.nothing  # noqa: B018


def test_the_demo_prints_plans_that_fit_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))
    outcomes = []
    for command in (["plan"], ["apply", "--yes"], ["plan"]):
        assert run([*command, "-C", str(ROOT), "-a", "demo", "--format", "json"]) == 0
        document = json.loads(capsys.readouterr().out)
        outcomes.append(document["outcome"])
        if command == ["plan"]:
            jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    assert outcomes == ["changes", "done", "no_changes"]
