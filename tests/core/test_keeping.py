"""Live conditional menus that no file has, where they stay."""

from __future__ import annotations

from hypothesis import given

from menuops.core.keeping import with_kept
from menuops.core.model import Menus
from menuops.core.planner import plan_steps
from menuops.core.steps import step_to_json

from .strategies import click, labelled, live_of, menu_for, menus

OLD = (click("old"),)
A, B, C, N = (menu_for(tag, click(tag)) for tag in ("101", "102", "103", "104"))


def kept(wanted: tuple[object, ...], live: tuple[object, ...]) -> tuple[list[str], list[str]]:
    """Give the tags of all menus, and of those that were put there."""
    after, there = with_kept(Menus(OLD, wanted), Menus(OLD, live))  # type: ignore[arg-type]
    tags = [str(menu.matchrule.tag_id) for menu in after.conditionalmenu]
    return tags, [tags[index] for index in there]


def test_an_unmanaged_menu_stays_where_it_is_among_the_others() -> None:
    assert kept((A, C), (A, B, C)) == (["101", "102", "103"], ["102"])
    assert kept((B,), (A, B)) == (["101", "102"], ["101"])
    assert kept((A,), (A, B)) == (["101", "102"], ["102"])
    assert kept((), (A, B)) == (["101", "102"], ["101", "102"])
    assert kept((A, B), (A, B)) == (["101", "102"], [])


def test_a_new_menu_goes_above_one_that_stays() -> None:
    """So one call does; were it below, the one that stays would have to be made again."""
    assert kept((N, B), (A, B)) == (["104", "101", "102"], ["101"])


@given(menus(), menus())
def test_what_is_kept_never_goes_and_costs_no_call_where_the_file_is_as_live(
    wanted: Menus, live: Menus
) -> None:
    after, there = with_kept(wanted, live)
    rules = {menu.matchrule for menu in wanted.conditionalmenu}
    extra = [menu for menu in live.conditionalmenu if menu.matchrule not in rules]
    assert [after.conditionalmenu[index] for index in there] == extra
    rest = [menu for index, menu in enumerate(after.conditionalmenu) if index not in there]
    assert tuple(rest) == wanted.conditionalmenu
    managed = Menus(live.button, tuple(live.conditionalmenu[::2]))
    if len({menu.matchrule for menu in live.conditionalmenu}) == len(live.conditionalmenu):
        same, _ = with_kept(managed, live)
        assert [
            step_to_json(s) for s in plan_steps(live_of(live), same, labelled(live, same))
        ] == []
