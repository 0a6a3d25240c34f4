"""Which side moved: live, the files, or both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.basis import Basis, Past, Unmanaged
from menuops.core.drift import AccountDrift, Drift, drift_to_json, make_account_drift
from menuops.core.identity import with_known_ids
from menuops.core.keeping import with_kept
from menuops.core.labels import label_menus
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.meeting import Meeting
from menuops.core.model import Click, ConditionalMenu, Foreign, MatchRule, Menus
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, ErrorNote, UnreadableAccount, make_account_plan

from .strategies import (
    REF,
    click,
    ids_of,
    live_of,
    lives,
    menu_for,
    menus,
    parent,
    view,
    with_menu_ids,
)

A, B, C = click("a"), view("b"), click("c")
ABC = Menus((A, B, C))
VIP, STAFF = menu_for("100", view("会员"), A), menu_for("101")


def story(
    past: Menus | None,
    live: Live | Menus,
    files: Menus,
    *,
    unmanaged: Unmanaged = "remove",
    **more: Any,
) -> AccountDrift:
    """Plan as the program does; `ids` are the file's names for its conditional menus."""
    if ids := more.pop("ids", None):
        files = with_menu_ids(files, ids)
    now = live if isinstance(live, Live) else live_of(live)
    kept: tuple[int, ...] = ()
    if unmanaged == "keep":
        files, kept = with_kept(files, now.menus)
    if past is not None:
        now = replace(now, menus=with_known_ids(now.menus, past))
    labels = label_menus(now.menus, files, {"100": "VIP"})
    basis = Basis(
        unmanaged=unmanaged,
        kept=tuple(labels.after[index] for index in kept),
        applied=None if past is None else Past("applied", "run-1", past),
        mode=more.pop("mode", "manage"),
    )
    return make_account_drift(make_account_plan(REF, now, files, labels, basis=basis, **more))


def at(label: str = "default", *places: tuple[str, bool]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((label, place, alike) for place, alike in places)


def met(account: AccountDrift) -> tuple[tuple[str, str, bool], ...]:
    return tuple((each.menu, each.at, each.alike) for each in account.meetings)


@pytest.mark.parametrize("console", [Console.NONE, Console.UNREADABLE])
def test_each_way_in_which_the_three_can_stand(console: Console) -> None:
    other, third = Menus((A, B)), Menus((B, C))

    def status(past: Menus | None, live: Menus, files: Menus) -> str:
        return story(past, live_of(live, console), files).status

    assert status(ABC, ABC, ABC) == "in_sync"
    assert status(ABC, other, ABC) == "drift"
    assert status(ABC, ABC, other) == "pending"
    assert status(ABC, other, third) == "both"
    assert status(ABC, other, other) == "in_sync"
    assert status(None, ABC, ABC) == "in_sync"
    assert status(None, other, ABC) == "unknown_past"


def test_without_a_past_nobody_is_said_to_have_moved() -> None:
    account = story(None, Menus((A,)), ABC)
    assert (account.live, account.files, account.meetings) == (None, None, ())
    assert account.is_drift
    assert [change.kind for change in account.differences.changes] == ["add", "add"]


@pytest.mark.parametrize("console", [c for c in Console if c.in_force])
def test_what_the_console_does_is_drift_though_no_button_changed(console: Console) -> None:
    account = story(ABC, Live(ABC, console=console), ABC)
    assert account.status == "drift"
    assert account.live is not None
    assert account.live.changes == ()
    assert "console-menu" in account.lifts
    assert story(ABC, Live(ABC, console=console), Menus((A,))).status == "both"
    assert story(None, Live(ABC, console=console), ABC).status == "unknown_past"


def test_a_dead_menu_is_no_drift_and_its_removal_is_to_be_applied() -> None:
    live = Live(ABC, dead=(DeadMenu("7", (("sex", 1),), (A,)),))
    assert story(ABC, live, ABC).status == "in_sync"
    assert story(ABC, live, ABC, lifts=["remove-dead"]).status == "pending"


def test_a_file_that_moved_is_no_drift() -> None:
    account = story(ABC, ABC, Menus((A, B)))
    assert not account.is_drift
    assert account.live is not None
    assert account.live.changes == ()


# Where they meet


def test_they_meet_at_the_place_that_both_moved() -> None:
    account = story(
        Menus((A, parent("p", B, C))),
        Menus((click("a", "x"), parent("p", B, C), click("new"))),
        Menus((click("a", "y"), parent("p", B, click("d", "c")))),
    )
    assert account.meetings == (Meeting("default", "1", alike=False, name="a"),)


def test_a_place_below_a_parent_has_the_name_of_its_own_entry() -> None:
    account = story(
        Menus((A, parent("p", B, C))),
        Menus((A, parent("p", B, click("c", "x")))),
        Menus((A, parent("p", B, click("c", "y")))),
    )
    assert account.meetings == (Meeting("default", "2.2", alike=False, name="c"),)


def test_two_that_did_the_same_are_alike() -> None:
    account = story(ABC, Menus((click("a2", "a"), B)), Menus((click("a2", "a"), B, click("c3"))))
    assert account.status == "both"
    assert ("default", "1", True) in met(account)


def test_what_both_add_at_one_place_meets_there() -> None:
    past = Menus((A,))
    account = story(past, Menus((A, B)), Menus((A, C)))
    assert account.meetings == (Meeting("default", "2", alike=False),)
    assert met(story(past, Menus((A, B)), Menus((A, B, C)))) == at("default", ("2", True))


def test_an_entry_that_one_moves_and_the_other_changes_meets_where_it_was() -> None:
    account = story(ABC, Menus((C, A, B)), Menus((A, B, click("c", "x"))))
    assert met(account) == at("default", ("3", False))


def test_who_changes_a_button_of_a_menu_that_the_other_removes_meets_it_at_the_menu() -> None:
    past, changed = Menus((A,), (VIP, STAFF)), menu_for("100", view("会员", "https://x.cn"), A)
    edited, removed = Menus((A,), (changed, STAFF)), Menus((A,), (STAFF,))
    for live, files in ((edited, removed), (removed, edited)):
        ids = ["vip", None] if files is edited else [None]
        account = story(past, live, files, ids=ids)
        label = "vip" if files is edited else "tag:VIP"
        assert met(account) == at(label, ("#1", False))
    # The tag's name isn't looked up for a rule that neither side has.
    assert met(story(past, removed, Menus((B,), (STAFF,)))) == at("tag:100", ("#1", True))


def test_a_conditional_menu_that_both_add_meets_by_its_rule() -> None:
    other = menu_for("100", B)
    account = story(Menus((A,)), Menus((A,), (VIP,)), Menus((B,), (STAFF, other)), ids=[None, "v"])
    assert ("v", "#1", False) in met(account)
    same = story(Menus((A,)), Menus((A,), (VIP,)), Menus((B,), (VIP,)), ids=["v"])
    assert ("v", "#1", True) in met(same)


def test_those_that_did_other_things_do_not_meet() -> None:
    account = story(ABC, Menus((click("a", "x"), B, C)), Menus((A, view("b", "https://x.cn"), C)))
    assert (account.status, account.meetings) == ("both", ())


# Menus that are left to others


def test_a_menu_that_is_left_to_others_is_nobodys_move() -> None:
    """Whether they add, change or remove it, with `unmanaged: keep`."""
    ours, theirs = Menus((A,), (VIP,)), Menus((A,), (STAFF, VIP))
    changed = Menus((A,), (menu_for("101", B), VIP))
    for past in (ours, theirs):
        for live in (ours, theirs, changed):
            assert story(past, live, ours, unmanaged="keep").status == "in_sync"
            account = story(past, live, Menus((B,), (VIP,)), unmanaged="keep")
            assert account.status == "pending"
            assert account.files is not None
            assert {change.menu for change in account.files.changes} == {"default"}
    assert story(ours, theirs, ours).status == "drift"


def test_a_menu_of_ours_is_watched_where_others_are_kept() -> None:
    past = Menus((A,), (STAFF, VIP))
    live = Menus((A,), (STAFF, menu_for("100", B)))
    assert story(past, live, Menus((A,), (VIP,)), unmanaged="keep").status == "drift"
    account = story(Menus((A,)), Menus((A,), (VIP,)), Menus((B,), (VIP,)), unmanaged="keep")
    assert (account.status, met(account)) == ("both", at("tag:VIP", ("#1", True)))


# Properties

PASTS = st.none() | menus()
KEEPING = st.sampled_from(["remove", "keep"])


def sendable(state: Menus) -> Menus:
    """What a file can say of a state: the API makes no Foreign buttons."""
    return Menus(
        tuple(entry for entry in state.button if not isinstance(entry, Foreign))
        or (Click("甲", "x"),),
        state.conditionalmenu,
    )


@given(PASTS, menus(), KEEPING)
def test_live_that_is_as_the_files_say_is_in_sync(
    past: Menus | None, both: Menus, unmanaged: Unmanaged
) -> None:
    account = story(past, both, both, unmanaged=unmanaged)
    assert (account.status, account.is_drift) == ("in_sync", False)


@given(menus(), menus(), KEEPING)
def test_live_that_is_as_it_was_applied_is_never_drift(
    past: Menus, files: Menus, unmanaged: Unmanaged
) -> None:
    account = story(past, past, files, unmanaged=unmanaged)
    assert account.status in ("in_sync", "pending")
    assert account.live is not None
    assert account.live.changes == ()


@given(menus(), lives())
def test_files_that_are_as_they_were_applied_have_nothing_pending(files: Menus, live: Live) -> None:
    assert story(files, live, files).status in ("in_sync", "drift")


@given(PASTS, lives(), menus(), KEEPING)
def test_what_is_told_fits_together(
    past: Menus | None, live: Live, files: Menus, unmanaged: Unmanaged
) -> None:
    account = story(past, live, files, unmanaged=unmanaged)
    plan = account.plan
    assert (account.status == "in_sync") == (plan.status == "in_sync")
    if past is None:
        assert account.status in ("in_sync", "unknown_past")
        return
    assert account.live is not None
    assert account.files is not None
    for side in (account.live, account.files):
        assert bool(side.changes) == (side.before != side.after)
    assert account.live.before == account.files.before
    moved = bool(account.live.changes) or live.console.in_force
    assert account.is_drift == (moved and account.status != "in_sync")
    assert not account.meetings or (account.live.changes and account.files.changes)
    if account.live.changes and account.live.after == account.files.after:
        assert all(meeting.alike for meeting in account.meetings)


@given(menus(), lives(), menus())
def test_sides_that_are_swapped_meet_at_the_same_places(
    past: Menus, live: Live, files: Menus
) -> None:
    plain = Live(live.menus, live.menuids)
    there = story(past, plain, files)
    back = story(past, files, plain.menus)
    places = {(each.at, each.alike) for each in there.meetings if each.at[0] != "#"}
    assert places == {(each.at, each.alike) for each in back.meetings if each.at[0] != "#"}
    assert len(there.meetings) == len(back.meetings)


# All accounts


def together(*accounts: AccountPlan | UnreadableAccount) -> Drift:
    return Drift(
        "0.1.0",
        "2026-11-22T10:41:00Z",
        None,
        tuple(make_account_drift(a) if isinstance(a, AccountPlan) else a for a in accounts),
    )


def test_the_outcome_is_that_of_the_worst_account() -> None:
    in_sync = story(ABC, ABC, ABC).plan
    pending = story(ABC, ABC, Menus((A,))).plan
    drift = story(ABC, Menus((A,)), ABC).plan
    unknown = story(None, Menus((A,)), ABC).plan
    unread = UnreadableAccount(REF, ErrorNote("48001", "no", ""))
    assert together().outcome is Outcome.IN_SYNC
    assert together(in_sync).outcome is Outcome.IN_SYNC
    assert together(in_sync, pending).outcome is Outcome.PENDING
    assert together(pending, drift).outcome is Outcome.DRIFT
    assert together(unknown, in_sync).outcome is Outcome.DRIFT
    assert together(unread, drift, pending).outcome is Outcome.CANNOT_START


def test_the_document_of_an_account() -> None:
    live = Live(
        Menus((A, click("b2", "b")), (VIP,)),
        ids_of(1),
        Console.OVERRIDES,
        (DeadMenu("7", (("sex", 1),), (A,)),),
    )
    account = story(Menus((A, click("b"))), live, Menus((A, click("b3", "b"))), mode="watch")
    (document,) = drift_to_json(together(account.plan))["accounts"]
    assert {name: document[name] for name in ("name", "status", "mode", "past", "console")} == {
        "name": "shop",
        "status": "both",
        "mode": "watch",
        "past": {"source": "applied", "revision": "run-1"},
        "console": "overrides",
    }
    assert [(c["kind"], c["menu"], c["at"]) for c in document["live_changes"]] == [
        ("rename", "default", "2"),
        ("add", "tag:VIP", "#1"),
    ]
    assert [(c["kind"], c["at"]) for c in document["file_changes"]] == [("rename", "2")]
    assert [(c["kind"], c["at"]) for c in document["differences"]] == [
        ("rename", "2"),
        ("remove", "#1"),
    ]
    assert document["meetings"] == [{"menu": "default", "at": "2", "name": "b", "alike": False}]
    assert [menu["menuid"] for menu in document["dead"]] == ["7"]


def test_equal_rules_are_told_apart() -> None:
    """WeChat takes several menus for one rule, and only the first is ever seen."""
    rule = MatchRule("100")
    one, two = ConditionalMenu(rule, (A,)), ConditionalMenu(rule, (B,))
    account = story(Menus((A,), (one, two)), Menus((A,), (two,)), Menus((A,), (one, one)))
    assert account.status == "both"
    assert account.live is not None
    assert [change.kind for change in account.live.changes] == ["remove"]
