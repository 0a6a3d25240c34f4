"""`menuops drift` against an emulated WeChat: who moved, and that nothing is written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from menuops.emulator import Account, Fault
from menuops.render.terminal import cells
from tests.site import APPID, SECRET, WRITES, Ended, Json, Site, click, conditional, payload, view

MENU = [click(), view()]
COMMAND = re.compile(r"^  [A-Z][\w ]+  (menuops .+)$", re.MULTILINE)


def files(root: Path) -> dict[str, bytes]:
    """Read all but the locks: whoever fetches a token takes one."""
    return {
        str(path): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.parent.name != "locks"
    }


def drift(site: Site, *arguments: str) -> Ended:
    """Run it, and hold it to writing nothing: not to WeChat, no state, no file."""
    state, root = files(site.state), files(site.root)
    with site.counting() as calls:
        ended = site.run("drift", *arguments)
    assert [call for call in calls if call in WRITES] == []
    assert (files(site.state), files(site.root)) == (state, root)
    return ended


def account(site: Site, *arguments: str) -> Json:
    ended = drift(site, *arguments, "--format", "json")
    (one,) = ended.json["accounts"]
    assert ended.code == (2 if one["status"] in ("drift", "both", "unknown_past") else 0)
    assert isinstance(one, dict)
    return one


def applied(site: Site, *button: Json) -> None:
    site.menu({"button": list(button) or MENU})
    assert site.run("apply", "--yes").code == 0


def git(site: Site, *arguments: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=site.root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project whose first commit wants MENU."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    site.menu({"button": MENU})
    git(site, "init", "-q")
    git(site, "add", ".")
    git(site, "commit", "-qm", "Start")
    return site


# Each way to stand


def test_as_it_was_applied_it_is_in_sync(site: Site) -> None:
    applied(site)
    ended = drift(site)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("No drift. The accounts are as the files say.\n")
    document = drift(site, "--format", "json").json
    assert list(document) == sorted(document)
    assert (document["format_version"], document["outcome"]) == ("1", "in_sync")
    assert document["accounts"][0]["past"]["source"] == "applied"


def test_a_colleague_who_moved_live_is_drift(site: Site) -> None:
    applied(site)
    site.live([click("帮助中心"), view()])
    one = account(site)
    assert (one["status"], one["file_changes"], one["console"]) == ("drift", [], "none")
    assert [(change["at"], change["menu"]) for change in one["live_changes"]] == [("1", "default")]
    ended = drift(site)
    assert f"live moved since run {one['past']['revision']}, and the files didn't" in ended.out
    assert ended.out.endswith("Drift (线上改动) on 1 account. Nothing was written.\n")


def test_files_that_moved_are_no_drift(site: Site) -> None:
    applied(site)
    site.menu({"button": [click("帮助中心"), view()]})
    one = account(site)
    assert (one["status"], one["live_changes"]) == ("pending", [])
    assert [{**change, "origin": "yours"} for change in one["file_changes"]] == one["differences"]
    assert len(one["differences"]) == 1
    ended = drift(site)
    assert ended.code == 0
    assert ended.out.endswith(
        "No drift: live is as last applied; the files of 1 account moved since.\n"
    )


def test_both_that_moved_meet(site: Site) -> None:
    applied(site)
    site.live([click("帮助中心"), view()])
    site.menu({"button": [click("客服"), view()]})
    one = account(site)
    assert one["status"] == "both"
    assert one["meetings"] == [{"menu": "default", "at": "1", "name": "帮助", "alike": False}]
    assert "both moved 1 帮助 of the default menu, each in its own way" in drift(site).out


def test_without_a_past_it_is_not_said_who_moved(site: Site) -> None:
    site.live([click("帮助中心"), view()])
    site.menu({"button": MENU})
    one = account(site)
    assert (one["status"], one["past"]) == ("unknown_past", None)
    assert (one["live_changes"], one["file_changes"]) == ([], [])
    assert one["differences"] != []
    ended = drift(site)
    assert "who moved can't be told" in ended.out
    assert "moved since" not in ended.out
    assert "Drift (" not in ended.out


def test_live_that_is_as_the_files_say_needs_no_past(site: Site) -> None:
    site.live(MENU)
    site.menu({"button": MENU})
    assert account(site)["status"] == "in_sync"


# The console


def test_a_menu_that_the_console_published_is_drift(site: Site) -> None:
    applied(site)
    site.emulator.put_console(APPID, payload("selfmenu-console")["selfmenu_info"])
    one = account(site)
    assert (one["status"], one["console"]) == ("drift", "overrides")
    assert one["live_changes"] != []
    assert "the API can't make" in drift(site).out


def test_a_menu_that_the_console_made_is_drift_though_it_looks_the_same(site: Site) -> None:
    applied(site)
    site.no_menu()
    site.emulator.put_console(APPID, {"button": MENU})
    one = account(site)
    assert (one["status"], one["console"], one["live_changes"]) == ("drift", "made", [])


def test_a_menu_that_the_console_switched_off_is_drift(site: Site) -> None:
    applied(site)
    site.emulator.close_menu(APPID)
    assert (account(site)["status"], account(site)["console"]) == ("drift", "closed")
    assert "switched off (停用)" in drift(site).out
    site.emulator.open_menu(APPID)
    assert account(site)["status"] == "in_sync"


def test_a_console_that_can_not_be_read_is_said_so(site: Site) -> None:
    applied(site)
    site.emulator.fail_next("get_current_selfmenu_info", Fault.errcode(48001), times=2)
    assert account(site)["console"] == "unreadable"
    assert "would not be seen here" in drift(site).out


def test_dead_menus_are_shown_and_no_drift(site: Site) -> None:
    applied(site)
    site.live(MENU, conditional(click(), group_id="2", sex="1"))
    one = account(site)
    assert (one["status"], len(one["dead"])) == ("in_sync", 1)
    assert "matches nobody" in drift(site).out


def test_tags_have_their_names(site: Site) -> None:
    applied(site)
    site.live(MENU, conditional(view(), group_id="100"))
    assert [change["menu"] for change in account(site)["live_changes"]] == ["tag:VIP"]


# The past out of Git


def test_the_files_at_a_commit_tell_who_moved(checkout: Site) -> None:
    checkout.live([click("帮助中心"), view()])
    one = account(checkout, "--base", "HEAD")
    commit = git(checkout, "rev-parse", "HEAD")
    assert (one["status"], one["past"]) == ("drift", {"source": "commit", "revision": commit})
    assert f"since the files at {commit[:10]}" in drift(checkout, "--base", "HEAD").out
    checkout.live(MENU)
    checkout.menu({"button": [view()]})
    assert account(checkout, "--base", "HEAD")["status"] == "pending"


def test_a_commit_that_is_named_counts_more_than_what_was_applied(checkout: Site) -> None:
    applied(checkout, view())
    assert account(checkout)["status"] == "in_sync"
    checkout.menu({"button": [click()]})
    assert account(checkout)["past"]["source"] == "applied"
    assert account(checkout, "--base", "HEAD")["past"]["source"] == "commit"


def test_a_commit_that_has_not_the_account_tells_nothing(checkout: Site) -> None:
    git(checkout, "rm", "-qr", "--cached", ".")
    git(checkout, "commit", "-qm", "Empty")
    checkout.live([view()])
    one = account(checkout, "--base", "HEAD")
    assert (one["status"], one["past"]) == ("unknown_past", None)


def test_a_commit_that_is_none_is_64(checkout: Site) -> None:
    ended = drift(checkout, "--base", "nothing")
    assert (ended.code, "--base 'nothing' is no commit" in ended.err) == (64, True)


# Which accounts, and how it ends


def test_a_watched_account_is_told_of_and_a_paused_one_is_not(site: Site) -> None:
    site.live([view()])
    site.menu({"button": MENU})
    site.write(
        "menuops.yaml",
        {
            "accounts": {
                "shop": site.shop(mode="watch"),
                "off": {"appid": "wxoff", "menu": "menus/shop.yaml", "mode": "paused"},
            }
        },
    )
    one = account(site)
    assert (one["name"], one["mode"], one["status"]) == ("shop", "watch", "unknown_past")
    text = drift(site).out
    assert "mode: watch" in text
    assert "--allow" not in text


def test_an_unreadable_account_is_7_and_the_others_are_shown(site: Site) -> None:
    first, second, third = site.accounts(3)
    assert site.run("apply", "--yes").code == 0
    site.live([view()], appid=f"wx{second}")
    site.environ[f"MENUOPS_SECRET_{third.upper()}"] = "wrong" * 6
    for path in (site.home / "cache").rglob("*"):  # its token would still do
        if path.is_file():
            path.unlink()
    ended = drift(site, "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (7, "error")
    assert ended.json["error"]["message"].startswith("1 of 3 accounts can't be read")
    statuses = {one["name"]: one["status"] for one in ended.json["accounts"]}
    assert statuses == {first: "in_sync", second: "drift", third: "unreadable"}
    text = drift(site)
    assert text.code == 7
    assert text.out.endswith(
        "Drift (线上改动) on 1 account. 1 account can't be read. Nothing was written.\n"
    )


def test_invalid_files_are_3_and_nobody_is_asked(site: Site) -> None:
    site.menu({"button": []})
    with site.counting() as calls:
        assert drift(site).code == 3
    assert calls == []


def test_equal_drift_stands_together(site: Site) -> None:
    names = site.accounts(25)
    assert site.run("apply", "--yes", "--allow", "many-accounts").code == 0
    for name in names[:3]:
        site.live([view()], appid=f"wx{name}")
    ended = drift(site)
    assert ended.code == 2
    assert "3 accounts: a01, a02, a03\n" in ended.out
    assert ended.out.count("What moved on live") == 1
    assert "\n22 accounts in sync\n" in ended.out
    assert "25 accounts: 3 drifted, 22 in sync\n" in ended.out


def test_a_schedule_that_went_on_is_no_drift(site: Site) -> None:
    site.write("menus/sale.yaml", {"button": [view("大促", "https://shop.example.com/sale")]})
    site.write("menus/shop.yaml", {"button": MENU})
    sale = {"from": "2030-11-11T00:00+08:00", "menu": "menus/sale.yaml"}
    site.project(menu=[sale, {"menu": "menus/shop.yaml"}])
    assert site.run("apply", "--yes").code == 0
    assert account(site)["status"] == "in_sync"
    assert account(site, "--at", "2030-11-12T00:00+08:00")["status"] == "pending"


def test_two_requests_an_account_and_no_more(site: Site) -> None:
    applied(site)
    with site.counting() as calls:
        drift(site)
    assert sorted(calls) == ["get_current_selfmenu_info", "menu/get"]


# What is printed


def test_markdown_goes_to_stdout(site: Site) -> None:
    applied(site)
    site.live([click("|`<b>`@all"), view()])
    ended = drift(site, "--format", "markdown")
    assert (ended.code, ended.err) == (2, "")
    assert ended.out.startswith("## menuops drift")
    assert "<b>" not in ended.out
    assert "@all" not in ended.out


@pytest.mark.parametrize("columns", [100, 60])
def test_the_text_fits_the_terminal(site: Site, columns: int) -> None:
    applied(site)
    site.live([click("很长的名字很长的名字", "K" * 100), view()])
    ended = site.run("drift", environ={"COLUMNS": str(columns)})
    lines = [line for line in ended.out.splitlines() if not COMMAND.match(line)]
    assert max(map(cells, lines)) <= columns


def standing_otherwise(site: Site) -> Iterator[str]:
    """Put the site into each state in which something is to be typed."""
    applied(site)
    site.live([click("帮助中心"), view()], conditional(view(), group_id="101"))
    yield "drift"
    site.menu({"button": [click("客服"), view()]})
    yield "both"
    site.emulator.put_console(APPID, {"button": [view("网页")]})
    yield "both"
    site.emulator.close_menu(APPID)
    yield "both"
    site.no_menu()
    yield "both"
    site.emulator.put_console(APPID, None)
    site.live(MENU)
    site.menu({"button": [view()]})
    yield "pending"
    site.live([click()])
    for kept in (site.state / "applied").iterdir():
        kept.unlink()
    yield "unknown_past"


def test_every_command_that_is_printed_works_as_it_is_printed(site: Site) -> None:
    tried = set()
    for status in standing_otherwise(site):
        assert account(site)["status"] == status
        for printed in COMMAND.findall(drift(site).out):
            program, name, *words = shlex.split(printed)
            if "REV" in words:
                continue
            ended = site.run(name, *words, *(["--yes"] if name == "apply" else []))
            # A plan is shown also where a guard stops it.
            codes = {0, 4} if name == "plan" and "--allow" not in words else {0}
            assert program == "menuops"
            assert ended.code in codes, (printed, ended.said)
            tried.add(name)
            if name == "import":
                (site.root / "live-shop.yaml").unlink()
    assert tried == {"plan", "import", "apply"}


def test_what_takes_it_back_and_what_keeps_it_reach_their_goal(site: Site) -> None:
    applied(site)
    for keeping in (True, False):
        site.live([click("帮助中心"), view()], conditional(view(), group_id="101"))
        printed = dict(re.findall(r"^  ([A-Z][\w ]+?)  +menuops (.+)$", drift(site).out, re.M))
        if keeping:
            assert site.run(*shlex.split(printed["Keep theirs"])).code == 0
            site.menu((site.root / "live-shop.yaml").read_bytes())
        else:
            _, *words = shlex.split(printed["Take it back"])
            assert site.run("apply", "--yes", *words).code == 0
        assert account(site)["status"] == "in_sync"
        site.menu({"button": MENU})


def test_commands_have_the_options_that_were_typed(site: Site) -> None:
    site.live([view()])
    elsewhere = site.root.parent
    ended = site.run("drift", "-C", str(site.root), "--var", "x=y z", "-a", "sh*")
    assert f"menuops plan -C {shlex.quote(str(site.root))} -a shop --var 'x=y z'\n" in ended.out
    assert elsewhere.exists()


def test_two_accounts_with_different_pasts_are_told_apart(site: Site) -> None:
    site.emulator.add_account(Account(appid="wx2", secret=SECRET))
    site.environ["MENUOPS_SECRET_TWO"] = SECRET
    site.write("menuops.yaml", {"accounts": {"shop": site.shop(), "two": site.shop(appid="wx2")}})
    for name in ("shop", "two"):
        assert site.run("apply", "--yes", "-a", name).code == 0
    for appid in (APPID, "wx2"):
        site.live([view()], appid=appid)
    text = drift(site).out
    assert text.count("What moved on live") == 2
