"""Answers that were saved: `plan --live` makes of them what `plan` makes of the accounts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from menuops.core.errors import CannotStart, InvalidFiles, StalePlan
from menuops.core.finding import Finding, errors_of
from menuops.core.live import Console
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, UnreadableAccount
from menuops.core.plan_document import plan_to_json
from menuops.emulator import Account, Fault
from menuops.files.answers.answers import AnswersFile, answers_of
from menuops.run.planning import MadePlan, make_plan_of
from menuops.run.saving import save_answers
from menuops.run.settings import PlanOptions
from tests.site import APPID, SECRET, Json, Site, click, conditional, payload, view


def saved(site: Site, **keys: Any) -> AnswersFile:
    """Save the answers and read them again, as two commands do it."""
    document = save_answers(site.settings(**keys), site.world)
    return answers_of(json.loads(json.dumps(document)), "live.json")


def offline(site: Site, answers: AnswersFile, *lifts: str, **keys: Any) -> MadePlan:
    with site.counting() as calls:
        made = make_plan_of(site.settings(**keys), site.world, PlanOptions(lifts=lifts), answers)
    assert calls == []
    return made


def assert_the_same_plan(site: Site, *lifts: str, **keys: Any) -> MadePlan:
    answers = saved(site, **keys)
    online, again = site.make(*lifts, **keys), offline(site, answers, *lifts, **keys)
    assert again.plan.digest == online.plan.digest
    assert plan_to_json(again.plan) == plan_to_json(online.plan)
    assert again.warnings == online.warnings
    return again


WITHDRAWN: Json = {"menuid": 7, "matchrule": {"sex": "1"}, "button": [click()]}
STATES: dict[str, Json] = {
    "a menu": {"menu": {"button": [view(), {"name": "更多", "sub_button": [click()]}]}},
    "no menu": payload("menu-get-none"),
    "tags and platforms": {
        "menu": {"button": [view()]},
        "conditionalmenu": [
            {"menuid": 9, **conditional(view(), group_id="101")},
            {"menuid": 8, **conditional(click(), group_id="100", client_platform_type="1")},
        ],
    },
    "a dead menu": {"menu": {"button": [view()]}, "conditionalmenu": [WITHDRAWN]},
    "half a character": {"menu": {"button": [view("\ud83d")]}},
}


@pytest.mark.parametrize("state", STATES)
def test_a_plan_made_offline_has_the_digest_of_the_one_made_online(site: Site, state: str) -> None:
    site.emulator.put_live(APPID, STATES[state])
    site.menu(
        {
            "button": [click()],
            "conditionalmenu": [conditional(view(), tag="VIP"), conditional(view(), tag="春季")],
        }
    )
    made = assert_the_same_plan(site)
    assert made.plan.outcome in (Outcome.CHANGES, Outcome.REFUSED)
    assert made.plan.digest


def test_what_the_console_published_is_known_offline_too(site: Site) -> None:
    site.live([click()])
    site.emulator.put_console(APPID, payload("selfmenu-console")["selfmenu_info"])
    (account,) = assert_the_same_plan(site, "console-menu").plan.accounts
    assert isinstance(account, AccountPlan)
    assert account.live.console is Console.OVERRIDES


def test_a_menu_that_the_console_switched_off_is_known_offline_too(site: Site) -> None:
    site.live([click()])
    site.emulator.close_menu(APPID)
    (account,) = assert_the_same_plan(site).plan.accounts
    assert isinstance(account, AccountPlan)
    assert account.live.console is Console.CLOSED


def test_a_selfmenu_that_may_not_be_read_is_told_from_one_that_says_nothing(site: Site) -> None:
    site.live([view()])
    site.emulator.fail_next("get_current_selfmenu_info", Fault.errcode(48001), times=2)
    (account,) = assert_the_same_plan(site).plan.accounts
    assert isinstance(account, AccountPlan)
    assert account.live.console is Console.UNREADABLE


def test_several_accounts_are_saved_in_one_document(site: Site) -> None:
    names = site.accounts(3)
    site.live([view()], conditional(view(), group_id="100"), appid="wxa02")
    site.no_menu("wxa03")
    made = assert_the_same_plan(site)
    assert [account.ref.name for account in made.plan.accounts] == names
    only = offline(site, saved(site), accounts=("a02",))
    assert only.plan.digest == site.plan(accounts=("a02",)).digest


def test_tags_that_may_not_be_read_leave_their_account_unplanned(site: Site) -> None:
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), tag="VIP")]})
    site.emulator.fail_next("tags/get", Fault.errcode(48001), times=2)
    answers = saved(site)
    for made in (site.make(), offline(site, answers)):
        (account,) = made.plan.accounts
        assert isinstance(account, UnreadableAccount)
        assert "write `tag_id:`" in account.error.fix


def test_a_plan_made_offline_is_applied_as_any_other(site: Site) -> None:
    site.live([view()])
    plan = offline(site, saved(site)).plan
    assert site.apply(plan).outcome is Outcome.DONE
    assert site.now()[0][0]["name"] == "帮助"


def test_a_plan_made_offline_is_stale_once_the_account_moved(site: Site) -> None:
    site.live([view()])
    plan = offline(site, saved(site)).plan
    site.live([view("别的")])
    with pytest.raises(StalePlan):
        site.apply(plan)
    assert site.writes == []


# What can't be planned against


def refused(site: Site, answers: AnswersFile, **keys: Any) -> Finding:
    with pytest.raises(InvalidFiles) as caught:
        offline(site, answers, **keys)
    assert errors_of(caught.value.findings)
    return caught.value.findings[0]


def test_an_account_that_was_not_saved_is_an_error_that_says_how_to(site: Site) -> None:
    site.accounts(2)
    finding = refused(site, saved(site, accounts=("a01",)))
    assert finding.rule == "no-answers"
    assert "a02 isn't in this file, which has a01" in finding.message
    assert "menuops import --raw -a a02 --out FILE" in finding.message


def test_answers_of_another_appid_or_host_are_refused(site: Site) -> None:
    answers = saved(site)
    site.project(appid="wx00000000000000ff")
    other = refused(site, answers)
    assert other.rule == "other-account"
    assert f"the appid {APPID} here and wx00000000000000ff in the project" in other.message
    site.project()
    with pytest.raises(InvalidFiles) as caught:
        make_plan_of(
            replace(site.settings(), api_url="https://api2.weixin.qq.com"),
            site.world,
            PlanOptions(),
            answers,
        )
    assert "the API http://127.0.0.1" in caught.value.findings[0].message


def test_an_account_is_known_by_its_appid_whatever_it_is_called(site: Site) -> None:
    answers = saved(site)
    site.write("menuops.yaml", {"accounts": {"store": site.shop()}})
    assert offline(site, answers).plan.digest


# The plain answer of menu/get


def test_the_plain_answer_of_menu_get_will_do_for_one_account(site: Site) -> None:
    site.live([view()], conditional(click(), group_id="100"))
    body = {
        "menu": {"button": [{**view(), "sub_button": []}], "menuid": 501},
        "conditionalmenu": [{"menuid": 500, "matchrule": {"group_id": "100"}, "button": [click()]}],
    }
    made = offline(site, answers_of(body, "live.json"))
    (account,) = made.plan.accounts
    assert isinstance(account, AccountPlan)
    assert account.live.console is Console.UNREADABLE
    assert made.plan.digest == site.plan().digest
    none = offline(site, answers_of(payload("menu-get-none"), "live.json"))
    site.no_menu()
    assert none.plan.digest == site.plan().digest


def test_the_plain_answer_of_one_account_will_not_do_for_several(site: Site) -> None:
    site.accounts(2)
    answers = answers_of({"menu": {"button": [view()]}}, "live.json")
    finding = refused(site, answers)
    assert (finding.rule, "choose it with -a" in finding.message) == ("other-account", True)
    assert offline(site, answers, accounts=("a01",)).plan.digest


def test_a_plain_answer_holds_no_names_of_tags(site: Site) -> None:
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), tag="VIP")]})
    made = offline(site, answers_of({"menu": {"button": [view()]}}, "live.json"))
    (account,) = made.plan.accounts
    assert isinstance(account, UnreadableAccount)
    assert account.error.code == "no_tags"
    assert "menuops import --raw" in account.error.fix


def test_an_account_that_can_not_be_read_is_not_saved(site: Site) -> None:
    site.accounts(2)
    site.emulator.add_account(Account(appid="wxa02", secret=SECRET, rights=False))
    with pytest.raises(CannotStart) as caught:
        save_answers(site.settings(), site.world)
    assert caught.value.message.startswith("a02: ")
    assert caught.value.code == "48001"


def test_tags_that_fail_for_another_reason_than_a_right_are_not_left_out(site: Site) -> None:
    site.emulator.fail_next("tags/get", Fault.errcode(45009))
    with pytest.raises(CannotStart) as caught:
        save_answers(site.settings(), site.world)
    assert caught.value.code == "45009"
