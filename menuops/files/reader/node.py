"""What a YAML or JSON file says, as a tree that knows where each part stands.

Nodes are named tuples: as frozen as a dataclass, made in half the time, and a run makes
a million of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol, TypeAlias

from menuops.core.finding import DataPath, Finding, Place

NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
"""Plain scalars that say "nothing here"."""


class Mark(Protocol):
    """Where something starts; both count from 0, columns in characters."""

    @property
    def line(self) -> int:
        """Line."""

    @property
    def column(self) -> int:
        """Column."""


class At(NamedTuple):
    """A mark of our own, where PyYAML gives none."""

    line: int
    column: int


class Text(NamedTuple):
    """A scalar: the text that was written, whatever type YAML would read in it.

    `plain` is true where it has no quotes and isn't a block: only then can it be null, a
    number or a boolean.
    """

    text: str
    plain: bool
    mark: Mark

    @property
    def is_null(self) -> bool:
        """Whether it says "nothing here"."""
        return self.plain and self.text in NULLS


class Map(NamedTuple):
    """A mapping, merge keys resolved. `keys` says where each key stands."""

    entries: dict[str, Node]
    keys: dict[str, Mark]
    mark: Mark


class List(NamedTuple):
    """A sequence."""

    items: list[Node]
    mark: Mark


Node: TypeAlias = Text | Map | List


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its text, its tree (None where it can't be told), what is wrong."""

    text: str
    root: Node | None
    findings: tuple[Finding, ...]


def place_of(mark: Mark) -> Place:
    """Count as people do, from 1."""
    return Place(mark.line + 1, mark.column + 1)


def walk(root: Node, path: DataPath) -> Iterator[tuple[str | int, Node]]:
    """Go down `path`, giving each step and the node it leads to; stop where there is none."""
    node = root
    for step in path:
        if isinstance(node, Map) and isinstance(step, str) and step in node.entries:
            node = node.entries[step]
        elif isinstance(node, List) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return
        yield step, node


def place_at(root: Node, path: DataPath) -> Place:
    """Find the value at `path`, or what is nearest above it."""
    mark = root.mark
    for _, node in walk(root, path):
        mark = node.mark
    return place_of(mark)


def key_place_at(root: Node, path: DataPath) -> Place:
    """Find the key that `path` ends in; the value itself where it is an item of a list."""
    above = root
    for _, node in walk(root, path[:-1]):
        above = node
    key = path[-1] if path else None
    if isinstance(above, Map) and isinstance(key, str) and key in above.keys:
        return place_of(above.keys[key])
    return place_at(root, path)
