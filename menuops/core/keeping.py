"""Live conditional menus that no file has, where an account is to keep them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from menuops.core.labels import Labels
from menuops.core.model import ConditionalMenu, Menus


def with_kept(wanted: Menus, live: Menus) -> tuple[Menus, tuple[int, ...]]:
    """Put the live conditional menus whose rule no file has among those that are wanted.

    Gives the menus, and the indexes of those that were put there. Each stands right above the
    next one below it in live that stays by its rule, or at the end: what is added above it then
    needs the fewest calls, and what is tried before it by now stays before it.
    """
    rules = {menu.matchrule for menu in wanted.conditionalmenu}
    above: dict[int | None, list[ConditionalMenu]] = {}
    waiting: list[ConditionalMenu] = []
    place = {menu.matchrule: index for index, menu in enumerate(wanted.conditionalmenu)}
    for menu in live.conditionalmenu:
        if menu.matchrule not in rules:
            waiting.append(menu)
        elif waiting:
            above.setdefault(place[menu.matchrule], []).extend(waiting)
            waiting = []
    above.setdefault(None, []).extend(waiting)
    menus: list[ConditionalMenu] = []
    kept: list[int] = []
    for index in (*range(len(wanted.conditionalmenu)), None):
        stays = above.get(index, [])
        kept += range(len(menus), len(menus) + len(stays))
        menus += stays
        if index is not None:
            menus.append(wanted.conditionalmenu[index])
    return Menus(wanted.button, tuple(menus)), tuple(kept)


def unclaimed(live: Menus, wanted: Menus) -> Menus:
    """Take the ids off the live conditional menus whose rule no file has: they are nobody's."""
    rules = {menu.matchrule for menu in wanted.conditionalmenu}
    menus = (
        menu if menu.matchrule in rules else replace(menu, id=None) for menu in live.conditionalmenu
    )
    return Menus(live.button, tuple(menus))


def managed_past(
    past: Menus, live: Menus, after: Menus, labels: Labels, kept: Collection[str]
) -> Menus:
    """Leave to others what is theirs: menus for which no file has a rule.

    They stand in the past as they are live, so that nobody seems to have moved them. `kept` are
    labels of those in `after`.
    """
    rules = {
        menu.matchrule
        for menu, label in zip(after.conditionalmenu, labels.after, strict=True)
        if label not in kept
    }
    ours = tuple(menu for menu in past.conditionalmenu if menu.matchrule in rules)
    if ours == tuple(menu for menu in live.conditionalmenu if menu.matchrule in rules):
        return Menus(past.button, live.conditionalmenu)
    known = {menu.matchrule for menu in ours}
    there = tuple(
        menu
        for menu in live.conditionalmenu
        if menu.matchrule in known or menu.matchrule not in rules
    )
    menus, _ = with_kept(Menus(past.button, ours), Menus(live.button, there))
    return menus
