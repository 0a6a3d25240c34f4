"""What GitLab's REST API takes and refuses, and how a job of GitLab says where it is."""

from __future__ import annotations

from typing import Any

import pytest

from menuops.post.failure import NotSent

from .conftest import Job, Results
from .standin import HEAD, MERGE, Fault, StandIn


@pytest.fixture
def gitlab(stand_in: StandIn) -> Job:
    return Job(stand_in, "gitlab")


def test_a_status_belongs_to_the_pipeline_of_the_job(results: Results, gitlab: Job) -> None:
    """Else GitLab takes the newest of the commit, or makes one."""
    gitlab.report(results.plan(), status=True)
    assert gitlab.stand_in.statuses[-1]["pipeline_id"] == 4001


def test_a_pipeline_of_merged_results_runs_at_another_commit(results: Results, gitlab: Job) -> None:
    """The status is for the head, and GitLab takes no pipeline of another commit for it."""
    merged = {"CI_COMMIT_SHA": "d" * 40, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": HEAD}
    gitlab.environ = merged
    gitlab.report(results.plan(), status=True)
    assert gitlab.stand_in.statuses[-1]["sha"] == HEAD
    assert "pipeline_id" not in gitlab.stand_in.statuses[-1]


def test_a_url_that_is_too_long_for_a_status_is_left_out(results: Results, gitlab: Job) -> None:
    gitlab.environ = {"CI_JOB_URL": f"https://gitlab.example/{'deep/' * 60}-/jobs/9"}
    gitlab.report(results.plan(), status=True)
    assert "target_url" not in gitlab.stand_in.statuses[-1]


def test_the_pipeline_of_a_fork_tells_the_project_of_the_request(
    results: Results, gitlab: Job
) -> None:
    gitlab.environ = {"CI_PROJECT_ID": "99", "CI_MERGE_REQUEST_PROJECT_ID": "12"}
    gitlab.report(results.plan())
    assert len(gitlab.stand_in.comments) == 1


@pytest.mark.parametrize("by", ["merge_commit_sha", "squash_commit_sha", "sha"])
def test_what_was_merged_is_found_by_a_merge_a_squash_and_a_fast_forward(
    results: Results, gitlab: Job, by: str
) -> None:
    request = {"iid": 7, "state": "merged", "sha": HEAD, "merge_commit_sha": None}
    others = [{**request, "iid": 8, "state": "opened"}, {**request, "iid": 9, "sha": "e" * 40}]
    answer = [{**request, by: MERGE}, *[{**each, by: MERGE} for each in others[:1]], others[1]]
    gitlab.stand_in.faults.append(Fault("GET", "/merge_requests$", 200, {}, answer))
    gitlab.environ = {"CI_MERGE_REQUEST_IID": "", "CI_COMMIT_SHA": MERGE}
    gitlab.report(results.of("apply", "--yes"))
    assert [each["number"] for each in gitlab.stand_in.comments] == [7]


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "told", "fix"),
    [
        ("GET", "/user", 401, {"message": "401 Unauthorized"}, "401", "may have expired"),
        (
            "GET",
            "/user",
            401,
            {"error": "invalid_token", "error_description": "Token is expired."},
            "Token is expired",
            "may have expired",
        ),
        (
            "POST",
            "/notes",
            403,
            {"error": "insufficient_scope", "error_description": "It needs higher privileges"},
            "higher privileges",
            "the scope `api` and the role Developer",
        ),
        ("GET", "/notes", 404, {"message": "404 Project Not Found"}, "404 Project", "scope `api`"),
        (
            "POST",
            "/statuses/",
            404,
            {"message": "404 References for commit Not Found"},
            "References for commit",
            "no branch has this commit",
        ),
        (
            "POST",
            "/statuses/",
            409,
            {"message": "Another update to this commit status is in progress"},
            "in progress",
            "another job sets this status",
        ),
        (
            "POST",
            "/statuses/",
            400,
            {"message": "Cannot transition status via :success from :success"},
            "transition",
            "another job sets this status",
        ),
        (
            "POST",
            "/statuses/",
            422,
            {"message": "The number of jobs has exceeded the limit"},
            "exceeded",
            "as many jobs as GitLab takes",
        ),
    ],
)
def test_a_refusal_is_told_in_gitlabs_words_with_a_way_out(
    results: Results,
    gitlab: Job,
    method: str,
    path: str,
    status: int,
    body: Any,
    told: str,
    fix: str,
) -> None:
    gitlab.stand_in.faults.append(Fault(method, path, status, {}, body))
    with pytest.raises(NotSent) as caught:
        gitlab.report(results.plan(), status=True)
    assert told in caught.value.message
    assert fix in caught.value.fix
    assert gitlab.waited_s == []


@pytest.mark.parametrize(
    ("headers", "waited_s"),
    [
        ({"Retry-After": "30", "RateLimit-Remaining": "0", "RateLimit-Reset": "1800000099"}, 30.0),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "1800000010"}, 11.0),
        ({}, 60.0),
    ],
)
def test_a_rate_limit_is_waited_for_as_its_headers_say(
    results: Results, gitlab: Job, headers: dict[str, str], waited_s: float
) -> None:
    """It answers with a text, "Retry later", and not with JSON."""
    gitlab.stand_in.faults.append(Fault("GET", "/notes", 429, headers, b"Retry later\n"))
    gitlab.report(results.plan())
    assert gitlab.waited_s == [waited_s]


def test_several_pictures_stand_one_under_another(results: Results, gitlab: Job) -> None:
    gitlab.report(results.plan(), pictures=[b"\x89PNG1", b"\x89PNG2"])
    assert gitlab.stand_in.uploads == [b"\x89PNG1", b"\x89PNG2"]
    assert gitlab.stand_in.comments[0]["body"].count("![before and after](/uploads/") == 2
