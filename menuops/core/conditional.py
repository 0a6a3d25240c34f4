"""Which conditional menu of one state is which of another."""

from __future__ import annotations

from collections.abc import Sequence

from menuops.core.model import ConditionalMenu, Menus


def kept_tail(
    before: Sequence[ConditionalMenu], after: Sequence[ConditionalMenu]
) -> tuple[tuple[int, int], ...]:
    """Find the longest tail of `after` that stands in `before` in that order.

    Indexes of before and of after, in order: these menus can stay where they are.
    """
    kept: list[tuple[int, int]] = []
    end = len(before)
    for a in reversed(range(len(after))):
        b = next((i for i in reversed(range(end)) if before[i] == after[a]), None)
        if b is None:
            break
        kept.insert(0, (b, a))
        end = b
    return tuple(kept)


def pair_rules(before: Menus, after: Menus) -> list[tuple[int, int]]:
    """Pair the conditional menus of two states by id, else by rule: indexes of before and after.

    Where a rule stands several times on a side, first those pair that can stay where they are,
    so that what is told removed is what is deleted; then equal menus, then in order.
    """
    pairs = _same_ids(before, after)
    free = dict(enumerate(before.conditionalmenu))
    left = dict(enumerate(after.conditionalmenu))
    for b, a in pairs:
        del free[b], left[a]

    def take(b: int, a: int) -> None:
        if b in free and a in left:
            del free[b], left[a]
            pairs.append((b, a))

    for b, a in kept_tail(before.conditionalmenu, after.conditionalmenu):
        take(b, a)
    for a, menu in tuple(left.items()):
        b = next((b for b, other in free.items() if other == menu), -1)
        take(b, a)
    for a, menu in tuple(left.items()):
        b = next((b for b, other in free.items() if other.matchrule == menu.matchrule), -1)
        take(b, a)
    return sorted(pairs, key=lambda pair: pair[1])


def _same_ids(before: Menus, after: Menus) -> list[tuple[int, int]]:
    """Pair by id; of several of one id on a side, which no file may have, the last."""
    old = {menu.id: b for b, menu in enumerate(before.conditionalmenu) if menu.id is not None}
    new = {menu.id: a for a, menu in enumerate(after.conditionalmenu) if menu.id is not None}
    return [(old[id_], a) for id_, a in new.items() if id_ in old]
