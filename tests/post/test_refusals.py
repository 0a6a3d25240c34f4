"""What a service refuses is said with the way out of that very refusal."""

from __future__ import annotations

import pytest

from menuops.core.errors import Usage
from menuops.post.failure import NotSent
from tests.site import Site

from .conftest import Job, Results
from .standin import Fault, StandIn

NOTHING_LISTENS = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("to", "fault", "fix"),
    [
        ("github", Fault("POST", "graphql", 401), "isn't taken"),
        ("github", Fault("POST", "/comments$", 404), "`pull-requests: write`"),
        ("github", Fault("POST", "/issues$", 410), "issues of this repository are switched off"),
        ("github", Fault("POST", "/issues$", 422), ""),
        ("gitlab", Fault("GET", "/user$", 401), "it may have expired"),
        ("gitlab", Fault("POST", "/notes$", 403), "the scope `api` and the role Developer"),
        ("gitlab", Fault("POST", "/issues$", 404), "the scope `api` and the role Developer"),
    ],
)
def test_a_refusal_is_said_with_its_way_out(
    site: Site, results: Results, stand_in: StandIn, to: str, fault: Fault, fix: str
) -> None:
    site.live([])
    stand_in.faults.append(fault)
    is_issue = "issues" in fault.path
    result = results.of("drift") if is_issue else results.plan()
    with pytest.raises(NotSent, match=f"HTTP {fault.status}") as caught:
        Job(stand_in, to).report(result, issue=is_issue)
    assert fix in caught.value.fix
    assert bool(fix) == bool(caught.value.fix)


def test_a_service_that_is_out_of_reach_is_tried_again_and_named(
    results: Results, stand_in: StandIn
) -> None:
    job = Job(stand_in, environ={"GITHUB_API_URL": NOTHING_LISTENS})
    with pytest.raises(NotSent, match="find out whose the token is") as caught:
        job.report(results.plan())
    assert (job.waited_s, caught.value.unsure) == ([1.0, 2.0, 4.0], False)
    assert caught.value.outcome.exit_code == 7


@pytest.mark.parametrize("body", [{}, {"head": None}, {"sha": 1}, [], "x"])
def test_a_pull_request_without_a_head_gets_no_status(
    results: Results, job: Job, body: object
) -> None:
    job.environ = {"GITHUB_REF": "", "CI_MERGE_REQUEST_IID": ""}
    job.stand_in.faults.append(Fault("GET", r"/(pulls|merge_requests)/8$", 200, {}, body))
    with pytest.raises(NotSent, match="it has no head"):
        job.report(results.plan(), status=True, number=8)
    assert job.stand_in.writes == []


@pytest.mark.parametrize("body", [{"number": 1}, {}, [], None])
def test_an_issue_that_is_none_is_odd(site: Site, results: Results, job: Job, body: object) -> None:
    site.live([])
    job.stand_in.faults.append(Fault("POST", "/issues$", 201, {}, body))
    with pytest.raises(NotSent, match="odd answer"):
        job.report(results.of("drift"), issue=True)


def test_a_job_of_no_pull_request_says_how_to_name_one(results: Results, job: Job) -> None:
    job.environ = {"GITHUB_REF": "", "GITHUB_SHA": "c" * 40, "CI_MERGE_REQUEST_IID": ""}
    job.environ["CI_COMMIT_SHA"] = "c" * 40
    with pytest.raises(Usage, match=r"belongs to no (pull|merge) request") as caught:
        job.report(results.plan())
    assert caught.value.fix == "name it: --pull-request N"


def test_an_issue_that_says_the_same_is_left_alone(site: Site, results: Results, job: Job) -> None:
    site.live([])
    drift = results.of("drift")
    job.report(drift, issue=True)
    writes = job.stand_in.writes
    (sent,) = job.report(drift, issue=True)
    assert (sent.doing, job.stand_in.writes) == ("unchanged", writes)
