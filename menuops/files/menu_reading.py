"""From the tree of a menu file to what one account wants, variables filled in, rules asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from menuops.core.finding import Finding, Place, Severity
from menuops.core.guard_names import GUARDS, unknown_lifts
from menuops.core.model import (
    ACTIONS,
    PLATFORMS,
    Action,
    Buttons,
    Entry,
    Parent,
    Wanted,
    WantedConditional,
)
from menuops.files import rules
from menuops.files.encoding import lines_of
from menuops.files.node import List, Map, Node, Text, place_of
from menuops.files.variables import fill
from menuops.files.wording import did_you_mean, named

_PLATFORM_OF: Final = {name: number for number, name in PLATFORMS.items()}

_MANY_ENTRIES: Final = 10
"""More than the schema lets through."""


def read_wanted(
    root: Map, text: str, file: str, values: Mapping[str, str]
) -> tuple[Wanted, tuple[Finding, ...]]:
    """Read what a tree wants; a part that the schema refuses is passed over in silence.

    `text` is the file, to find the column of a `${`. The Wanted counts only if neither the
    schema nor a finding here refuses the file.
    """
    reading = _Reading(text, file, values)
    entries = root.entries
    wanted = Wanted(
        reading.menu(entries.get("button")),
        tuple(reading.conditionals(entries.get("conditionalmenu"))),
        tuple(reading.allow(entries.get("allow"))),
    )
    return wanted, tuple(reading.findings)


class _Reading:
    """One file for one account, and what was found wrong on the way."""

    def __init__(self, text: str, file: str, values: Mapping[str, str]) -> None:
        self.findings: list[Finding] = []
        self._text = text
        self._lines: list[str] | None = None  # split where a place is asked for
        self._file = file
        self._values = values

    def menu(self, node: Node | None) -> Buttons:
        """Read the 1 to 3 entries of a menu; an `id` counts once in each menu."""
        ids: dict[str, Place] = {}
        return tuple(self._entry(item, ids) for item in _few(node) if isinstance(item, Map))

    def _entry(self, node: Map, ids: dict[str, Place]) -> Entry:
        subs = _few(node.entries.get("sub_button"))
        if not subs:
            return self._button(node, ids, rules.top_name)
        name = self._ask(node, "name", rules.top_name)
        id_ = self._id(node, ids)
        buttons = [
            self._button(item, ids, rules.sub_name) for item in subs if isinstance(item, Map)
        ]
        return Parent(name, tuple(buttons), id=id_)

    def _button(self, node: Map, ids: dict[str, Place], name_rule: rules.Rule) -> Action:
        name = self._ask(node, "name", name_rule)
        type_ = node.entries.get("type")
        action = ACTIONS.get(type_.text) if isinstance(type_, Text) else None
        if action is None:
            return Action(name)
        fields = [self._ask(node, field, rules.FIELDS[field]) for field in action.FIELDS]
        return action(name, *fields, id=self._id(node, ids) if "id" in node.entries else None)

    def _id(self, node: Map, ids: dict[str, Place]) -> str | None:
        value = node.entries.get("id")
        if not isinstance(value, Text) or value.is_null:
            return None
        id_ = self._ask(node, "id", rules.own_id)
        place = place_of(value.mark)
        if id_ in ids:
            message = f"the id {named(id_)} stands in line {ids[id_].line} already; an id names one"
            self._report("duplicate-id", message, place)
        ids.setdefault(id_, place)
        return id_

    def conditionals(self, node: Node | None) -> list[WantedConditional]:
        """Read the conditional menus, highest priority first."""
        ids: dict[str, Place] = {}
        wanted = []
        for item in _items(node):
            if not isinstance(item, Map):
                continue
            rule = item.entries.get("matchrule")
            button = self.menu(item.entries.get("button"))
            id_ = self._id(item, ids)
            if not isinstance(rule, Map):
                continue
            tag = self._maybe(rule, "tag", rules.tag)
            tag_id = self._maybe(rule, "tag_id", rules.tag_id)
            platform = rule.entries.get("client_platform_type")
            number = platform.text if isinstance(platform, Text) else None
            number = _PLATFORM_OF.get(number, number) if number else None
            wanted.append(WantedConditional(button, tag, tag_id, number, id_))
        return wanted

    def allow(self, node: Node | None) -> list[str]:
        """Read the guards that the file lifts."""
        lifts = []
        for item in _items(node):
            if not isinstance(item, Text) or item.is_null:
                continue
            before = len(self.findings)
            lift = self._value(item, rules.allow)
            if len(self.findings) == before and unknown_lifts((lift,)):
                guard = lift.partition(":")[0]
                hint = did_you_mean(guard, GUARDS) or f"; there are {', '.join(GUARDS)}"
                self._report(
                    "unknown-guard", f"no guard is called {named(guard)}{hint}", place_of(item.mark)
                )
            lifts.append(lift)
        return lifts

    def _maybe(self, node: Map, field: str, rule: rules.Rule) -> str | None:
        return self._ask(node, field, rule) if field in node.entries else None

    def _ask(self, node: Map, field: str, rule: rules.Rule) -> str:
        value = node.entries.get(field)
        if not isinstance(value, Text) or value.is_null:
            return ""  # the schema's to say
        return self._value(value, rule)

    def _value(self, node: Text, rule: rules.Rule) -> str:
        """Fill in variables and ask the rule, unless a variable is unknown."""
        text = node.text
        if "${" in text:
            text, slips = fill(text, self._values)
            for slip in slips:
                self._report(slip.rule, slip.message, self._use_place(node, slip.use))
            if slips:
                return text
        if not text.isprintable():
            for rule_name, severity, message in rules.control_character(text):
                self._report(rule_name, message, place_of(node.mark), severity)
        for rule_name, severity, message in rule(text):
            self._report(rule_name, message, place_of(node.mark), severity)
        return text

    def _use_place(self, node: Text, index: int) -> Place:
        """Find the `${` that is the `index`-th of its text; the text where that isn't plain."""
        place = place_of(node.mark)
        if self._lines is None:
            self._lines = lines_of(self._text)
        line = self._lines[place.line - 1] if place.line <= len(self._lines) else ""
        at = place.column - 2
        for _ in range(index + 1):
            at = line.find("${", at + 1)
            if at < 0:
                return place
        return Place(place.line, at + 1)

    def _report(self, rule: str, message: str, place: Place, severity: Severity = "error") -> None:
        self.findings.append(Finding(self._file, place.line, place.column, rule, severity, message))


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, List) else []


def _few(node: Node | None) -> list[Node]:
    """List entries of a menu; of more than anybody means to write, the first ones."""
    return _items(node)[:_MANY_ENTRIES]
