"""Which calls turn one state of an account into another, and in which order.

A conditional menu can't be edited, only added (it is then tried first) and deleted;
`menu/create` replaces the default menu whole and leaves the conditional ones, which is inferred
from live answers, said on no page, and so proved by the read-back of every apply. Source:
https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from menuops.core.conditional import kept_tail
from menuops.core.gaps import count_gaps
from menuops.core.labels import Labels
from menuops.core.limits import CONDITIONAL_HOSTS
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Buttons, ConditionalMenu, Menus, MiniProgram, Parent, View
from menuops.core.steps import (
    AddConditional,
    CreateMenu,
    DeleteConditional,
    DeleteMenus,
    Step,
    Steps,
)


def plan_steps(
    live: Live,
    after: Menus,
    labels: Labels,
    *,
    delete_first: bool = False,
    dead: Sequence[DeadMenu] = (),
) -> Steps:
    """Choose the calls: the fewest, and among orders of equally many the one with fewest gaps.

    What can stay is the longest tail of the wanted conditional menus that is live in that
    order; all above it is added again, lowest priority first. Deletes come last, from the
    bottom, unless `delete_first` is set or old and new links together pass the limit of
    hosts: then the old menus in the way go first.
    """
    before = live.menus
    if after == Menus():
        return _delete_all(live)
    kept = {b for b, _ in kept_tail(before.conditionalmenu, after.conditionalmenu)}
    first_new = len(after.conditionalmenu) - len(kept)
    adds: Steps = tuple(
        AddConditional(menu, label, _why_added(menu, label, before, labels))
        for menu, label in reversed(
            list(zip(after.conditionalmenu, labels.after, strict=True))[:first_new]
        )
    )
    deletes: Steps = tuple(
        DeleteConditional(live.menuids[i], labels.before[i], _why_deleted(labels.before[i], labels))
        for i in reversed(range(len(before.conditionalmenu)))
        if i not in kept
    )
    first = deletes if delete_first else _in_the_way(live, kept, adds, deletes)
    gone = tuple(
        DeleteConditional(menu.menuid, f"dead:{menu.menuid}", "dead: it matches nobody")
        for menu in dead
    )
    rest = (*first, *adds, *(step for step in deletes if step not in first), *gone)
    if after.button == before.button and not live.console.in_force:
        return rest
    create = CreateMenu(after.button, _why_created(live))
    if not before.button or live.console.in_force:
        # A conditional menu needs a default menu of the API below it (65303).
        return (create, *rest)
    orders = ((*rest[:i], create, *rest[i:]) for i in range(len(rest) + 1))
    return min(orders, key=lambda steps: count_gaps(live, after, labels, steps))


def _delete_all(live: Live) -> Steps:
    """Leave no menu. One that only the web console made can't be dropped through the API."""
    ours = live.menus.conditionalmenu or live.dead or live.console is not Console.MADE
    anything = live.menus != Menus() or live.dead or live.console.in_force
    return (DeleteMenus("drops every menu of the account"),) if ours and anything else ()


def _why_added(menu: ConditionalMenu, label: str, before: Menus, labels: Labels) -> str:
    if label not in labels.before:
        return "new"
    if before.conditionalmenu[labels.before.index(label)] == menu:
        return "added again to keep its place: the newest is tried first"
    return "added again with its changes: a conditional menu can't be edited"


def _why_deleted(label: str, labels: Labels) -> str:
    return "replaced by the one added again" if label in labels.after else "not in the file"


def _why_created(live: Live) -> str:
    if live.console.in_force:
        return "puts the file's menu in place of the web console's"
    if live.menus.button:
        return "replaced whole"
    # WeChat answers the same for a menu that the web console switched off and for none.
    return "none is in force yet, or it is switched off"


def hosts(button: Buttons) -> frozenset[str]:
    """List the hosts that a menu links to, as the limit over conditional menus counts them."""
    leaves = (
        leaf
        for entry in button
        for leaf in (entry.sub_button if isinstance(entry, Parent) else (entry,))
    )
    urls = (leaf.url for leaf in leaves if isinstance(leaf, View | MiniProgram))
    return frozenset(host for url in urls if (host := _host(url)))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # a live menu may hold what no file could
        return None


def _in_the_way(live: Live, kept: AbstractSet[int], adds: Steps, deletes: Steps) -> Steps:
    """Choose the deletes that must come first, so that no more than three hosts are linked.

    From the bottom, and of menus only that link to a host which is on its way out.
    """
    if not adds:
        return ()
    linked = [hosts(menu.button) for menu in live.menus.conditionalmenu]
    there = dict(zip(live.menuids, linked, strict=True))
    new = [hosts(step.conditional.button) for step in adds if isinstance(step, AddConditional)]
    staying = frozenset().union(*new, *(linked[b] for b in kept))
    first: list[Step] = []
    for step in deletes:
        if len(staying.union(*there.values())) <= CONDITIONAL_HOSTS:
            break
        assert isinstance(step, DeleteConditional)
        if there.get(step.menuid, frozenset()) - staying:
            del there[step.menuid]
            first.append(step)
    return tuple(first)
