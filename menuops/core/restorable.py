"""What of an earlier state the API can make again, and what is lost for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from menuops.core.jsonform import canonical, parse_buttons
from menuops.core.labels import DEFAULT, label_menus, rule_name
from menuops.core.live import Console, Live
from menuops.core.model import Button, Buttons, ConditionalMenu, Entry, Foreign, Menus, Parent
from menuops.core.plan import AccountPlan, make_account_plan


@dataclass(frozen=True, slots=True)
class Restorable:
    """`menus` are what can be made again; `lost` says what can't be, a line each."""

    menus: Menus
    lost: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether there was something, and none of it can be made."""
        return bool(self.lost) and self.menus == Menus()


def restorable(
    live: Live,
    made: Buttons = (),
    tag_names: dict[str, str] | None = None,
    gone_tags: AbstractSet[str] = frozenset(),
) -> Restorable:
    """Work out what of a state can come back.

    `made` is the default menu of the API where the web console had switched it off. `gone_tags`
    are ids of tags that the account no longer has.
    """
    names = tag_names or {}
    lost = list(_console(live))
    default = live.menus.button
    if live.console is Console.CLOSED:
        default = made
    button = _makeable(default, DEFAULT, lost)
    menus: list[ConditionalMenu] = []
    for menu in live.menus.conditionalmenu:
        name = rule_name(menu.matchrule, names)
        if menu.matchrule.tag_id in gone_tags:
            lost.append(f"the conditional menu for {name}: the account has no such tag any more")
            continue
        kept = _makeable(menu.button, name, lost)
        if not kept:
            lost.append(f"the conditional menu for {name}: nothing of it can be made")
        elif not button:
            lost.append(f"the conditional menu for {name}: it needs a default menu below it")
        else:
            menus.append(replace(menu, button=kept))
    for dead in live.dead:
        rule = canonical(dict(dead.matchrule))
        lost.append(f"the dead conditional menu {dead.menuid}, which matched nobody: {rule}")
    return Restorable(Menus(button, tuple(menus)), tuple(lost))


def _console(live: Live) -> Iterator[str]:
    console = "the web console (公众号后台)"
    match live.console:
        case Console.MADE | Console.OVERRIDES:
            yield f"that {console} made the default menu: it comes back as one of the API"
        case Console.CLOSED:
            yield f"that {console} had switched the menu off (停用): it comes back in force"


def _makeable(buttons: Buttons, menu: str, lost: list[str]) -> Buttons:
    return tuple(kept for entry in buttons if (kept := _entry(entry, menu, lost)) is not None)


def _entry(entry: Entry, menu: str, lost: list[str]) -> Entry | None:
    if isinstance(entry, Foreign):
        lost.append(f"{entry.name} ({entry.type or 'no type'}) of {menu}: the API can't make it")
        return None
    lost.extend(
        f"{name} of {entry.name} of {menu}: a field that menuops doesn't know"
        for name, _ in entry.unknown
    )
    if not isinstance(entry, Parent):
        return replace(entry, unknown=())
    children: list[Button] = []
    for child in entry.sub_button:
        kept = _entry(child, menu, lost)
        if kept is not None:
            assert not isinstance(kept, Parent)
            children.append(kept)
    if not children:
        lost.append(f"{entry.name} of {menu}: none of its buttons can be made")
        return None
    return replace(entry, sub_button=tuple(children), unknown=())


def made_by_api(menu: Mapping[str, Any] | None) -> Buttons:
    """Read the default menu out of an answer of `menu/get`: in force or switched off."""
    made = (menu or {}).get("menu")
    return parse_buttons(made.get("button")) if isinstance(made, Mapping) else ()


def undo_lifts(account: AccountPlan, made: Buttons = ()) -> tuple[str, ...]:
    """List the guards that stand in the way back from what a plan makes, as `--allow` takes them.

    `made` is as `restorable` has it. They are about what the plan itself added, so naming them
    gives nothing else away.
    """
    before = restorable(account.live, made)
    if before.is_nothing:
        return ()
    after, tags = account.after, account.labels.tag_names
    there = Live(after, tuple(f"new{n}" for n in range(len(after.conditionalmenu))))
    labels = label_menus(after, before.menus, tags)
    back = make_account_plan(account.ref, there, before.menus, labels)
    lifts = [guard.allow for guard in back.guards]
    if account.live.console.in_force:
        lifts.append("console-menu")  # a run that stopped early may have left it in force
    return tuple(dict.fromkeys(lifts))
