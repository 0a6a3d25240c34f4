"""Going back: to before a run, to a file, to what a plan saw; and what can't come back."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from menuops.emulator import Fault
from tests.site import APPID, Ended, Site, click, conditional, payload, view

THEIRS = {"button": [{"name": "他们的", "type": "text", "value": "您好"}, view("店铺")]}
IOS = {"client_platform_type": "1"}
ANDROID = {"client_platform_type": "2"}


def typed(site: Site, text: str, word: str, *more: str) -> Ended:
    """Run the command that stands behind a word of a text, exactly as it is printed."""
    (line,) = [line for line in text.splitlines() if line.strip().startswith(f"{word} ")]
    program, *words = shlex.split(line.strip().removeprefix(word))
    assert program == "menuops"
    return site.run(*words, *more)


def names(site: Site, appid: str = APPID) -> Any:
    """The names of the default menu's entries, and of each conditional menu's, by rule."""
    default, conditionals = site.now(appid)
    return (
        None if default is None else [entry["name"] for entry in default],
        [[entry["name"] for entry in entries] for _, entries in conditionals],
    )


@pytest.fixture
def changed(site: Site) -> Any:
    """What is live before the one change that was applied."""
    site.live(
        [view()], conditional(view("甲"), **IOS, group_id="101"), conditional(view("乙"), **ANDROID)
    )
    before = names(site)
    site.menu({"button": [click()], "conditionalmenu": [conditional(click("丙"), **IOS)]})
    return before


def apply_and_undo(site: Site) -> tuple[Ended, Ended]:
    applied = site.run("apply", "--yes", "--allow", "remove-conditional")
    assert applied.code == 0, applied.said
    return applied, typed(site, applied.out, "Undo", "--yes")


def test_the_undo_that_a_run_prints_brings_back_what_was_in_its_order(
    site: Site, changed: Any
) -> None:
    _, undone = apply_and_undo(site)
    assert undone.code == 0, undone.said
    assert names(site) == changed
    assert site.journal()[0]["command"] == "restore"


def test_a_restore_tells_that_the_files_are_as_before(site: Site, changed: Any) -> None:
    _, undone = apply_and_undo(site)
    assert "differ from what is live now" in undone.err
    command = undone.err[undone.err.index("See it: ") + 8 :].splitlines()[0]
    planned = site.run(*shlex.split(command)[1:], "--detailed-exitcode", "--allow", "x")
    assert planned.code == 64
    planned = site.run(*shlex.split(command)[1:])
    assert planned.code == 4
    assert "1 account to change" in planned.out
    assert changed == names(site)


def test_a_restore_after_the_files_were_reverted_says_that_they_are_the_same(site: Site) -> None:
    site.live([view()])
    site.run("apply", "--yes")
    site.menu({"button": [view()]})
    undone = site.run("restore", site.runs[-1].name, "--yes")
    assert undone.code == 0
    assert "The files say the same" in undone.err


def test_a_restore_can_be_undone_too(site: Site, changed: Any) -> None:
    site.run("apply", "--yes", "--allow", "remove-conditional")
    after = names(site)
    _, undone = typed(site, site.run("history").out, "Undo", "--yes"), None
    assert undone is None
    assert names(site) == changed
    last = site.run("history", "--last", "1").out
    assert typed(site, last, "Undo", "--yes").code == 0
    assert names(site) == after


def test_what_was_applied_last_is_known_after_a_restore(site: Site, changed: Any) -> None:
    """Else the guard over changes by others would stop the next plan, or miss them."""
    apply_and_undo(site)
    guards = site.account_plan("remove-conditional").guards
    assert {guard.guard for guard in guards} == {"remove-conditional"}
    site.live([view("同事改的")])
    guards = site.account_plan("remove-conditional").guards
    assert "live-changed" in {guard.guard for guard in guards}
    assert changed is not None


def test_a_restore_to_no_menu_takes_a_guard_and_one_call(site: Site) -> None:
    site.no_menu()
    applied = site.run("apply", "--yes")
    run = site.runs[-1].name
    refused = site.run("restore", f"{run}/shop", "--yes")
    assert (refused.code, site.writes) == (4, ["menu/create"]), refused.said
    assert "--allow delete-all" in refused.err
    undone = typed(site, applied.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert site.writes == ["menu/create", "menu/delete"]
    assert names(site) == (None, [])
    assert site.snapshot()["menu"] is not None


def test_undoing_a_run_over_many_accounts_lifts_the_guard_over_them(site: Site) -> None:
    """As printed, by the run and by the history; for one account of them nothing needs lifting."""
    site.accounts(3, max_accounts=2)
    site.menu({"button": [click()]})
    for name in ("a01", "a02", "a03"):
        site.live([view()], appid=f"wx{name}")
    applied = site.run("apply", "--yes", "--allow", "many-accounts")
    assert applied.code == 0, applied.said
    run = site.runs[-1].name
    assert f"menuops restore {run} --allow many-accounts\n" in site.run("history").out
    undone = typed(site, applied.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert names(site, "wxa03") == (["首页"], [])


def test_a_restore_of_many_accounts_names_no_hundred_commands(site: Site) -> None:
    listed = site.accounts(22, max_accounts=30)
    site.menu({"button": [click()]})
    for name in listed:
        site.live([view()], appid=f"wx{name}")
    undone = typed(site, site.run("apply", "--yes").out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert undone.err.count("menuops import -a") == 20
    assert "and so for 2 more accounts" in undone.err


def test_nothing_is_left_to_do_where_it_is_live_already(site: Site, changed: Any) -> None:
    apply_and_undo(site)
    run = site.runs[0].name
    with site.counting() as calls:
        again = site.run("restore", run, "--yes", "--format", "json")
    assert (again.code, again.json["outcome"]) == (0, "no_changes")
    assert [call for call in calls if call.startswith("menu/") and call != "menu/get"] == []
    assert names(site) == changed


def test_what_the_console_made_is_listed_and_the_rest_comes_back(site: Site) -> None:
    site.emulator.put_console(APPID, THEIRS)
    applied = site.run("apply", "--yes", "--allow", "console-menu")
    assert applied.code == 0, applied.said
    undone = typed(site, applied.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert "! 他们的 (text) of default: the API can't make it" in undone.out
    assert "公众号后台) made the default menu" in undone.out
    assert undone.out.index("他们的 (text)") < undone.out.index("Calls")
    assert names(site) == (["店铺"], [])


def test_what_can_not_come_back_at_all_is_refused(site: Site) -> None:
    site.emulator.put_console(APPID, {"button": THEIRS["button"][:1]})
    applied = site.run("apply", "--yes", "--allow", "console-menu")
    undone = typed(site, applied.out, "Undo", "--yes", "--format", "json")
    assert (undone.code, undone.json["error"]["code"]) == (7, "nothing_to_restore")
    assert "他们的" in undone.json["error"]["message"]
    assert site.writes == ["menu/create"]


def test_a_menu_that_was_switched_off_comes_back_in_force_and_says_so(site: Site) -> None:
    site.live([view()])
    site.emulator.close_menu(APPID)
    applied = site.run("apply", "--yes", "--allow", "console-menu")
    undone = typed(site, applied.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert "switched the menu off (停用)" in undone.out
    assert names(site) == (["首页"], [])


def test_dead_menus_are_listed_and_stay_in_the_snapshot(site: Site) -> None:
    site.emulator.put_live(APPID, payload("menu-get-with-conditional"))
    plan = site.account_plan("remove-conditional", "remove-dead")
    assert plan.live.dead
    applied = site.run("apply", "--yes", "--allow", "remove-conditional", "--allow", "remove-dead")
    assert applied.code == 0, applied.said
    undone = typed(site, applied.out, "Undo", "--yes", "--allow", "domain-limit")
    assert "which matched nobody" in undone.out
    (dead, *_) = plan.live.dead
    assert dead.menuid in json.dumps(site.snapshot()) or "dead conditional menu" in undone.out


def test_a_tag_that_is_gone_takes_its_menu_with_it(site: Site) -> None:
    site.live([view()], conditional(view("甲"), group_id="999"))
    applied = site.run("apply", "--yes", "--allow", "remove-conditional")
    undone = typed(site, applied.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert "tag:999: the account has no such tag any more" in undone.out
    assert names(site) == (["首页"], [])


# Where it comes from


def test_a_plan_brings_back_what_it_saw(site: Site, changed: Any) -> None:
    site.run("plan", "--allow", "remove-conditional", "--out", "plan.json")
    assert site.run("apply", "plan.json").code == 0
    undone = site.run("restore", "--plan", "plan.json", "--yes", "--allow", "remove-conditional")
    assert undone.code == 0, undone.said
    assert names(site) == changed


def test_a_file_of_answers_is_a_snapshot(site: Site, changed: Any) -> None:
    assert site.run("import", "--raw", "--out", "before.json").code == 0
    site.run("apply", "--yes", "--allow", "remove-conditional")
    kept = next((site.state / "snapshots").iterdir())
    for file in ("before.json", str(kept)):
        undone = site.run("restore", file, "--yes", "--allow", "remove-conditional")
        assert undone.code == 0, undone.said
        assert names(site) == changed
        site.run("apply", "--yes", "--allow", "remove-conditional")


def test_a_snapshot_is_read_by_plan_and_import_too(site: Site, changed: Any) -> None:
    site.run("apply", "--yes", "--allow", "remove-conditional")
    kept = str(next((site.state / "snapshots").iterdir()))
    assert site.run("plan", "--live", kept, "--allow", "remove-conditional").code == 0
    imported = site.run("import", "--from", kept)
    assert imported.code == 0, imported.said
    assert "乙" in imported.out
    assert changed[1] == [["甲"], ["乙"]]


def test_all_accounts_of_a_run_go_back_at_once(site: Site) -> None:
    accounts = site.accounts(3)
    for name in accounts:
        site.live([view(name)], appid=f"wx{name}")
    applied = site.run("apply", "--yes")
    run = site.runs[-1].name
    assert f"Undo    menuops restore {run}\n" in applied.out
    undone = typed(site, applied.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert [names(site, f"wx{name}")[0] for name in accounts] == [[name] for name in accounts]
    some = site.run("restore", site.runs[-1].name, "-a", "a02", "--yes")
    assert some.code == 0
    assert [names(site, f"wx{name}")[0] for name in accounts] == [["a01"], ["帮助"], ["a03"]]


def test_a_plan_that_goes_back_is_saved_shown_and_applied(site: Site, changed: Any) -> None:
    site.run("apply", "--yes", "--allow", "remove-conditional")
    run = site.runs[-1].name
    words = ("restore", run, "--out", "back.json", "--allow", "remove-conditional")
    saved = site.run(*words)
    assert saved.code == 0, saved.said
    assert saved.out.splitlines()[-1] == "To make this change: menuops apply back.json"
    writes = len(site.writes)
    assert site.run("show", "back.json").code == 0
    assert len(site.writes) == writes
    assert site.run("apply", "back.json").code == 0
    assert names(site) == changed


def saved_back(site: Site, *more: str) -> tuple[str, str]:
    """Save a plan that goes back; its run, and the command that made it."""
    site.run("apply", "--yes", "--allow", "remove-conditional")
    run = site.runs[-1].name
    words = (f"{run}/shop", "--allow", "remove-conditional:ios", *more, "--out", "back.json")
    saved = site.run("restore", *words)
    assert saved.code == 0, saved.said
    return run, f"menuops restore {shlex.join(words)}"


@pytest.mark.usefixtures("changed")
def test_a_saved_plan_that_goes_back_is_made_anew_by_the_same_restore(site: Site) -> None:
    """Stale, used or expired: a plan of the files would be another change."""
    _, again = saved_back(site, "--delete-first")
    site.live([view("同事改的")])
    stale = site.run("apply", "back.json")
    assert (stale.code, stale.err.count(f"make a new plan: {again}\n")) == (5, 1), stale.err
    assert site.run(*shlex.split(again)[1:], "--allow", "live-changed").code == 0
    assert site.run("apply", "back.json").code == 0
    again = again.replace("remove-conditional:ios", "live-changed")
    site.live([view("又改了")])
    used = site.run("apply", "back.json")
    assert (used.code, f"make a new plan: {again}" in used.err) == (5, True), used.err
    assert again in site.run("show", "back.json").out


@pytest.mark.usefixtures("changed")
def test_a_plan_that_goes_back_says_so_and_nothing_of_files(site: Site) -> None:
    run, _ = saved_back(site)
    shown = site.run("show", "back.json").out
    assert f", back to {run}/shop" in shown.splitlines()[0]
    assert "yours" not in shown
    assert "the file" not in shown
    asked = site.run("restore", f"{run}/shop", "--allow", "remove-conditional")
    assert "yours" not in asked.out
    assert f"Live is as run {run} left it" in asked.out
    changes = json.loads((site.root / "back.json").read_text())["accounts"][0]["changes"]
    assert changes
    assert not any("origin" in change for change in changes)


@pytest.mark.usefixtures("changed")
def test_a_saved_plan_of_a_plan_is_made_anew_by_the_same_restore(site: Site) -> None:
    site.run("plan", "--allow", "remove-conditional", "--out", "forth.json")
    site.run("apply", "forth.json")
    words = ("--plan", "forth.json", "--allow", "remove-conditional:ios", "--out", "back.json")
    assert site.run("restore", *words).code == 0
    site.live([view("同事改的")])
    stale = site.run("apply", "back.json")
    again = f"menuops restore --plan forth.json -a shop {shlex.join(words[2:])}"
    assert again in stale.err
    assert site.run(*shlex.split(again)[1:], "--allow", "live-changed").code == 0


@pytest.mark.usefixtures("changed")
def test_a_restore_that_is_not_what_was_approved_names_itself(site: Site) -> None:
    site.run("apply", "--yes", "--allow", "remove-conditional")
    words = (f"{site.runs[-1].name}/shop", "--allow", "remove-conditional")
    other = site.run("restore", *words, "--expect", "0" * 64)
    assert other.code == 5
    assert f"approve its digest: menuops restore {shlex.join(words)}\n" in other.err


# Approval, and what stops it


def test_a_restore_is_approved_like_any_plan(site: Site, changed: Any) -> None:
    site.run("apply", "--yes", "--allow", "remove-conditional")
    run, writes = site.runs[-1].name, len(site.writes)
    lift = ("--allow", "remove-conditional")
    asked = site.run("restore", run, *lift)
    assert (asked.code, len(site.writes)) == (9, writes)
    other = site.run("restore", run, *lift, "--expect", "0" * 64, "--format", "json")
    assert (other.code, other.json["error"]["code"]) == (5, "another_digest")
    site.run("restore", run, *lift, "--out", "back.json")
    digest = json.loads((site.root / "back.json").read_text(encoding="utf-8"))["digest"]
    assert site.run("restore", run, *lift, "--expect", digest).code == 0
    assert names(site) == changed


def test_a_guard_names_the_restore_that_lifts_it(site: Site, changed: Any) -> None:
    site.run("apply", "--yes", "--allow", "remove-conditional")
    refused = site.run("restore", site.runs[-1].name, "--yes")
    assert refused.code == 4
    assert "Refused by a guard" in refused.out
    again = refused.err[refused.err.index("if it is meant: ") + 16 :].strip()
    assert site.run(*shlex.split(again)[1:]).code == 0
    assert names(site) == changed


def test_a_failure_in_the_middle_of_a_restore_can_be_finished(site: Site, changed: Any) -> None:
    applied = site.run("apply", "--yes", "--allow", "remove-conditional")
    site.emulator.fail_next("menu/addconditional", Fault.errcode(40018), after=1)
    half = typed(site, applied.out, "Undo", "--yes")
    assert half.code == 6, half.said
    finished = typed(site, half.out, "Finish")
    assert finished.code == 0, finished.said
    assert names(site) == changed


def test_a_snapshot_that_is_not_known_is_a_slip(site: Site) -> None:
    site.run("apply", "--yes")
    run = site.runs[-1].name
    for snapshot in ("nothing", "20200101T000000Z-0000/shop", f"{run}/laden", "../x/shop"):
        ended = site.run("restore", snapshot, "--yes", "--format", "json")
        assert (ended.code, ended.json["error"]["code"]) == (64, "usage"), snapshot
        assert "menuops history" in ended.json["error"]["fix"]
    assert site.run("restore", "--yes").code == 64
    assert site.run("restore", run, "--plan", "x").code == 64
    assert site.writes == ["menu/create"]


def test_a_snapshot_of_another_project_is_refused(site: Site) -> None:
    site.run("apply", "--yes")
    run = site.runs[-1].name
    site.write("menuops.yaml", {"accounts": {"o": {"appid": "wxo", "menu": "menus/shop.yaml"}}})
    ended = site.run("restore", run, "--yes", "--format", "json")
    assert (ended.code, ended.json["error"]["code"]) == (7, "foreign_snapshot")


@pytest.mark.parametrize("mode", ["watch", "paused"])
def test_an_account_that_is_not_written_to_is_not_restored(site: Site, mode: str) -> None:
    site.live([view()])
    site.run("apply", "--yes")
    site.project(mode=mode)
    ended = site.run("restore", site.runs[-1].name, "--yes")
    assert (ended.code, site.writes) == (64, ["menu/create"])


def test_a_protected_account_is_restored_where_it_is_named(site: Site) -> None:
    site.live([view()])
    site.project(protected=True)
    site.run("plan", "-a", "shop", "--out", "plan.json")
    site.run("apply", "plan.json")
    assert site.run("restore", "--plan", "plan.json", "--yes").code == 64
    assert site.run("restore", "--plan", "plan.json", "-a", "s*", "--yes").code == 64
    assert names(site) == (["帮助"], [])
    assert site.run("restore", "--plan", "plan.json", "-a", "shop", "--yes").code == 0
    assert names(site) == (["首页"], [])


def test_a_damaged_snapshot_is_never_written(site: Site) -> None:
    site.live([view()])
    site.run("apply", "--yes")
    (path,) = (site.state / "snapshots").iterdir()
    path.write_text(path.read_text(encoding="utf-8").replace("首页", "尾页"), encoding="utf-8")
    ended = site.run("restore", site.runs[-1].name, "--yes", "--format", "json")
    assert (ended.code, ended.json["error"]["code"]) == (7, "snapshot_lost")
    assert site.writes == ["menu/create"]


def test_a_plan_that_leaves_no_menu_is_saved_and_applied_too(site: Site) -> None:
    site.no_menu()
    site.run("apply", "--yes")
    run = site.runs[-1].name
    refused = site.run("restore", run, "--out", "none.json")
    assert refused.code == 4
    again = refused.out.splitlines()[-1].removeprefix("Refused by a guard. If it is meant: ")
    assert site.run(*shlex.split(again)[1:]).code == 0
    assert site.run("show", "none.json").code == 0
    document = site.run("show", "none.json", "--format", "json").json
    assert [step["call"] for step in document["accounts"][0]["steps"]] == ["menu/delete"]
    applied = site.run("apply", "none.json")
    assert applied.code == 0, applied.said
    assert names(site) == (None, [])
