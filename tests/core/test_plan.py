"""What an approval covers, and how plans of several accounts come together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from menuops.core.basis import Basis
from menuops.core.live import Console, Live
from menuops.core.model import Click, Menus
from menuops.core.outcome import Outcome
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    ErrorNote,
    Plan,
    PlannedAccount,
    UnreadableAccount,
    has_changes,
    make_account_plan,
    make_plan,
    short,
)

from .strategies import REF, account_plans, click, labelled, live_of, menu_for

HEAD: dict[str, Any] = {
    "menuops_version": "1",
    "created_at": "2026-11-22T10:41:00Z",
    "expires_at": "2026-11-29T10:41:00Z",
    "commit": None,
}
OLD, NEW = (click("old"),), (click("new"),)
LIVE = live_of(Menus(OLD, (menu_for("100"), menu_for("101"))))
AFTER = Menus(NEW, (menu_for("101"),))


def account(
    ref: AccountRef = REF,
    live: Live = LIVE,
    after: Menus = AFTER,
    lifts: tuple[str, ...] = (),
    **tags: str,
) -> AccountPlan:
    return make_account_plan(ref, live, after, labelled(live.menus, after, **tags), lifts=lifts)


def plan_of(*accounts: PlannedAccount, most: int = 20, lifts: tuple[str, ...] = ()) -> Plan:
    return make_plan(accounts, max_accounts=most, lifts=lifts, head=HEAD)


IN_SYNC = account(after=LIVE.menus)
UNREADABLE = UnreadableAccount(REF, ErrorNote("40001", "invalid credential", "doctor"))


# The digest of an account


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(account(replace(REF, api="emulator")), id="API"),
        pytest.param(account(replace(REF, appid="wx1")), id="appid"),
        pytest.param(account(live=replace(LIVE, menuids=("9000", "1"))), id="what was live"),
        pytest.param(account(after=Menus((Click("new", "x"),), AFTER.conditionalmenu)), id="after"),
        pytest.param(account(lifts=("remove-conditional",)), id="a guard that was lifted"),
    ],
)
def test_the_digest_changes_with(other: AccountPlan) -> None:
    assert other.digest != account().digest


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(account(replace(REF, name="another name")), id="the account's name"),
        pytest.param(account(lifts=("console-menu", "x")), id="a lift that lifts nothing"),
        pytest.param(account(t101="VIP"), id="the name of a menu that no call touches"),
        pytest.param(
            account(live=replace(LIVE, console=Console.UNREADABLE)), id="an unread console"
        ),
    ],
)
def test_the_digest_stays_with(other: AccountPlan) -> None:
    assert other.digest == account().digest


def test_only_a_guard_that_was_lifted_is_part_of_what_is_approved() -> None:
    live, after = Live(Menus(OLD), console=Console.MADE), Menus(NEW)
    stopped = account(live=live, after=after)
    lifted = account(live=live, after=after, lifts=("console-menu",))
    assert stopped.digest != lifted.digest


def test_the_words_about_a_change_are_no_part_of_what_is_approved() -> None:
    """Both menus of the console look the same; only the guard's words tell them apart."""
    made, overrides = (Live(Menus(OLD), console=c) for c in (Console.MADE, Console.OVERRIDES))
    plans = [account(live=x, after=Menus(NEW), lifts=("console-menu",)) for x in (made, overrides)]
    assert plans[0].guards != plans[1].guards
    assert plans[0].digest == plans[1].digest
    assert account(t100="VIP").digest == account(t100="staff").digest


def test_the_digest_covers_what_was_lifted_by_name() -> None:
    """Whoever approved a removal of tag:VIP isn't taken to have approved one of tag:staff."""
    lifts = ("remove-conditional",)
    assert account(t100="VIP", lifts=lifts).digest != account(t100="staff", lifts=lifts).digest


def test_one_name_of_a_lift_is_as_good_as_another() -> None:
    lifted = [
        account(lifts=(lift,), t100="VIP").digest
        for lift in (
            "remove-conditional",
            "remove-conditional:tag:VIP",
            "remove-conditional:tag:100",
        )
    ]
    assert len(set(lifted)) == 1


def test_the_steps_order_is_covered() -> None:
    after = Menus(OLD, (menu_for("x"), menu_for("101")))
    first, last = (
        make_account_plan(
            REF, LIVE, after, labelled(LIVE.menus, after), basis=Basis(delete_first=first)
        )
        for first in (True, False)
    )
    assert first.digest != last.digest


@given(account_plans())
def test_an_account_in_sync_has_nothing_to_say(planned: AccountPlan) -> None:
    said = (planned.guards, planned.gaps, planned.audience, planned.steps)
    if planned.status == "in_sync":
        assert said == ((), (), (), ())
        assert planned.changes == ()
        assert planned.digest is None
        assert planned.live.menus == planned.after
    else:
        assert planned.status == "changes"
        assert planned.digest
        assert planned.live.menus != planned.after or planned.live.console.in_force
    assert has_changes(planned) == bool(planned.steps)


# The plan


def test_the_plans_digest_is_that_of_its_accounts_in_any_order() -> None:
    a, b = account(), account(replace(REF, appid="wx1", name="b"))
    digest = plan_of(a, b).digest
    assert digest == plan_of(b, IN_SYNC, a).digest
    assert digest == replace(plan_of(a, b), created_at="", expires_at="", commit="x").digest
    assert digest != plan_of(a).digest
    assert digest != plan_of(a, b, most=1, lifts=("many-accounts",)).digest
    assert digest == plan_of(a, b, most=1).digest
    assert plan_of(IN_SYNC, UNREADABLE).digest is None


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (plan_of(), Outcome.NO_CHANGES),
        (plan_of(IN_SYNC), Outcome.NO_CHANGES),
        (plan_of(account(after=Menus(NEW, LIVE.menus.conditionalmenu))), Outcome.CHANGES),
        (plan_of(account(lifts=("remove-conditional",)), IN_SYNC), Outcome.CHANGES),
        (plan_of(account()), Outcome.REFUSED),
        (plan_of(account(lifts=("remove-conditional",)), most=0), Outcome.REFUSED),
        (
            plan_of(account(lifts=("remove-conditional",)), most=0, lifts=("many-accounts",)),
            Outcome.CHANGES,
        ),
        (plan_of(account(), UNREADABLE), Outcome.CANNOT_START),
        (plan_of(UNREADABLE), Outcome.CANNOT_START),
    ],
)
def test_outcome(plan: Plan, outcome: Outcome) -> None:
    assert plan.outcome is outcome


def test_a_plan_lists_its_accounts_by_how_they_stand() -> None:
    changing = account()
    plan = plan_of(IN_SYNC, changing, UNREADABLE, most=0)
    assert plan.changed == (changing,)
    assert plan.unreadable == (UNREADABLE,)
    assert UNREADABLE.status == "unreadable"
    assert [guard.guard for guard in plan.fired] == [
        "many-accounts",
        "unreadable",
        "remove-conditional",
    ]
    assert plan.stopped == plan.fired


def test_only_accounts_that_change_count_as_many() -> None:
    assert not plan_of(IN_SYNC, IN_SYNC, account(), most=1).guards


def test_a_digest_is_short_for_people() -> None:
    assert short("5d1e9ac377f0aaaa") == "5d1e-9ac3-77f0"
