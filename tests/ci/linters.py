"""Linters of other people, that pip puts beside this Python; each gives what it finds as a text."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .github import ROOT

BESIDE: Final = Path(sys.executable).parent
"""Where pip puts the linters that `menuops[test]` names."""


def found_by(*command: str | Path, cwd: Path = ROOT, **environ: str) -> str:
    """Give what a linter says; nothing, if it found nothing."""
    path = f"{BESIDE}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PATH": path, "NO_COLOR": "1", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return f"exit {done.returncode}: {done.stdout}" if done.returncode else ""


def jactionlint(folder: Path, *options: str) -> str:
    """Run what came of actionlint: today's rules, for actions too, and ShellCheck for scripts.

    The folder is a checkout, with a `.git` in it.
    """
    strict = ("--strict-exit", "--no-online", "--shellcheck=shellcheck", "--pyflakes=")
    return found_by("jactionlint", *strict, *options, cwd=folder)


def shellcheck(folder: Path, texts: Mapping[str, str], shell: str = "bash") -> str:
    """Give what ShellCheck finds in scripts, by their names."""
    files = {f"script-{number:03}.sh": name for number, name in enumerate(texts)}
    for file, name in files.items():
        (folder / file).write_text(texts[name], encoding="utf-8")
    # SC2153 takes a variable that the step's `env` sets for a slip of the pen; SC2034 and
    # SC2329 are about functions that all jobs have and not each calls.
    but = "--exclude=SC2153,SC2034,SC2329"
    check = ("shellcheck", "--norc", f"--shell={shell}", but, "--format=gcc")
    said = found_by(*check, *files, cwd=folder)
    for file, name in files.items():
        said = said.replace(f"{file}:", f"{name}:")
    return said


def hadolint(dockerfile: Path) -> str:
    """Give what hadolint finds, of whatever weight."""
    return found_by("hadolint", "--failure-threshold=style", "--no-color", dockerfile)
