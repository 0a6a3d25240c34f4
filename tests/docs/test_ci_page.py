"""Each code block of docs/ci.md is whole: what it shows can be copied, and is what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
import yaml

from menuops import __version__
from menuops.files.ci_templates import ci_files
from tests.ci.linters import found_by, jactionlint, shellcheck
from tests.site import Site

from .ci_page import (
    BLOCKS,
    GITLAB,
    PROJECT,
    WORKFLOW,
    Block,
    asking_jobs,
    block,
    shipped,
    with_block,
)
from .page import PLAYED, ROOT

ON_GITHUB: Final = [each for each in BLOCKS if each.file == WORKFLOW]
YAML: Final = [each for each in BLOCKS if each.language == "yaml"]


def test_each_block_says_what_it_is() -> None:
    assert {each.language for each in BLOCKS} <= {"console", "json", "python", "sh", "yaml"}
    assert {each.file for each in YAML} == {WORKFLOW, GITLAB, PROJECT}
    for each in BLOCKS:
        if each.language == "json":
            json.loads(each.text)
        elif each.language == "python":
            compile(each.text, each.heading, "exec")


def test_shellcheck_finds_nothing_in_what_is_to_be_typed(tmp_path: Path) -> None:
    texts = {}
    for number, each in enumerate(BLOCKS):
        if each.language in ("sh", "console"):
            lines = re.sub(r"^\$ ", "", each.text, flags=re.MULTILINE)
            texts[f"{each.heading}, block {number}"] = lines
    for page in PLAYED:
        for number, command in enumerate(page.commands):
            texts[f"{page.name}, command {number}"] = f"set -e\n{command}"
    assert len(texts) > 20
    assert shellcheck(tmp_path, texts) == ""


PROJECTS: Final = [each for each in YAML if each.file == PROJECT]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda each: each.heading)
def test_each_project_file_is_valid_and_whole(site: Site, project: Block) -> None:
    site.write(PROJECT, project.text)
    ended = site.run("validate")
    assert (ended.code, ended.err) == (0, ""), ended.said


def test_what_goes_into_the_workflow_makes_a_good_workflow(tmp_path: Path) -> None:
    """All at once, as workflows of one project: the linters take as long for one."""
    for name, text in ci_files("github").items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    paths = []
    for number, each in enumerate(ON_GITHUB):
        path = tmp_path / WORKFLOW.replace("menus", f"menus-{number}")
        path.write_text(with_block(each), encoding="utf-8")
        paths.append(path)
    assert len(paths) == 5
    # A label of one's own is no mistake where a runner has it.
    assert jactionlint(tmp_path, '--ignore=label "wechat" is unknown') == ""
    schema = (sys.executable, "-m", "check_jsonschema", "--builtin-schema")
    assert found_by(*schema, "vendor.github-workflows", *paths) == ""


def test_the_jobs_that_ask_wechat_are_those_that_are_named() -> None:
    runner = block("A runner with a fixed address", WORKFLOW)
    assert set(runner.value["jobs"]) == asking_jobs()
    for each in ON_GITHUB:
        if "env" in each.value:
            (name, *_) = each.value["env"]
            written = with_block(each).count(f"          {name}: ${{{{ secrets.{name} }}}}")
            assert written >= len(asking_jobs()), each.heading


def test_gitlabs_schema_accepts_what_goes_into_its_file(tmp_path: Path) -> None:
    paths = []
    for number, each in enumerate(each for each in YAML if each.file == GITLAB):
        paths.append(tmp_path / f"{number}.yml")
        paths[-1].write_text(with_block(each), encoding="utf-8")
    schema = (sys.executable, "-m", "check_jsonschema", "--builtin-schema")
    assert len(paths) == 2
    assert found_by(*schema, "vendor.gitlab-ci", *paths) == ""


def test_the_runner_gets_no_job_of_a_fork_on_gitlab_and_all_that_ask_wechat() -> None:
    runner = block("A runner with a fixed address", GITLAB)
    jobs = {name for name in yaml.safe_load(shipped(GITLAB)) if not name.startswith(".")}
    others = {*("stages", "variables", "workflow", "default"), "validate", "offline"}
    assert set(runner.value) == jobs - others


def test_the_version_that_is_pinned_is_this_one() -> None:
    bot = block("The token of a running bot", WORKFLOW)
    assert bot.value["with"] == {"version": f"menuops[redis]=={__version__}"}


# Any other CI


def any_other_ci(word: str) -> str:
    (text,) = (
        each.text
        for each in BLOCKS
        if each.heading == "Any other CI" and each.text.startswith(word)
    )
    return text


def in_shell(site: Site, script: str, tools: Path) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent
    environ = {**site.process_environ(), "PATH": f"{tools}:{beside}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=site.root,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Programs that only write down how they were called, a word a line."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("pip", "docker"):
        (folder / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{folder}/{name}.called"\n')
        (folder / name).chmod(0o755)
    return folder


def test_the_five_lines_plan_show_apply_and_compare(site: Site, tools: Path) -> None:
    ran = in_shell(site, any_other_ci("pip install"), tools)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (tools / "pip.called").read_text().split() == ["install", "menuops"]
    assert "Applied 1 call on 1 account." in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("No drift.")


def test_the_container_mounts_what_the_image_has(site: Site, tools: Path) -> None:
    ran = in_shell(site, any_other_ci("docker run"), tools)
    assert ran.returncode == 0, ran.stderr
    words = (tools / "docker.called").read_text().split("\n")[:-1]
    image = words.index("menuops")
    flags, command = words[:image], words[image + 1 :]
    given = list(pairwise(flags))
    mounts = {v.partition(":")[2]: v.partition(":")[0] for k, v in given if k == "-v"}
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    home = re.findall(r"HOME=(\S+)", dockerfile)
    assert list(mounts) == [*re.findall(r"^WORKDIR (/menus)$", dockerfile, re.M), *home]
    assert mounts["/menus"] == str(site.root)
    assert ("--user", f"{os.getuid()}:{os.getgid()}") in given
    assert [value for key, value in given if key == "-e"] == ["MENUOPS_SECRET_SHOP"]
    assert site.run(*command).code == 0
    assert (site.root / "plan.json").is_file()
