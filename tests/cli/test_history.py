"""The runs of the past: who, when, what became of them; damaged journals hide nothing."""

from __future__ import annotations

import json
import os
import shlex

import pytest

from menuops.emulator import Fault
from tests.site import Site, click, view


def applied(site: Site, key: str, *words: str) -> str:
    site.menu({"button": [click(key=key)]})
    ended = site.run("apply", "--yes", *words)
    assert ended.code == 0, ended.said
    return site.runs[-1].name


def test_a_machine_without_runs_says_so(site: Site) -> None:
    ended = site.run("history")
    assert (ended.code, ended.out) == (0, "No run is known on this machine.\n")
    assert site.run("history", "--format", "json").json["runs"] == []
    assert site.calls == []


def test_runs_are_listed_newest_first_with_who_and_what(site: Site) -> None:
    site.environ["GITHUB_ACTOR"] = "octocat"
    first, second = applied(site, "A"), applied(site, "B")
    shown = site.run("history").out
    assert shown.index(second) < shown.index(first)
    assert "octocat   apply" in shown
    assert "shop   wx0123456789abcdef   1 call: 1 done   snapshot " in shown
    document = site.run("history", "--format", "json").json
    (one, two) = document["runs"]
    assert (document["outcome"], one["run"], two["run"]) == ("done", second, first)
    assert {"run", "started_at", "actor", "commit", "digest", "outcome", "accounts"} <= one.keys()
    (account,) = one["accounts"]
    assert (account["name"], account["snapshot"]) == ("shop", f"{second}/shop")
    assert account["calls"] == [{"call": "menu/create", "menu": "default", "outcome": "done"}]
    assert (one["actor"], one["outcome"], one["commit"]) == ("octocat", "done", None)
    assert len(one["digest"]) == 64


@pytest.mark.parametrize("kept", [0, 1, 3], ids="{} lines".format)
def test_a_finished_run_whose_journal_lost_its_end_has_nothing_to_finish(
    site: Site, kept: int
) -> None:
    run = applied(site, "A")
    (journal,) = site.home.glob("state/**/journal.jsonl")
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:kept]))
    ended = site.run("history")
    assert ended.code == 0
    assert "Finish" not in ended.out
    assert "! damaged: " in ended.out
    assert "its end is gone" in ended.out
    assert "how it ended isn't known" in ended.out
    (shown,) = site.run("history", "--format", "json").json["runs"]
    assert (shown["run"], len(shown["damage"])) == (run, 2)


def test_the_command_that_undoes_each_run_is_real(site: Site) -> None:
    site.live([view()])
    applied(site, "A")
    applied(site, "B")
    (b, a) = site.run("history", "--format", "json").json["runs"]
    assert site.run(*shlex.split(b["undo"])[1:], "--yes").code == 0
    assert site.now()[0][0]["key"] == "A"
    assert site.run(*shlex.split(a["undo"])[1:], "--yes").code == 0
    assert site.now()[0][0]["name"] == "首页"


def test_the_commands_hold_the_options_that_chose_the_project(site: Site) -> None:
    site.live([view()])
    applied(site, "A")
    ended = site.run("history", "-C", str(site.root), "--config", "menuops.yaml")
    (undo,) = [line for line in ended.out.splitlines() if "Undo" in line]
    assert f"restore -C {site.root}" in undo
    assert site.run(*shlex.split(undo)[2:], "--yes").code == 0


def test_only_the_accounts_that_are_asked_for(site: Site) -> None:
    site.accounts(3)
    applied(site, "A", "-a", "a01")
    applied(site, "A")
    (both,) = site.run("history", "-a", "a02", "--format", "json").json["runs"]
    assert [account["name"] for account in both["accounts"]] == ["a02"]
    assert len(site.run("history", "-a", "a*", "--format", "json").json["runs"]) == 2
    assert len(site.run("history", "--last", "1", "--format", "json").json["runs"]) == 1
    assert site.run("history", "-a", "nobody", "--format", "json").json["runs"] == []


def test_a_run_that_stopped_shows_what_is_known_and_how_to_finish(site: Site) -> None:
    site.accounts(2)
    site.emulator.fail_next("menu/create", Fault.errcode(40018), after=1)
    assert site.run("apply", "--yes").code == 6
    shown = site.run("history").out
    assert "  partial" in shown
    assert "a01   wxa01   1 call: 1 done" in shown
    assert "a02   wxa02   1 call: 1 failed" in shown
    assert "failed menu/create default: menu/create: WeChat answers 40018" in shown
    (finish,) = [line for line in shown.splitlines() if "Finish" in line]
    assert site.run(*shlex.split(finish)[2:]).code == 0
    assert "went on as " in site.run("history").out
    assert "Finish" not in site.run("history").out


def journal_of(site: Site) -> list[str]:
    return (site.runs[-1] / "journal.jsonl").read_text(encoding="utf-8").splitlines()


def test_a_journal_without_an_end_is_shown_as_unfinished(site: Site) -> None:
    run = applied(site, "A")
    lines = journal_of(site)
    path = site.runs[-1] / "journal.jsonl"
    (site.runs[-1] / "plan.json").write_text("{}")  # it stays until the last line is written
    for number in range(len(lines)):
        # Cut off in the middle of a line, as a kill leaves it.
        path.write_text("".join(f"{line}\n" for line in lines[:number]) + lines[number][:9])
        ended = site.run("history")
        assert ended.code == 0
        assert f"{run}   " in ended.out
        assert "unfinished: killed, or still going on" in ended.out
        assert "damaged" not in ended.said, number
        (shown,) = site.run("history", "--format", "json").json["runs"]
        outcomes = [call["outcome"] for each in shown["accounts"] for call in each["calls"]]
        assert outcomes == {0: [], 1: [], 2: [], 3: ["unknown"]}.get(number, ["done"])


@pytest.mark.parametrize(
    "line", ["not json", "[]", "null", '{"event":"call"}', '{"event":"run"}', '{"no":1}', "\udcff"]
)
def test_a_damaged_journal_is_named_and_hides_no_other(site: Site, line: str) -> None:
    first = applied(site, "A")
    second = applied(site, "B")
    path = site.runs[0] / "journal.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(2, line)
    written_ns = path.stat().st_mtime_ns
    path.write_bytes("".join(f"{each}\n" for each in lines).encode("utf-8", "surrogateescape"))
    os.utime(path, ns=(written_ns, written_ns))  # which orders the runs of one second
    ended = site.run("history")
    assert ended.code == 0
    assert "line 3 can't be read" in ended.err
    assert str(path) in ended.err
    assert (first in ended.out, second in ended.out) == (True, True)
    shown = site.run("history", "--format", "json").json["runs"][1]
    assert shown["damage"][0].endswith("journal.jsonl")
    assert [call["outcome"] for call in shown["accounts"][0]["calls"]] == ["done"]
    assert site.run("restore", f"{second}/shop", "--yes").code == 0


def test_a_journal_that_is_no_file_is_named(site: Site) -> None:
    applied(site, "A")
    (site.state / "runs" / "20200101T000000Z-0000" / "journal.jsonl").mkdir(parents=True)
    (site.state / "runs" / "20200101T000001Z-0000").mkdir()
    (site.state / "runs" / "stray").write_text("")
    ended = site.run("history")
    assert ended.code == 0
    assert "The journal of 20200101T000000Z-0000 is damaged" in ended.err
    assert "1 call: 1 done" in ended.out


def test_names_out_of_a_journal_are_data(site: Site) -> None:
    applied(site, "A")
    path = site.runs[-1] / "journal.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    head = json.loads(lines[0])
    head["actor"] = "\x1b[31m\u202e"
    path.write_text("\n".join([json.dumps(head), *lines[1:], ""]), encoding="utf-8")
    ended = site.run("history")
    assert "\x1b" not in ended.out
    assert "\\u202e" in ended.out


def test_no_secret_is_in_the_history(site: Site) -> None:
    applied(site, "A")
    said = site.run("history").said + site.run("history", "--format", "json").said
    assert not [token for token in site.tokens() if token in said]
