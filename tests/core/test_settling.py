"""What a reading says of a call whose answer was lost, and of all calls together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Click, ConditionalMenu, MatchRule, Menus
from menuops.core.settling import Settled, done_twice, settle
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, Step

OLD, NEW, THEIRS = (Click("旧", "OLD"),), (Click("新", "NEW"),), (Click("他们", "THEIRS"),)
IOS, VIP = MatchRule(None, "1"), MatchRule("100", None)
OLD_IOS, NEW_IOS = ConditionalMenu(IOS, OLD), ConditionalMenu(IOS, NEW)
BEFORE = Live(Menus(OLD, (OLD_IOS,)), ("7",))
CREATE = CreateMenu(NEW, "replaced whole")
ADD = AddConditional(NEW_IOS, "ios", "new")
DELETE = DeleteConditional("7", "ios", "no longer wanted")
DONE, NOT_DONE = Settled(done=True), Settled(done=False)


def settled(step: Step, live: Live, before: Live = BEFORE) -> Settled:
    return settle(step, live, before=before, known=before.menuids)


def with_menus(*menus: tuple[str, ConditionalMenu], button: tuple[Click, ...] = OLD) -> Live:
    return Live(Menus(button, tuple(menu for _, menu in menus)), tuple(each for each, _ in menus))


@pytest.mark.parametrize("step", [CREATE, ADD, DELETE])
def test_what_is_as_it_was_was_not_done(step: Step) -> None:
    assert settled(step, BEFORE) == NOT_DONE


def test_a_default_menu_that_is_the_one_sent_was_made() -> None:
    assert settled(CREATE, with_menus(("7", OLD_IOS), button=NEW)) == DONE


def test_a_default_menu_that_was_there_already_was_made_as_well_as_any() -> None:
    before = replace(BEFORE, console=Console.OVERRIDES)
    assert settled(CreateMenu(OLD, ""), BEFORE, before) == DONE
    assert settled(CreateMenu(OLD, ""), before, before) == NOT_DONE


@pytest.mark.parametrize(
    "live",
    [
        with_menus(("7", OLD_IOS), button=THEIRS),
        replace(BEFORE, console=Console.CLOSED),
        replace(with_menus(("7", OLD_IOS), button=NEW), console=Console.OVERRIDES),
    ],
    ids=["another's", "switched off", "put over by the console"],
)
def test_a_default_menu_that_is_neither_old_nor_new_tells_nothing(live: Live) -> None:
    found = settled(CREATE, live)
    assert found.done is None
    assert "default menu" in found.why


def test_an_equal_menu_of_before_is_not_the_one_that_was_added() -> None:
    before = with_menus(("7", NEW_IOS))
    assert settled(ADD, before, before) == NOT_DONE
    assert settled(ADD, with_menus(("9", NEW_IOS), ("7", NEW_IOS)), before).menuid == "9"


def test_a_new_menu_of_another_hand_tells_nothing_of_the_one_sent() -> None:
    found = settled(ADD, with_menus(("9", OLD_IOS), ("7", OLD_IOS)))
    assert (found.done, "9" in found.why) == (None, True)
    dead = DeadMenu("9", (("sex", "1"),), NEW)
    assert settled(ADD, replace(BEFORE, dead=(dead,))).done is None
    both = with_menus(("9", OLD_IOS), ("8", NEW_IOS), ("7", OLD_IOS))
    assert settled(ADD, both) == Settled(done=True, menuid="8")


def test_the_double_of_an_earlier_call_tells_nothing_of_this_one() -> None:
    other = ConditionalMenu(VIP, NEW)
    live = with_menus(("9", other), ("8", other), ("7", OLD_IOS))
    earlier = AddConditional(other, "tag:100", "new")
    found = settle(ADD, live, before=BEFORE, known=("8", "7"), done=(earlier,))
    assert found == NOT_DONE
    assert settle(ADD, live, before=BEFORE, known=("8", "7")).done is None


def test_a_menu_that_is_gone_was_deleted_dead_or_alive() -> None:
    assert settled(DELETE, with_menus()) == DONE
    dead = replace(with_menus(), dead=(DeadMenu("7", (("sex", "1"),), OLD),))
    assert settled(DELETE, dead) == NOT_DONE


def test_a_menu_that_was_added_twice_is_named_with_both_ids() -> None:
    live = with_menus(("9", NEW_IOS), ("8", NEW_IOS), ("7", OLD_IOS))
    (said,) = done_twice(BEFORE, (ADD,), live)
    assert "ios is there more than once, as menuid 9 and 8" in said
    assert done_twice(BEFORE, (ADD, ADD), live) == ()
    assert done_twice(with_menus(("8", NEW_IOS)), (ADD,), live) == ()
