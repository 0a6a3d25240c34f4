"""What a CI system says of a job, read; and what can't be what it says, refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from menuops.core.errors import CannotStart, Usage
from menuops.run.ci_place import github_place, gitlab_place, run_url_of

HEAD, MERGE = "a" * 40, "b" * 40
GITHUB = {"GITHUB_REPOSITORY": "acme/menus", "GITHUB_TOKEN": "t"}
GITLAB = {
    "CI_PROJECT_ID": "12",
    "CI_API_V4_URL": "https://gitlab.example/api/v4",
    "GITLAB_TOKEN": "t",
}
RUN = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_RUN_ID": "42"}


@pytest.mark.parametrize(
    ("event", "number", "head"),
    [
        ({"pull_request": {"number": 7, "head": {"sha": HEAD}}}, 7, HEAD),
        ({"pull_request": {"number": 7, "head": {"sha": "main"}}}, 7, None),
        ({"issue": {"number": 8, "pull_request": {}}}, 8, None),
        ({"issue": {"number": 8}}, None, None),
        ({"workflow_run": {"head_sha": HEAD, "pull_requests": [{"number": 9}]}}, 9, HEAD),
        ({"workflow_run": {"head_sha": HEAD, "pull_requests": []}}, None, HEAD),
        ({"push": {}}, None, None),
    ],
)
def test_an_event_names_the_pull_request_and_its_head(
    tmp_path: Path, event: Any, number: int | None, head: str | None
) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event))
    place = github_place({**GITHUB, "GITHUB_EVENT_PATH": str(path), "GITHUB_SHA": MERGE})
    assert (place.number, place.head, place.commit) == (number, head, MERGE)


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        ("refs/pull/7/merge", 7),
        ("refs/pull/7/head", 7),
        ("refs/pull/7/merge/x", None),
        ("refs/heads/pull/7/merge", None),
    ],
)
def test_without_an_event_the_ref_names_it(ref: str, number: int | None) -> None:
    assert github_place({**GITHUB, "GITHUB_REF": ref}).number == number


@pytest.mark.parametrize(
    "repository", ["", "acme", "acme/../x", "../x", "acme/.", "a b/c", "a/b\n"]
)
def test_a_repository_is_an_owner_and_a_name(repository: str) -> None:
    with pytest.raises(Usage, match="OWNER/NAME"):
        github_place({**GITHUB, "GITHUB_REPOSITORY": repository})


@pytest.mark.parametrize("project", ["", "acme/menus", "12/../13", "-1"])
def test_a_project_is_a_number(project: str) -> None:
    with pytest.raises(Usage, match="number of a project"):
        gitlab_place({**GITLAB, "CI_PROJECT_ID": project})


@pytest.mark.parametrize("url", ["", "http://gitlab.example", "https://u:p@gitlab.example", "x"])
def test_a_token_goes_to_https_alone(url: str) -> None:
    with pytest.raises(Usage, match="no https URL"):
        gitlab_place({**GITLAB, "CI_API_V4_URL": url})


@pytest.mark.parametrize("token", ["a b", "a\nb", "令牌"])
def test_what_can_be_no_token_is_never_sent_nor_shown(token: str) -> None:
    with pytest.raises(CannotStart, match="can't be a token") as caught:
        github_place({**GITHUB, "GITHUB_TOKEN": token})
    assert token not in caught.value.message + caught.value.fix


def test_a_merge_request_is_in_the_project_that_it_goes_to() -> None:
    """The pipeline of a fork's may run in the fork."""
    given = {"CI_MERGE_REQUEST_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "7"}
    place = gitlab_place({**GITLAB, **given, "CI_COMMIT_SHA": HEAD, "CI_PIPELINE_ID": "3"})
    assert (place.project, place.number, place.head, place.pipeline) == ("1", 7, HEAD, (HEAD, 3))
    assert gitlab_place({**GITLAB, "CI_COMMIT_SHA": HEAD}).head is None


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({**GITHUB, **RUN}, "https://github.example/acme/menus/actions/runs/42"),
        ({**GITHUB, **RUN, "GITHUB_RUN_ID": "4)2"}, ""),
        ({**GITHUB, **RUN, "GITHUB_SERVER_URL": "https://x.example/)("}, ""),
        ({"CI_JOB_URL": "https://gitlab.example/a/-/jobs/9"}, "https://gitlab.example/a/-/jobs/9"),
        ({"CI_JOB_URL": "javascript:alert(1)"}, ""),
        ({}, ""),
    ],
)
def test_the_page_of_a_job_is_a_plain_url_or_none(environ: dict[str, str], url: str) -> None:
    assert run_url_of(environ) == url
