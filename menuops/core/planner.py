"""Which calls turn one state of an account into another, and in which order.

A conditional menu can't be edited, only added (it is then tried first) and deleted;
`menu/create` replaces the default menu whole and leaves the conditional ones, which is inferred
from live answers, said on no page, and so proved by the read-back of every apply. Source:
https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from menuops.core.conditional import kept_tail
from menuops.core.gaps import sights
from menuops.core.labels import Labels
from menuops.core.links import hosts
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import ConditionalMenu, Menus
from menuops.core.ordering import best_order
from menuops.core.ordering_task import ADD, CREATE, Move, Task, in_the_way
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
    hosts: then what is in the way goes before. Those of `dead` go too, first
    where deletes have to make room, else last; nobody sees them either way.
    """
    if after == Menus():
        return _delete_all(live)
    kept = {b for b, _ in kept_tail(live.menus.conditionalmenu, after.conditionalmenu)}
    adds = _adds(live.menus, after, labels, len(after.conditionalmenu) - len(kept))
    deletes = _deletes(live, labels, kept)
    create = after.button != live.menus.button or live.console.in_force
    linked = [hosts(menu.button) for menu in live.menus.conditionalmenu]
    kept_hosts = frozenset().union(*(linked[place] for place in kept))
    # Menus that match nobody may count for the limit of hosts: no page says that they don't.
    dead_hosts = frozenset().union(*(hosts(menu.button) for menu in live.dead))
    task = Task(
        sights=tuple(sights(live, after, labels, adds)),
        added_hosts=tuple(hosts(step.conditional.button) for step in adds),
        deletes=tuple(deletes),
        deleted_hosts=tuple(linked[place] for place in deletes),
        staying=kept_hosts | dead_hosts,
        create=create,
        # A conditional menu needs a default menu of the API below it (65303).
        create_first=not live.menus.button or live.console.in_force,
        delete_first=delete_first,
    )
    gone = tuple(map(_delete_dead, dead))
    if gone and (delete_first or in_the_way(task)):
        left = (menu for menu in live.dead if menu not in dead)
        dead_hosts = frozenset[str]().union(*(hosts(menu.button) for menu in left))
        order = best_order(replace(task, staying=kept_hosts | dead_hosts))
        return (*gone, *_steps(order, adds, deletes, live, after))
    return (*_steps(best_order(task), adds, deletes, live, after), *gone)


def _delete_all(live: Live) -> Steps:
    """Leave no menu. One that only the web console made can't be dropped through the API."""
    ours = live.menus.conditionalmenu or live.dead or live.console is not Console.MADE
    anything = live.menus != Menus() or live.dead or live.console.in_force
    return (DeleteMenus("drops every menu of the account"),) if ours and anything else ()


def _adds(before: Menus, after: Menus, labels: Labels, number: int) -> list[AddConditional]:
    """Make the adds of the first `number` wanted menus, lowest priority first."""
    were = dict(zip(labels.before, before.conditionalmenu, strict=True))
    new = list(zip(after.conditionalmenu, labels.after, strict=True))[:number]
    return [
        AddConditional(menu, label, _why_added(menu, were.get(label)))
        for menu, label in reversed(new)
    ]


def _deletes(live: Live, labels: Labels, kept: AbstractSet[int]) -> dict[int, DeleteConditional]:
    """Make the deletes of all live menus that aren't kept, from the bottom, by their places."""
    still = set(labels.after)
    return {
        place: DeleteConditional(
            live.menuids[place],
            labels.before[place],
            "replaced by the one added again"
            if labels.before[place] in still
            else "no longer wanted",
        )
        for place in reversed(range(len(live.menuids)))
        if place not in kept
    }


def _steps(
    order: Iterable[Move],
    adds: Iterable[AddConditional],
    deletes: Mapping[int, DeleteConditional],
    live: Live,
    after: Menus,
) -> Iterator[Step]:
    waiting, places = iter(adds), list(deletes)
    for move in order:
        if move == CREATE:
            yield CreateMenu(after.button, _why_created(live))
        elif move == ADD:
            yield next(waiting)
        else:
            yield deletes[places[int(move)]]


def _delete_dead(menu: DeadMenu) -> DeleteConditional:
    return DeleteConditional(
        menu.menuid, f"dead:{menu.menuid}", "matches nobody: WeChat no longer heeds its rule"
    )


def _why_added(menu: ConditionalMenu, was: ConditionalMenu | None) -> str:
    if was is None:
        return "new"
    if was == menu:
        return "added again to keep its place: the newest is tried first"
    return "added again with its changes: a conditional menu can't be edited"


def _why_created(live: Live) -> str:
    if live.console.in_force:
        return "puts the file's menu in place of the web console's"
    if live.menus.button:
        return "replaced whole"
    # WeChat answers the same for a menu that the web console switched off and for none.
    return "none is in force yet, or it is switched off"
