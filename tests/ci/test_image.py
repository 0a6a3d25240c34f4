"""The Dockerfile, followed step by step: what it copies is enough, and anybody may run it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from menuops.files.ci_templates import ci_files

from .dockerfile import Ignored, Image, built, instructions_in
from .github import ROOT

STRANGER: Final = 12345
"""A user whom no passwd knows, as with `docker run --user "$(id -u)"`."""
AS_STRANGER: Final = (
    *("setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups"),
    # Root's Python and what pytest makes may be closed to others. So all is read, nothing written.
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
"""Whoever isn't root runs it as themselves."""
LIBRARIES: Final = sysconfig.get_path("purelib")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Follow the Dockerfile.

    What menuops depends on, and what builds it, is installed here already, and pip finds it so:
    which is quicker by ten seconds, and needs no network.
    """
    folder = tmp_path_factory.mktemp("image")
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}  # 0: that it's off
    image = built(ROOT, folder, {**offline, "PYTHONPATH": LIBRARIES, "HOME": str(folder)})
    shutil.rmtree(folder / "build/src")  # the second stage doesn't have it
    return image


@dataclass
class Container:
    """What `docker run --user … -v FOLDER:/menus menuops` starts."""

    image: Image
    folder: Path

    def run(self, *arguments: str, **environ: str) -> str:
        """Give what a command prints; it must end well."""
        mapped = {
            name: str(self.image.here(value)) if name == "HOME" else value
            for name, value in self.image.environ.items()
        }
        program = self.image.here("/opt/menuops/bin") / self.image.entrypoint[0]
        done = subprocess.run(
            [*(AS_STRANGER if os.geteuid() == 0 else ()), program, *arguments],
            cwd=self.folder,
            env={**mapped, "PYTHONPATH": LIBRARIES, "LANG": "C.UTF-8", **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def container(image: Image, tmp_path: Path) -> Iterator[Container]:
    """Mount a folder with this repository's own menus, as its owner."""
    shutil.copytree(ROOT / "menus", tmp_path / "menus")
    shutil.copy(ROOT / "menuops.yaml", tmp_path)
    if os.geteuid() == 0:
        for path in (tmp_path, *tmp_path.rglob("*")):
            os.chown(path, STRANGER, STRANGER)
    yield Container(image, tmp_path)
    shutil.rmtree(image.here("/home/menuops/.local"), ignore_errors=True)


def test_it_plans_applies_and_draws_for_whoever_mounts_a_folder(container: Container) -> None:
    container.run("plan", "--out", "plan.json")
    assert "变更预览" in container.run("show", "plan.json", MENUOPS_LANG="zh")
    assert "Applied 2 calls on 1 account." in container.run("apply", "plan.json")
    assert container.run("plan").splitlines()[-1].startswith("No changes.")
    container.run("preview", "--out", "menu.svg")
    assert container.image.here("/home/menuops/.local/state/menuops/runs").is_dir()


def test_it_has_what_init_writes(container: Container) -> None:
    for system in ("github", "gitlab"):
        container.run("init", system, "--ci", system)
        written = {*map(str, Path(container.folder, system).rglob("*"))}
        wanted = {f"{container.folder}/{system}/{name}" for name in ci_files(system)}
        assert wanted <= written
        assert any(name.endswith("menu.schema.json") for name in written)


def test_nothing_of_the_build_is_left_but_menuops(image: Image) -> None:
    programs = {path.name for path in image.here("/opt/menuops/bin").iterdir()}
    assert "menuops" in programs
    assert not {name for name in programs if name.startswith("pip")}
    assert {path.name for path in image.root.iterdir()} == {"home", "menus", "opt"}


def test_a_container_starts_menuops_as_nobody_of_note(image: Image) -> None:
    assert (image.entrypoint, image.command) == (["menuops"], ["--help"])
    assert (image.user, image.workdir) == ("10001", "/menus")
    (user,) = (words for words in image.noted if words[0] == "useradd")
    assert user[-3:] == ["--uid", image.user, "menuops"]
    assert image.here("/home/menuops").stat().st_mode & 0o7777 == 0o1777
    assert image.labels["org.opencontainers.image.licenses"] == "MIT"


def test_pictures_get_their_fonts(image: Image) -> None:
    (install,) = (words for words in image.noted if words[:2] == ["apt-get", "install"])
    fonts = [word.partition("=")[0] for word in install if word.startswith("fonts-")]
    assert fonts == ["fonts-wqy-microhei", "fonts-noto-color-emoji"]


# What is sent to the engine


@pytest.fixture(scope="module")
def ignored() -> Ignored:
    return Ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path",
    [
        *(".git/config", ".env", "menuops.yaml", "menus/shop.yaml", "tests/site.py", "plan.json"),
        *(".venv/bin/python", ".state/menuops/runs/1", "live.json", "menuops/__pycache__/x.pyc"),
        *("menuops/cli/__pycache__", "docs/ci.md", "Dockerfile", "secrets/shop"),
    ],
)
def test_what_is_nobodys_business_stays_out_of_the_build(ignored: Ignored, path: str) -> None:
    assert path in ignored


def test_what_is_copied_is_there(ignored: Ignored) -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        source
        for each in instructions_in(text)
        if each.name == "COPY" and "--from" not in each.text
        for source in each.words[:-1]
    ]
    assert len(copied) >= 6
    assert [source for source in copied if source in ignored] == []
    for needed in ("menuops/render/language/zh.po", "menuops/py.typed", ".github/actions/x/y.py"):
        assert needed not in ignored


def test_ignoring_follows_dockers_rules() -> None:
    ignored = Ignored("*\n!kept\n# no\nkept/secret*\n**/deep\n!kept/a?/deep\n")
    assert [
        path
        for path in ("x", "x/y", "kept/x", "kept/secrets/x", "kept/b/deep", "kept/ab/deep/x")
        if path in ignored
    ] == ["x", "x/y", "kept/secrets/x", "kept/b/deep"]


def test_each_base_is_a_slim_python_of_a_named_series() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    bases = {each.words[0] for each in instructions_in(text) if each.name == "FROM"}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases.pop())
