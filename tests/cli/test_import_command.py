"""`menuops import`: where its result goes, and what it never does to a file."""

from __future__ import annotations

import json
import os
import stat
from typing import Any

import pytest

from menuops.cli.commands import import_menu
from menuops.emulator import Fault
from menuops.run.importing import Imported, import_file
from tests.site import APPID, Site, click, payload, view

BODY = {"button": [click()]}


def test_a_file_is_imported_without_account_project_or_network(site: Site) -> None:
    (site.root / "menuops.yaml").unlink()
    site.write("answer.json", BODY)
    ended = site.run("import", "--from", "answer.json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "button:\n  - name: 帮助\n    type: click\n    key: HELP\n"
    document = site.run("import", "--from", "answer.json", "--format", "json").json
    assert (document["account"], document["menu"]) == (None, ended.out)
    assert site.calls == []


def test_a_minus_reads_from_stdin(site: Site) -> None:
    ended = site.command("import", "--from", "-", stdin=json.dumps(BODY).encode())
    assert (ended.code, ended.out.startswith("button:\n")) == (0, True)
    refused = site.command("import", "--from", "-", stdin=b'{"errcode":46003}')
    assert (refused.code, "<stdin>:1:1: " in refused.err) == (3, True)


def test_a_file_that_is_not_there_is_3(site: Site) -> None:
    ended = site.run("import", "--from", "nothing.json", "--format", "json")
    assert ended.code == 3
    assert ended.json["error"]["findings"][0]["rule"] == "unreadable"


def test_a_file_with_errors_is_written_all_the_same(site: Site) -> None:
    site.write("answer.json", {"button": [click()] * 4})
    ended = site.run("import", "--from", "answer.json", "--out", "new.yaml")
    assert (ended.code, "new.yaml:11:5: " in ended.err) == (3, True)
    assert (site.root / "new.yaml").read_text(encoding="utf-8").count("- name") == 4


def test_from_and_raw_together_are_a_slip(site: Site) -> None:
    assert site.run("import", "--from", "a.json", "--raw").code == 64


# --raw


def test_raw_answers_are_printed_or_written(site: Site) -> None:
    site.live([view()])
    printed = site.run("import", "--raw")
    assert (printed.code, printed.err) == (0, "")
    (answers,) = printed.json["answers"]
    assert (answers["name"], answers["appid"], answers["api"]) == ("shop", APPID, site.url)
    assert answers["menu"]["menu"]["button"][0]["name"] == "首页"
    assert answers["selfmenu"]["is_menu_open"] == 1
    assert {"id": 100, "name": "VIP", "count": 3} in answers["tags"]["tags"]
    assert site.run("import", "--raw", "--format", "json").json["answers"] == [answers]
    written = site.run("import", "--raw", "--out", "live.json")
    assert written.out == "Wrote live.json\n"
    assert json.loads((site.root / "live.json").read_bytes())["answers"] == [answers]
    both = site.run("import", "--raw", "--out", "live.json", "--overwrite", "--format", "json")
    assert (site.root / "live.json").read_text(encoding="utf-8") == both.out


def test_no_menu_and_no_right_are_told_apart(site: Site) -> None:
    site.no_menu()
    (answers,) = site.run("import", "--raw").json["answers"]
    assert answers["menu"] is None
    assert answers["selfmenu"]["is_menu_open"] in (0, 1)
    refused = Fault.errcode(48001)
    site.emulator.fail_next("get_current_selfmenu_info", refused)
    site.emulator.fail_next("tags/get", refused)
    (answers,) = site.run("import", "--raw").json["answers"]
    assert (answers["selfmenu"], answers["tags"]) == (None, None)


def test_a_plan_is_made_of_a_file_of_answers_without_a_token(site: Site) -> None:
    site.live([view("\ud83d")])
    site.run("import", "--raw", "--out", "live.json")
    online = site.run("plan", "--format", "json").json["digest"]
    nobody = {"MENUOPS_SECRET_SHOP": None}
    with site.counting() as calls:
        offline = site.run("plan", "--live", "live.json", "--format", "json", environ=nobody)
        text = site.run("plan", "--live", "live.json", environ=nobody)
    assert calls == []
    assert (offline.code, offline.json["digest"]) == (0, online)
    read_at = json.loads((site.root / "live.json").read_bytes())["read_at"]
    assert f"Planned against live.json, which was read at {read_at}." in text.err


@pytest.mark.parametrize(
    "token",
    [{"secret_command": ["touch", "ran"]}, {"source": "command", "command": ["touch", "ran"]}],
)
def test_no_command_of_a_strangers_project_file_is_run_offline(site: Site, token: object) -> None:
    """Jobs for pull requests of forks check, plan against saved answers, and draw."""
    site.live([view()])
    site.run("import", "--raw", "--out", "live.json")
    site.project(token=token)
    nobody = {"MENUOPS_SECRET_SHOP": None}
    for words in (
        ["validate"],
        ["plan", "--live", "live.json"],
        ["preview", "--out", "menus.html"],
    ):
        ended = site.run(*words, environ=nobody)
        assert ended.code == 0, ended.err
    assert not (site.root / "ran").exists()
    site.run("token", "--renew", environ=nobody)
    assert (site.root / "ran").exists()


def test_a_plan_made_offline_is_saved_and_applied(site: Site) -> None:
    site.live([view()])
    site.run("import", "--raw", "--out", "live.json")
    saved = site.run("plan", "--live", "live.json", "--out", "plan.json")
    assert "menuops apply plan.json" in saved.err
    assert site.run("apply", "plan.json").code == 0
    assert site.run("plan", "--detailed-exitcode").code == 0


def test_a_refused_plan_tells_to_plan_against_the_same_answers(site: Site) -> None:
    site.emulator.put_console(APPID, payload("selfmenu-console")["selfmenu_info"])
    site.run("import", "--raw", "--out", "the live.json")
    ended = site.run("plan", "--live", "the live.json")
    assert ended.code == 4
    assert "menuops plan --live 'the live.json'" in ended.said


def test_the_plain_answer_of_menu_get_can_be_planned_against(site: Site) -> None:
    site.write("get.json", (b"\xef\xbb\xbf" + json.dumps({"menu": BODY}).encode()))
    ended = site.run("plan", "--live", "get.json")
    assert ended.code == 0
    assert "web console (公众号后台) isn't seen" in ended.err


BAD = {
    b"[]": "they are an object",
    b"{": "it isn't JSON",
    b'{"a":1,"a":2}': "it isn't JSON that can be read",
    b"[" * 100_000: "more than 64 objects and lists in one another",
    '{"menu":"帮助"}'.encode("gbk"): "GBK",
    b'{"errcode":40001,"errmsg":""}': "an error that WeChat answered",
    b'{"is_menu_open":1}': "nothing of conditional menus",
    b'{"menu":[]}': "neither what",
    b'{"menu":{"button":[]},"conditionalmenu":[1]}': "neither what",
    b'{"format_version":"9","answers":[]}': "format '9'",
    b'{"format_version":"1","answers":{}}': "no list",
    b'{"format_version":"1","answers":[{}]}': "item 1",
    b'{"format_version":"1","answers":[]}': "shop isn't in this file, which has no account",
}


@pytest.mark.parametrize("raw", BAD, ids=[f"{number}" for number in range(len(BAD))])
def test_what_holds_no_answers_is_3_and_says_why(site: Site, raw: bytes) -> None:
    site.write("live.json", raw)
    ended = site.run("plan", "--live", "live.json")
    assert (ended.code, BAD[raw] in ended.err) == (3, True), ended.err
    assert site.calls == []


def test_a_file_of_answers_that_is_not_there_is_3(site: Site) -> None:
    assert site.run("plan", "--live", "nothing.json").code == 3


# Files that are there


def test_a_file_that_somebody_else_makes_meanwhile_is_not_replaced(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look whether it is there and the write."""
    theirs = site.root / "new.yaml"

    def import_and_be_overtaken(*arguments: Any) -> Imported:
        theirs.write_text("theirs", encoding="utf-8")
        return import_file(*arguments)

    monkeypatch.setattr(import_menu, "import_file", import_and_be_overtaken)
    site.write("answer.json", BODY)
    ended = site.run("import", "--from", "answer.json", "--out", "new.yaml")
    assert (ended.code, "is there already" in ended.err) == (64, True)
    assert theirs.read_text(encoding="utf-8") == "theirs"


def test_a_file_that_is_replaced_keeps_its_mode_and_its_links(site: Site) -> None:
    site.live([view()])
    path = site.menu({"button": [click()]}, "kept")
    path.chmod(0o640)
    (site.root / "link.yaml").symlink_to(path)
    assert site.run("import", "--out", "link.yaml", "--overwrite").code == 0
    assert (site.root / "link.yaml").is_symlink()
    assert "首页" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_can_not_be_written_stays_whole(site: Site) -> None:
    site.live([view()])
    path = site.menu({"button": [click()]}, "kept")
    before = path.read_bytes()
    path.parent.chmod(0o500)
    try:
        if os.access(path.parent, os.W_OK):  # root may write all the same
            return
        ended = site.run("import", "--out", "menus/kept.yaml", "--overwrite")
    finally:
        path.parent.chmod(0o700)
    assert (ended.code, path.read_bytes()) == (7, before)


def test_a_device_is_no_file_to_write(site: Site) -> None:
    site.live([view()])
    os.mkfifo(site.root / "pipe")
    ended = site.run("import", "--out", "pipe", "--overwrite")
    assert (ended.code, "it is no regular file" in ended.err) == (7, True)


def test_the_project_file_is_never_replaced_by_a_menu(site: Site) -> None:
    before = (site.root / "menuops.yaml").read_bytes()
    for options in (["--overwrite"], ["--overwrite", "--raw"]):
        ended = site.run("import", "--out", "menuops.yaml", *options)
        assert ended.code == 64
        assert "is the project file" in ended.err
    (site.root / "menuops.yaml").rename(site.root / "shops.yaml")
    given = ["--config", "shops.yaml", "--out", "./shops.yaml", "--overwrite"]
    assert site.run("import", *given).code == 64
    assert (site.root / "shops.yaml").read_bytes() == before
    assert site.calls == []


def test_a_dash_is_standard_output(site: Site) -> None:
    site.live([click()])
    assert "name: 帮助" in site.run("import", "--out", "-").out
    assert not (site.root / "-").exists()


def test_overwrite_without_a_file_is_said_to_do_nothing(site: Site) -> None:
    site.live([click()])
    before = (site.root / "menus/shop.yaml").read_bytes()
    ended = site.run("import", "-a", "shop", "--overwrite")
    assert (ended.code, ended.out) == (64, "")
    assert "--overwrite replaces the file of --out" in ended.err
    assert (site.root / "menus/shop.yaml").read_bytes() == before
