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
    for pattern in ("menuops/**/*.py", "menuops/**/*.json", "schemas/*.json", "*.md", "docs/**/*.md")
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
