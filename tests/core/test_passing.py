"""Which states a run's own calls explain."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from menuops.core.live import Console, Live, fingerprint
from menuops.core.model import Click, Menus
from menuops.core.passing import is_on_the_way
from menuops.core.plan import AccountPlan
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional

from .strategies import account_plans


def after(account: AccountPlan, calls: int) -> tuple[Live, dict[int, str]]:
    """Do the first calls as WeChat does: a menu that is added has a new, higher id."""
    live, menuids = account.live, {}
    for number, step in enumerate(account.steps[:calls], 1):
        menus = live.menus
        match step:
            case CreateMenu(button):
                console = Console.UNREADABLE
                if live.console is not Console.UNREADABLE:
                    console = Console.NONE
                live = replace(live, menus=replace(menus, button=button), console=console)
            case AddConditional(menu):
                menuids[number] = str(9100 + number)
                live = replace(
                    live,
                    menus=Menus(menus.button, (menu, *menus.conditionalmenu)),
                    menuids=(menuids[number], *live.menuids),
                )
            case DeleteConditional(gone):
                at = live.menuids.index(gone)
                live = replace(
                    live,
                    menus=Menus(
                        menus.button,
                        (*menus.conditionalmenu[:at], *menus.conditionalmenu[at + 1 :]),
                    ),
                    menuids=(*live.menuids[:at], *live.menuids[at + 1 :]),
                )
    return live, menuids


@given(account_plans(), st.data())
def test_each_state_on_the_way_is_explained(account: AccountPlan, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, len(account.steps)))
    live, menuids = after(account, done)
    assert is_on_the_way(live, account, done, menuids)
    # One call more than the journal knows, with an id that nobody wrote down.
    if done:
        menuids.pop(done, None)
        assert is_on_the_way(live, account, done - 1, menuids)


@given(account_plans(), st.data())
def test_a_state_before_the_journals_is_somebody_elses(
    account: AccountPlan, data: st.DataObject
) -> None:
    assume(len(account.steps) >= 1)
    done = data.draw(st.integers(1, len(account.steps)))
    live, _ = after(account, done - 1)
    _, menuids = after(account, done)
    assume(fingerprint(live) != fingerprint(after(account, done)[0]))
    later = min(done + 1, len(account.steps))
    assume(fingerprint(live) != fingerprint(after(account, later)[0]))
    assert not is_on_the_way(live, account, done, menuids)


@given(account_plans(), st.data())
def test_a_state_two_calls_ahead_is_somebody_elses(
    account: AccountPlan, data: st.DataObject
) -> None:
    assume(len(account.steps) >= 2)
    done = data.draw(st.integers(0, len(account.steps) - 2))
    ahead, _ = after(account, done + 2)
    own = [fingerprint(after(account, number)[0]) for number in (done, done + 1)]
    assume(fingerprint(ahead) not in own)
    assert not is_on_the_way(ahead, account, done, {})


@given(account_plans(), st.data())
def test_another_menu_is_somebody_elses(account: AccountPlan, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, len(account.steps)))
    live, menuids = after(account, done)
    moved = replace(live, menus=replace(live.menus, button=(Click("同事", "theirs"),)))
    assert not is_on_the_way(moved, account, done, menuids)
    if live.menuids:
        again = replace(live, menuids=("9999", *live.menuids[1:]))
        assume(not isinstance(account.steps[0] if account.steps else None, AddConditional))
        assume(not any(isinstance(step, AddConditional) for step in account.steps))
        assert not is_on_the_way(again, account, done, menuids)
