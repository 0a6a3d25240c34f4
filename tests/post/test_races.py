"""Two runs at one comment, comments that vanish, and pages without an end."""

from __future__ import annotations

import pytest

from menuops.core.errors import Usage
from menuops.post.failure import NotSent
from menuops.render.report_comment import marked, state_of
from tests.site import Site, click

from .conftest import Job, Results
from .standin import Fault, StandIn


def test_a_comment_that_is_deleted_before_it_is_edited_is_written_anew(
    results: Results, job: Job
) -> None:
    job.stand_in.comment(marked("open", "an older plan"))
    verb = "PATCH" if job.to == "github" else "PUT"
    gone = Fault(verb, "/(comments|notes)/", 404, {}, {"message": "404 Not found"})
    job.stand_in.faults.append(gone)
    (sent,) = job.report(results.plan())
    assert sent.doing == "created"
    assert "menuops plan" in job.stand_in.comments[-1]["body"]


def test_a_token_that_may_not_edit_writes_no_second_comment(results: Results, job: Job) -> None:
    job.stand_in.comment(marked("open", "an older plan"))
    verb = "PATCH" if job.to == "github" else "PUT"
    job.stand_in.faults.append(Fault(verb, "/(comments|notes)/", 403, {}, {"message": "no"}))
    with pytest.raises(NotSent, match="HTTP 403"):
        job.report(results.plan())
    assert len(job.stand_in.comments) == 1


def test_of_two_comments_the_newest_shows_the_plan(site: Site, results: Results, job: Job) -> None:
    """Two runs at once may each have found none; what the older one says is no plan any more."""
    first = results.plan()
    job.report(first)
    older = job.stand_in.comments[0]
    text = older["body"]
    newest = job.stand_in.comment(marked("open", "the plan of the other run"))
    (sent,) = job.report(first)
    assert (sent.doing, newest["body"]) == ("updated", text)
    assert state_of(older["body"]) == "applied"
    assert "menuops plan" not in older["body"]
    before = job.stand_in.writes
    (sent,) = job.report(first)
    assert (sent.doing, job.stand_in.writes) == ("unchanged", before)
    site.menu({"button": [click("联系", "CONTACT")]})
    job.report(results.plan())
    assert "联系" in newest["body"]
    assert len(job.stand_in.comments) == 2


def test_pages_that_lead_round_in_a_circle_end(results: Results, github: Job) -> None:
    stand_in = github.stand_in
    here = f"{stand_in.url}/api/v3/repos/acme/menus/issues/7/comments?page=1"
    link = {"Link": f'<{here}>; rel="next"'}
    stand_in.faults += [Fault("GET", "/comments$", 200, link, []) for _ in range(200)]
    (sent,) = github.report(results.plan())
    assert sent.doing == "created"
    assert stand_in.called.count("GET /api/v3/repos/acme/menus/issues/7/comments") <= 50


@pytest.mark.parametrize(
    "url", ["https://[bad", "//evil.example/x", "https://evil.example\\@127.0.0.1/"]
)
def test_an_address_that_is_none_is_an_odd_answer(results: Results, github: Job, url: str) -> None:
    """Of the next page as of a redirect; the token goes to neither."""
    plan = results.plan()
    for fault in (
        Fault("GET", "/comments$", 200, {"Link": f'<{url}>; rel="next"'}, []),
        Fault("GET", "/comments$", 302, {"Location": url}, {}),
    ):
        github.stand_in.faults = [fault]
        with pytest.raises(NotSent, match="another host"):
            github.report(plan)
    assert github.stand_in.writes == []


@pytest.mark.parametrize("number", ["9" * 5000, "٣", "7\n", "-7"])
@pytest.mark.parametrize(
    "variable", ["CI_MERGE_REQUEST_IID", "CI_PROJECT_ID", "CI_PIPELINE_ID", "GITHUB_RUN_ID"]
)
def test_a_variable_that_is_no_number_is_as_if_it_was_not_there(
    stand_in: StandIn, results: Results, variable: str, number: str
) -> None:
    job = Job(stand_in, "github" if variable.startswith("GITHUB") else "gitlab")
    plan = results.plan()
    job.environ = {variable: number}
    if variable in ("CI_MERGE_REQUEST_IID", "CI_PROJECT_ID"):
        with pytest.raises(Usage):
            job.report(plan)
    else:
        job.report(plan)
        assert number not in stand_in.comments[-1]["body"]
