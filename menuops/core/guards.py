"""What a plan must not do without somebody saying so."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from menuops.core.basis import Basis
from menuops.core.guard_names import (
    CONSOLE_MENU,
    DELETE_ALL,
    DOMAIN_LIMIT,
    LIVE_CHANGED,
    MANY_ACCOUNTS,
    QUOTA,
    REMOVE_CONDITIONAL,
    REMOVE_DEAD,
    UNMANAGED,
    UNREADABLE,
)
from menuops.core.labels import Labels, rule_name
from menuops.core.limits import CONDITIONAL_HOSTS
from menuops.core.links import hosts
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Entry, Foreign, Menus, each_entry
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, DeleteMenus, Steps
from menuops.core.visible import safe


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard that fired. `name` says on what, where a guard can fire on several things.

    `also` are other names of the same thing, which lift it too; no part of a plan.
    """

    guard: str
    name: str | None
    lifted: bool
    message: str
    also: tuple[str, ...] = field(default=(), compare=False)

    @property
    def allow(self) -> str:
        """What lifts it: `--allow` and the `allow:` of a menu file take this."""
        return f"{self.guard}:{self.name}" if self.name else self.guard

    @property
    def flag(self) -> str:
        """What to type to lift it; quoted, since somebody else may have named a tag."""
        return f"--allow {shlex.quote(self.allow)}"


class _Fired(NamedTuple):
    guard: str
    names: tuple[str, ...]
    message: str
    meant: bool = False
    """Whether the change itself says that it is meant, and lifts the guard."""


def account_guards(
    live: Live, after: Menus, labels: Labels, steps: Steps, basis: Basis, lifts: Iterable[str]
) -> tuple[Guard, ...]:
    """List the guards that fire for one account; `lifts` are `GUARD` or `GUARD:NAME`."""
    lifted = frozenset(lifts)
    return tuple(
        Guard(
            each.guard,
            next(iter(each.names), None),
            each.meant or _lifts(lifted, each.guard, each.names),
            each.message,
            each.names[1:],
        )
        for each in (
            *_console_menu(live, steps),
            *_live_changed(live, after, basis),
            *_delete_all(steps),
            *_remove_conditional(live, after, labels, steps, basis),
            *_remove_dead(live, steps),
            *_domain_limit(live, after, steps),
            *_quota(steps, basis),
        )
    )


def many_accounts(changed: int, most: int, lifts: Iterable[str]) -> tuple[Guard, ...]:
    """Fire where more accounts change at once than the project allows."""
    if changed <= most:
        return ()
    message = f"{changed} accounts change, max_accounts is {most}"
    return (Guard(MANY_ACCOUNTS, None, MANY_ACCOUNTS in frozenset(lifts), message),)


def unreadable_accounts(names: tuple[str, ...], lifts: Iterable[str]) -> tuple[Guard, ...]:
    """Fire where accounts can't be read: the others may go on without them."""
    if not names:
        return ()
    what = "1 account" if len(names) == 1 else f"{len(names)} accounts"
    message = f"{what} can't be read and would be left as they are, unseen: {_some(names)}"
    return (Guard(UNREADABLE, None, UNREADABLE in frozenset(lifts), message),)


def dead_to_remove(live: Live, lifts: Iterable[str]) -> tuple[DeadMenu, ...]:
    """Choose the dead menus whose removal somebody asked for: `remove-dead`, or with a menuid."""
    lifted = frozenset(lifts)
    return tuple(menu for menu in live.dead if _lifts(lifted, REMOVE_DEAD, (menu.menuid,)))


def _lifts(lifted: frozenset[str], guard: str, names: tuple[str, ...]) -> bool:
    return guard in lifted or any(f"{guard}:{name}" in lifted for name in names)


def _some(names: tuple[str, ...], most: int = 10) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" * (len(names) > most))


def _console_menu(live: Live, steps: Steps) -> Iterator[_Fired]:
    match live.console:
        case Console.MADE:
            said = ["the menu in force was made in the web console (公众号后台)"]
        case Console.OVERRIDES:
            over = "the web console (公众号后台) published another menu over that of the API"
            said = [f"{over}, and a write replaces it"]
        case Console.CLOSED:
            off = "the menu is switched off (停用) in the web console (公众号后台)"
            said = [f"{off}, and a write may switch it on"]
        case _:
            said = []
    gone = list(_replaced(live, steps))
    lost = [f"{each.name} ({each.type or 'no type'})" for each in gone if isinstance(each, Foreign)]
    if lost:
        said.append(f"the API can't make these, and they would be lost: {', '.join(lost)}")
    unknown = [
        f"{name} of {entry.name}"
        for entry in gone
        if not isinstance(entry, Foreign)
        for name, _ in entry.unknown
    ]
    if unknown:
        said.append(
            f"these fields, which menuops doesn't know, would be lost: {', '.join(unknown)}"
        )
    again = [
        f"{entry.name} of {step.menu}"
        for step in steps
        if isinstance(step, AddConditional)
        for entry in each_entry(step.conditional.button)
        if isinstance(entry, Foreign)
    ]
    if again:
        said.append(f"WeChat would refuse these, which have to be added again: {', '.join(again)}")
    if said:
        yield _Fired(CONSOLE_MENU, (), "; ".join(said))


def _replaced(live: Live, steps: Steps) -> Iterator[Entry]:
    """List the live entries that these calls take away, to be made again or not."""
    if any(isinstance(step, CreateMenu | DeleteMenus) for step in steps):
        yield from each_entry(live.menus.button)
    gone = {step.menuid for step in steps if isinstance(step, DeleteConditional)}
    for menuid, menu in zip(live.menuids, live.menus.conditionalmenu, strict=True):
        if menuid in gone or _drops_all(steps):
            yield from each_entry(menu.button)


def _live_changed(live: Live, after: Menus, basis: Basis) -> Iterator[_Fired]:
    """Fire where live is neither what was applied last nor what is wanted.

    What the console did to the default menu has a guard of its own.
    """
    if basis.applied is None:
        return
    was, now = basis.applied.menus, live.menus
    moved = [] if live.console.in_force or now.button == was.button else ["the default menu"]
    if now.conditionalmenu != was.conditionalmenu:
        moved.append("the conditional menus")
    if moved and now != after:
        message = (
            f"{' and '.join(moved)} changed since run {basis.applied.revision} applied them, by "
            "somebody else, and this plan would undo that"
        )
        yield _Fired(LIVE_CHANGED, (), message)


def _delete_all(steps: Steps) -> Iterator[_Fired]:
    if _drops_all(steps):
        message = "every menu of the account goes, the default one and all conditional ones"
        yield _Fired(DELETE_ALL, (), f"{message}: followers see no menu")


def _drops_all(steps: Steps) -> bool:
    return any(isinstance(step, DeleteMenus) for step in steps)


def _remove_conditional(
    live: Live, after: Menus, labels: Labels, steps: Steps, basis: Basis
) -> Iterator[_Fired]:
    if _drops_all(steps):
        return  # delete-all says it of all of them
    successors = {menu.matchrule for menu in after.conditionalmenu}
    for menuid, menu, label in zip(
        live.menuids, live.menus.conditionalmenu, labels.before, strict=True
    ):
        if menu.matchrule in successors:
            continue
        name = labels.rule(menu.matchrule)
        # Whoever wrote the guard down when the tag's name couldn't be read used its id.
        # And whoever copied it from a view has it as it is shown.
        names = tuple(dict.fromkeys((name, rule_name(menu.matchrule, {}), safe(name))))
        if basis.unmanaged == "error":
            message = f"no file has the conditional menu for {name} (menuid {menuid})"
            yield _Fired(UNMANAGED, names, f"{message}, and `unmanaged: error` keeps it from going")
        elif label in labels.after:
            # By its id, which only what is known of the past tells: the guard fires all the same,
            # so that a digest is the one that a machine gives which knows nothing.
            message = f"the conditional menu for {name} (menuid {menuid}) goes on as {label}"
            yield _Fired(REMOVE_CONDITIONAL, names, message, meant=True)
        else:
            message = f"the conditional menu for {name} (menuid {menuid}) has no successor"
            yield _Fired(REMOVE_CONDITIONAL, names, message)


def _remove_dead(live: Live, steps: Steps) -> Iterator[_Fired]:
    """Say which dead menus go; nothing removes one unless it is lifted."""
    gone = {step.menuid for step in steps if isinstance(step, DeleteConditional)}
    for menu in live.dead:
        if menu.menuid in gone:
            message = f"the dead conditional menu {menu.menuid}, which matches nobody, goes"
            yield _Fired(REMOVE_DEAD, (menu.menuid,), message)


def _domain_limit(live: Live, after: Menus, steps: Steps) -> Iterator[_Fired]:
    if not any(isinstance(step, AddConditional) for step in steps):
        return
    gone = {step.menuid for step in steps if isinstance(step, DeleteConditional)}
    # Menus that match nobody may count: no page says that they don't.
    dead = (menu.button for menu in live.dead if menu.menuid not in gone)
    there = (*(menu.button for menu in after.conditionalmenu), *dead)
    linked = frozenset[str]().union(*map(hosts, there))
    if len(linked) > CONDITIONAL_HOSTS:
        message = (
            f"the conditional menus link to {len(linked)} hosts ({', '.join(sorted(linked))}); "
            f"WeChat refuses more than {CONDITIONAL_HOSTS} over all of them, dead ones too (65316)"
        )
        yield _Fired(DOMAIN_LIMIT, (), message)


def _quota(steps: Steps, basis: Basis) -> Iterator[_Fired]:
    needed = Counter(step.CALL for step in steps)
    for quota in basis.quotas:
        if needed[quota.call] > quota.remain:
            message = (
                f"{needed[quota.call]} calls of {quota.call} are needed, and {quota.remain} of "
                f"{quota.daily_limit} are left today: the apply would stop in the middle. The "
                "count begins anew at midnight in China (16:00 UTC)"
            )
            yield _Fired(QUOTA, (quota.call,), message)


def idle_lifts(lifts: Iterable[str], guards: Iterable[Guard]) -> tuple[str, ...]:
    """Find the lifts that lifted nothing."""
    fired = {
        lift
        for guard in guards
        for lift in (guard.guard, guard.allow, *(f"{guard.guard}:{name}" for name in guard.also))
    }
    return tuple(lift for lift in lifts if lift not in fired)


def guard_to_json(guard: Guard) -> dict[str, Any]:
    """Give `{guard, name?, lifted, message}`."""
    name = {} if guard.name is None else {"name": guard.name}
    return {"guard": guard.guard, **name, "lifted": guard.lifted, "message": guard.message}
