"""A menu file as a person would write it, out of menus in normal form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from menuops.core.console import Remark
from menuops.core.finding import DataPath, Place
from menuops.core.jsonform import buttons_to_json
from menuops.core.live import DeadMenu
from menuops.core.model import PLATFORMS, Buttons, MatchRule, Menus
from menuops.files.quoting import as_yaml, quoted, visible_line

Say: TypeAlias = Callable[[str], str]
_OBEYED: Final = re.compile(r"#\s*menuops(?=:)|yaml(?=-language-server)|\$(?=schema)")
"""What would make a comment one of `menuops: ignore[…]`, or name a schema to an editor.

`# yaml-language-server: $schema=URL` may have blanks before its colon; `# $schema: URL` is what
IDEs of JetBrains read.
"""


@dataclass(frozen=True, slots=True)
class MenuText:
    """A menu file's text, with the places of the default menu, the remarks and the dead menus."""

    text: str
    button: Place
    remarks: tuple[Place, ...]
    dead: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the menus: where the schema is, as the file sees it, and a comment."""

    schema: str | None = None
    comment: tuple[str, ...] = ()


def write_menu(
    menus: Menus,
    ids: Sequence[str],
    dead: Iterable[DeadMenu],
    tag_names: Mapping[str, str],
    remarks: Sequence[Remark] = (),
    head: Head | None = None,
    say: Say = str,
) -> MenuText:
    """Write the file: the default menu, the conditional menus under their `ids`, dead ones.

    Tags stand by name where `tag_names` has it. Dead menus, which can't be made again, stand
    as comments. Reading the file gives `menus` back, as far as the API can make them. `say` says
    comments in the language of whoever reads them.
    """
    head = head or Head()
    writing = _Writing(tuple(remarks), say)
    if head.schema is not None:
        writing.lines.append(visible_line(f"# yaml-language-server: $schema={head.schema}"))
    writing.comment(map(say, head.comment), "")
    writing.button = Place(len(writing.lines) + 1, 1)
    writing.menu(menus.button, ("button",), "")
    if menus.conditionalmenu:
        note = say("the first that matches wins; else the default menu above")
        writing.lines += ["", f"conditionalmenu:  # {note}"]
        for index, (menu, id_) in enumerate(zip(menus.conditionalmenu, ids, strict=True)):
            writing.lines += [f"  - id: {scalar(id_)}", "    matchrule:"]
            writing.rule(menu.matchrule, tag_names)
            writing.menu(menu.button, ("conditionalmenu", index, "button"), "    ")
    return writing.ended(dead)


@dataclass(slots=True)
class _Writing:
    """The lines so far, and where the remarks came to stand."""

    remarks: tuple[Remark, ...]
    say: Say
    lines: list[str] = field(default_factory=list)
    button: Place = field(default_factory=lambda: Place(1, 1))
    _places: dict[int, Place] = field(default_factory=dict)
    _at: dict[DataPath, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, remark in enumerate(self.remarks):
            self._at.setdefault(remark.path, []).append(number)

    def comment(self, lines: Iterable[str], indent: str) -> None:
        """Write lines of a comment, which may hold anything and mustn't be obeyed by a program."""
        written = [visible_line(f"{indent}# {line}".rstrip()) for line in lines]
        self.lines += [_OBEYED.sub(r"\g<0> ", line) for line in written]

    def menu(self, buttons: Buttons, path: DataPath, indent: str) -> None:
        """Write the `button` of one menu."""
        self.lines.append(f"{indent}button:" if buttons else f"{indent}button: []")
        self._entries(buttons_to_json(buttons), path, f"{indent}  " if buttons else indent)

    def rule(self, rule: MatchRule, tag_names: Mapping[str, str]) -> None:
        """Write the fields of one rule."""
        if rule.tag_id is not None:
            name = tag_names.get(rule.tag_id)
            tag = f"tag_id: {scalar(rule.tag_id)}" if name is None else f"tag: {scalar(name)}"
            self.lines.append(f"      {tag}")
        if rule.client_platform_type is not None:
            platform = PLATFORMS.get(rule.client_platform_type, rule.client_platform_type)
            self.lines.append(f"      client_platform_type: {scalar(platform)}")

    def _entries(self, entries: Sequence[Mapping[str, Any]], path: DataPath, indent: str) -> None:
        for index, entry in enumerate(entries):
            self._remarks((*path, index), indent)
            self._entry(entry, (*path, index), indent)
        self._remarks((*path, len(entries)), indent)

    def _remarks(self, path: DataPath, indent: str) -> None:
        """Write what is said above an entry; its own place is that of the entry, if there is."""
        for number in self._at.get(path, ()):
            remark, start = self.remarks[number], len(self.lines)
            told = [
                self._said(line) if at in remark.ours else line
                for at, line in enumerate(remark.lines)
            ]
            self.comment(told, indent)
            line = start + 1 if remark.left_out else len(self.lines) + 1
            self._places[number] = Place(line, len(indent) + 1)

    def _said(self, line: str) -> str:
        """Say a line, which may be indented."""
        bare = line.lstrip(" ")
        return line[: len(line) - len(bare)] + self.say(bare)

    def _entry(self, entry: Mapping[str, Any], path: DataPath, indent: str) -> None:
        # The name first: it is what a person looks for.
        names = ["name", *(name for name in entry if name != "name")]
        for number, name in enumerate(names):
            value = entry.get(name, "")
            start = f"{indent}{'  ' if number else '- '}{scalar(name)}:"
            if name == "sub_button" and name not in path and _are_entries(value):
                self.lines.append(start)
                self._entries(value, (*path, name), f"{indent}    ")
            else:
                self.lines.append(f"{start} {_value(value)}")

    def ended(self, dead: Iterable[DeadMenu]) -> MenuText:
        """Write the dead menus, and give the whole."""
        places: list[Place] = []
        for gone in dead:
            rule = json.dumps(dict(gone.matchrule), ensure_ascii=False)
            whose = f"menuid {gone.menuid}" if gone.menuid else "this menu"
            self.lines.append("")
            places.append(Place(len(self.lines) + 1, 1))
            told = self.say("dead: {whose} matches nobody any more; its rule: {rule}")
            self.comment([told.format(whose=self.say(whose), rule=rule)], "")
            buttons = _Writing((), self.say)
            buttons.menu(gone.button, ("button",), "")
            self.comment(buttons.lines, "")
        remarks = tuple(self._places[number] for number in range(len(self.remarks)))
        return MenuText("\n".join(self.lines) + "\n", self.button, remarks, tuple(places))


def _are_entries(value: Any) -> bool:
    """Tell a list of buttons; what else stands in a third level is written as it is."""
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _value(value: Any) -> str:
    """Write a field; a number or a truth of JSON is in quotes, since all fields are texts."""
    if isinstance(value, str):
        return scalar(value)
    text = json.dumps(value)
    return quoted(text) if isinstance(value, int | float) else visible_line(text)


def scalar(text: str) -> str:
    """Write a text as YAML; a `${` of the remote's own becomes `$${`, which is the literal."""
    return as_yaml(text.replace("${", "$${"))
