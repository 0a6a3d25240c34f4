"""Which button of one menu is which button of another.

A button has no identity at the remote. What the file calls it (`id`) settles it; all others
pair so that the fewest changes are left to tell: 1 for each entry that is added, removed,
moved, renamed, or given another action. Where equally many are left, what a tap does counts for
more than the name, the name for more than likeness, and then the nearest place is taken.

How it is found. A pair saves 2 changes, one removed and one added, less its own. So a pair of
leaves saves something only if they are equal and in place (2; the order of their family, which
is the top level or the children of one parent, stays), equal and moved (1), or in place with
one difference (1). Once the parents are paired, first take all equal leaves for moved. Each
that can be in place instead saves 1 more. So does a pair in place with one difference, if
neither leaf is needed for an equal pair: if there are more of its kind on its side. Where one is
needed, it costs what it saves, unless what it leaves without a partner is used likewise, and so
on to a spare one. So what is left is, for each family, the longest list of such pairs that don't
cross, less what they draw of the leaves that all families share. The ways to pair the parents
are tried one by one: 34 at most in a menu that WeChat allows.
"""

from __future__ import annotations

from menuops.core.model import Buttons
from menuops.core.pairing_exact import ExactSearch
from menuops.core.pairing_greedy import greedy_pairs
from menuops.core.pairing_sides import Sides
from menuops.core.pairing_ties import pair_leftovers, settle_ties
from menuops.core.spots import Path


def pair(before: Buttons, after: Buttons) -> dict[Path, Path]:
    """Pair the entries of two menus: place in `after` -> place in `before`.

    Each entry has one partner at most. The pairs are good, though others may leave fewer changes,
    for menus larger than WeChat allows, which only a live answer can hold; and for legal ones in
    which nearly every leaf has its name or action in common with nearly every other, since only
    so many ways to draw on the same leaves are followed.
    """
    sides = Sides(before, after)
    if sides.legal:
        pairs = ExactSearch(sides).pairs()
        pair_leftovers(sides, pairs)
        settle_ties(sides, pairs)
    else:
        pairs = greedy_pairs(sides)
        pair_leftovers(sides, pairs)
    return {sides.new[j].path: sides.old[i].path for j, i in sorted(pairs.items())}
