"""What isn't known is read: accounts said to be in sync, writes that were cut off."""

from __future__ import annotations

import json

import pytest
import requests

from menuops.core.errors import StalePlan
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan
from menuops.emulator import Fault
from menuops.run.applying import apply_plan
from menuops.run.settings import World
from tests.site import APPID, SECRET, Site, click, conditional, view

IOS = {"client_platform_type": "1"}


def test_a_plan_without_changes_is_read_against_the_accounts_too(site: Site) -> None:
    site.apply()
    plan = site.plan()
    assert plan.changed == ()
    site.live([view("同事改的")])
    with pytest.raises(StalePlan) as caught:
        site.apply(plan)
    assert "shop" in caught.value.message


def test_an_account_that_was_in_sync_and_moved_stops_the_others(site: Site) -> None:
    names = site.accounts(2)
    site.apply(accounts=(names[1],))
    plan = site.plan()
    assert [account.status for account in plan.accounts] == ["changes", "in_sync"]
    site.live([view("同事改的")], appid=f"wx{names[1]}")
    writes = len(site.writes)
    with pytest.raises(StalePlan) as caught:
        site.apply(plan)
    assert names[1] in caught.value.message
    assert len(site.writes) == writes


def test_an_account_that_may_not_read_selfmenu_is_applied_to_all_the_same(site: Site) -> None:
    site.emulator.fail_next("get_current_selfmenu_info", Fault.errcode(48001), times=100)
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), **IOS)]})
    site.emulator.fail_next("menu/addconditional", Fault.reset_after())
    applied = site.apply()
    assert applied.outcome is Outcome.DONE
    assert [step.found for step in applied.accounts[0].steps] == [False, True]


def test_a_listener_that_fails_leaves_no_menu_half_made(site: Site) -> None:
    def gone(*_: object) -> None:
        raise OSError(5, "the terminal is gone")

    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), **IOS)]})
    assert site.apply(progress=gone).outcome is Outcome.DONE
    assert site.journal()[-1]["event"] == "end"


def test_an_equal_menu_that_was_there_before_is_not_taken_for_the_new_one(site: Site) -> None:
    """Two menus change places: one is added again, its answer is lost before it is done."""
    site.project(retry_s=30)
    android = {"client_platform_type": "2"}
    site.live([click()], conditional(click(), **android), conditional(view(), **IOS))
    site.menu(
        {
            "button": [click()],
            "conditionalmenu": [conditional(view(), **IOS), conditional(click(), **android)],
        }
    )
    site.emulator.fail_next("menu/addconditional", Fault.reset_before())
    applied = site.apply()
    assert applied.outcome is Outcome.DONE
    assert [step.found for step in applied.accounts[0].steps] == [False, False]
    assert len(site.now()[1]) == 2
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_a_call_that_is_done_late_is_not_made_again(site: Site) -> None:
    """The line is cut, and WeChat does the call while we wait to send it again."""
    site.project(retry_s=30)
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), **IOS)]})
    plan = site.plan()
    site.emulator.fail_next("menu/addconditional", Fault.reset_before())
    url = site.url

    def late(_seconds: float) -> None:
        query = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        token = requests.get(f"{url}/cgi-bin/token", query, timeout=10).json()["access_token"]
        body = json.dumps(conditional(view(), **IOS), ensure_ascii=False).encode()
        path = f"{url}/cgi-bin/menu/addconditional?access_token={token}"
        assert "menuid" in requests.post(path, body, timeout=10).json()

    world = World(clock=site.clock, sleep=late, environ=site.environ)
    applied = apply_plan(site.settings(), world, plan, expect=(), progress=lambda *_: None)
    assert applied.outcome is Outcome.DONE
    assert len(site.now()[1]) == 1
    (account,) = site.plan().accounts
    assert isinstance(account, AccountPlan)
    assert account.steps == ()
