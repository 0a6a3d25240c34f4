"""`menuops doctor`: how it ends, what it prints, and what it never does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from menuops.emulator import Account, Fault
from menuops.render.terminal import cells
from menuops.run.token_report import renew_tokens
from tests.site import APPID, SECRET, Ended, Site

SELFMENU = "get_current_selfmenu_info"
QUOTA = "openapi/quota/get"
CALLS = (SELFMENU, "stable_token", QUOTA, "menu/get")


@pytest.fixture
def now(site: Site) -> Site:
    """A site whose WeChat has this machine's time, for commands have no other."""
    site.clock.now_s = time.time()
    return site


def statuses(ended: Ended) -> dict[tuple[str | None, str], str]:
    return {(each["account"], each["check"]): each["status"] for each in ended.json["checks"]}


def test_all_is_well_and_says_what_comes_next(now: Site) -> None:
    ended = now.run("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert "\nshop  ok  stable_token gives one, good for 120 min" in ended.out
    assert ended.out.splitlines()[-1] == "All is well. Next: menuops plan"
    assert now.writes == []


def test_the_document_has_every_check(now: Site) -> None:
    document = now.run("doctor", "--format", "json").json
    assert (document["format_version"], document["outcome"]) == ("1", "done")
    assert "error" not in document
    for check in document["checks"]:
        assert set(check) == {"account", "check", "status", "message", "fix"}
    assert statuses(now.run("doctor", "--format", "json"))[None, "clock"] == "ok"


def test_a_failed_check_is_7_in_text_and_json(now: Site) -> None:
    now.environ["MENUOPS_SECRET_SHOP"] = "0" * 32
    ended = now.run("doctor", "-a", "shop")
    assert (ended.code, ended.err) == (7, "")
    last = ended.out.splitlines()[-1]
    assert last == "1 check of 1 account failed. Mend that, then: menuops doctor -a shop"
    ended = now.run("doctor", "-a", "shop", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (7, "error")
    assert ended.json["error"] == {
        "code": "checks_failed",
        "message": "1 check of 1 account failed",
        "fix": "mend what the failed checks name, then: menuops doctor -a shop",
    }


def test_a_warning_is_0(now: Site) -> None:
    now.project(token={"source": "classic"})
    ended = now.run("doctor")
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "No check failed, 1 warning, 5 skipped. Next: menuops plan"
    assert now.run("doctor", "--format", "json").json["outcome"] == "done"
    assert "token" not in now.calls


def test_an_invalid_project_file_is_3_and_a_wrong_account_64(now: Site) -> None:
    assert now.run("doctor", "-a", "nobody").code == 64
    now.write("menuops.yaml", "accounts: []\n")
    ended = now.run("doctor")
    assert (ended.code, "menuops.yaml:1:" in ended.err) == (3, True)
    assert now.calls == []


def test_verbose_lists_the_checks_that_passed(now: Site) -> None:
    assert "secret" not in now.run("doctor").out
    ended = now.run("doctor", "-v")
    assert "  ok       secret  it stands in the environment variable" in ended.out
    assert "  ok       quota   left today: menu/create 1000 of 1000" in ended.out


def test_only_what_is_not_ok_has_details_and_stands_last(now: Site) -> None:
    names = now.accounts(30)
    for number, name in enumerate(names):
        secret = now.environ[f"MENUOPS_SECRET_{name.upper()}"] = f"{number:032x}"
        listed = None if name != "a07" else ()
        now.emulator.add_account(Account(appid=f"wx{name}", secret=secret, ip_whitelist=listed))
    ended = now.run("doctor", "--parallel", "4")
    assert ended.code == 7
    lines = ended.out.splitlines()
    well = [line for line in lines if line.startswith("a") and "  ok  " in line]
    assert len(well) == 29
    assert lines.index("a07") > lines.index(well[-1])
    assert "skipped  token, rights, quota, tags: after `ip`, which failed" in ended.out
    assert "IP白名单" in ended.out


def test_it_fits_a_terminal_and_keeps_commands_whole(now: Site) -> None:
    (now.home / "cache/menuops/tokens").mkdir(parents=True)
    (now.home / "cache/menuops/tokens").chmod(0o755)
    now.emulator.add_account(Account(appid=APPID, secret=SECRET, ip_whitelist=()))
    out = now.run("doctor").out
    assert f"`chmod 700 {now.home}/cache/menuops/tokens`" in out
    long = [line for line in out.splitlines() if cells(line) > 80]
    assert [line for line in long if str(now.home.parent) not in line] == []


def test_a_clock_that_is_wrong_fails(now: Site) -> None:
    now.clock.now_s -= 3600
    ended = now.run("doctor")
    assert (ended.code, "ahead of" in ended.out) == (7, True)
    now.clock.now_s += 3600 - 120
    ended = now.run("doctor")
    assert (ended.code, "warning  clock" in ended.out) == (0, True)


def test_colour_says_nothing_that_words_do_not(now: Site) -> None:
    now.environ["MENUOPS_SECRET_SHOP"] = "0" * 32
    plain = now.run("doctor", "--color", "never").out
    coloured = now.run("doctor", "--color", "always").out
    assert "\x1b[31mfailed\x1b[0m" in coloured
    assert "\x1b" not in plain
    assert "failed   secret" in plain


def test_a_lone_account_is_checked_without_a_project_file(now: Site) -> None:
    (now.root / "menuops.yaml").unlink()
    environ = {"MENUOPS_APPID": APPID, "MENUOPS_SECRET": SECRET}
    ended = now.run("doctor", "--menu", "menus/shop.yaml", environ=environ)
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "All is well. Next: menuops plan --menu menus/shop.yaml"


# Secrets

FAULTS = {
    "busy": Fault.errcode(-1),
    "refused": Fault.errcode(40001),
    "expired": Fault.errcode(42001),
    "secret": Fault.errcode(40125),
    "address": Fault.errcode(40164),
    "frozen": Fault.errcode(40243),
    "quota": Fault.errcode(45009),
    "rights": Fault.errcode(48001),
    "no such path": Fault.errcode(76021),
    "path": Fault.errcode(76022),
    "risk": Fault.errcode(89503),
    "502": Fault.status(502),
    "redirect": Fault.redirect("http://127.0.0.1:9/"),
    "page": Fault.body(b"<html>"),
    "empty": Fault.answer({}),
    "reset": Fault.reset_before(),
    "lost": Fault.reset_after(),
    "half": Fault.half_answer(),
}


def kept_files(directory: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "tokens" not in path.parts
    }


@pytest.mark.parametrize("source", ["stable", "classic"])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_secret_is_said_or_kept_whatever_goes_wrong(
    now: Site, source: str, call: str, fault: str
) -> None:
    now.project(token={"source": source})
    renew_tokens(now.settings(), now.world)
    if call == "menu/get":  # only asked where quotas aren't told
        now.emulator.fail_next(QUOTA, Fault.errcode(45009), times=2)
    now.emulator.fail_next(call, FAULTS[fault], times=5)
    before = kept_files(now.root)
    with now.counting() as calls:
        text = now.run("doctor", "-vv")
        document = now.run("doctor", "-vv", "--format", "json")
    assert {text.code, document.code} <= {0, 7}
    assert "Traceback" not in text.said + document.said
    for secret in (SECRET, *now.tokens()):
        assert secret not in text.said + document.said
        assert not [path for path, raw in kept_files(now.home).items() if secret.encode() in raw]
    assert kept_files(now.root) == before
    assert now.writes == []
    assert "token" not in calls


@pytest.mark.parametrize("call", ["stable_token", QUOTA, "menu/get"])
def test_a_secret_that_wechat_repeats_is_not(now: Site, call: str) -> None:
    renew_tokens(now.settings(), now.world)
    (token,) = now.tokens()
    said = SECRET if call == "stable_token" else token
    for fault in (Fault.errcode(40035, f"no, {said}"), Fault.body(f"no, {said}".encode())):
        if call == "menu/get":
            now.emulator.fail_next(QUOTA, Fault.errcode(45009))
        now.emulator.fail_next(call, fault)
        ended = now.run("doctor", "-vv")
        assert "no, ***" in ended.out
        assert said not in ended.said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_way_around_an_address_that_changes_is_named(now: Site, language: str) -> None:
    now.emulator.add_account(Account(appid=APPID, secret=SECRET, ip_whitelist=()))
    out = now.run("doctor", environ={"MENUOPS_LANG": language}).out
    assert [
        line for line in out.splitlines() if cells(line) > 80 and str(now.home) not in line
    ] == []
    said = "".join(out.split())
    assert ("add127.0.0.1under" if language == "en" else "添加127.0.0.1，") in said
    ways = [line.strip() for line in out.splitlines() if line.strip().startswith("- ")]
    assert len(ways) == 6
    for way in (
        *("`runs-on: [self-hosted, wechat]`", "`tags: [wechat]`", "`HTTPS_PROXY=http://user:"),
        *("`source: url`", "`source: command`", "`source: sdk`", "`as: cloudbase`", "docs/ci.md"),
    ):
        assert way.replace(" ", "") in said, said


def test_what_cannot_be_read_points_to_the_ways(now: Site) -> None:
    now.emulator.add_account(Account(appid=APPID, secret=SECRET, ip_whitelist=()))
    said = " ".join(now.run("plan").said.split())
    assert "add 127.0.0.1 under" in said
    assert "`menuops doctor` shows the other ways" in said
