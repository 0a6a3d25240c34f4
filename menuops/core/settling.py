"""What a reading of an account says of a call: whether it was done, and whether it was twice.

WeChat tells no version and takes no name of ours for a call, so a call whose answer was lost is
known by what it does: a default menu, a conditional menu with an id that wasn't there, one less.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from menuops.core.live import Console, Live, same_default
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, DeleteMenus, Step


@dataclass(frozen=True, slots=True)
class Settled:
    """Whether a call was done; None where what is live is neither what was nor what it makes.

    `menuid` is that of the menu which an addconditional made, `why` says what is unclear.
    """

    done: bool | None
    menuid: str | None = None
    why: str = ""


def settle(
    step: Step, live: Live, *, before: Live, known: Collection[str], done: Collection[Step] = ()
) -> Settled:
    """Tell from what is `live` now whether a call was done.

    `before` is what was live before the first of the calls, `known` are the ids of all menus
    that were there before this call: an equal one among them isn't its work. `done` are the
    calls before it, which a proxy may have sent twice.
    """
    match step:
        case CreateMenu():
            if live.menus.button == step.button and not live.console.in_force:
                return Settled(done=True)
            if same_default(live, before):
                return Settled(done=False)
            return Settled(
                done=None, why="the default menu is neither the one from before nor the one sent"
            )
        case AddConditional():
            new = [menuid for menuid in menuids_of(live) if menuid not in known]
            ours = [menuid for menuid in added_by(step, live) if menuid in new]
            if ours:
                return Settled(done=True, menuid=ours[0])
            doubles = {
                menuid
                for each in done
                if isinstance(each, AddConditional)
                for menuid in added_by(each, live)
            }
            theirs = [menuid for menuid in new if menuid not in doubles]
            if theirs:
                return Settled(
                    done=None,
                    why=f"a conditional menu that wasn't there, {theirs[0]}, isn't the one sent",
                )
            return Settled(done=False)
        case DeleteConditional():
            return Settled(done=step.menuid not in menuids_of(live))
        case DeleteMenus():
            # What the web console made, and nobody made over the API, may stay.
            none_left = live.menus.button == () or live.console is Console.MADE
            return Settled(done=none_left and not menuids_of(live))


def added_by(step: AddConditional, live: Live) -> tuple[str, ...]:
    """List the ids of the live menus that such a call makes, the newest first."""
    there = zip(live.menuids, live.menus.conditionalmenu, strict=True)
    return tuple(menuid for menuid, menu in there if menu == step.conditional)


def menuids_of(live: Live) -> tuple[str, ...]:
    """List the ids of all conditional menus, dead ones too."""
    return (*live.menuids, *(menu.menuid for menu in live.dead))


def done_twice(before: Live, steps: Iterable[Step], live: Live) -> tuple[str, ...]:
    """Say which addconditional made more menus than it was to: what a proxy's retry does."""
    adds = [step for step in steps if isinstance(step, AddConditional)]
    said: dict[str, None] = {}
    for step in adds:
        made = [menuid for menuid in added_by(step, live) if menuid not in before.menuids]
        if len(made) > sum(other.conditional == step.conditional for other in adds):
            ids = " and ".join(made)
            said[
                f"{step.menu} is there more than once, as menuid {ids}: a proxy may have sent the "
                "call again; the next plan takes out what is too much"
            ] = None
    return tuple(said)
