"""What WeChat gives one follower, against what the rules say.

`menu/trymatch` answers a menu and no word on why: which rule it was is found by what the menu
holds. Which of several tags was put on last, and on which platform the follower is, WeChat tells
nobody, so unless somebody knows, all that may be are thought of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from menuops.core.account import Account
from menuops.core.audience import Audience, Follower
from menuops.core.jsonform import buttons_to_json
from menuops.core.labels import DEFAULT, Labels, rule_name
from menuops.core.live import Console, Live
from menuops.core.model import PLATFORMS, Buttons, MatchRule, Menus


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a follower, by id: the tags that may be the last one, the platform.

    `tags` are all of the follower's, None where they can't be read. `last` is the one that was
    put on last, if somebody said so; `platform` None isn't known.
    """

    user: str
    tags: tuple[str, ...] | None
    last: str | None = None
    platform: str | None = None

    def kinds(self, *states: Menus) -> tuple[Follower, ...]:
        """List the kinds of followers that this one may be, as far as rules tell them apart."""
        rules = [menu.matchrule for state in states for menu in state.conditionalmenu]
        if self.last is not None:
            tags: Sequence[str | None] = (self.last,)
        elif self.tags is not None:
            tags = self.tags or (None,)
        else:
            tags = (*dict.fromkeys(rule.tag_id for rule in rules if rule.tag_id), None)
        if self.platform is not None:
            platforms: Sequence[str | None] = (self.platform,)
        else:
            by_platform = any(rule.client_platform_type for rule in rules)
            platforms = tuple(PLATFORMS) if by_platform else (None,)
        return tuple(Follower(tag, platform) for tag in tags for platform in platforms)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one kind of followers gets: by the live rules, and by the files; None is no menu.

    `agrees` is about what WeChat answered, `changes` about what the follower sees now.
    """

    follower: Follower
    live: str | None
    files: str | None
    agrees: bool
    changes: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What WeChat answered, and what the rules say.

    `matching` are the live menus that hold what WeChat answered, dead ones too. `expected` has a
    kind for each that the follower may be; those that agree with WeChat are the ones to believe.
    """

    known: Known
    answer: Buttons
    matching: tuple[str, ...]
    expected: tuple[Expected, ...]
    tag_names: Mapping[str, str]
    console: Console

    @property
    def agrees(self) -> bool:
        """Whether the rules give the follower what WeChat does, for one of the kinds at least."""
        return any(each.agrees for each in self.expected)

    @property
    def believed(self) -> tuple[Expected, ...]:
        """The kinds that the follower may be after WeChat's answer; all where none agrees."""
        return tuple(each for each in self.expected if each.agrees) or self.expected

    @property
    def changes(self) -> bool | None:
        """Whether the follower would get another menu by the files; None where it depends."""
        found = {each.changes for each in self.believed}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class AccountTrial:
    """What WeChat says of a follower of one account; `file` is the name of its menu file."""

    account: Account
    file: str
    trial: Trial


def judge(
    known: Known, answer: Buttons, live: Live, made: Menus, after: Menus, labels: Labels
) -> Trial:
    """Compare WeChat's answer with the rules.

    `made` is what `menu/get` shows: where the console's menu is in force, `live` has that one
    for its default menu, none where it was switched off, and WeChat's answer doesn't. The
    follower sees that one, so what changes is held against it.
    """
    seen = live.menus.button if live.console.in_force else answer
    has, will_have = Audience(made, labels.before), Audience(after, labels.after)
    expected = []
    for follower in known.kinds(made, after):
        now, then = has.shown(follower), will_have.shown(follower)
        agrees = now.button == answer
        expected.append(
            Expected(
                follower,
                now.label,
                then.label,
                agrees=agrees,
                changes=then.button != seen,
            )
        )
    there = [
        *zip(labels.before, (menu.button for menu in made.conditionalmenu), strict=True),
        *((DEFAULT, made.button) for _ in made.button[:1]),
        *((f"dead:{menu.menuid}", menu.button) for menu in live.dead),
    ]
    return Trial(
        known,
        answer,
        tuple(label for label, button in there if button == answer),
        tuple(expected),
        labels.tag_names,
        live.console,
    )


def name_follower(follower: Follower, tag_names: Mapping[str, str]) -> str:
    """Name one kind: `tag:VIP+ios`, `no tag+ios`."""
    rule = rule_name(MatchRule(follower.tag_id, follower.platform), tag_names)
    return rule if follower.tag_id is not None else "+".join(filter(None, ("no tag", rule)))


def trial_to_json(trial: Trial) -> dict[str, Any]:
    """Give `{user, tags, last_tag, platform, console, agrees, changes, wechat, expected}`.

    `console` tells that the follower sees the web console's menu whatever WeChat answers here.
    `tags` is null where they can't be read; `wechat` is `{menus: [labels], button}`; `expected`
    are `{who, live, files, agrees, changes}`, both menus by label, null for none.
    """
    known = trial.known
    tags = None if known.tags is None else [_tag_to_json(id_, trial) for id_ in known.tags]
    return {
        "user": known.user,
        "tags": tags,
        "last_tag": None if known.last is None else _tag_to_json(known.last, trial),
        "platform": None if known.platform is None else PLATFORMS[known.platform],
        "console": trial.console.in_force,
        "agrees": trial.agrees,
        "changes": trial.changes,
        "wechat": {"menus": list(trial.matching), "button": buttons_to_json(trial.answer)},
        "expected": [
            {
                "who": name_follower(each.follower, trial.tag_names),
                "live": each.live,
                "files": each.files,
                "agrees": each.agrees,
                "changes": each.changes,
            }
            for each in trial.expected
        ],
    }


def _tag_to_json(id_: str, trial: Trial) -> dict[str, Any]:
    return {"id": id_, "name": trial.tag_names.get(id_)}
