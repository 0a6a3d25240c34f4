"""Which menus of an account a preview draws: for whom, before and after, and what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from menuops.core.asked import Asked
from menuops.core.audience import Audience, Follower, KindNames, Shown, followers
from menuops.core.diff import Kind, diff_buttons
from menuops.core.labels import DEFAULT, Labels
from menuops.core.model import Buttons, Menus, Wanted
from menuops.core.plan import AccountPlan
from menuops.core.spots import path_at, position, spots
from menuops.core.who import Doubt, look_out, named_menus

EVERYONE: Final = "everyone"


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
    """One menu as `who` sees it, and in a plan what stood there before.

    `was_for` is whom its rule was for before, where a plan changes the rule. Not `sure` is one of
    several that they may see, which stand beside each other.
    """

    who: str
    now: Drawn
    before: Drawn | None = None
    sure: bool = True
    was_for: str | None = None

    @property
    def changes(self) -> bool:
        """Whether the plan changes what is seen, or who sees it."""
        if self.before is None:
            return False
        return self.was_for is not None or self.before.button != self.now.button


@dataclass(frozen=True, slots=True)
class AccountPreview:
    """What of one account is drawn, and in words which of its menus are not.

    `unreadable` says why nothing can be drawn of an account in a plan; `doubt` is what of the
    answer isn't known.
    """

    name: str
    appid: str
    scenes: tuple[Scene, ...] = ()
    others: tuple[str, ...] = ()
    unreadable: str | None = None
    doubt: Doubt | None = None


def preview_file(
    name: str, appid: str, wanted: Wanted, asked: Asked, *, every: bool
) -> AccountPreview:
    """Choose what is drawn of a file: for followers as `who` decides, every menu, or the default.

    Where only WeChat knows which menu a follower gets, all that it may be are drawn.
    """
    if asked != Asked():
        outlook = look_out(wanted, asked)
        button: dict[str | None, Buttons] = dict(outlook.menus)
        return AccountPreview(
            name,
            appid,
            tuple(
                Scene(who, Drawn(label, button.get(label, ())), sure=len(gets) <= 1)
                for who, gets in outlook.groups()
                for label in gets or (None,)
            ),
            doubt=outlook.doubt,
        )
    scenes = tuple(
        Scene(who, Drawn(label, button)) for label, who, button in _listed(*named_menus(wanted))
    )
    if every:
        return AccountPreview(name, appid, scenes)
    return AccountPreview(name, appid, scenes[:1], tuple(map(_named, scenes[1:])))


def preview_plan(account: AccountPlan, asked: Asked) -> AccountPreview:
    """Choose what is drawn of a plan: the menus that change, or what a follower sees."""
    before, after, labels = account.live.menus, account.after, account.labels
    name, appid = account.ref.name, account.ref.appid
    if asked != Asked():
        scenes = _asked_for(before, after, labels, asked)
        sure = all(scene.sure for scene in scenes)
        return AccountPreview(name, appid, scenes, doubt=None if sure else "which")
    was = {label: (who, button) for label, who, button in _listed(before, labels, old=True)}
    now = {label: (who, button) for label, who, button in _listed(after, labels)}
    every = []
    for label in (*now, *(label for label in was if label not in now)):
        who = (now.get(label) or was[label])[0]
        old, new = (side.get(label, (who, ()))[1] for side in (was, now))
        scene = compared(who, (label, old), (label, new))
        if label != DEFAULT and label in was and was[label][0] != who:
            scene = replace(scene, was_for=was[label][0])
        every.append(scene)
    drawn = tuple(scene for scene in every if scene.changes) or tuple(every[:1])
    return AccountPreview(
        name, appid, drawn, tuple(_named(scene) for scene in every if scene not in drawn)
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


def _asked_for(before: Menus, after: Menus, labels: Labels, asked: Asked) -> tuple[Scene, ...]:
    """Draw what followers see; kinds of followers who see the same stand together."""
    kinds = kinds_asked(asked, before, after, labels)
    names = KindNames(list(kinds), labels.tag_names)
    had, has = Audience(before, labels.before), Audience(after, labels.after)
    sides: dict[tuple[str | None, str | None], tuple[Shown, Shown]] = {}
    together: dict[tuple[tuple[str | None, str | None], ...], list[Follower]] = {}
    for kind, may_be in kinds.items():
        seen = []
        for follower in may_be:
            old, new = had.shown(follower), has.shown(follower)
            sides[old.label, new.label] = (old, new)
            seen.append((old.label, new.label))
        together.setdefault(tuple(dict.fromkeys(seen)), []).append(kind)
    scenes = []
    for seen_by, group in together.items():
        who = asked.name if len(group) == len(kinds) else names.name(group)
        for key in seen_by:
            old, new = sides[key]
            scene = compared(who, (old.label, old.button), (new.label, new.button))
            scenes.append(replace(scene, sure=len(seen_by) == 1))
    return tuple(scenes)


def kinds_asked(
    asked: Asked, before: Menus, after: Menus, labels: Labels
) -> dict[Follower, tuple[Follower, ...]]:
    """List the kinds of followers that are meant, each with those that it may be for the rules.

    A tag without a platform may mean several, where a rule asks for the platform. Several tags
    may have one name. Where no tag's name could be read, a name may be that of any tag.
    """
    every = followers(before, after)
    on = (
        dict.fromkeys(each.platform for each in every)
        if asked.platform is None
        else (asked.platform,)
    )
    tags = dict.fromkeys(each.tag_id for each in every)
    may_be: dict[str | None, tuple[str | None, ...]] = {tag: (tag,) for tag in tags}
    if asked.tag is not None:
        text, names = asked.tag.text, labels.tag_names
        found = [id_ for id_, name in names.items() if name == text]
        nameless = asked.tag.by == "name" and not names
        may_be = {id_: (id_,) for id_ in found} or {text: tuple(tags) if nameless else (text,)}
    return {
        Follower(tag, platform): tuple(Follower(each, platform) for each in ids)
        for tag, ids in may_be.items()
        for platform in on
    }


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
    return tuple((at, tuple(kinds[at])) for at in sorted(kinds, key=path_at))
