"""One menu for accounts that can't have all of it."""

from __future__ import annotations

from menuops.core.adapting import adapted
from menuops.core.model import Click, MiniProgram, Parent, View, Wanted, WantedConditional

CLICK = Click("一", "K")
PROGRAM = MiniProgram("二", "https://a.cn/o", "wx286b93c14bbf93aa", "pages/index", id="orders")
LINK = View("二", "https://a.cn/o")
WANTED = Wanted(
    (CLICK, Parent("更多", (PROGRAM, CLICK)), PROGRAM),
    (WantedConditional((PROGRAM,), tag="VIP", id="vip"),),
    ("remove-dead",),
)


def test_an_account_that_says_nothing_gets_all() -> None:
    assert adapted(WANTED, skip_conditional=False, miniprogram_as_view=False) == WANTED


def test_conditional_menus_are_left_out() -> None:
    left = adapted(WANTED, skip_conditional=True, miniprogram_as_view=False)
    assert left == Wanted(WANTED.button, (), ("remove-dead",))


def test_every_mini_program_becomes_a_link_that_keeps_its_id() -> None:
    menu = adapted(WANTED, skip_conditional=False, miniprogram_as_view=True)
    assert menu.button == (CLICK, Parent("更多", (LINK, CLICK)), LINK)
    assert menu.conditionalmenu == (WantedConditional((LINK,), tag="VIP", id="vip"),)
    assert menu.conditionalmenu[0].id == "vip"
    ids = (menu.button[2].id, menu.conditionalmenu[0].button[0].id)
    assert ids == ("orders", "orders")
