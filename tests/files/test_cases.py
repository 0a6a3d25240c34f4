"""Files with what is found in them: a new case is a file, and its findings beside it.

`good-….yaml` has no finding, `warn-….yaml` only warnings, `bad-….yaml` an error; the
findings stand in a `.txt` of the same name. A folder is named after the rule of its cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding
from menuops.files.menu.menu_file import read_menu
from menuops.files.project.project import load_project

CASES = Path(__file__).parents[1] / "cases"
MENUS = sorted(CASES.glob("menu/*/*.yaml"))
PROJECTS = sorted(CASES.glob("project/*/*.yaml"))


def check(case: Path, found: Sequence[Finding], *, accepted: bool) -> None:
    beside = case.with_suffix(".txt")
    expected = beside.read_text(encoding="utf-8") if beside.exists() else ""
    assert "".join(f"{finding}\n" for finding in found) == expected
    kind = case.name.partition("-")[0].removesuffix(".yaml")
    assert accepted is (kind != "bad")
    assert bool(found) is (kind != "good")
    rules = {finding.rule for finding in found}
    assert not found or case.parent.name in rules


@pytest.mark.parametrize("case", MENUS, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_menu_file_has_the_findings_beside_it(case: Path) -> None:
    loaded = read_menu(case, case.name).for_account({}, "demo", "wx1")
    check(case, loaded.findings, accepted=loaded.menu is not None)


@pytest.mark.parametrize("case", PROJECTS, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_project_file_has_the_findings_beside_it(case: Path) -> None:
    try:
        check(case, load_project(case, case.name).findings, accepted=True)
    except InvalidFiles as invalid:
        check(case, invalid.findings, accepted=False)


def test_no_finding_in_a_project_file_shows_a_value() -> None:
    """It could be a secret that somebody put where none belongs."""
    for case in CASES.glob("project/no-secret-here/bad-*.yaml"):
        values = [line.partition(": ")[2] for line in case.read_text().splitlines()]
        shown = case.with_suffix(".txt").read_text()
        for value in values:
            assert len(value) < 9 or value not in shown


def test_every_case_with_findings_says_which() -> None:
    for case in (*MENUS, *PROJECTS):
        assert case.with_suffix(".txt").exists() is not case.name.startswith("good")
