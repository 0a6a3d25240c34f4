"""Messages send people to commands and flags that exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest

from menuops.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted(
    path
    for pattern in (
        "menuops/**/*.py",
        "menuops/**/*.json",
        "schemas/*.json",
        "*.md",
        "docs/**/*.md",
    )
    for path in ROOT.glob(pattern)
)
PROSE = {
    "adds",
    "applied",
    "as",
    "asks",
    "can",
    "does",
    "doesn",
    "fetches",
    "has",
    "is",
    "itself",
    "made",
    "needs",
    "never",
    "only",
    "reads",
    "runs",
    "sent",
    "takes",
}
"""What follows the name in a sentence that is no command."""


def flags_of(name: str) -> set[str]:
    module = "import_menu" if name == "import" else name
    command = importlib.import_module(f"menuops.cli.commands.{module}").command
    assert isinstance(command, click.Command)
    return {flag for option in command.params for flag in option.opts} | {"--help"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_command_that_a_text_tells_to_type_exists_with_its_flags(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        for name, rest in re.findall(r"(?<![\w./-])menuops ([a-z]+)\b([^`'\"|&;,()]*)", line):
            assert name in {*COMMANDS, *PROSE}, line
            if name in COMMANDS:
                assert set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)) <= flags_of(name), line


CONFORMANCE = ROOT / "menuops" / "emulator" / "conformance" / "command.py"
OF_OTHERS = {
    "--no-edit",  # git revert
    *re.findall(r'"(--[a-z-]+)"', CONFORMANCE.read_text(encoding="utf-8")),
}
PAGES = [path for path in TEXTS if path.suffix == ".md"]
FLAG = r"--[a-z][a-z-]*"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_flag_that_a_page_names_by_itself_exists(path: Path) -> None:
    """`--allow` in a sentence is a flag of some command, `apply --expect` one of this."""
    known = {flag for name in COMMANDS for flag in flags_of(name)} | OF_OTHERS
    for span in re.findall(r"`([^`\n]+)`", path.read_text(encoding="utf-8")):
        first, *rest = span.split(" ")
        if first in COMMANDS:
            assert set(re.findall(FLAG, " ".join(rest))) <= flags_of(first), span
        elif first.startswith("--"):
            assert set(re.findall(FLAG, span)) <= known, span
