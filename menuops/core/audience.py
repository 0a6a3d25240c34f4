"""Who sees which menu.

A follower counts for the rules by the tag that was put on last and by the platform of the
phone; the first conditional menu that matches wins, else the default menu. So the rules of an
account can tell apart only finitely many kinds of followers. Source:
https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu and
https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from menuops.core.labels import DEFAULT, Labels, rule_name
from menuops.core.model import PLATFORMS, Buttons, MatchRule, Menus


@dataclass(frozen=True, slots=True)
class Follower:
    """A kind of follower: None is a tag, or a platform, that no rule names."""

    tag_id: str | None
    platform: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A menu as a follower meets it; `label` is None, and `button` empty, where there is none."""

    label: str | None
    button: Buttons


@dataclass(frozen=True, slots=True)
class Switch:
    """Followers that get another menu than before: its label on both sides, None for no menu.

    `up_to` is how many they are at most: a follower with several tags is counted under each of
    them, and those on other platforms too. None where somebody is among them whom no tag names,
    or a tag whose count isn't known.
    """

    who: str
    before: str | None
    after: str | None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A menu that nobody can get, by label: `because` are those above that take all its followers.

    `because` is empty where the rule names a platform that isn't known.
    """

    menu: str
    because: tuple[str, ...]


_NO_COUNTS: Final[Mapping[str, int]] = MappingProxyType({})


class Rules:
    """Finds the rules that take a follower without going through all of them.

    A follower meets those with the tag put on last, and those without a tag.
    """

    __slots__ = ("_by_tag", "_platforms")

    def __init__(self, rules: Iterable[MatchRule]) -> None:
        self._platforms: list[str | None] = []
        self._by_tag: dict[str | None, list[int]] = {}
        for index, rule in enumerate(rules):
            self._platforms.append(rule.client_platform_type)
            self._by_tag.setdefault(rule.tag_id, []).append(index)

    def taking(self, follower: Follower) -> list[int]:
        """List the indexes of the rules that take a follower, in their order."""
        met = self._by_tag.get(None, [])
        if follower.tag_id is not None and follower.tag_id in self._by_tag:
            met = sorted((*met, *self._by_tag[follower.tag_id]))
        return [index for index in met if self._platforms[index] in (None, follower.platform)]


def followers(*states: Menus) -> tuple[Follower, ...]:
    """List the kinds of followers that the rules of these states can tell apart."""
    rules = [menu.matchrule for state in states for menu in state.conditionalmenu]
    tags = sorted({rule.tag_id for rule in rules if rule.tag_id is not None})
    by_platform = any(rule.client_platform_type is not None for rule in rules)
    platforms: Sequence[str | None] = tuple(PLATFORMS) if by_platform else (None,)
    return tuple(Follower(tag, platform) for tag in (*tags, None) for platform in platforms)


class Audience:
    """Who gets what in one state; `labels` are those of its conditional menus."""

    __slots__ = ("_labels", "_rules", "_state")

    def __init__(self, state: Menus, labels: Sequence[str]) -> None:
        self._state = state
        self._labels = labels
        self._rules = Rules(menu.matchrule for menu in state.conditionalmenu)

    def shown(self, follower: Follower) -> Shown:
        """Work out the menu that a follower gets."""
        taking = self._rules.taking(follower)
        if taking:
            return Shown(self._labels[taking[0]], self._state.conditionalmenu[taking[0]].button)
        return Shown(DEFAULT, self._state.button) if self._state.button else Shown(None, ())


def shown_in(state: Menus, labels: Sequence[str], follower: Follower) -> Shown:
    """Work out the menu that one follower gets in a whole state; see `Audience` for many."""
    return Audience(state, labels).shown(follower)


def switches(
    before: Menus, after: Menus, labels: Labels, counts: Mapping[str, int] = _NO_COUNTS
) -> tuple[Switch, ...]:
    """List who gets another menu than before; followers with the same switch stand together.

    `counts` are the followers of each tag by its id, as `tags/get` tells them.
    """
    moved: dict[tuple[str | None, str | None], list[Follower]] = {}
    all_kinds = followers(before, after)
    had, has = Audience(before, labels.before), Audience(after, labels.after)
    for follower in all_kinds:
        was, will_be = had.shown(follower), has.shown(follower)
        if was.button != will_be.button:
            moved.setdefault((was.label, will_be.label), []).append(follower)
    names = KindNames(all_kinds, labels.tag_names)
    return tuple(
        Switch(names.name(group), was_label, label, _up_to(group, counts))
        for (was_label, label), group in moved.items()
    )


def _up_to(group: Iterable[Follower], counts: Mapping[str, int]) -> int | None:
    tags = {follower.tag_id for follower in group}
    known = [counts[tag] for tag in tags if tag is not None and tag in counts]
    return sum(known) if len(known) == len(tags) else None


def unreachable(state: Menus, labels: Sequence[str]) -> tuple[Unreachable, ...]:
    """List the menus of a state that no follower can ever get, the default menu among them.

    `labels` are those of its conditional menus. Somebody without a tag that a rule names is
    always thought to be there, and somebody on each platform.
    """
    taken: dict[tuple[str | None, str], int] = {}  # by whom first, by index
    found = []
    for index, (menu, label) in enumerate(zip(state.conditionalmenu, labels, strict=True)):
        rule = menu.matchrule
        platform = rule.client_platform_type
        some = tuple(PLATFORMS) if platform is None else (platform,) * (platform in PLATFORMS)
        first = [_first_taker(taken, rule.tag_id, each) for each in some]
        above = {taker for taker in first if taker is not None}
        if None not in first:
            found.append(Unreachable(label, tuple(labels[taker] for taker in sorted(above))))
        for each in some:
            taken.setdefault((rule.tag_id, each), index)
    others = [taken.get((None, platform)) for platform in PLATFORMS]
    takers = {taker for taker in others if taker is not None}
    if state.button and None not in others:
        found.append(Unreachable(DEFAULT, tuple(labels[taker] for taker in sorted(takers))))
    return tuple(found)


def _first_taker(
    taken: Mapping[tuple[str | None, str], int], tag: str | None, platform: str
) -> int | None:
    takers = (taken.get((tag, platform)), taken.get((None, platform)))
    return min((taker for taker in takers if taker is not None), default=None)


class KindNames:
    """Names kinds of followers among all that there are: `everyone`, `tag:VIP+ios, others+ios`."""

    __slots__ = ("_all", "_by_tag", "_platforms", "_tag_names")

    def __init__(self, all_kinds: Sequence[Follower], tag_names: Mapping[str, str]) -> None:
        self._all = len(all_kinds)
        self._platforms = {follower.platform for follower in all_kinds}
        self._by_tag = any(follower.tag_id is not None for follower in all_kinds)
        self._tag_names = tag_names

    def name(self, group: Sequence[Follower]) -> str:
        """Name some of the kinds, each of which stands in `group` once."""
        if len(group) == self._all:
            return "everyone"
        by_tag: dict[str | None, list[str | None]] = {}
        for follower in group:
            by_tag.setdefault(follower.tag_id, []).append(follower.platform)
        names = []
        for tag, on in by_tag.items():
            whole = 1 < len(self._platforms) == len(on)
            some: Sequence[str | None] = (None,) if whole else on
            for platform in some:
                name = rule_name(MatchRule(tag, platform), self._tag_names)
                others = "others" if tag is None and self._by_tag else ""
                names.append("+".join(filter(None, (others, name))))
        return ", ".join(names)


def switch_to_json(switch: Switch) -> dict[str, Any]:
    """Give `{who, before, after, up_to?}`; null is no menu at all."""
    value: dict[str, Any] = {"who": switch.who, "before": switch.before, "after": switch.after}
    if switch.up_to is not None:
        value["up_to"] = switch.up_to
    return value


def unreachable_to_json(unreachable: Unreachable) -> dict[str, Any]:
    """Give `{menu, because}`, all of them labels."""
    return {"menu": unreachable.menu, "because": list(unreachable.because)}
