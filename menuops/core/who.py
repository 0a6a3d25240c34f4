"""Which menu a follower would get of a menu file, and which rule decides; nobody is asked.

A file names a tag by name or by id, and only WeChat knows which id is which name's. So where one
side has a name and the other an id, the answer may be several menus.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from menuops.core.account import Account
from menuops.core.asked import Asked, Tag
from menuops.core.audience import (
    Follower,
    KindNames,
    Unreachable,
    unreachable,
    unreachable_to_json,
)
from menuops.core.jsonform import buttons_to_json
from menuops.core.labels import DEFAULT, Labels, label_menus
from menuops.core.model import (
    PLATFORMS,
    Buttons,
    ConditionalMenu,
    MatchRule,
    Menus,
    Wanted,
    WantedConditional,
)

Verdict: TypeAlias = Literal["yes", "no", "maybe"]

Doubt: TypeAlias = Literal["which", "two"]
"""What can't be known offline: which tag has which id, or whether two that count are one."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at: whether it takes the follower, and why."""

    menu: str
    rule: str
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of followers with the menus that they get, by label: several where it isn't sure.

    `who` names them: `tag:VIP+ios`, `others`. `tag` None is no tag that the file names;
    `platform` None is any. No label at all: no menu.
    """

    who: str
    tag: Tag | None
    platform: str | None
    gets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a file comes to for those who were asked about.

    `menus` are the menus in the order of trying, the default one last. `tried` are the rules
    that followers meet, down to the one that decides; empty where not all meet the same.
    """

    asked: Asked
    cases: tuple[Case, ...]
    tried: tuple[Tried, ...]
    unreachable: tuple[Unreachable, ...]
    menus: tuple[tuple[str, Buttons], ...]
    by_name_and_id: bool

    @property
    def sure(self) -> bool:
        """Whether no menu depends on which tag has which id."""
        return all(len(case.gets) <= 1 for case in self.cases)

    @property
    def doubt(self) -> Doubt | None:
        """What of the answer isn't known, if anything."""
        if not self.sure:
            return "which"
        return "two" if self.by_name_and_id and self.asked.tag is None else None

    def groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """List who gets what; kinds of followers with the same answer stand together."""
        kinds = {case: _follower(case) for case in self.cases}
        texts = {
            follower.tag_id: case.tag.text
            for case, follower in kinds.items()
            if case.tag is not None and follower.tag_id is not None
        }
        names = KindNames(list(kinds.values()), texts)
        by_gets: dict[tuple[str, ...], list[Follower]] = {}
        for case, follower in kinds.items():
            by_gets.setdefault(case.gets, []).append(follower)
        return tuple(
            (self.asked.name if len(group) == len(kinds) else names.name(group), gets)
            for gets, group in by_gets.items()
        )


def _follower(case: Case) -> Follower:
    return Follower(None if case.tag is None else f"{case.tag.by}:{case.tag.text}", case.platform)


@dataclass(frozen=True, slots=True)
class AccountOutlook:
    """What the menu file of one account comes to; `file` is its name."""

    account: Account
    file: str
    outlook: Outlook


def look_out(wanted: Wanted, asked: Asked) -> Outlook:
    """Work out who gets what of a file, among those who are asked about."""
    rules = _Rules(wanted)
    cases = tuple(
        Case(rules.name(tag, platform), tag, platform, _gets(rules, tag, platform))
        for tag in rules.tags(asked)
        for platform in rules.platforms(asked)
    )
    tried = {tuple(_tried(rules, case)) for case in cases} if _one_tag(asked, cases) else set()
    return Outlook(
        asked=asked,
        cases=cases,
        tried=tried.pop() if len(tried) == 1 else (),
        unreachable=unreachable(rules.menus, rules.labels),
        menus=(
            *zip(rules.labels, (menu.button for menu in wanted.conditionalmenu), strict=True),
            (DEFAULT, wanted.button),
        ),
        by_name_and_id=len({tag.by for tag in rules.named}) > 1,
    )


def _one_tag(asked: Asked, cases: Sequence[Case]) -> bool:
    return asked.tag is not None or len(cases) == 1


class _Rules:
    """The conditional menus of a file, labelled as in a plan."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.named = list(dict.fromkeys(filter(None, map(tag_of, wanted.conditionalmenu))))
        self.menus, labels = named_menus(wanted)
        self.labels = labels.after
        self.names = [labels.rule(menu.matchrule) for menu in self.menus.conditionalmenu]

    def name(self, tag: Tag | None, platform: str | None) -> str:
        parts = [f"tag:{tag.text}"] if tag is not None else ["others"] if self.named else []
        return "+".join([*parts, *([PLATFORMS[platform]] if platform else [])]) or "everyone"

    def tags(self, asked: Asked) -> Sequence[Tag | None]:
        return [asked.tag] if asked.tag is not None else [*self.named, None]

    def platforms(self, asked: Asked) -> Sequence[str | None]:
        if asked.platform is not None:
            return [asked.platform]
        by_platform = any(menu.client_platform_type for menu in self.wanted.conditionalmenu)
        return list(PLATFORMS) if by_platform else [None]


def named_menus(wanted: Wanted) -> tuple[Menus, Labels]:
    """Give what a file wants as menus, labelled as in a plan, without asking WeChat.

    A tag's id is `name:VIP` or `id:104` here: a name is no id, and may look like one.
    """
    texts: dict[str, str] = {}
    conditional = []
    for menu in wanted.conditionalmenu:
        tag, key = tag_of(menu), None
        if tag is not None:
            key = f"{tag.by}:{tag.text}"
            texts[key] = tag.text
        rule = MatchRule(key, menu.client_platform_type)
        conditional.append(ConditionalMenu(rule, menu.button, id=menu.id))
    menus = Menus(wanted.button, tuple(conditional))
    return menus, label_menus(Menus(), menus, texts)


def tag_of(menu: WantedConditional) -> Tag | None:
    """Give the tag of a rule, as the file has it."""
    if menu.tag is not None:
        return Tag("name", menu.tag)
    return None if menu.tag_id is None else Tag("id", menu.tag_id)


def _gets(rules: _Rules, tag: Tag | None, platform: str | None) -> tuple[str, ...]:
    """List the menus that a follower may get: one for each tag that the given one may be."""
    same = [other for other in rules.named if tag is not None and other.by != tag.by]
    found = {_decides(rules, {tag, other}, platform) for other in (None, *same)}
    return tuple(label for label in (*rules.labels, DEFAULT) if label in found)


def _decides(rules: _Rules, tags: AbstractSet[Tag | None], platform: str | None) -> str | None:
    """Give the menu of a follower whose last tag is written in these ways."""
    texts = {tag.text for tag in tags if tag is not None}
    for menu, label in zip(rules.wanted.conditionalmenu, rules.labels, strict=True):
        tag = tag_of(menu)
        if (tag is None or tag in tags or tag.text in texts) and _on(menu, platform):
            return label
    return DEFAULT if rules.wanted.button else None


def _on(menu: WantedConditional, platform: str | None) -> bool:
    return menu.client_platform_type in (None, platform)


def _tried(rules: _Rules, case: Case) -> Iterator[Tried]:
    for menu, label, name in zip(
        rules.wanted.conditionalmenu, rules.labels, rules.names, strict=True
    ):
        verdict, why = _verdict(menu, case, reachable=label in case.gets)
        yield Tried(label, name, verdict, why)
        if verdict == "yes":
            return


_ONLY_FOR: Final = {"1": "iOS", "2": "Android", "3": "other systems"}


def _verdict(menu: WantedConditional, case: Case, *, reachable: bool) -> tuple[Verdict, str]:
    named, tag = tag_of(menu), case.tag
    if named is not None and tag is None:
        return "no", f"the tag put on last isn't {named.text}"
    if named is not None and tag is not None and tag.text != named.text:
        if tag.by == named.by:
            return "no", f"the tag put on last is {tag.text}, not {named.text}"
        if _on(menu, case.platform):
            if not reachable:
                return "no", "whomever it is for, a rule above takes"
            name, number = (tag, named) if tag.by == "name" else (named, tag)
            why = f"only WeChat knows whether {name.text} is the tag with the id {number.text}"
            return "maybe", why
    if not _on(menu, case.platform):
        return "no", f"it is for {_ONLY_FOR[menu.client_platform_type or '']} alone"
    return "yes", "the first that matches"


def outlook_to_json(outlook: Outlook) -> dict[str, Any]:
    """Give `{sure, followers, tried?, unreachable, menus}`.

    `followers` are `{who, tag, platform, gets: [labels]}`: several labels where it depends on
    which tag has which id, none for no menu at all. `tried`, where all meet the same rules, are
    `{menu, rule, verdict: yes|no|maybe, why}`. `menus` gives the buttons by label.
    """
    tried = [
        {"menu": each.menu, "rule": each.rule, "verdict": each.verdict, "why": each.why}
        for each in outlook.tried
    ]
    return {
        "sure": outlook.sure,
        "followers": [
            {
                "who": case.who,
                "tag": None if case.tag is None else case.tag.text,
                "platform": None if case.platform is None else PLATFORMS[case.platform],
                "gets": list(case.gets),
            }
            for case in outlook.cases
        ],
        **({"tried": tried} if tried else {}),
        "unreachable": [unreachable_to_json(each) for each in outlook.unreachable],
        "menus": {label: buttons_to_json(button) for label, button in outlook.menus},
    }
