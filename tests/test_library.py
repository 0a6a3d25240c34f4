"""`menuops` as a library."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import menuops
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
