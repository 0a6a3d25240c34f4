"""Runs over several accounts: their choice, their order, and what a failure does to the rest."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from menuops.core.applied import StepResult
from menuops.core.errors import CannotStart, InvalidFiles, Usage
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, UnreadableAccount
from menuops.emulator import Account, Fault, Tag
from menuops.run.reading import Answers, Reader
from menuops.run.token_report import report_tokens
from menuops.run.validating import validate
from menuops.state.unwritable import StateUnwritable
from menuops.wechat.api import TagCount
from tests.site import APPID, SECRET, Json, Site, click, conditional, view


def names(site: Site, *patterns: str) -> list[str]:
    return [account.ref.name for account in site.plan(accounts=patterns).accounts]


def test_accounts_stand_in_the_order_of_the_file(site: Site) -> None:
    listed = site.accounts(3)
    assert names(site) == listed
    assert names(site, "a03", "a01") == ["a01", "a03"]
    assert names(site, "a*") == listed


def test_a_pattern_that_chooses_nothing_is_a_slip(site: Site) -> None:
    site.accounts(12)
    with pytest.raises(Usage) as caught:
        site.plan(accounts=("a1x",))
    assert caught.value.fix.startswith("did you mean a1")
    with pytest.raises(Usage) as caught:
        site.plan(accounts=("quite-another",))
    assert caught.value.fix.startswith("it has: a01, a02")
    assert caught.value.fix.endswith("…")
    assert site.calls == []


def test_a_protected_account_is_chosen_by_its_full_name_only(site: Site) -> None:
    site.write(
        "menuops.yaml",
        {
            "accounts": {
                "shop": site.shop(),
                "head": site.shop(appid="wxhead", protected=True, api="emulator"),
            }
        },
    )
    assert names(site) == ["shop"]
    assert names(site, "*") == ["shop"]
    assert names(site, "head") == ["head"]


def test_25_accounts_are_planned_and_stop_at_the_guard(site: Site) -> None:
    listed = site.accounts(25)
    plan = site.plan()
    assert [account.ref.name for account in plan.accounts] == listed
    assert plan.outcome is Outcome.REFUSED
    assert [guard.guard for guard in plan.guards] == ["many-accounts"]
    applied = site.apply(None, "many-accounts")
    assert applied.outcome is Outcome.DONE
    assert [account.name for account in applied.accounts] == listed
    assert len(site.runs) == 1
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_one_unreadable_account_does_not_hide_the_others(site: Site) -> None:
    site.accounts(3)
    site.emulator.add_account(Account(appid="wxa02", secret=SECRET, rights=False))
    plan = site.plan()
    assert [account.status for account in plan.accounts] == ["changes", "unreadable", "changes"]
    unreadable = plan.accounts[1]
    assert isinstance(unreadable, UnreadableAccount)
    assert unreadable.error.code == "48001"
    assert plan.outcome is Outcome.CANNOT_START


def test_the_first_account_that_fails_stops_the_others(site: Site) -> None:
    site.accounts(3)
    site.emulator.fail_next("menu/create", Fault.errcode(40018), after=1)
    applied = site.apply()
    assert applied.outcome is Outcome.PARTIAL
    assert [account.outcome for account in applied.accounts] == ["done", "unchanged", "unchanged"]
    steps = [step.outcome for account in applied.accounts for step in account.steps]
    assert steps == ["done", "failed", "not_tried"]
    assert site.writes == ["menu/create"] * 2
    assert [account.snapshot is not None for account in applied.accounts] == [True, True, False]


def test_an_account_that_fails_first_leaves_all_unwritten(site: Site) -> None:
    site.accounts(2)
    site.emulator.fail_next("menu/create", Fault.errcode(40018))
    with pytest.raises(CannotStart) as caught:
        site.apply()
    assert caught.value.message.startswith("a01: nothing was written. ")
    assert site.journal()[-1]["exit_code"] == 7


def test_accounts_that_are_as_wanted_are_left_alone(site: Site) -> None:
    site.accounts(3)
    site.live([click()], appid="wxa02")
    applied = site.apply()
    assert [account.outcome for account in applied.accounts] == ["done", "unchanged", "done"]
    assert site.writes == ["menu/create"] * 2
    kept = [line["account"] for line in site.journal() if line["event"] == "snapshot"]
    assert kept == ["a01", "a03"]


def test_a_snapshot_that_can_not_be_kept_stops_before_its_account(site: Site) -> None:
    site.accounts(2)

    def block(account: AccountPlan, _: StepResult, __: int) -> None:
        if account.ref.name == "a01":
            (site.state / "snapshots").rename(site.state / "elsewhere")
            (site.state / "snapshots").write_text("")

    applied = site.apply(progress=block)
    assert applied.outcome is Outcome.PARTIAL
    assert [account.outcome for account in applied.accounts] == ["done", "unchanged"]
    assert isinstance(applied.accounts[1].error, StateUnwritable)
    assert site.writes == ["menu/create"]


def test_an_account_that_somebody_wrote_between_is_left_alone(site: Site) -> None:
    """One that is as the plan wants it counts as done, the others are written."""
    site.accounts(2)
    plan = site.plan()
    site.live([click()], appid="wxa01")
    applied = site.apply(plan)
    assert [account.outcome for account in applied.accounts] == ["unchanged", "done"]


class MeetingApi:
    """Answers a read only once all reads that a test expects are under way."""

    def __init__(self, barrier: threading.Barrier) -> None:
        self._barrier = barrier

    def get_menu(self) -> Json | None:
        self._barrier.wait(20)
        return None

    def get_selfmenu(self) -> Json:
        self._barrier.wait(20)
        return {"is_menu_open": 1}

    def get_tags(self) -> tuple[TagCount, ...]:
        return ()


def test_accounts_are_read_side_by_side() -> None:
    """Eight accounts, two reads each, are all under way at one moment."""
    meeting = MeetingApi(threading.Barrier(16))
    with Reader(8) as reader:
        read = reader.read([meeting] * 8)
    assert read == [Answers(None, {"is_menu_open": 1})] * 8


def test_a_selfmenu_that_may_not_be_read_is_not_an_error(site: Site) -> None:
    site.live([click()])
    site.emulator.fail_next("get_current_selfmenu_info", Fault.errcode(48001))
    account = site.account_plan()
    assert account.live.console.value == "unreadable"
    assert account.status == "in_sync"


def test_a_selfmenu_that_fails_makes_the_account_unreadable(site: Site) -> None:
    site.emulator.fail_next("get_current_selfmenu_info", Fault.errcode(45009))
    (account,) = site.plan().accounts
    assert isinstance(account, UnreadableAccount)
    assert account.error.code == "45009"


# Tags


def named_tag(site: Site, tag: str) -> None:
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), tag=tag)]})


def test_a_tag_is_looked_up_in_each_account(site: Site) -> None:
    site.accounts(2)
    other = (Tag(333, "VIP"),)
    site.emulator.add_account(Account(appid="wxa09", secret=SECRET, tags=other))
    site.write(
        "menuops.yaml",
        {"accounts": {"a01": site.shop(appid="wxa01"), "a09": site.shop(appid="wxa09")}},
    )
    site.environ["MENUOPS_SECRET_A09"] = SECRET
    named_tag(site, "VIP")
    site.apply()
    assert site.now("wxa01")[1][0][0] == {"group_id": "100"}
    assert site.now("wxa09")[1][0][0] == {"group_id": "333"}


def test_a_tag_that_the_account_lacks_is_an_error_with_its_place(site: Site) -> None:
    named_tag(site, "VlP")
    with pytest.raises(InvalidFiles) as caught:
        site.plan()
    (finding,) = caught.value.findings
    assert (finding.rule, finding.line > 0) == ("unknown-tag", True)
    assert "did you mean VIP?" in finding.message
    named_tag(site, "完全不同的标签名字")
    with pytest.raises(InvalidFiles) as caught:
        site.apply()
    assert "create it, or mend the name" in caught.value.findings[0].message
    assert site.writes == []


def test_tags_that_can_not_be_read_make_the_account_unreadable(site: Site) -> None:
    named_tag(site, "VIP")
    site.emulator.fail_next("tags/get", Fault.errcode(48001))
    (account,) = site.plan().accounts
    assert isinstance(account, UnreadableAccount)
    assert "tag_id" in account.error.fix
    assert "48001" in account.error.code


def test_a_live_tag_whose_name_can_not_be_read_goes_by_its_id(site: Site) -> None:
    site.live([click()], conditional(view(), group_id="101"))
    site.emulator.fail_next("tags/get", Fault.errcode(48001))
    assert [guard.allow for guard in site.account_plan().guards] == ["remove-conditional:tag:101"]


def test_an_import_without_the_right_to_read_tags_writes_ids(site: Site) -> None:
    site.live([click()], conditional(view(), group_id="101"))
    site.emulator.fail_next("tags/get", Fault.errcode(48001))
    text = site.imported().text
    assert 'tag_id: "101"' in text
    site.menu(text)
    assert site.plan().outcome is Outcome.NO_CHANGES


# Import


def test_an_import_takes_one_account(site: Site) -> None:
    site.accounts(2)
    with pytest.raises(Usage) as caught:
        site.imported()
    assert "2 are chosen" in caught.value.message
    assert site.calls == []


def test_an_import_of_an_account_that_can_not_be_read_is_an_error(site: Site) -> None:
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, rights=False))
    with pytest.raises(CannotStart) as caught:
        site.imported()
    assert caught.value.code == "48001"


def test_imported_conditional_menus_are_named_after_their_rules(site: Site) -> None:
    site.live(
        [click()],
        conditional(view(), group_id="100", client_platform_type="1"),
        conditional(view("乙"), group_id="100", client_platform_type="1"),
        conditional(view(), group_id="101"),
        conditional(view(), client_platform_type="2"),
    )
    text = site.imported().text
    ids = [line.split(": ")[1] for line in text.splitlines() if line.startswith("  - id: ")]
    assert ids == ["vip-ios", "vip-ios-2", "春季", "android"]
    site.menu(text)
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_a_tag_called_default_does_not_name_the_default_menu(site: Site) -> None:
    tags = (Tag(7, "default"), Tag(8, "!!!"))
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, tags=tags))
    site.live([click()], conditional(view(), group_id="7"), conditional(view(), group_id="8"))
    text = site.imported().text
    assert "- id: default-menu\n" in text
    assert "- id: menu\n" in text
    site.menu(text)
    assert site.plan().outcome is Outcome.NO_CHANGES


# Projects


def test_a_directory_without_a_project_says_how_to_give_one(site: Site) -> None:
    (site.root / "menuops.yaml").unlink()
    with pytest.raises(Usage) as caught:
        site.plan()
    assert str(site.root) in caught.value.message
    with pytest.raises(Usage) as caught:
        site.plan(menu=site.root / "menus/shop.yaml")
    assert "MENUOPS_APPID" in caught.value.message


def test_one_account_can_be_given_without_a_project_file(site: Site) -> None:
    (site.root / "menuops.yaml").unlink()
    site.environ.update(MENUOPS_APPID=APPID, MENUOPS_SECRET=SECRET)
    applied = site.apply(menu=site.root / "menus/shop.yaml")
    assert applied.outcome is Outcome.DONE
    assert applied.accounts[0].name == APPID


def test_a_project_file_that_is_named_counts_though_a_menu_is_too(site: Site) -> None:
    plan = site.plan(config=site.root / "menuops.yaml", menu=site.root / "other.yaml")
    assert plan.accounts[0].ref.name == "shop"


def test_files_outside_the_directory_are_shown_by_their_whole_path(
    site: Site, tmp_path: Path
) -> None:
    outside = tmp_path / "menu.yaml"
    outside.write_text("button: []\n")
    found = validate(site.settings(), site.world, [outside])
    assert {finding.file for finding in found.findings} == {str(outside)}


def test_validate_reads_all_files_of_a_project(site: Site) -> None:
    site.accounts(3)
    found = validate(site.settings(), site.world, [])
    assert (found.outcome, found.files) == (Outcome.VALID, 2)
    site.write("menuops.yaml", "accounts: 3\n")
    found = validate(site.settings(), site.world, [])
    assert (found.outcome, found.files) == (Outcome.INVALID, 1)
    assert site.calls == []


def test_validate_checks_a_file_once_for_each_account_that_uses_it(site: Site) -> None:
    site.write(
        "menuops.yaml",
        {
            "accounts": {
                "shop": site.shop(vars={"base": "https://a.example"}),
                "head": site.shop(appid="wxhead"),
            }
        },
    )
    menu = site.menu({"button": [view(url="${base}/")]})
    project = site.root / "menuops.yaml"
    for files in ([], [menu], [menu, project]):
        found = validate(site.settings(), site.world, files)
        assert [finding.rule for finding in found.findings] == ["unknown-variable"]
    found = validate(site.settings(accounts=("shop",)), site.world, [menu])
    assert found.outcome is Outcome.VALID
    found = validate(site.settings(accounts=("shop",)), site.world, [])
    assert found.outcome is Outcome.VALID


def test_validate_takes_a_file_that_no_account_uses(site: Site) -> None:
    stray = site.menu({"button": [view(url="https://a.example/${account}/${appid}")]}, "stray")
    assert validate(site.settings(), site.world, [stray]).outcome is Outcome.VALID
    (site.root / "menuops.yaml").unlink()
    assert validate(site.settings(), site.world, [stray]).outcome is Outcome.VALID
    site.write("menuops.yaml", "accounts: 3\n")
    assert validate(site.settings(), site.world, [stray]).outcome is Outcome.INVALID


def test_tokens_are_reported_without_a_call(site: Site) -> None:
    site.write(
        "menuops.yaml",
        {"accounts": {"shop": site.shop(), "demo": site.shop(appid="wxdemo", api="emulator")}},
    )
    shop, demo = report_tokens(site.settings(), site.world)
    assert shop.status is not None
    assert (shop.status.present, demo.status) == (False, None)
    assert site.calls == []
    site.plan(accounts=("shop",))
    (shop,) = report_tokens(site.settings(accounts=("shop",)), site.world)
    assert shop.status is not None
    assert shop.status.fresh


# The embedded emulator


def test_an_embedded_emulator_remembers_its_menus(site: Site) -> None:
    site.write(
        "menuops.yaml",
        {
            "accounts": {
                "demo": site.shop(appid="wxdemo", api="emulator"),
                "shop": site.shop(),
            }
        },
    )
    assert site.apply(accounts=("demo",)).outcome is Outcome.DONE
    assert site.plan(accounts=("demo",)).outcome is Outcome.NO_CHANGES
    assert site.calls == []
    assert (site.state / "emulator.json").stat().st_mode & 0o077 == 0


def test_an_embedded_emulator_that_can_not_start_is_an_error(site: Site) -> None:
    site.project(api="emulator")
    (site.home / "state").mkdir()
    site.state.mkdir()
    (site.state / "emulator.json").write_text("no state")
    with pytest.raises(CannotStart) as caught:
        site.plan()
    assert caught.value.code == "emulator"
    assert "emulator.json" in caught.value.fix


def test_tokens_are_kept_in_memory_where_the_project_says_so(site: Site) -> None:
    site.write("menuops.yaml", {"accounts": {"shop": site.shop()}, "token_store": "memory"})
    site.plan()
    site.plan()
    assert site.calls.count("stable_token") == 2
    assert not (site.home / "cache").exists()
