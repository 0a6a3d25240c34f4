"""Live conditional menus that no file has, where an account is to keep them."""

from __future__ import annotations

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
