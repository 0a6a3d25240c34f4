"""From the tree of a menu file to what one account wants, variables filled in, rules asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from menuops.core.finding import Finding, Place, Severity
from menuops.core.guard_names import GUARDS, unknown_lifts
from menuops.core.limits import CONDITIONAL_HOSTS
from menuops.core.model import (
    ACTIONS,
    PLATFORMS,
    Action,
    Buttons,
    Entry,
    MatchRule,
    Parent,
    Wanted,
    WantedConditional,
)
from menuops.files.broken import Broken, Rule
from menuops.files.menu.variables import fill
from menuops.files.reader.node import List, Map, Node, Text, place_at, place_of
from menuops.files.rules import texts as rules
from menuops.files.rules.places import Places
from menuops.files.rules.usual import is_usual
from menuops.files.wording import did_you_mean, named

_PLATFORM_OF: Final = {name: number for number, name in PLATFORMS.items()}

_MANY_ENTRIES: Final = 10
"""More than the schema lets through."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The account that a menu is for, as far as rules ask; `appid` is None for nobody's file."""

    appid: str | None
    emulated: bool = False


def read_wanted(
    root: Map, text: str, file: str, values: Mapping[str, str], owner: Owner
) -> tuple[Wanted, tuple[Finding, ...]]:
    """Read what a tree wants; a part that the schema refuses is passed over in silence.

    `text` is the file, to find the column of a `${`. The Wanted counts only if neither the
    schema nor a finding here refuses the file.
    """
    reading = _Reading(text, file, values, owner)
    entries = root.entries
    wanted = Wanted(
        reading.menu(entries.get("button")),
        tuple(reading.conditionals(entries.get("conditionalmenu"))),
        tuple(reading.allow(entries.get("allow"))),
    )
    return wanted, tuple(reading.findings)


class _Reading:
    """One file for one account, and what was found wrong on the way."""

    def __init__(self, text: str, file: str, values: Mapping[str, str], owner: Owner) -> None:
        self.findings: list[Finding] = []
        self._places = Places(text)
        self._file = file
        self._values = values
        self._owner = owner
        self._fields = {**rules.FIELDS, "url": self._url}
        self._links: list[tuple[str, Node]] | None = None  # those of conditional menus

    def menu(self, node: Node | None) -> Buttons:
        """Read the 1 to 3 entries of a menu; an `id` counts once in each menu."""
        ids: dict[str, Place] = {}
        items = [item for item in _few(node) if isinstance(item, Map)]
        entries = tuple([self._entry(item, ids) for item in items])
        self._same_names(entries, items)
        return entries

    def _entry(self, node: Map, ids: dict[str, Place]) -> Entry:
        subs = _few(node.entries.get("sub_button"))
        if not subs:
            return self._button(node, ids, rules.top_name)
        name = self._ask(node, "name", rules.top_name)
        id_ = self._id(node, ids)
        items = [item for item in subs if isinstance(item, Map)]
        buttons = tuple([self._button(item, ids, rules.sub_name) for item in items])
        self._same_names(buttons, items)
        return Parent(name, buttons, id=id_)

    def _same_names(self, entries: Buttons, items: list[Map]) -> None:
        names = [entry.name for entry in entries]
        if len(set(names)) == len(names):
            return
        from menuops.files.rules.whole_menu import twins

        for index, first in twins(names):
            place, other = (place_at(items[each], ("name",)) for each in (index, first))
            name = named(entries[index].name)
            where = "twice in this menu" if other == place else f"in line {other.line} too"
            message = f"{name} stands {where}; a follower can't tell them apart"
            self._report("duplicate-name", message, place, "warning")

    def _button(self, node: Map, ids: dict[str, Place], name_rule: Rule) -> Action:
        name = self._ask(node, "name", name_rule)
        type_ = node.entries.get("type")
        action = ACTIONS.get(type_.text) if isinstance(type_, Text) else None
        if action is None:
            return Action(name)
        fields = [self._ask(node, field, self._fields[field]) for field in action.FIELDS]
        if self._links is not None and "url" in action.FIELDS and "url" in node.entries:
            self._links.append((fields[action.FIELDS.index("url")], node.entries["url"]))
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
        wanted: list[WantedConditional] = []
        marks: list[Map] = []
        self._links = []
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
            marks.append(rule)
        if len(wanted) > 1:
            self._idle_rules(wanted, marks)
        self._many_hosts(self._links)
        return wanted

    def _idle_rules(self, menus: list[WantedConditional], nodes: list[Map]) -> None:
        """Doubt rules that no follower is left for. A tag's name and an id are never the same."""
        matchrules = [
            MatchRule(
                menu.tag_id if menu.tag is None else f"tag:{menu.tag}", menu.client_platform_type
            )
            for menu in menus
        ]
        from menuops.files.rules.whole_menu import unreachable

        for index, takers in unreachable(matchrules):
            lines = [place_of(nodes[taker].mark).line for taker in takers]
            message = f"no follower is left for this rule: {_by(lines)} all of them"
            self._report("unreachable-rule", message, place_of(nodes[index].mark), "warning")

    def _many_hosts(self, links: list[tuple[str, Node]]) -> None:
        if len(links) <= CONDITIONAL_HOSTS:
            return
        from menuops.files.rules.whole_menu import crowd

        found = crowd([url for url, _ in links])
        if found is not None:
            index, hosts = found
            names = ", ".join(named(host) for host in hosts)
            message = (
                f"the conditional menus link to {len(hosts)} hosts ({names}), at most"
                f" {CONDITIONAL_HOSTS} may be linked"
            )
            self._report("many-hosts", message, place_of(links[index][1].mark), "warning")

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

    def _maybe(self, node: Map, field: str, rule: Rule) -> str | None:
        return self._ask(node, field, rule) if field in node.entries else None

    def _ask(self, node: Map, field: str, rule: Rule) -> str:
        value = node.entries.get(field)
        if not isinstance(value, Text) or value.is_null:
            return ""  # the schema's to say
        return self._value(value, rule)

    def _value(self, node: Text, rule: Rule) -> str:
        """Fill in variables and ask the rule, unless a variable is unknown."""
        text = node.text
        if "${" in text:
            text, slips = fill(text, self._values)
            for slip in slips:
                self._report(slip.rule, slip.message, self._places.use(node, slip.use))
            if slips:
                return text
        if not text.isprintable():
            for broken in rules.control_character(text):
                self._broken(node, text, broken)
        for broken in rule(text):
            self._broken(node, text, broken)
        return text

    def _url(self, text: str) -> Iterable[Broken]:
        if is_usual(text):
            return ()
        from menuops.files.rules.links import link  # 3 ms that most files don't pay

        owner = self._owner
        return (*rules.url(text), *link(text, owner.appid, emulated=owner.emulated))

    def _broken(self, node: Text, text: str, broken: Broken) -> None:
        place = self._places.character(node, text, broken.at)
        self._report(broken.rule, broken.message, place, broken.severity)

    def _report(self, rule: str, message: str, place: Place, severity: Severity = "error") -> None:
        self.findings.append(Finding(self._file, place.line, place.column, rule, severity, message))


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, List) else []


def _by(lines: list[int]) -> str:
    *others, last = lines
    if not others:
        return f"that in line {last} takes"
    return f"those in lines {', '.join(map(str, others))} and {last} take"


def _few(node: Node | None) -> list[Node]:
    """List entries of a menu; of more than anybody means to write, the first ones."""
    return _items(node)[:_MANY_ENTRIES]
