"""docs/ci.md by its code blocks, and what becomes of the shipped files with them put in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from menuops.files.ci_templates import ci_files

from .page import DOCS

WORKFLOW: Final = ".github/workflows/menus.yml"
GITLAB: Final = ".gitlab-ci.yml"
PROJECT: Final = "menuops.yaml"
_HEADING: Final = re.compile(r"^#+ (.*)$")
_FENCE: Final = re.compile(r"^```(\w*)$")
_ENV: Final = re.compile(r"^( +)# env:.*\n(?:\1#   .*\n)+", re.MULTILINE)
"""Where the shipped workflow says that secrets go: `# env:` and the comments below it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A code block, the heading that it stands under, and the file that its first line names."""

    heading: str
    language: str
    text: str

    @property
    def file(self) -> str:
        first = self.text.partition("\n")[0]
        return first.removeprefix("# ") if first.startswith("# ") else ""

    @property
    def inside(self) -> str:
        """The text without the line that names the file, at the margin."""
        return textwrap.dedent(self.text.partition("\n")[2] if self.file else self.text)

    @property
    def value(self) -> Any:
        return yaml.safe_load(self.inside)


def blocks() -> Iterator[Block]:
    heading = ""
    lines = iter((DOCS / "ci.md").read_text(encoding="utf-8").splitlines(keepends=True))
    for line in lines:
        if found := _HEADING.match(line):
            heading = found[1]
        elif fence := _FENCE.match(line):
            yield Block(heading, fence[1], "".join(iter(lambda: next(lines), "```\n")))


BLOCKS: Final = tuple(blocks())


def block(heading: str, file: str) -> Block:
    """Give the one block under a heading that says what to write into a file."""
    (found,) = (each for each in BLOCKS if (each.heading, each.file) == (heading, file))
    return found


def shipped(file: str) -> str:
    """Give a file as `init --ci` writes it."""
    return ci_files("gitlab" if file == GITLAB else "github")[file]


def asking_jobs() -> set[str]:
    """Name the jobs of the workflow that are given an AppSecret, and so ask WeChat."""
    _, _, jobs = shipped(WORKFLOW).partition("\njobs:\n")
    parts = re.split(r"^  (\w+):\n", jobs, flags=re.MULTILINE)
    return {name for name, text in zip(parts[1::2], parts[2::2], strict=True) if _ENV.search(text)}


def with_block(block: Block) -> str:
    """Put a block into the shipped file that it names, where the page says."""
    text = shipped(block.file)
    value = block.value
    if block.file == WORKFLOW and "env" in value:
        return _ENV.sub(lambda found: textwrap.indent(_env(value), found[1]), text)
    document = yaml.safe_load(text)
    if block.file == WORKFLOW:
        document["on"] = document.pop(True)  # `on` is a word to GitHub, and a truth to PyYAML
    return yaml.safe_dump(_merged(document, value), allow_unicode=True, sort_keys=False)


def _env(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump({"env": value["env"]}, sort_keys=False)


def _merged(base: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Put keys of a block into the mappings that are there; KeyError where there are none."""
    put = dict(base)
    for key, value in above.items():
        put[key] = _merged(base[key], value) if isinstance(value, dict) else value
    return put
