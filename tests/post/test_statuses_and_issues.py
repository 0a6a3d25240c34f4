"""The commit status with the digest, and the one issue about drift."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from menuops.core.errors import Usage
from menuops.post.failure import NotSent
from menuops.render.report_comment import marked, state_of
from tests.render.reading import markdown_page
from tests.site import Site, click, conditional, view

from .conftest import Job, Results
from .standin import HEAD, Fault, StandIn


def test_a_plan_leaves_its_digest_on_the_head(results: Results, job: Job) -> None:
    plan = results.plan()
    job.report(plan, status=True)
    (status,) = job.stand_in.statuses
    context = status.get("context") or status.get("name")
    assert (status["sha"], status["state"]) == (HEAD, "success")
    assert (context, status["description"]) == ("menuops/plan", f"digest {plan.digest}")
    assert len(status["description"]) <= 140
    assert len(job.stand_in.comments) == 1


def test_the_head_is_that_of_the_event_and_not_what_was_pushed_since(
    results: Results, github: Job, stand_in: StandIn, tmp_path: Path
) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": {"sha": "e" * 40}}}))
    github.environ = {"GITHUB_EVENT_PATH": str(event), "GITHUB_REF": ""}
    github.report(results.plan(), status=True)
    assert stand_in.statuses[0]["sha"] == "e" * 40
    assert stand_in.comments[0]["number"] == 7
    github.report(results.plan(), status=True, commit="f" * 40)
    assert stand_in.statuses[1]["sha"] == "f" * 40


@pytest.mark.parametrize("raw", ["", "[]", "{", '{"pull_request": {"number": "7"}}', "[" * 9999])
def test_an_event_that_can_not_be_read_says_nothing(
    results: Results, github: Job, tmp_path: Path, raw: str
) -> None:
    (tmp_path / "event.json").write_text(raw)
    github.environ = {"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}
    github.report(results.plan())
    assert github.stand_in.comments[0]["number"] == 7


def test_no_changes_are_a_success_with_those_words(
    site: Site, results: Results, github: Job
) -> None:
    site.run("apply", "--yes")
    github.report(results.plan(), status=True)
    (status,) = github.stand_in.statuses
    assert (status["state"], status["description"]) == ("success", "no changes")


def test_what_is_refused_or_failed_leaves_a_failure_without_a_digest(
    site: Site, results: Results, job: Job
) -> None:
    """So that the digest of an older push doesn't stand for this one."""
    site.live([view()], conditional(view(), group_id="100"))
    job.report(results.plan(), status=True)
    site.menu("button: 1\n")
    job.report(results.of("plan"), status=True)
    told = [(each["state"], each["description"]) for each in job.stand_in.statuses]
    failure = "failure" if job.to == "github" else "failed"
    assert told == [(failure, "refused by a guard"), (failure, "no plan")]


def test_a_status_holds_one_plan(results: Results, github: Job) -> None:
    plan = results.plan()
    for several in ((plan, plan), (results.of("apply", "--yes"),), (results.of("drift"),)):
        with pytest.raises(Usage, match="--status takes one plan"):
            github.report(*several, status=True)
    assert github.stand_in.writes == []


def test_a_status_that_may_not_be_set_names_the_line(results: Results, github: Job) -> None:
    github.stand_in.faults.append(Fault("POST", "/statuses/", 403, {}, {"message": "no"}))
    with pytest.raises(NotSent) as caught:
        github.report(results.plan(), status=True)
    assert "`statuses: write`" in caught.value.fix


@pytest.mark.parametrize("commit", ["HEAD", "abc", "A" * 40, "a" * 39 + "/"])
def test_a_commit_is_given_whole(results: Results, github: Job, commit: str) -> None:
    with pytest.raises(Usage, match="40 hex digits"):
        github.report(results.plan(), status=True, commit=commit)


def test_drift_opens_updates_and_closes_one_issue(site: Site, results: Results, job: Job) -> None:
    site.run("apply", "--yes")
    (sent,) = job.report(results.of("drift"), issue=True)
    assert sent.doing == "nothing"
    site.live([click("别人", "THEIRS")])
    (sent,) = job.report(results.of("drift"), issue=True)
    assert sent.doing == "created"
    (issue,) = job.stand_in.issues
    assert state_of(issue["body"]) == "drift"
    assert "别人" in markdown_page(issue["body"]).text
    site.live([click("又别", "THEIRS2")])
    (sent,) = job.report(results.of("drift"), issue=True)
    assert (sent.doing, len(job.stand_in.issues)) == ("updated", 1)
    assert "又别" in markdown_page(issue["body"]).text
    site.run("apply", "--yes", "--allow", "live-changed")
    (sent,) = job.report(results.of("drift"), issue=True)
    assert (sent.doing, issue["state"]) == ("closed", "closed")
    site.live([click("别人", "THEIRS")])
    job.report(results.of("drift"), issue=True)
    assert [each["state"] for each in job.stand_in.issues] == ["closed", "open"]
    assert job.stand_in.comments == []


def test_an_account_that_can_not_be_read_closes_no_issue(
    site: Site, results: Results, github: Job
) -> None:
    github.stand_in.issue("menuops drift", marked("drift", "older"))
    unread = site.run("drift", "--format", "json", environ={"MENUOPS_SECRET_SHOP": "0" * 32})
    assert unread.code == 7
    (sent,) = github.report(results.read(unread.out.encode()), issue=True)
    assert (sent.doing, github.stand_in.issues[0]["state"]) == ("updated", "open")


def test_an_issue_of_somebody_else_or_a_pull_request_is_not_ours(
    site: Site, results: Results, github: Job
) -> None:
    theirs = github.stand_in.issue("x", marked("drift", "x"), "mallory")
    pull = github.stand_in.issue("x", marked("drift", "x"), pull_request={})
    github.stand_in.issue("x", None)
    site.live([click("别人", "THEIRS")])
    (sent,) = github.report(results.of("drift"), issue=True)
    assert sent.doing == "created"
    assert theirs["body"] == pull["body"] == marked("drift", "x")


def test_a_lost_answer_opens_no_second_issue(site: Site, results: Results, job: Job) -> None:
    site.live([click("别人", "THEIRS")])
    job.stand_in.faults.append(Fault("POST", "/issues$", 502, after=True))
    job.report(results.of("drift"), issue=True)
    assert len(job.stand_in.issues) == 1


def test_an_issue_is_about_drift_alone(results: Results, github: Job) -> None:
    with pytest.raises(Usage, match="takes what drift printed"):
        github.report(results.plan(), issue=True)
    with pytest.raises(Usage, match="choose one"):
        github.report(results.of("drift"), issue=True, status=True)


def test_a_dry_run_shows_the_very_issue(site: Site, results: Results, job: Job) -> None:
    site.live([click("别人", "THEIRS")])
    drift = results.of("drift")
    (dry,) = job.report(drift, issue=True, dry_run=True)
    assert (dry.what, dry.doing, job.stand_in.requests) == ("issue", "would be sent", [])
    job.report(drift, issue=True)
    (issue,) = job.stand_in.issues
    body, _, run = issue["body"].rpartition("\n[The run](")
    assert (dry.text.rstrip(), run[:5]) == (body.rstrip(), "https")
