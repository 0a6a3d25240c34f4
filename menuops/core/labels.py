"""What the menus of an account are called in plans: `default`, an `id` of the file, or the rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from menuops.core.conditional import pair_rules
from menuops.core.model import PLATFORMS, MatchRule, Menus

DEFAULT: Final = "default"
ALL_MENUS: Final = "all menus"
"""What `menu/delete` is about. No rule reads like it."""


@dataclass(frozen=True, slots=True)
class Labels:
    """One label for each conditional menu of `before` and of `after`, in their order.

    A menu on both sides has the same label; no two on one side share one. `tags` are the ids
    and names of the tags in the rules, as far as the names are known.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def tag_names(self) -> dict[str, str]:
        """Names of tags by id."""
        return dict(self.tags)

    def rule(self, rule: MatchRule) -> str:
        """Name a rule as every view prints it."""
        return rule_name(rule, self.tag_names)


def rule_name(rule: MatchRule, tag_names: Mapping[str, str]) -> str:
    """Name a rule: `tag:VIP+ios`, `android`, or `tag:104` where the tag's name isn't known."""
    parts = [] if rule.tag_id is None else [f"tag:{tag_names.get(rule.tag_id, rule.tag_id)}"]
    if rule.client_platform_type is not None:
        parts.append(PLATFORMS.get(rule.client_platform_type, rule.client_platform_type))
    return "+".join(parts)


def label_menus(before: Menus, after: Menus, tag_names: Mapping[str, str]) -> Labels:
    """Label both sides: each menu by its id, or by its rule."""
    names = {
        menu.matchrule: rule_name(menu.matchrule, tag_names)
        for menu in (*before.conditionalmenu, *after.conditionalmenu)
    }
    wanted = [menu.id or names[menu.matchrule] for menu in after.conditionalmenu]
    after_labels = _distinct(wanted, taken=(DEFAULT,))
    pairs = pair_rules(before, after)
    after_of = {b: after_labels[a] for b, a in pairs}
    rest = [i for i in range(len(before.conditionalmenu)) if i not in after_of]
    rest_labels = _distinct(
        [menu.id or names[menu.matchrule] for menu in (before.conditionalmenu[i] for i in rest)],
        taken=(DEFAULT, *after_labels),
    )
    after_of.update(zip(rest, rest_labels, strict=True))
    return Labels(
        before=tuple(after_of[i] for i in range(len(before.conditionalmenu))),
        after=after_labels,
        tags=tuple(
            sorted(
                {
                    (rule.tag_id, tag_names[rule.tag_id])
                    for rule in names
                    if rule.tag_id is not None and rule.tag_id in tag_names
                }
            )
        ),
    )


def _distinct(names: Iterable[str], taken: Iterable[str]) -> tuple[str, ...]:
    used, labels = set(taken), []
    for name in names:
        label, number = name, 2
        while label in used:
            label, number = f"{name}~{number}", number + 1
        used.add(label)
        labels.append(label)
    return tuple(labels)
