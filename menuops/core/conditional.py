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
    """Pair the conditional menus of two states by rule: indexes of before and of after.

    Where a rule stands several times on a side, first those pair that can stay where they are,
    so that what is told removed is what is deleted; then equal menus, then in order.
    """
    pairs = list(kept_tail(before.conditionalmenu, after.conditionalmenu))
    stay_before, stay_after = {b for b, _ in pairs}, {a for _, a in pairs}
    free = {b: menu for b, menu in enumerate(before.conditionalmenu) if b not in stay_before}
    left: list[int] = []
    for a, menu in enumerate(after.conditionalmenu):
        if a in stay_after:
            continue
        b = next((b for b, other in free.items() if other == menu), None)
        if b is None:
            left.append(a)
        else:
            del free[b]
            pairs.append((b, a))
    for a in left:
        rule = after.conditionalmenu[a].matchrule
        b = next((b for b, other in free.items() if other.matchrule == rule), None)
        if b is not None:
            del free[b]
            pairs.append((b, a))
    return sorted(pairs, key=lambda pair: pair[1])
