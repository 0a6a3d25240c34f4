"""Who sees which menu.

A follower counts for the rules by the tag that was put on last and by the platform of the
phone; the first conditional menu that matches wins, else the default menu. So the rules of an
account can tell apart only finitely many kinds of followers. Source:
https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu and
https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from menuops.core.labels import DEFAULT, Labels, rule_name
from menuops.core.model import PLATFORMS, Buttons, ConditionalMenu, MatchRule, Menus


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

    `up_to` is how many followers they are at most, None where that isn't known.
    """

    who: str
    before: str | None
    after: str | None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A conditional menu that no follower can get, since those of `because` take all of its."""

    menu: str
    because: tuple[str, ...]


def followers(*states: Menus) -> tuple[Follower, ...]:
    """List the kinds of followers that the rules of these states can tell apart."""
    rules = [menu.matchrule for state in states for menu in state.conditionalmenu]
    tags = sorted({rule.tag_id for rule in rules if rule.tag_id is not None})
    by_platform = any(rule.client_platform_type is not None for rule in rules)
    platforms: Sequence[str | None] = tuple(PLATFORMS) if by_platform else (None,)
    return tuple(Follower(tag, platform) for tag in (*tags, None) for platform in platforms)


def matches(rule: MatchRule, follower: Follower) -> bool:
    """Tell whether a rule takes a follower: each field that it has must fit."""
    return rule.tag_id in (None, follower.tag_id) and rule.client_platform_type in (
        None,
        follower.platform,
    )


def shown(
    default: Buttons, conditional: Iterable[tuple[str, ConditionalMenu]], follower: Follower
) -> Shown:
    """Work out the menu that a follower gets; `conditional` in the order of trying, labelled."""
    for label, menu in conditional:
        if matches(menu.matchrule, follower):
            return Shown(label, menu.button)
    return Shown(DEFAULT, default) if default else Shown(None, ())


def shown_in(state: Menus, labels: Sequence[str], follower: Follower) -> Shown:
    """Work out the menu that a follower gets in a whole state."""
    return shown(state.button, zip(labels, state.conditionalmenu, strict=True), follower)


def switches(before: Menus, after: Menus, labels: Labels) -> tuple[Switch, ...]:
    """List who gets another menu than before; followers with the same switch stand together."""
    moved: dict[tuple[str | None, str | None], list[Follower]] = {}
    all_kinds = followers(before, after)
    for follower in all_kinds:
        was = shown_in(before, labels.before, follower)
        will_be = shown_in(after, labels.after, follower)
        if was.button != will_be.button:
            moved.setdefault((was.label, will_be.label), []).append(follower)
    return tuple(
        Switch(name_followers(group, all_kinds, labels.tag_names), was_label, label)
        for (was_label, label), group in moved.items()
    )


def name_followers(
    group: Sequence[Follower], all_kinds: Sequence[Follower], tag_names: dict[str, str]
) -> str:
    """Name kinds of followers: `everyone`, `tag:VIP`, `tag:VIP+ios, others+ios`."""
    if set(group) == set(all_kinds):
        return "everyone"
    by_tag: dict[str | None, list[str | None]] = {}
    for follower in group:
        by_tag.setdefault(follower.tag_id, []).append(follower.platform)
    platforms = {follower.platform for follower in all_kinds}
    tags = {follower.tag_id for follower in all_kinds}
    if len(tags) == 1:
        return ", ".join(rule_name(MatchRule(None, p), tag_names) for p in by_tag[None])
    names = []
    for tag, on in by_tag.items():
        some: Sequence[str | None] = (None,) if set(on) == platforms else on
        for platform in some:
            name = rule_name(MatchRule(tag, platform), tag_names)
            names.append(name if tag is not None else "+".join(filter(None, ("others", name))))
    return ", ".join(names)


def unreachable(menus: Menus, labels: Sequence[str]) -> tuple[Unreachable, ...]:
    """List the conditional menus that no follower can get; `labels` are those of the menus."""
    kinds = followers(menus)
    found = []
    for index, menu in enumerate(menus.conditionalmenu):
        theirs = [kind for kind in kinds if matches(menu.matchrule, kind)]
        got = [shown_in(menus, labels, kind).label for kind in theirs]
        if labels[index] not in got:
            found.append(
                Unreachable(labels[index], tuple(label for label in labels if label in got))
            )
    return tuple(found)


def unreachable_to_json(each: Unreachable) -> dict[str, Any]:
    """Give `{menu, because}`."""
    return {"menu": each.menu, "because": list(each.because)}


def switch_to_json(switch: Switch) -> dict[str, Any]:
    """Give `{who, before, after, up_to?}`; null is no menu at all."""
    up_to = {} if switch.up_to is None else {"up_to": switch.up_to}
    return {"who": switch.who, "before": switch.before, "after": switch.after, **up_to}
