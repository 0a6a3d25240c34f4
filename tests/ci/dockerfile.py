"""Enough of `docker build` to follow our Dockerfile without an engine, as its reference says.

The base image is this machine: a path of the image lies below a folder, and its Python is the one
that runs the tests. What only an engine could do as root (packages of the system, users) is noted.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

_NOTED: Final = ("apt-get", "useradd")
_PATH: Final = re.compile(r"""(?<=[\s"'=])/(?=[a-z])""")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One of a Dockerfile: `RUN`, and what follows it, on one line."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.text)


def instructions_in(text: str) -> Iterator[Instruction]:
    """Read a Dockerfile: comments are left out, lines that end in a backslash go on."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        name, _, rest = line.partition(" ")
        yield Instruction(name.upper(), " ".join(rest.split()))


class Ignored:
    """What .dockerignore keeps out of the build: the last line that a path matches decides."""

    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.splitlines())
        self._lines = [line for line in lines if line and not line.startswith("#")]

    def __contains__(self, path: str) -> bool:
        pure = PurePosixPath(path)
        names = [str(part) for part in (pure, *pure.parents)]
        ignored = False
        for line in self._lines:
            if any(_matches(line.removeprefix("!").strip("/"), name) for name in names):
                ignored = not line.startswith("!")
        return ignored


@cache
def _pattern(line: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/?|\*|\?)", line)
    told = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(told.get(part, re.escape(part)) for part in parts))


def _matches(line: str, name: str) -> bool:
    return name != "." and _pattern(line).fullmatch(name) is not None


@dataclass
class Image:
    """What came out of a build: files below `root`, and how a container starts."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    workdir: str = "/"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    noted: list[list[str]] = field(default_factory=list)

    def here(self, path: str) -> Path:
        """Where a path of the image is on this machine."""
        return self.root / str(PurePosixPath(self.workdir) / path).lstrip("/")


def built(context: Path, folder: Path, environ: Mapping[str, str]) -> Image:
    """Build the Dockerfile of `context` in `folder`; `environ` is what its commands see.

    Raises AssertionError for what Docker would refuse, and for what isn't played here.
    """
    ignored = Ignored((context / ".dockerignore").read_text(encoding="utf-8"))
    tools = _tools(folder)
    image = Image(folder / "nothing")
    stages: dict[str, Image] = {}
    for each in instructions_in((context / "Dockerfile").read_text(encoding="utf-8")):
        match each.name:
            case "FROM":
                base, *aliases = each.words[::2]
                assert re.fullmatch(r"python:3\.\d+-slim-\w+", base), base
                stage = aliases[0] if aliases else "last"
                image = stages[stage] = Image(folder / stage)
                image.environ["PATH"] = os.environ["PATH"]
                image.root.mkdir()
            case "WORKDIR":
                image.workdir = each.words[0]
                image.here(".").mkdir(parents=True)
            case "COPY":
                _copy(each.words, image, stages, context, ignored)
            case "RUN":
                _run(each.text, image, {**environ, **image.environ}, tools)
            case "ENV":
                for name, value in _pairs(each.words):
                    # PATH stands for what the base has, and is put together for this machine.
                    paths = value.replace("$PATH", "").split(":")
                    here = [str(image.here(path)) if path else os.environ["PATH"] for path in paths]
                    image.environ[name] = ":".join(here) if name == "PATH" else value
            case "LABEL":
                image.labels |= dict(_pairs(each.words))
            case "USER":
                image.user = each.text
            case "ENTRYPOINT":
                image.entrypoint = json.loads(each.text)
            case "CMD":
                image.command = json.loads(each.text)
            case _:
                raise AssertionError(f"{each.name} isn't played here")
    return image


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, equals, value = word.partition("=")
        assert equals, word
        yield name, value


def _copy(
    words: list[str], image: Image, stages: Mapping[str, Image], context: Path, ignored: Ignored
) -> None:
    if words[0].startswith("--from="):
        source, target = words[1:]
        made = stages[words[0].removeprefix("--from=")].here(source)
        # A venv holds its own path: it works where it was made.
        assert source == target, "a venv can't be moved"
        image.here(target).parent.mkdir(parents=True, exist_ok=True)
        made.rename(image.here(target))
        made.symlink_to(image.here(target))
        return
    *sources, target = words
    assert len(sources) == 1 or target.endswith("/"), "several files are copied into a folder"
    for source in sources:
        found = context / source
        assert found.exists(), source
        assert source not in ignored, f"{source} isn't in the build's context"
        if found.is_file():
            into = image.here(target)
            _copy_file(found, into / found.name if target.endswith("/") else into)
            continue
        for file in found.rglob("*"):
            if file.is_file() and str(file.relative_to(context)) not in ignored:
                _copy_file(file, image.here(target) / file.relative_to(found))


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def _tools(folder: Path) -> Path:
    """Make the programs that a base image has and this machine needn't have, or must not do."""
    tools = folder / "tools"
    tools.mkdir()
    for name in _NOTED:
        (tools / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "{name} $*" >>"{folder}/noted"\n')
    (tools / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tools / "pip").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pip "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    return tools


def _run(text: str, image: Image, environ: Mapping[str, str], tools: Path) -> None:
    here = _PATH.sub(f"{image.root}/", f" {text}")
    path = f"{tools}:{environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", here],
        cwd=image.here("."),
        env={**environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    noted = tools.parent / "noted"
    if noted.exists():
        image.noted += [line.split() for line in noted.read_text().splitlines()]
        noted.unlink()
