"""How an account that was read differs from what calls were to make of it."""

from __future__ import annotations

from collections.abc import Sequence

from menuops.core.fields import differing_places
from menuops.core.jsonform import menus_to_json
from menuops.core.live import Live
from menuops.core.model import Menus
from menuops.core.plan import AccountPlan
from menuops.core.settling import done_twice
from menuops.core.steps import DeleteConditional, DeleteMenus, Step


def is_as_wanted(account: AccountPlan, live: Live) -> bool:
    """Tell whether a state of an account is the one that its plan leads to."""
    return live.menus == account.after and not _beside(live, account.steps)


def _beside(live: Live, steps: Sequence[Step]) -> tuple[str, ...]:
    """Say what else isn't as it should be: the console's doing, dead menus that were to go."""
    gone = {step.menuid for step in steps if isinstance(step, DeleteConditional)}
    if any(isinstance(step, DeleteMenus) for step in steps):
        gone.update(menu.menuid for menu in live.dead)
    return (
        *(("the web console's menu is in force",) if live.console.in_force else ()),
        *(f"the dead menu {m.menuid} is still there" for m in live.dead if m.menuid in gone),
    )


def differing(
    live: Live, account: AccountPlan, steps: Sequence[Step], wanted: Menus
) -> tuple[str, ...]:
    """Say where what is live isn't what `steps`, which were done, are to have made."""
    if live.menus == wanted:
        return _beside(live, steps)
    return (
        *_beside(live, steps),
        *done_twice(account.live, steps, live),
        *differing_places(menus_to_json(wanted), menus_to_json(live.menus)),
    )
