"""The files of the job: valid, pinned, least rights, nothing of an event within a script."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from menuops import __version__
from menuops.files.ci_templates import ci_files

from .github import ACTIONS, ROOT, WORKFLOWS, load, run_steps

FILES = [*ACTIONS, *WORKFLOWS]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.mark.parametrize(("schema", "paths"), [("actions", ACTIONS), ("workflows", WORKFLOWS)])
def test_githubs_schema_accepts_them(schema: str, paths: list[Path]) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    check += [f"vendor.github-{schema}", *map(str, paths)]
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


# What `init --ci` writes


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_init_writes_the_jobs_once_and_keeps_what_is_there(tmp_path: Path, system: str) -> None:
    init = [sys.executable, "-m", "menuops", "init", str(tmp_path), "--ci", system]
    subprocess.run(init, check=True, capture_output=True)
    written = [tmp_path / name for name in ci_files(system)]  # type: ignore[arg-type]
    assert written
    for path in written:
        assert path.is_file()
        path.write_text("mine\n", encoding="utf-8")
    subprocess.run(init, check=True, capture_output=True)
    assert {path.read_text(encoding="utf-8") for path in written} == {"mine\n"}


def test_a_project_of_others_gets_this_repositorys_own_jobs_with_menuops_pinned() -> None:
    files = ci_files("github")
    for name, text in files.items():
        own = (ROOT / name).read_text(encoding="utf-8")
        if not name.endswith("menuops/action.yml"):
            assert text == own
            continue
        pinned = f'default: "menuops=={__version__}"'
        assert [
            (mine, theirs)
            for mine, theirs in zip(own.splitlines(), text.splitlines(), strict=True)
            if mine != theirs
        ] == [('    default: ""', f"    {pinned}")]
    used = re.findall(r"uses: \./(\S+)", files[".github/workflows/menus.yml"])
    assert {f"{name}/action.yml" for name in used} <= {*files}
