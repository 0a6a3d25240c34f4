"""What a run leaves behind: a journal line before and after each call, and what was live."""

from __future__ import annotations

import getpass
import json
import stat
import subprocess
from datetime import datetime

import pytest

from menuops.core.applied import StepResult
from menuops.core.plan import AccountPlan
from menuops.run.settings import World
from menuops.run.writing import _actor
from tests.site import APPID, SECRET, Site, click, conditional, view

ARTICLE = {"button": [{"name": "图文", "type": "text", "value": "您好 ${x}"}]}


@pytest.fixture(autouse=True)
def _change(site: Site) -> None:
    site.live([view()], conditional(view(), group_id="101"))
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [click()], "conditionalmenu": [ios]})


def test_a_journal_has_one_object_a_line_with_time_and_event(site: Site) -> None:
    site.apply(None, "remove-conditional")
    text = (site.runs[0] / "journal.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        document = json.loads(line)
        assert datetime.fromisoformat(document["at"]).tzinfo is not None
        assert isinstance(document["event"], str)


def test_a_journal_tells_the_run_from_its_head_to_its_end(site: Site) -> None:
    plan = site.plan("remove-conditional")
    applied = site.apply(plan)
    journal = site.journal()
    assert [line["event"] for line in journal] == [
        *("run", "snapshot"),
        *["call"] * 6,
        *("read_back", "end"),
    ]
    head, snapshot, *calls = journal[:-2]
    assert (head["run"], head["digest"]) == (applied.run, plan.digest)
    assert head["actor"] == getpass.getuser()
    assert (snapshot["account"], len(snapshot["sha256"])) == ("shop", 64)
    assert [line["step"] for line in calls] == [1, 1, 2, 2, 3, 3]
    assert {line["account"] for line in calls} == {"shop"}
    started, done = calls[4:]
    assert (started["menuid"], started["outcome"]) == ("500", "started")
    assert done["outcome"] == "done"
    assert journal[-2]["outcome"] == "as_predicted"
    assert (journal[-1]["outcome"], journal[-1]["exit_code"]) == ("done", 0)


def test_a_call_is_in_the_journal_before_it_is_made_and_a_snapshot_before_that(
    site: Site,
) -> None:
    """Seen by the clock of the journal's own reader: at each progress the line is there."""
    seen: list[tuple[list[str], int]] = []

    def look(_: AccountPlan, __: StepResult, ___: int) -> None:
        seen.append((site.steps(), len(site.writes)))
        assert site.snapshot()["name"] == "shop"

    site.apply(None, "remove-conditional", progress=look)
    assert [len(steps) for steps, _ in seen] == [2, 4, 6]
    assert [writes for _, writes in seen] == [1, 2, 3]


def test_a_snapshot_holds_both_answers_as_they_came(site: Site) -> None:
    site.emulator.put_console(APPID, ARTICLE)
    applied = site.apply(None, "console-menu", "remove-conditional")
    assert applied.accounts[0].snapshot == f"{applied.run}/shop"
    snapshot = site.snapshot()
    assert (snapshot["name"], snapshot["appid"], snapshot["api"]) == ("shop", APPID, site.url)
    assert snapshot["menu"]["menu"]["button"][0]["name"] == view()["name"]
    assert snapshot["menu"]["conditionalmenu"][0]["matchrule"] == {"group_id": "101"}
    assert snapshot["selfmenu"] == {"is_menu_open": 1, "selfmenu_info": ARTICLE}


def test_a_snapshot_of_no_menu_says_so(site: Site) -> None:
    site.no_menu()
    site.apply()
    assert site.snapshot()["menu"] is None


def test_what_is_kept_is_for_its_user_alone(site: Site) -> None:
    site.apply(None, "remove-conditional")
    kept = [path for path in site.state.rglob("*") if path.is_file()]
    assert {path.parent.name for path in kept} > {"snapshots", "applied", "locks"}
    assert [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    assert stat.S_IMODE(site.runs[0].stat().st_mode) == 0o700


def test_neither_secret_nor_token_is_kept_but_in_the_token_store(site: Site) -> None:
    site.apply(None, "remove-conditional")
    site.emulator.void_tokens(APPID)
    site.plan()
    secrets = {SECRET, *site.tokens()}
    assert len(secrets) == 3
    for path in (path for path in site.home.parent.rglob("*") if path.is_file()):
        if path.parent == site.home / "cache" / "menuops" / "tokens":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            continue
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], path


def nobody(number: int) -> None:
    """Know no user, as in a container that runs under a number of its own."""
    raise KeyError(number)


def test_an_actor_is_the_user_of_the_ci_job_where_there_is_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.environ["GITHUB_ACTOR"] = "octocat"
    site.apply(None, "remove-conditional")
    assert site.journal()[0]["actor"] == "octocat"
    assert _actor({"GITLAB_USER_LOGIN": "tanuki"}) == "tanuki"
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert _actor({}) == "unknown"


def test_the_commit_of_the_files_is_in_plan_and_journal(site: Site) -> None:
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", str(site.root)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Start"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    commit = head.stdout.strip()
    plan = site.plan("remove-conditional")
    assert plan.commit == commit
    site.apply(plan)
    assert site.journal()[0]["commit"] == commit


def test_a_run_is_told_apart_from_one_of_the_same_second(site: Site) -> None:
    site.apply(None, "remove-conditional")
    site.no_menu()
    site.apply(None, "live-changed")
    assert len(site.runs) == 2


def test_the_world_is_the_real_one_unless_told_otherwise() -> None:
    assert World().clock() > 1_700_000_000
    assert "PATH" in World().environ
