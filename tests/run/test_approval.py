"""What must hold before the first write; where it doesn't, nothing is written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from menuops.core.errors import (
    CannotStart,
    InvalidFiles,
    MenuopsError,
    NotApproved,
    StalePlan,
    Usage,
)
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, Plan
from menuops.emulator import Account, Fault
from menuops.files.plan_file import read_plan, write_plan
from menuops.run.planning import MadePlan, make_plan_of
from menuops.run.settings import PlanOptions
from tests.site import APPID, SECRET, Site, click, conditional, view

THEIRS = {"button": [{"name": "他们的", "type": "text", "value": "您好"}]}


def refused(site: Site, plan: Plan | None, kind: type[MenuopsError], *lifts: str) -> MenuopsError:
    """Apply, and give the error that stops it; nothing may be written."""
    live = site.now()
    with pytest.raises(kind) as caught:
        site.apply(plan, *lifts)
    assert site.writes == []
    assert site.now() == live
    assert site.runs == []
    assert "othing was written" in caught.value.message
    assert caught.value.fix
    return caught.value


def stopped(site: Site, plan: Plan | None, *lifts: str) -> MenuopsError:
    """Apply what a guard stops, and give what it says; nothing may be written."""
    live = site.now()
    applied = site.apply(plan, *lifts)
    assert applied.outcome is Outcome.REFUSED
    assert {step.outcome for each in applied.accounts for step in each.steps} == {"not_tried"}
    assert (site.writes, site.now(), site.runs) == ([], live, [])
    assert applied.error is not None
    assert "othing was written" in applied.error.message
    return applied.error


def test_a_plan_is_stale_once_the_live_menu_moved(site: Site) -> None:
    plan = site.plan()
    site.live([view("同事改的")])
    error = refused(site, plan, StalePlan)
    assert (error.code, error.outcome.exit_code) == ("stale_plan", 5)
    assert "shop" in error.message


def test_a_plan_is_stale_once_the_console_published(site: Site) -> None:
    site.live([view()])
    plan = site.plan()
    site.emulator.put_console(APPID, THEIRS)
    refused(site, plan, StalePlan)


def test_a_plan_is_stale_once_a_conditional_menu_was_made_again(site: Site) -> None:
    """The same menu under another id has another place in the order of precedence."""
    site.live([view()], conditional(view(), client_platform_type="1"))
    plan = site.plan("remove-conditional")
    site.live([view()])
    site.live([view()], {**conditional(view(), client_platform_type="1"), "menuid": 777})
    refused(site, plan, StalePlan)


def test_a_plan_that_is_live_already_needs_no_call(site: Site) -> None:
    plan = site.plan()
    site.live([click()])
    assert site.apply(plan).outcome is Outcome.NO_CHANGES
    assert site.writes == []


def test_a_used_plan_is_done_while_what_it_made_is_live(site: Site) -> None:
    plan = site.plan()
    site.apply(plan)
    again = site.apply(plan)
    assert (again.outcome, again.run) == (Outcome.NO_CHANGES, None)
    assert [account.outcome for account in again.accounts] == ["unchanged"]
    assert len(site.runs) == 1


def test_a_used_plan_is_refused_once_something_else_is_live(site: Site) -> None:
    plan = site.plan()
    applied = site.apply(plan)
    site.no_menu()
    with pytest.raises(StalePlan) as caught:
        site.apply(plan)
    assert caught.value.code == "used_plan"
    assert applied.run is not None
    assert applied.run in caught.value.message
    assert site.writes == ["menu/create"]


def test_a_plan_that_wrote_nothing_is_as_good_as_before(site: Site) -> None:
    plan = site.plan()
    site.emulator.fail_next("menu/create", Fault.errcode(40018))
    with pytest.raises(CannotStart):
        site.apply(plan)
    assert site.apply(plan).outcome is Outcome.DONE


def test_an_expired_plan_is_refused(site: Site) -> None:
    plan = site.plan()
    site.clock.now_s += 7 * 86400
    site.clock.now_s += 1
    error = refused(site, plan, StalePlan)
    assert error.code == "expired_plan"
    assert plan.expires_at in error.message


def test_a_plan_may_be_applied_in_its_last_second(site: Site) -> None:
    plan = make_plan_of(site.settings(), site.world, PlanOptions(expires_in_s=60)).plan
    site.clock.now_s += 60
    assert site.apply(plan).outcome is Outcome.DONE


def test_an_expired_plan_is_done_while_it_is_live(site: Site) -> None:
    plan = site.plan()
    site.live([click()])
    site.clock.now_s += 30 * 86400
    assert site.apply(plan).outcome is Outcome.NO_CHANGES


def test_a_plan_of_another_project_is_refused(site: Site) -> None:
    plan = site.plan()
    site.write(
        "menuops.yaml", {"accounts": {"other": {"appid": "wxother", "menu": "menus/shop.yaml"}}}
    )
    error = refused(site, plan, StalePlan)
    assert error.code == "foreign_plan"
    assert APPID in error.message


def test_a_plan_for_another_host_is_refused(site: Site) -> None:
    plan = site.plan()
    account = plan.accounts[0]
    assert isinstance(account, AccountPlan)
    elsewhere = replace(account, ref=replace(account.ref, api="https://api.weixin.qq.com"))
    refused(site, replace(plan, accounts=(elsewhere,)), StalePlan)


def test_an_account_goes_by_its_appid_whatever_it_is_called(site: Site) -> None:
    plan = site.plan()
    site.write("menuops.yaml", {"accounts": {"laden": site.shop()}})
    site.environ["MENUOPS_SECRET_LADEN"] = SECRET
    applied = site.apply(plan)
    assert applied.outcome is Outcome.DONE
    assert [account.name for account in applied.accounts] == ["laden"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda plan: plan["accounts"][0]["after"]["button"][0].update(key="EVIL"),
        lambda plan: plan["accounts"][0]["steps"].clear(),
        lambda plan: plan["accounts"][0]["changes"].clear(),
        lambda plan: plan["accounts"][0].update(digest="0" * 64),
        lambda plan: plan["accounts"][0].update(fingerprint="0" * 64),
        lambda plan: plan.update(digest="0" * 64),
        lambda plan: plan.update(outcome="no_changes"),
    ],
    ids=["after", "steps", "changes", "account digest", "fingerprint", "digest", "outcome"],
)
def test_an_edited_plan_is_refused(site: Site, edit: object) -> None:
    path = site.root / "plan.json"
    write_plan(path, site.plan())
    document = json.loads(path.read_text(encoding="utf-8"))
    assert callable(edit)
    edit(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises((StalePlan, InvalidFiles)):
        read_plan(path, "plan.json")


def test_a_plan_with_unreadable_accounts_is_refused(site: Site) -> None:
    site.accounts(2)
    site.environ.pop("MENUOPS_SECRET_A02")
    plan = site.plan()
    assert plan.outcome is Outcome.CANNOT_START
    assert [account.status for account in plan.accounts] == ["changes", "unreadable"]
    error = refused(site, plan, CannotStart)
    assert "1 of 2 accounts" in error.message
    refused(site, None, CannotStart)


def test_an_account_that_can_not_be_read_again_stops_the_apply(site: Site) -> None:
    plan = site.plan()
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, rights=False))
    error = refused(site, plan, CannotStart)
    assert error.code == "48001"
    assert "shop can't be read" in error.message


# Digests


@pytest.mark.parametrize("saved", [True, False])
def test_the_digest_of_a_plan_or_of_its_accounts_is_an_approval(site: Site, saved: bool) -> None:
    plan = site.plan()
    assert plan.digest is not None
    assert site.apply(plan if saved else None, expect=[plan.digest]).outcome is Outcome.DONE
    site.menu({"button": [click("客服", "OTHER")]})
    site.clock.now_s += 1
    plan = site.plan()
    assert plan.changed[0].digest is not None
    applied = site.apply(plan if saved else None, expect=[plan.changed[0].digest])
    assert applied.outcome is Outcome.DONE


@pytest.mark.parametrize("saved", [True, False])
def test_another_digest_is_refused(site: Site, saved: bool) -> None:
    plan = site.plan()
    with pytest.raises(StalePlan) as caught:
        site.apply(plan if saved else None, expect=["0" * 64])
    assert caught.value.code == "another_digest"
    assert plan.changed[0].digest is not None
    assert plan.changed[0].digest in caught.value.message
    assert site.writes == []


def test_each_account_with_changes_needs_its_digest(site: Site) -> None:
    site.accounts(2)
    first, second = (account.digest for account in site.plan().changed)
    assert first is not None
    assert second is not None
    with pytest.raises(StalePlan) as caught:
        site.apply(expect=[first])
    assert f"a02 is {second}" in caught.value.message
    assert "a01 is" not in caught.value.message
    assert site.apply(expect=[second, first]).outcome is Outcome.DONE


def test_a_digest_is_not_asked_for_where_nothing_changes(site: Site) -> None:
    site.live([click()])
    assert site.apply(expect=["0" * 64]).outcome is Outcome.NO_CHANGES


def test_a_digest_stands_for_what_was_live(site: Site) -> None:
    digest = site.plan().digest
    assert digest is not None
    site.live([view("同事改的")])
    with pytest.raises(StalePlan):
        site.apply(expect=[digest])


# Asking


def test_no_is_taken_for_an_answer(site: Site) -> None:
    shown: list[MadePlan] = []

    with pytest.raises(NotApproved) as caught:
        site.apply(show=shown.append, ask=lambda: False)
    assert caught.value.code == "declined"
    assert len(shown) == 1
    assert shown[0].plan.changed
    assert (site.writes, site.runs) == ([], [])


def test_nobody_is_asked_about_nothing(site: Site) -> None:
    site.live([click()])

    def never() -> bool:
        raise AssertionError

    assert site.apply(ask=never).outcome is Outcome.NO_CHANGES


def test_what_moved_while_a_person_thought_is_stale(site: Site) -> None:
    def slowly() -> bool:
        site.live([view("同事改的")])
        return True

    with pytest.raises(StalePlan):
        site.apply(ask=slowly)
    assert site.writes == []


def test_what_was_done_while_a_person_thought_needs_no_call(site: Site) -> None:
    def slowly() -> bool:
        site.live([click()])
        return True

    applied = site.apply(ask=slowly)
    assert applied.outcome is Outcome.NO_CHANGES
    assert [account.outcome for account in applied.accounts] == ["unchanged"]
    assert (site.writes, site.runs) == ([], [])


# Guards


def test_a_conditional_menu_is_removed_only_where_somebody_says_so(site: Site) -> None:
    site.live([click()], conditional(view(), group_id="101"))
    error = stopped(site, None)
    assert error.code == "remove-conditional"
    assert "--allow 'remove-conditional:tag:春季'" in error.fix
    stopped(site, site.plan())
    stopped(site, None, "remove-conditional:tag:VIP")
    assert site.apply(None, "remove-conditional:tag:春季").outcome is Outcome.DONE
    assert site.now()[1] == []


@pytest.mark.parametrize("lift", ["remove-conditional", "remove-conditional:tag:101"])
def test_a_guard_is_lifted_as_a_whole_or_by_the_id_of_the_tag(site: Site, lift: str) -> None:
    site.live([click()], conditional(view(), group_id="101"))
    assert site.apply(site.plan(lift)).outcome is Outcome.DONE


def test_a_plan_that_is_refused_is_shown_all_the_same(site: Site) -> None:
    site.live([click()], conditional(view(), client_platform_type="1"))
    shown: list[MadePlan] = []
    assert site.apply(show=shown.append).outcome is Outcome.REFUSED
    assert [guard.name for guard in shown[0].plan.stopped] == ["ios"]


def test_a_saved_plan_carries_what_was_lifted(site: Site) -> None:
    site.live([click()], conditional(view(), client_platform_type="1"))
    plan = site.plan("remove-conditional:ios")
    assert plan.digest != site.plan().digest
    assert site.apply(plan).outcome is Outcome.DONE


def test_a_file_lifts_a_guard_and_is_warned_once_it_lifts_nothing(site: Site) -> None:
    site.live([click()], conditional(view(), client_platform_type="1"))
    site.menu("button: [{name: 帮助, type: click, key: HELP}]\nallow: [remove-conditional:ios]\n")
    assert site.make().warnings == ()
    assert site.apply().outcome is Outcome.DONE
    (warning,) = site.make().warnings
    assert (warning.rule, warning.severity, warning.line) == ("idle-allow", "warning", 2)
    assert "remove-conditional:ios" in warning.message


def test_a_guard_that_does_not_exist_is_a_slip(site: Site) -> None:
    with pytest.raises(Usage) as caught:
        site.plan("remove-condtional")
    assert "remove-conditional" in caught.value.fix
    assert site.calls == []


@pytest.mark.parametrize("api_menu", [True, False])
def test_a_menu_of_the_console_is_replaced_only_where_somebody_says_so(
    site: Site, api_menu: bool
) -> None:
    if api_menu:
        site.live([click()])
    site.emulator.put_console(APPID, THEIRS)
    error = stopped(site, None)
    assert error.code == "console-menu"
    assert "他们的" in error.message
    applied = site.apply(None, "console-menu")
    assert applied.outcome is Outcome.DONE
    state = site.emulator.state_of(APPID)
    assert state is not None
    assert state.console is None
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_a_menu_that_was_switched_off_is_switched_on_only_where_somebody_says_so(
    site: Site,
) -> None:
    site.live([click()])
    site.emulator.close_menu(APPID)
    assert stopped(site, None).code == "console-menu"
    assert site.apply(None, "console-menu").outcome is Outcome.DONE
    state = site.emulator.state_of(APPID)
    assert state is not None
    assert state.is_open


def test_many_accounts_change_only_where_somebody_says_so(site: Site) -> None:
    site.accounts(3, max_accounts=2)
    assert stopped(site, None).code == "many-accounts"
    stopped(site, site.plan())
    assert site.apply(site.plan("many-accounts")).outcome is Outcome.DONE


def test_a_saved_plan_meets_the_limit_of_today(site: Site) -> None:
    site.accounts(3)
    plan = site.plan()
    assert plan.outcome is Outcome.CHANGES
    site.accounts(3, max_accounts=2)
    assert stopped(site, plan).code == "many-accounts"
