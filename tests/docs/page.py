"""A page of the documentation, read as a story: files that are written, commands that are typed.

What a reader sees is plain Markdown. Comments, which no reader sees, say what a test has to know:

    <!-- language: zh -->       all commands of the page speak this language (MENUOPS_LANG)
    <!-- scene: partly -->      a new machine, set up by the function of this name in scenes.py
    <!-- file: menus/a.yaml --> the code block that follows is this file of the project
    <!-- edit: a.yaml: A => B --> the reader changes A into B, as the text around it says
    <!-- not run: why -->       the code block that follows is nothing to run
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"

_COMMENT = re.compile(r"^<!-- (language|scene|file|edit|not run): *(.+?) -->$")
_FENCE = re.compile(r"^```(\S*)$")
_ELIDED = re.compile(r"^\[….*\]$")
"""A line that stands for any number of lines: `[…]`, or with a word on what they are."""


@dataclass(frozen=True, slots=True)
class Scene:
    """From here on the story is played on a machine of its own."""

    name: str


@dataclass(frozen=True, slots=True)
class File:
    """The reader writes this file."""

    path: str
    text: str

    @property
    def bare(self) -> str:
        """The text without comments, which each language has its own of."""
        return re.sub(r" *#.*", "", self.text)


@dataclass(frozen=True, slots=True)
class Edit:
    """The reader changes a text that stands once in a file."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, and what it prints; the exit code where that isn't 0 stands as `exit 6`."""

    command: str
    shown: str

    def is_what(self, printed: str) -> bool:
        """Whether this is what was printed, but for lines that are left out."""
        lines = self.shown.splitlines(keepends=True)
        pattern = "".join(
            r"(?:.*\n)*" if _ELIDED.match(line) else re.escape(line) for line in lines
        )
        return re.fullmatch(pattern, printed) is not None

    def renewed(self, printed: str) -> str:
        """What was printed, as short as before: as many lines in front of and after a `[…]`."""
        if self.is_what(printed):
            return self.shown
        before, now = self.shown.splitlines(keepends=True), printed.splitlines(keepends=True)
        gaps = [number for number, line in enumerate(before) if _ELIDED.match(line)]
        if len(gaps) != 1 or len(before) > len(now):
            return printed
        after = len(before) - gaps[0] - 1
        return "".join([*now[: gaps[0]], before[gaps[0]], *now[len(now) - after :]])


@dataclass(frozen=True, slots=True)
class Console:
    """A block of commands; `text` is what stands between its fences."""

    text: str

    @property
    def typed(self) -> Iterator[Typed]:
        """The commands, in order."""
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield Typed(command, shown)


Item: TypeAlias = Scene | File | Edit | Console


@dataclass(frozen=True)
class Page:
    """A page under docs/, or the README."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def language(self) -> str | None:
        """What MENUOPS_LANG is set to, if the page says so."""
        said = [value for kind, value in self._comments if kind == "language"]
        return said[0] if said else None

    @property
    def _comments(self) -> Iterator[tuple[str, str]]:
        for line in self.text.splitlines():
            if found := _COMMENT.match(line):
                yield found[1], found[2]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What happens, in order. Raises ValueError for a block that silently isn't run."""
        items: list[Item] = []
        said: tuple[str, str] | None = None
        lines = iter(self.text.splitlines(keepends=True))
        for line in lines:
            if found := _COMMENT.match(line):
                said = found[1], found[2]
                if said[0] == "scene":
                    items.append(Scene(said[1]))
                elif said[0] == "edit":
                    path, _, change = said[1].partition(": ")
                    old, _, new = change.partition(" => ")
                    items.append(Edit(path, old, new))
            elif fence := _FENCE.match(line):
                inside = "".join(iter(lambda: next(lines), "```\n"))
                match said, fence[1]:
                    case ("file", path), _:
                        items.append(File(path, inside))
                    case ("not run", _), _:
                        pass
                    case _, "console":
                        items.append(Console(inside))
                    case _, "sh" | "bash" | "python":
                        raise ValueError(f"{self.name}: neither run nor `not run`:\n{inside}")
                said = None
        return tuple(items)

    @property
    def commands(self) -> list[str]:
        """Each command that the page tells to type."""
        return [
            typed.command
            for item in self.items
            if isinstance(item, Console)
            for typed in item.typed
        ]

    @property
    def files(self) -> list[File | Edit]:
        """Each file that the page tells to write, and each change to one."""
        return [item for item in self.items if isinstance(item, File | Edit)]

    @property
    def written(self) -> list[tuple[str, str]]:
        """What becomes of files, in order: their text without comments, or the change."""
        return [
            (item.path, item.bare if isinstance(item, File) else f"{item.old} => {item.new}")
            for item in self.files
        ]


GUIDE: Final = DOCS / "guide"
CHINESE: Final = GUIDE / "zh"
PLAYED: Final = tuple(Page(path) for path in (*sorted(GUIDE.rglob("*.md")), DOCS / "recovery.md"))
"""The pages whose every command is run."""
