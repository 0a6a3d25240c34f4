"""Accounts that are watched or paused, and live menus that no file has."""

from __future__ import annotations

from typing import Any

import pytest

from menuops.core.errors import StalePlan, Usage
from menuops.core.outcome import Outcome
from tests.site import APPID, Site, click, conditional, view

OTHER = "wx00000000000other"


@pytest.fixture
def two(site: Site) -> Site:
    """A shop that is managed and a bot that is watched, both with the same file."""
    from menuops.emulator import Account
    from tests.site import SECRET, TAGS

    site.emulator.add_account(Account(appid=OTHER, secret=SECRET, tags=TAGS))
    site.environ["MENUOPS_SECRET_BOT"] = SECRET
    site.menu({"button": [click("新")]})
    write(site, mode="watch")
    for appid in (APPID, OTHER):
        site.live([click("旧")], appid=appid)
    return site


def write(site: Site, **bot: Any) -> None:
    accounts = {"shop": site.shop(), "bot": site.shop(appid=OTHER, **bot)}
    site.write("menuops.yaml", {"accounts": accounts})


def test_a_watched_account_is_reported_and_never_written(two: Site) -> None:
    plan = two.plan()
    _, bot = plan.accounts
    assert [account.ref.name for account in plan.changed] == ["shop"]
    assert [account.ref.name for account in plan.watched] == ["bot"]
    assert (bot.status, plan.watched[0].steps, plan.watched[0].digest) == ("changes", (), None)
    assert [change.kind for change in plan.watched[0].changes] == ["rename"]
    assert two.apply(plan).outcome is Outcome.DONE
    assert two.now(APPID)[0][0]["name"] == "新"
    assert two.now(OTHER)[0][0]["name"] == "旧"


def test_a_watched_account_may_move_while_a_plan_waits(two: Site) -> None:
    plan = two.plan()
    two.live([view()], appid=OTHER)
    assert two.apply(plan).outcome is Outcome.DONE
    assert two.plan().outcome is Outcome.NO_CHANGES


def test_a_plan_of_an_account_that_is_watched_by_now_is_stale(two: Site) -> None:
    write(two)
    plan = two.plan()
    assert len(plan.changed) == 2
    write(two, mode="watch")
    with pytest.raises(StalePlan, match="bot is no longer written to"):
        two.apply(plan)
    assert two.writes == []


def unreadable(site: Site) -> None:
    site.environ["MENUOPS_SECRET_BOT"] = "0" * 32


def test_a_watched_account_that_can_not_be_read_stops_no_other(two: Site) -> None:
    """Nothing would be written to it; what the plan is about goes on."""
    unreadable(two)
    ended = two.run("plan", "--out", "plan.json", "--detailed-exitcode")
    assert (ended.code, "Saved plan.json" in ended.err) == (2, True), ended.said
    assert "bot" in ended.out
    assert "can't be read" in ended.out
    assert "1 could not be read" in ended.out
    assert two.run("show", "plan.json").code == 0
    assert two.run("apply", "plan.json").code == 0
    assert two.now(APPID)[0][0]["name"] == "新"
    two.menu({"button": [click("再新")]})
    assert two.run("apply", "--yes").code == 0
    assert two.now(APPID)[0][0]["name"] == "再新"
    assert two.plan().guards == ()


def test_a_tag_that_is_not_known_hides_no_account_that_can_not_be_read(two: Site) -> None:
    unreadable(two)
    two.menu({"button": [click()], "conditionalmenu": [conditional(view(), tag="没有")]})
    ended = two.run("plan")
    assert (ended.code, "没有" in ended.err) == (3, True)
    assert "\n  bot can't be read: " in ended.err
    message = two.run("plan", "--format", "json").json["error"]["message"]
    assert message.startswith("1 error in the files\n  bot can't be read: ")


def test_a_drift_tells_of_a_watched_account_that_can_not_be_read(two: Site) -> None:
    """To look is all that is done with it: the exit code says that it couldn't be."""
    unreadable(two)
    two.run("apply", "--yes", "-a", "shop")
    two.live([view("手改")])
    ended = two.run("drift", "--format", "json")
    assert ended.code == 7
    statuses = {each["name"]: each["status"] for each in ended.json["accounts"]}
    assert statuses == {"shop": "drift", "bot": "unreadable"}


def test_a_plan_of_watched_accounts_alone_says_that_one_can_not_be_read(two: Site) -> None:
    unreadable(two)
    assert two.run("plan", "-a", "bot").code == 7
    write(two)
    assert two.run("plan").code == 7, "it is managed now"


def test_a_paused_account_is_left_out(two: Site) -> None:
    write(two, mode="paused")
    assert [account.ref.name for account in two.plan().accounts] == ["shop"]
    assert [account.ref.name for account in two.plan(accounts=("*o*",)).accounts] == ["shop"]
    with pytest.raises(Usage, match="bot is paused"):
        two.plan(accounts=("bot",))


def test_a_live_menu_that_no_file_has_can_stay(site: Site) -> None:
    site.project(unmanaged="keep")
    site.menu({"button": [click("新")], "conditionalmenu": [conditional(click("v"), tag="VIP")]})
    mine, theirs = conditional(click("v"), tag_id="100"), conditional(click("s"), tag_id="101")
    site.live([click("旧")], theirs, mine)
    account = site.account_plan()
    assert account.basis.kept == ("tag:春季",)
    assert [step.CALL for step in account.steps] == ["menu/create"]
    assert account.guards == ()
    assert site.apply().outcome is Outcome.DONE
    assert [rule for rule, _ in site.now()[1]] == [{"tag_id": "101"}, {"tag_id": "100"}]
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_a_live_menu_that_no_file_has_can_be_an_error(site: Site) -> None:
    site.project(unmanaged="error")
    site.menu({"button": [click("旧")]})
    site.live([click("旧")], conditional(click("s"), tag_id="101"))
    plan = site.plan("remove-conditional")
    assert plan.outcome is Outcome.REFUSED
    assert [guard.allow for guard in plan.stopped] == ["unmanaged:tag:春季"]
    assert site.apply(None, "unmanaged:tag:春季").outcome is Outcome.DONE
    assert site.now()[1] == []
