"""Which menus of an account a preview draws: for whom, before and after, and what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from menuops.core.audience import Follower, shown_in
from menuops.core.diff import Kind, diff_buttons
from menuops.core.labels import DEFAULT, Labels, label_menus, rule_name
from menuops.core.model import PLATFORMS, Buttons, ConditionalMenu, MatchRule, Menus, Wanted
from menuops.core.pairing import position, spots
from menuops.core.plan import AccountPlan

EVERYONE: Final = "everyone"
NO_LABELS: Final = Labels()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A menu that is drawn; `label` is None, and `button` empty, where there is none.

    `marks` are the kinds of change by place, "2.1", in the order of the menu.
    """

    label: str | None
    button: Buttons
    marks: tuple[tuple[str, tuple[Kind, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One menu as `who` sees it, and in a plan what stood there before."""

    who: str
    now: Drawn
    before: Drawn | None = None

    @property
    def changes(self) -> bool:
        """Whether the plan changes what is seen."""
        return self.before is not None and self.before.button != self.now.button


@dataclass(frozen=True, slots=True)
class AccountPreview:
    """What of one account is drawn, and in words which of its menus are not.

    `unreadable` says why nothing can be drawn of an account in a plan.
    """

    name: str
    appid: str
    scenes: tuple[Scene, ...] = ()
    others: tuple[str, ...] = ()
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The follower that a preview is for: a tag by name or id, the name of a platform."""

    tag: str | None = None
    platform: str | None = None

    @property
    def anyone(self) -> bool:
        """Whether no follower in particular is meant."""
        return self.tag is None and self.platform is None


def named_menus(wanted: Wanted) -> tuple[Menus, Labels]:
    """Give what a file wants as menus, without asking WeChat: a tag's name stands for its id."""
    menus = Menus(
        wanted.button,
        tuple(
            ConditionalMenu(
                MatchRule(menu.tag_id if menu.tag is None else menu.tag, menu.client_platform_type),
                menu.button,
                id=menu.id,
            )
            for menu in wanted.conditionalmenu
        ),
    )
    return menus, label_menus(menus, menus, {})


def kinds_asked(
    asked: Asked, states: Sequence[Menus], tag_names: Mapping[str, str]
) -> tuple[tuple[str, Follower], ...]:
    """List the followers that are meant, each with its name.

    A tag without a platform may mean several, where a rule asks for the platform. Several tags
    may have one name.
    """
    tags: list[str | None] = [None]
    if asked.tag is not None:
        by_name = [id_ for id_, name in tag_names.items() if name == asked.tag]
        tags = [*by_name] or [asked.tag]
    rules = [menu.matchrule for state in states for menu in state.conditionalmenu]
    platforms: list[str | None]
    if asked.platform is not None:
        platforms = [next(id_ for id_, name in PLATFORMS.items() if name == asked.platform)]
    elif any(rule.client_platform_type is not None for rule in rules):
        platforms = [*PLATFORMS]
    else:
        platforms = [None]
    return tuple(
        (rule_name(MatchRule(tag, platform), tag_names), Follower(tag, platform))
        for tag in tags
        for platform in platforms
    )


def preview_menus(
    name: str, appid: str, menus: Menus, labels: Labels, asked: Asked, *, every: bool
) -> AccountPreview:
    """Choose what is drawn of one state: for a follower, every menu, or the default one."""
    if not asked.anyone:
        return AccountPreview(name, appid, _asked_for(None, menus, labels, asked))
    scenes = tuple(
        Scene(who, Drawn(label, button)) for label, who, button in _listed(menus, labels)
    )
    if every:
        return AccountPreview(name, appid, scenes)
    return AccountPreview(name, appid, scenes[:1], tuple(map(_named, scenes[1:])))


def preview_plan(account: AccountPlan, asked: Asked) -> AccountPreview:
    """Choose what is drawn of a plan: the menus that change, or what a follower sees."""
    before, after, labels = account.live.menus, account.after, account.labels
    name, appid = account.ref.name, account.ref.appid
    if not asked.anyone:
        return AccountPreview(name, appid, _asked_for(before, after, labels, asked))
    was = {label: (who, button) for label, who, button in _listed(before, labels, old=True)}
    now = {label: (who, button) for label, who, button in _listed(after, labels)}
    scenes = []
    for label in (*now, *(label for label in was if label not in now)):
        who = (now.get(label) or was[label])[0]
        old, new = (side.get(label, (who, ()))[1] for side in (was, now))
        scenes.append(compared(who, (label, old), (label, new)))
    changed = tuple(scene for scene in scenes if scene.changes)
    drawn = changed or tuple(scenes[:1])
    return AccountPreview(
        name, appid, drawn, tuple(_named(scene) for scene in scenes if scene not in drawn)
    )


def _listed(menus: Menus, labels: Labels, *, old: bool = False) -> list[tuple[str, str, Buttons]]:
    """List label, whom it is for, and entries of each menu; the default one first."""
    conditional = zip(labels.before if old else labels.after, menus.conditionalmenu, strict=True)
    return [
        (DEFAULT, EVERYONE if not menus.conditionalmenu else "everyone else", menus.button),
        *((label, labels.rule(menu.matchrule), menu.button) for label, menu in conditional),
    ]


def _named(scene: Scene) -> str:
    label = scene.now.label or DEFAULT
    return label if scene.who == label or label == DEFAULT else f"{label} ({scene.who})"


def _asked_for(
    before: Menus | None, after: Menus, labels: Labels, asked: Asked
) -> tuple[Scene, ...]:
    """Draw what a follower sees; kinds of followers who see the same stand together."""
    states = [after] if before is None else [before, after]
    together: dict[tuple[str | None, str | None], tuple[list[str], Scene]] = {}
    key: tuple[str | None, str | None]
    for who, follower in kinds_asked(asked, states, labels.tag_names):
        new = shown_in(after, labels.after, follower)
        if before is None:
            scene = Scene(who, Drawn(new.label, new.button))
            key = (None, new.label)
        else:
            old = shown_in(before, labels.before, follower)
            scene = compared(who, (old.label, old.button), (new.label, new.button))
            key = (old.label, new.label)
        together.setdefault(key, ([], scene))[0].append(who)
    alone = len(together) == 1
    name = rule_name(MatchRule(asked.tag, None), {}) if asked.tag else str(asked.platform)
    if asked.tag and asked.platform:
        name = f"{name}+{asked.platform}"
    return tuple(
        Scene(name if alone else ", ".join(whos), scene.now, scene.before)
        for whos, scene in together.values()
    )


Side: TypeAlias = tuple[str | None, Buttons]


def compared(who: str, before: Side, after: Side) -> Scene:
    """Compare two sides of (label, entries), and mark what changes in both."""
    old, new = before[1], after[1]
    was: dict[str, list[Kind]] = {}
    now: dict[str, list[Kind]] = {}
    if not old or not new:
        was = {position(spot.path): ["remove"] for spot in spots(old)}
        now = {position(spot.path): ["add"] for spot in spots(new)}
    else:
        for change in diff_buttons(old, new, DEFAULT):
            if change.kind != "remove":
                now.setdefault(change.at, []).append(change.kind)
            if change.kind != "add":
                was.setdefault(change.was_at or change.at, []).append(change.kind)
    return Scene(
        who,
        Drawn(after[0] if new else None, new, _in_order(now)),
        Drawn(before[0] if old else None, old, _in_order(was)),
    )


def _in_order(kinds: Mapping[str, Iterable[Kind]]) -> tuple[tuple[str, tuple[Kind, ...]], ...]:
    return tuple((at, tuple(kinds[at])) for at in sorted(kinds, key=_path))


def _path(at: str) -> tuple[int, ...]:
    return tuple(map(int, at.split(".")))
