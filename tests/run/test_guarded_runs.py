"""Guards that need the world: what was applied last, dead menus, quotas, unreadable accounts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from threading import Barrier
from typing import Any

import pytest

from menuops.core import account as core
from menuops.core.errors import CannotStart, InvalidFiles, StalePlan
from menuops.core.outcome import Outcome
from menuops.emulator import Account
from menuops.emulator.faults import Fault
from menuops.run.past import PastOfAccounts
from menuops.run.planning import plan_accounts, prepare
from menuops.run.reading import Reader
from menuops.run.remote import Remote
from menuops.run.settings import PlanOptions
from menuops.wechat.api import MenuApi
from menuops.wechat.quota import Quota
from tests.site import APPID, SECRET, TAGS, Json, Site, click, conditional, view


def menu(*names: str) -> Json:
    return {"button": [click(name, name) for name in names]}


# live-changed


def test_what_was_changed_since_the_last_apply_is_not_undone_unseen(site: Site) -> None:
    site.menu(menu("一"))
    assert site.apply().outcome is Outcome.DONE
    site.live([click("别人", "OTHER")])
    plan = site.plan()
    assert plan.outcome is Outcome.REFUSED
    assert [guard.allow for guard in plan.stopped] == ["live-changed"]
    refused = site.apply()
    assert refused.outcome is Outcome.REFUSED
    assert site.apply(None, "live-changed").outcome is Outcome.DONE
    site.menu(menu("二"))
    assert site.plan().outcome is Outcome.CHANGES, "what is live is what was applied last"


def test_a_state_directory_that_knows_nothing_claims_nothing(site: Site) -> None:
    site.menu(menu("一"))
    site.apply()
    site.live([click("别人", "OTHER")])
    for path in (site.state / "applied").iterdir():
        path.unlink()
    assert site.plan().outcome is Outcome.CHANGES


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format_version": "1"}', b"\xff"])
def test_a_damaged_record_claims_nothing(site: Site, content: bytes) -> None:
    site.menu(menu("一"))
    site.apply()
    site.live([click("别人", "OTHER")])
    (record,) = (site.state / "applied").iterdir()
    record.write_bytes(content)
    assert site.plan().outcome is Outcome.CHANGES


def test_a_record_of_another_account_is_none_of_this_one(site: Site) -> None:
    site.menu(menu("一"))
    site.apply()
    site.live([click("别人", "OTHER")])
    (record,) = (site.state / "applied").iterdir()
    record.write_text(record.read_text().replace(APPID, "wx0"))
    assert site.plan().outcome is Outcome.CHANGES


def test_after_half_an_apply_nothing_is_known_and_a_new_one_finishes(site: Site) -> None:
    site.menu(menu("一"))
    site.apply()
    site.menu({**menu("二"), "conditionalmenu": [conditional(view(), tag="VIP")]})
    site.emulator.fail_next("menu/create", Fault.errcode(45009), times=1)
    assert site.apply().outcome is Outcome.PARTIAL
    assert site.apply().outcome is Outcome.DONE
    assert site.plan().outcome is Outcome.NO_CHANGES


# remove-dead


def test_a_dead_menu_is_left_alone_until_somebody_says_so(site: Site) -> None:
    site.menu(menu("一"))
    dead = {"menuid": 7, "matchrule": {"sex": "1"}, "button": [view()]}
    answer = {"menu": menu("一"), "conditionalmenu": [dead]}
    site.emulator.put_live(APPID, answer)
    assert site.plan().outcome is Outcome.NO_CHANGES
    plan = site.plan("remove-dead")
    assert [
        (step.CALL, guard.allow) for a in plan.changed for step in a.steps for guard in a.guards
    ] == [("menu/delconditional", "remove-dead:7")]
    applied = site.apply(plan)
    assert applied.outcome is Outcome.DONE
    assert site.now()[1] == []
    assert site.apply(plan).outcome is Outcome.NO_CHANGES


def test_a_lost_answer_about_a_dead_menu_is_settled_by_reading(site: Site) -> None:
    site.menu(menu("一"))
    dead = {"menuid": 7, "matchrule": {"sex": "1"}, "button": [view()]}
    site.emulator.put_live(APPID, {"menu": menu("一"), "conditionalmenu": [dead]})
    site.emulator.fail_next("menu/delconditional", Fault.reset_before())
    with pytest.raises(CannotStart, match="the account shows that it wasn't done"):
        site.apply(None, "remove-dead")
    site.emulator.fail_next("menu/delconditional", Fault.reset_after())
    assert site.apply(None, "remove-dead").outcome is Outcome.DONE
    assert site.now()[1] == []


# quota


def many(count: int) -> Json:
    rules: Sequence[Json] = [
        {"matchrule": {"tag_id": str(100 + number)}, "button": [click(str(number))]}
        for number in range(count)
    ]
    return {**menu("一"), "conditionalmenu": rules}


@pytest.mark.parametrize(("left", "outcome"), [(249, Outcome.REFUSED), (250, Outcome.CHANGES)])
def test_a_plan_that_needs_much_of_a_day_asks_what_is_left(
    site: Site, left: int, outcome: Outcome
) -> None:
    site.emulator.add_account(
        Account(appid=APPID, secret=SECRET, tags=TAGS, quotas={"menu/addconditional": left})
    )
    site.menu(many(250))
    with site.counting() as calls:
        plan = site.plan()
    assert plan.outcome is outcome
    assert calls.count("openapi/quota/get") == 1
    if outcome is Outcome.REFUSED:
        assert [guard.allow for guard in plan.stopped] == ["quota:menu/addconditional"]


def test_a_saved_plan_asks_again_before_it_writes(site: Site) -> None:
    site.menu(many(250))
    plan = site.plan()
    assert plan.outcome is Outcome.CHANGES
    site.emulator.add_account(
        Account(appid=APPID, secret=SECRET, tags=TAGS, quotas={"menu/addconditional": 20})
    )
    applied = site.apply(plan)
    assert applied.outcome is Outcome.REFUSED
    assert site.writes == []


def test_a_small_plan_asks_for_no_quota(site: Site) -> None:
    site.menu(many(20))
    with site.counting() as calls:
        site.plan()
    assert "openapi/quota/get" not in calls


def test_a_quota_that_is_not_told_stops_nothing(site: Site) -> None:
    site.menu(many(250))
    site.emulator.fail_next("openapi/quota/get", Fault.errcode(76021), times=9)
    assert site.plan().outcome is Outcome.CHANGES


class Together:
    """An account's client that tells a quota only while another account's is asked too."""

    def __init__(self, api: MenuApi, barrier: Barrier) -> None:
        self._api, self._barrier = api, barrier

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def get_quota(self, call: str) -> Quota:
        self._barrier.wait(10)
        return self._api.get_quota(call)


def test_many_accounts_are_asked_side_by_side_what_is_left(site: Site) -> None:
    names = site.accounts(3)
    site.menu(many(250))
    barrier = Barrier(len(names))
    options = PlanOptions()
    prepared = prepare(site.settings(), site.world, options)
    with Remote(prepared.project, site.world, parallel=3) as remote, Reader(3) as reader:

        class Apis:
            def api(self, account: core.Account) -> Any:
                return Together(remote.api(account), barrier)

        past = PastOfAccounts(None)
        made = plan_accounts(prepared, Apis(), reader, site.world, options, past)
    assert [each.basis.quotas[0].remain for each in made.plan.changed] == [2000] * 3


# unreadable


@pytest.fixture
def one_away(site: Site) -> Site:
    site.menu(menu("一"))
    site.accounts(3)
    site.emulator.add_account(Account(appid="wxa02", secret=SECRET, rights=False))
    return site


def test_an_account_that_cannot_be_read_stops_all_unless_it_is_let_be(one_away: Site) -> None:
    plan = one_away.plan()
    assert plan.outcome is Outcome.CANNOT_START
    assert [guard.allow for guard in plan.guards] == ["unreadable"]
    with pytest.raises(CannotStart, match="1 of 3 accounts can't be read"):
        one_away.apply()
    let_be = one_away.plan("unreadable")
    assert let_be.outcome is Outcome.CHANGES
    assert let_be.error is None
    applied = one_away.apply(let_be)
    assert applied.outcome is Outcome.DONE
    away = applied.accounts[1]
    assert away.error is not None
    assert "can't be read" in away.error.message
    assert not away.is_whole
    assert one_away.now("wxa01")[0] == one_away.now("wxa03")[0] != one_away.now("wxa02")[0]


def test_where_no_account_can_be_read_nothing_lets_that_be(site: Site) -> None:
    site.menu(menu("一"))
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, rights=False))
    assert site.plan("unreadable").outcome is Outcome.CANNOT_START


# --check-ids


def test_the_id_of_a_tag_is_looked_up_where_it_is_asked_for(site: Site) -> None:
    menu_file = {**menu("一"), "conditionalmenu": [conditional(view(), tag_id="999")]}
    site.menu(json.dumps(menu_file, indent=1))
    with site.counting() as calls:
        assert site.plan().outcome is Outcome.CHANGES
    assert "tags/get" not in calls
    with pytest.raises(InvalidFiles) as refused:
        site.plan(check_ids=True)
    (finding,) = refused.value.findings
    assert finding.rule == "unknown-tag"
    assert "shop has no tag with the id 999" in finding.message
    assert (finding.line, finding.column) != (1, 1)
    site.menu({**menu("一"), "conditionalmenu": [conditional(view(), tag_id="100")]})
    assert site.plan(check_ids=True).outcome is Outcome.CHANGES


def test_an_account_that_goes_away_before_the_apply_is_not_told_done(site: Site) -> None:
    """The plan lets that be also where all could be read when it was made."""
    site.menu(menu("一"))
    site.accounts(3)
    plan = site.plan("unreadable")
    assert [guard.lifted for guard in plan.guards] == [True]
    site.emulator.add_account(Account(appid="wxa02", secret=SECRET, rights=False))
    applied = site.apply(plan)
    assert applied.outcome is Outcome.PARTIAL
    one, two, three = applied.accounts
    assert one.is_whole
    assert three.is_whole
    assert two.error is not None
    assert [step.outcome for step in two.steps] == ["not_tried"]


def test_a_refused_call_forgets_nothing_of_what_was_applied_last(site: Site) -> None:
    site.menu(menu("一"))
    site.apply()
    site.menu(menu("二"))
    site.emulator.fail_next("menu/create", Fault.errcode(40018))
    with pytest.raises(CannotStart):
        site.apply()
    site.live([click("别人", "OTHER")])
    assert [guard.allow for guard in site.plan().stopped] == ["live-changed"]


def test_a_plan_whose_quota_was_lifted_is_used_once(site: Site) -> None:
    """That more calls are left by now changes nothing of which plan it is."""
    quotas = {"menu/addconditional": 249}
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, tags=TAGS, quotas=quotas))
    site.menu(many(250))
    plan = site.plan("quota")
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, tags=TAGS))
    assert site.apply(plan).run is not None  # WeChat takes fewer menus, which is no matter here
    site.no_menu()
    with pytest.raises(StalePlan, match="used by run"):
        site.apply(plan)
