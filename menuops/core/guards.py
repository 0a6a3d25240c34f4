"""What a plan must not do without somebody saying so."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from menuops.core.guard_names import CONSOLE_MENU, MANY_ACCOUNTS, REMOVE_CONDITIONAL
from menuops.core.labels import Labels, rule_name
from menuops.core.live import Console, Live
from menuops.core.model import Buttons, Foreign, Menus, Parent
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


def account_guards(
    live: Live, after: Menus, labels: Labels, lifts: Iterable[str]
) -> tuple[Guard, ...]:
    """List the guards that fire for one account; `lifts` are `GUARD` or `GUARD:NAME`."""
    lifted = frozenset(lifts)
    return tuple(
        Guard(guard, next(iter(names), None), _lifts(lifted, guard, names), message, names[1:])
        for guard, names, message in (
            *_console_menu(live),
            *_remove_conditional(live, after, labels),
        )
    )


def many_accounts(changed: int, most: int, lifts: Iterable[str]) -> tuple[Guard, ...]:
    """Fire where more accounts change at once than the project allows."""
    if changed <= most:
        return ()
    message = f"{changed} accounts change, max_accounts is {most}"
    return (Guard(MANY_ACCOUNTS, None, MANY_ACCOUNTS in frozenset(lifts), message),)


def _lifts(lifted: frozenset[str], guard: str, names: tuple[str, ...]) -> bool:
    return guard in lifted or any(f"{guard}:{name}" in lifted for name in names)


def _console_menu(live: Live) -> Iterator[tuple[str, tuple[str, ...], str]]:
    lost = ", ".join(f"{button.name} ({button.type})" for button in foreign(live.menus.button))
    cannot = f"; the API can't make these, and they would be lost: {lost}" if lost else ""
    match live.console:
        case Console.MADE:
            message = f"the menu in force was made in the web console (公众号后台){cannot}"
        case Console.OVERRIDES:
            message = (
                "the web console (公众号后台) published another menu over that of the API, and "
                f"a write replaces it{cannot}"
            )
        case Console.CLOSED:
            message = (
                "the menu is switched off (停用) in the web console (公众号后台), and a write may "
                "switch it on"
            )
        case _:
            return
    yield CONSOLE_MENU, (), message


def foreign(buttons: Buttons) -> Iterator[Foreign]:
    """Find the buttons that the API can't make."""
    for entry in buttons:
        for button in entry.sub_button if isinstance(entry, Parent) else (entry,):
            if isinstance(button, Foreign):
                yield button


def _remove_conditional(
    live: Live, after: Menus, labels: Labels
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    successors = {menu.matchrule for menu in after.conditionalmenu}
    for menuid, menu in zip(live.menuids, live.menus.conditionalmenu, strict=True):
        if menu.matchrule not in successors:
            name = labels.rule(menu.matchrule)
            # Whoever wrote the guard down when the tag's name couldn't be read used its id.
            # And whoever copied it from a view has it as it is shown.
            names = tuple(dict.fromkeys((name, rule_name(menu.matchrule, {}), safe(name))))
            message = f"the conditional menu for {name} (menuid {menuid}) has no successor"
            yield REMOVE_CONDITIONAL, names, message


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
