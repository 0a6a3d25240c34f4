"""Where the values of what is sent come from: a place in a file, and the variables in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from menuops.core.finding import DataPath
from menuops.core.model import MiniProgram, View
from menuops.core.rendered import Origin, ValueOrigin
from menuops.files.menu.variables import BUILT_IN, uses
from menuops.files.reader.node import Node, Text, place_of, walk


@dataclass(frozen=True, slots=True)
class AccountOrigins:
    """Where each variable of one account and one menu file gets its value.

    `menu` and `project` are the trees of the two files, `project` None where there is none.
    """

    menu: Node
    menu_file: str
    project: Node | None
    project_file: str
    account: str
    command_line: Mapping[str, str]

    def of(self, name: str) -> Origin:
        """Tell where the value that counts is given."""
        if name in BUILT_IN:
            return Origin("built in")
        if name in self.command_line:
            return Origin("--var")
        found = self._in_project(("vars", name))
        if found is not None:
            return found
        node = _text_at(self.menu, ("vars", name))
        if node is None:  # the project file was changed after it was read
            return Origin(self.project_file)
        return Origin(self.menu_file, place_of(node.mark))

    def miniprogram_as(self) -> Origin:
        """Tell where the account says what becomes of mini programs."""
        return self._in_project(("miniprogram_as",)) or Origin(self.project_file)

    def _in_project(self, key: DataPath) -> Origin | None:
        if self.project is None:
            return None
        for above in (("accounts", self.account), ("defaults",)):
            node = _text_at(self.project, (*above, *key))
            if node is not None:
                return Origin(self.project_file, place_of(node.mark))
        return None


def value_origins(
    values: Iterable[tuple[DataPath, str]],
    root: Node,
    file: str,
    variable: Callable[[str], Origin],
    converted: Origin,
) -> tuple[ValueOrigin, ...]:
    """Find where each value, given by its path, is written; `root` is the menu file's tree.

    `converted` is where the account says what a button that opens a mini program becomes.
    """
    found = []
    for path, value in values:
        node = _text_at(root, path)
        assert node is not None, path
        used = tuple((f"${{{name}}}", variable(name)) for name in uses(node.text))
        if (path[-1], value) == ("type", View.TYPE) and node.text == MiniProgram.TYPE:
            used = (("miniprogram_as", converted),)
        found.append(ValueOrigin(path, Origin(file, place_of(node.mark)), used))
    return tuple(found)


def _text_at(root: Node, path: DataPath) -> Text | None:
    nodes = [node for _, node in walk(root, path)]
    return nodes[-1] if len(nodes) == len(path) and isinstance(nodes[-1], Text) else None
