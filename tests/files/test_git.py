from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from menuops.files.git import head_commit, resolve


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    command = ("git", *identity, "-c", "commit.gpgsign=false", *arguments)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git(tmp_path, "init", "-q")
    (tmp_path / "menu.yaml").write_text("a: 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


def test_the_commit_is_given_whole_and_never_as_a_tag(checkout: Path) -> None:
    git(checkout, "tag", "-am", "v1", "v1")
    (checkout / "below").mkdir()
    assert head_commit(checkout) == git(checkout, "rev-parse", "HEAD")
    assert head_commit(checkout / "below") == git(checkout, "rev-parse", "HEAD")


def test_a_changed_file_makes_it_dirty(checkout: Path) -> None:
    (checkout / "menu.yaml").write_text("a: 2\n")
    assert head_commit(checkout) == git(checkout, "rev-parse", "HEAD") + "-dirty"


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert head_commit(tmp_path) is None


def test_outside_a_repository_and_without_git_there_is_none(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    assert head_commit(outside) is None
    assert head_commit(tmp_path / "none") is None
    monkeypatch.setenv("PATH", str(outside))
    assert head_commit(checkout) is None


def test_a_git_that_fails_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "git"
    fake.write_text("#!/bin/sh\nread answer\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert head_commit(tmp_path) is None


def test_files_of_a_commit_are_laid_out_under_their_paths(checkout: Path) -> None:
    (checkout / "menus").mkdir()
    (checkout / "menus/新.yaml").write_bytes(b"a\n\xff\0b")
    (checkout / "empty.yaml").write_bytes(b"")
    git(checkout, "add", ".")
    git(checkout, "commit", "-qm", "two")
    (checkout / "menus/新.yaml").write_text("now")
    at = resolve(checkout / "menus", "HEAD")
    assert at is not None
    there = checkout / "out"
    asked = ("menus/新.yaml", "no such", "empty.yaml", "menus", "../elsewhere", "a\nb", "menu.yaml")
    at.lay_out([checkout / name for name in asked], there)
    laid = {str(path.relative_to(there)): path.read_bytes() for path in there.rglob("*.yaml")}
    assert laid == {"menus/新.yaml": b"a\n\xff\0b", "empty.yaml": b"", "menu.yaml": b"a: 1\n"}
    at.lay_out([], there)


@pytest.mark.parametrize("revision", ["nowhere", "", "-h", "HEAD:menu.yaml"])
def test_what_is_no_commit_is_found_nowhere(checkout: Path, revision: str) -> None:
    assert resolve(checkout, revision) is None
