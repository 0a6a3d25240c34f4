"""The files of the job: valid, pinned, least rights, nothing of an event within a script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .github import ACTIONS, ROOT, WORKFLOWS, load, run_steps

FILES = [*ACTIONS, *WORKFLOWS]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


@each_file
def test_githubs_schema_accepts_it(path: Path) -> None:
    schema = "vendor.github-actions" if path in ACTIONS else "vendor.github-workflows"
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@each_file
def test_every_action_of_others_is_pinned_by_its_commit(path: Path) -> None:
    lines = re.findall(r"^ *(?:- )?uses: (.*)", path.read_text(encoding="utf-8"), re.M)
    for uses in (line for line in lines if not line.startswith("./")):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", uses), uses


@each_file
def test_no_expression_stands_in_a_script(path: Path) -> None:
    scripts = [step["run"] for step in run_steps(load(path)) if "run" in step]
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.parent.name)
def test_each_script_of_an_action_stops_at_the_first_failure(path: Path) -> None:
    for step in run_steps(load(path)):
        if "run" in step:
            assert step["shell"] == "bash"
            assert step["run"].startswith("set -euo pipefail\n")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_has_just_the_rights_that_it_names(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    jobs = workflow["jobs"]
    assert all("permissions" in job and "timeout-minutes" in job for job in jobs.values())
    writes = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    assert writes <= {"publish", "comment", "issue"}
    for name in writes:
        for step in jobs[name]["steps"]:
            if step.get("uses", "").startswith("actions/checkout@") and name == "comment":
                assert step["with"]["ref"].startswith("${{ github.event.pull_request.base.sha"), (
                    "nothing of the pull request runs here"
                )
    assert not [step for step in jobs.get("publish", {}).get("steps", []) if "uses" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_checkout_keeps_the_token(path: Path) -> None:
    for step in run_steps(load(path)):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_only_one_apply_goes_on_at_a_time_and_is_approved_by_a_person() -> None:
    job = load(ROOT / ".github/workflows/menus.yml")["jobs"]["apply"]
    assert job["concurrency"]["cancel-in-progress"] is False
    assert job["environment"] == (
        "${{ github.event_name == 'schedule' && 'wechat-clock' || 'wechat' }}"
    )


def test_zizmor_finds_nothing(
    requires: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
    requires("zizmor")
    audit = ["zizmor", "--offline", "--no-progress", str(ROOT / ".github")]
    done = subprocess.run(audit, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
