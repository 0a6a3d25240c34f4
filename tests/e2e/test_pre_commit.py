"""The hooks, run by a real pre-commit that installs this checkout as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]

GOOD: Final = "button:\n  - name: 帮助\n    type: click\n    key: HELP\n"
LONG: Final = GOOD.replace("帮助", "一二三四五六")
UNTIDY: Final = "button:  # the one that we need\n- {type: click,   name: 帮助, key: 'HELP'}\n"
PROJECT: Final = "accounts:\n  shop:\n    appid: wx0123456789abcdef\n    menu: menus/shop.yaml\n"


@dataclass(frozen=True)
class Committed:
    """How a `git commit` ended."""

    done: bool
    said: str


@dataclass(frozen=True)
class Repository:
    """A repository of a user whose commits go through the hooks."""

    root: Path
    environ: Mapping[str, str]

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return git(self.root, self.environ, *arguments)

    def commit(self) -> Committed:
        assert self.git("add", "--all").returncode == 0
        ended = self.git("commit", "--message", "Change menus")
        return Committed(ended.returncode == 0, ended.stdout + ended.stderr)


def git(
    root: Path, environ: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments],
        cwd=root,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def environ_of(home: Path) -> dict[str, str]:
    """An environment in which neither git nor pre-commit knows this machine's user."""
    barred = ("GIT_", "PRE_COMMIT", "SKIP", "MENUOPS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(barred)}
    config = home / "gitconfig"
    config.write_text("[safe]\n\tdirectory = *\n")  # a container's checkout may be another user's
    who = {
        f"GIT_{role}_{what}": text
        for role in ("AUTHOR", "COMMITTER")
        for what, text in (("NAME", "A"), ("EMAIL", "a@a.example"))
    }
    here = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_COLOR": "1",
    }
    return {**kept, **who, **here}


def snapshot(to: Path, environ: Mapping[str, str]) -> str:
    """Make a repository of the files of this checkout as they stand; gives its commit."""
    listed = git(ROOT, environ, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed.returncode:
        pytest.skip(f"this is no checkout of git: {listed.stderr}")
    to.mkdir()
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "All")):
        done = git(to, environ, *arguments)
        assert done.returncode == 0, done.stderr
    return git(to, environ, "rev-parse", "HEAD").stdout.strip()


@pytest.fixture(scope="session")
def new_repository(
    tmp_path_factory: pytest.TempPathFactory, requires: Callable[[str], None]
) -> Callable[[Path, str], Repository]:
    """Give what makes a user's repository with a hook of ours, installed once for all tests.

    pre-commit makes a virtual environment and has pip fill it: that needs the package registry.
    """
    requires("git")
    home = tmp_path_factory.mktemp("pre-commit")
    environ = environ_of(home)
    ours = home / "menuops"
    commit = snapshot(ours, environ)

    def make(root: Path, *hooks: str) -> Repository:
        repository = Repository(root, environ)
        listed = "".join(f"      - id: {hook}\n" for hook in hooks)
        config = f"repos:\n  - repo: {ours}\n    rev: {commit}\n    hooks:\n{listed}"
        repository.write(**{".pre-commit-config.yaml": config})
        assert repository.git("init", "--quiet").returncode == 0
        installed = subprocess.run(
            [sys.executable, "-m", "pre_commit", "install", "--install-hooks"],
            cwd=root,
            env=environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        said = installed.stdout + installed.stderr
        if installed.returncode and "Could not find a version" in said:
            pytest.skip(f"the package registry is out of reach: {said[-300:]}")
        assert installed.returncode == 0, said
        return repository

    return make


@pytest.fixture
def repository(
    new_repository: Callable[..., Repository], tmp_path: Path, request: pytest.FixtureRequest
) -> Repository:
    """A repository with a project of one account, and the hooks that the test asks for."""
    repository = new_repository(tmp_path, *request.param)
    repository.write(**{"menuops.yaml": PROJECT, "menus/shop.yaml": GOOD})
    return repository


validating = pytest.mark.parametrize("repository", [("menuops-validate",)], indirect=True)
formatting = pytest.mark.parametrize("repository", [("menuops-fmt",)], indirect=True)
both = pytest.mark.parametrize("repository", [("menuops-fmt", "menuops-validate")], indirect=True)


@validating
def test_a_valid_menu_is_committed(repository: Repository) -> None:
    committed = repository.commit()
    assert committed.done, committed.said
    assert "menuops validate" in committed.said
    assert "Passed" in committed.said


@validating
def test_an_invalid_menu_is_not_committed_and_each_finding_has_its_place(
    repository: Repository,
) -> None:
    repository.write(**{"menus/shop.yaml": LONG, "menus/deep/er/b.yml": LONG, "menus/c.json": "{}"})
    committed = repository.commit()
    assert not committed.done
    for place in ("menus/shop.yaml:2:11: ", "menus/deep/er/b.yml:2:11: ", "menus/c.json:1:1: "):
        assert place in committed.said
    assert "[name-too-long]" in committed.said


@validating
def test_a_broken_project_file_is_not_committed(repository: Repository) -> None:
    repository.write(**{"menuops.yaml": PROJECT.replace("menu:", "menue:")})
    committed = repository.commit()
    assert not committed.done
    assert "menuops.yaml:" in committed.said


@validating
def test_other_files_are_none_of_its_business(repository: Repository) -> None:
    assert repository.commit().done
    repository.write(
        **{
            "menus/README.md": "x: [",
            "docs/menus/x.yaml": "x: [",
            "menus.yaml": "x: [",
            "sub/menuops.yaml": "x: [",
        }
    )
    committed = repository.commit()
    assert committed.done, committed.said
    assert "Skipped" in committed.said


@validating
def test_a_menu_is_checked_with_the_variables_of_each_of_its_accounts(
    repository: Repository,
) -> None:
    other = PROJECT.partition("\n")[2].replace("shop:", "long:").replace("abcdef", "abcdee")
    project = f"{PROJECT}    vars: {{name: 帮助}}\n{other}    vars: {{name: 一二三四五六}}\n"
    menu = GOOD.replace("帮助", "${name}")
    repository.write(**{"menuops.yaml": project, "menus/shop.yaml": menu})
    committed = repository.commit()
    assert not committed.done
    assert committed.said.count("[name-too-long]") == 1


@validating
def test_a_project_file_that_makes_a_menu_invalid_is_not_committed(repository: Repository) -> None:
    repository.write(**{"menus/shop.yaml": GOOD.replace("帮助", "${name}")})
    repository.write(**{"menuops.yaml": f"{PROJECT}    vars: {{name: 帮助}}\n"})
    first = repository.commit()
    assert first.done, first.said
    repository.write(**{"menuops.yaml": f"{PROJECT}    vars: {{name: 一二三四五六}}\n"})
    second = repository.commit()
    assert not second.done
    assert "menus/shop.yaml:2:11: " in second.said


@validating
def test_many_files_are_checked_in_one_run(repository: Repository) -> None:
    """Their names fit one command line, and the report sums up all of them."""
    names = [f"menus/branches/branch-{number:03}.yaml" for number in range(500)]
    repository.write(**dict.fromkeys(names, LONG))
    committed = repository.commit()
    assert not committed.done
    assert "500 errors, 0 warnings in 502 files" in committed.said


@formatting
def test_an_untidy_menu_is_tidied_and_the_next_commit_takes_it(repository: Repository) -> None:
    repository.write(**{"menus/shop.yaml": UNTIDY})
    first = repository.commit()
    assert not first.done
    assert "files were modified by this hook" in first.said
    tidy = repository.read("menus/shop.yaml")
    assert "# the one that we need" in tidy
    assert "type: click\n" in tidy
    second = repository.commit()
    assert second.done, second.said
    assert repository.read("menus/shop.yaml") == tidy


@formatting
def test_a_tidy_menu_and_a_project_file_stay_as_they_are(repository: Repository) -> None:
    committed = repository.commit()
    assert committed.done, committed.said
    assert repository.read("menus/shop.yaml") == GOOD
    assert repository.read("menuops.yaml") == PROJECT


@both
def test_both_hooks_report_on_one_commit(repository: Repository) -> None:
    repository.write(**{"menus/shop.yaml": UNTIDY.replace("帮助", "一二三四五六")})
    committed = repository.commit()
    assert not committed.done
    assert "files were modified by this hook" in committed.said
    assert "[name-too-long]" in committed.said
    assert "# the one that we need" in repository.read("menus/shop.yaml")


@formatting
def test_a_menu_that_can_not_be_read_is_left_as_it_is_and_not_committed(
    repository: Repository,
) -> None:
    broken = f"{GOOD}  - name: [\n"
    repository.write(**{"menus/shop.yaml": broken})
    committed = repository.commit()
    assert not committed.done
    assert "menus/shop.yaml:" in committed.said
    assert "files were modified" not in committed.said
    assert repository.read("menus/shop.yaml") == broken
