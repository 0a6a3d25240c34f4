"""A menu file: read once, then filled in for each account that uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from menuops.core.finding import DataPath, Finding, Place, errors_of
from menuops.core.model import Wanted
from menuops.files.capping import capped
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.menu.menu_reading import Owner, read_wanted
from menuops.files.reader.data import to_data
from menuops.files.reader.node import Map, Node, Source, Text, place_at, walk
from menuops.files.rules.ignoring import silencer_of
from menuops.files.schema import gate

if TYPE_CHECKING:
    from menuops.files.rules.silencing import Silencer

MENU_BYTES: Final = 1024 * 1024
"""What a menu file may have; a full one has 3,000 bytes."""
NOBODY: Final = ("account", "wx0000000000000000")
"""The name and the appid of no account, for a file that none uses."""


@dataclass(frozen=True, slots=True)
class LoadedMenu:
    """What a file wants of one account; `menu` is None if there is an error among `findings`.

    It keeps the file's text, not its tree, to stay small: a run holds one for each account.
    """

    menu: Wanted | None
    findings: tuple[Finding, ...]
    _text: str = field(repr=False, default="")
    _silencer: Silencer | None = field(repr=False, default=None)

    def unsilenced(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Leave out of findings in this file, made elsewhere, those that a comment silences."""
        silencer = self._silencer
        return tuple(each for each in findings if silencer is None or not silencer.silences(each))

    def place(self, path: DataPath) -> Place:
        """Say where a value stands: `("conditionalmenu", 0, "matchrule", "tag")`.

        Where there is no such value, the place of what is nearest above it.
        """
        root = self.tree()
        return Place(1, 1) if root is None else place_at(root, path)

    def tree(self) -> Node | None:
        """Read the text again: places are asked for where something is wrong, or by a person."""
        from menuops.files.reader.source import reread

        return reread(self._text)


@dataclass(frozen=True, slots=True)
class MenuSource:
    """A menu file as it was read, before variables; `findings` hold for every account."""

    file: str
    findings: tuple[Finding, ...]
    _source: Source = field(repr=False)
    _valid: bool = False
    _silencer: Silencer | None = None

    def for_account(
        self, variables: Mapping[str, str], account: str, appid: str, *, emulated: bool = False
    ) -> LoadedMenu:
        """Fill in the file's own `vars`, over them `variables`, and the built-in two.

        `variables` are the account's with those of the command line over them. Findings are in
        the order of their places. An emulated account may link to any machine.
        """
        root, text = self._source.root, self._source.text
        if not isinstance(root, Map):
            return LoadedMenu(None, self.findings, text)
        values = {**_own_variables(root), **variables, "account": account, "appid": appid}
        owner = Owner(None if appid == NOBODY[1] else appid, emulated)
        wanted, found = read_wanted(root, text, self.file, values, owner)
        findings = tuple(sorted({*self.findings, *found})) if found else self.findings
        if self._silencer is not None:
            from menuops.files.rules.silencing import asked_of_menus

            for_real = owner.appid is not None and not owner.emulated
            findings = self._silencer.applied(findings, asked_of_menus(for_real=for_real))
        findings = capped(findings)
        if errors_of(findings):
            return LoadedMenu(None, findings, text, self._silencer)
        if not self._valid:
            return LoadedMenu(None, (*_unexplained(self.file), *findings), text, self._silencer)
        return LoadedMenu(wanted, findings, text, self._silencer)


def _own_variables(root: Map) -> dict[str, str]:
    own = root.entries.get("vars")
    if not isinstance(own, Map):
        return {}
    return {name: node.text for name, node in own.entries.items() if isinstance(node, Text)}


def _unexplained(file: str) -> tuple[Finding, ...]:
    message = "the file doesn't fit the schema (`menuops schema menu`)"
    return (Finding(file, 1, 1, "schema", "error", message),)


def read_menu(path: Path, shown_as: str) -> MenuSource:
    """Read and parse the file once; `shown_as` is its name in findings. Raises nothing.

    A file that can't be read is a finding at 1:1, as is one that says nothing.
    """
    try:
        raw = read_bytes(path, MENU_BYTES)
    except Unreadable as exc:
        finding = Finding(shown_as, 1, 1, "unreadable", "error", str(exc))
        return MenuSource(shown_as, (finding,), Source("", None, ()))
    return parse_menu(raw, shown_as)


def parse_menu(raw: bytes, shown_as: str) -> MenuSource:
    """Parse what a menu file holds. Raises nothing."""
    from menuops.files.reader.source import read_source  # PyYAML: 40 ms

    source = read_source(raw, shown_as, MENU_BYTES)
    root = source.root
    if root is None:
        return MenuSource(shown_as, source.findings, source)
    return _judged(source, root, shown_as)


def _menu_in(root: Node, path: DataPath) -> Node:
    """Give what is a menu file but for where it stands, or but for the rule beside it."""
    if path:
        return [*walk(root, path)][-1][1]
    assert isinstance(root, Map), "a body of menu/addconditional"
    button = root.entries["button"]
    return root._replace(entries={"button": button})


def _judged(source: Source, root: Node, shown_as: str) -> MenuSource:
    """Ask the schema about what stands at `root`, and say what `source` was refused for."""
    found: list[Finding] = []

    def warn(rule: str, message: str, place: Place) -> None:
        found.append(Finding(shown_as, place.line, place.column, rule, "warning", message))

    data = to_data(root, "menu", warn)
    valid = gate("menu")(data)
    if not valid:
        from menuops.files.fault import to_findings
        from menuops.files.menu.menu_faults import menu_faults
        from menuops.files.menu.wrapped import foreign_file, is_posted

        foreign = foreign_file(data)
        if foreign:  # then nothing else that could be said of it helps, but of a menu in it
            findings = (*source.findings, *to_findings(foreign.faults, root, shown_as))
            if foreign.inside is None:
                return MenuSource(shown_as, capped({*findings}), Source(source.text, None, ()))
            inner = _menu_in(root, foreign.inside)
            judged = _judged(Source(source.text, inner, findings), inner, shown_as)
            return replace(judged, _valid=False)
        faults = menu_faults(data, posted=is_posted(source.text, data))
        found = to_findings(faults, root, shown_as, found)
    findings = capped({*source.findings, *found})
    return MenuSource(shown_as, findings, source, valid, silencer_of(source, shown_as))
