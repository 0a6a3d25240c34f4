"""Which pull request a job is about, and by whose token: what a CI system says of itself.

Source: GitHub's "Variables reference" and "Events that trigger workflows", GitLab's "Predefined
CI/CD variables reference".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from menuops.core.errors import CannotStart, Usage
from menuops.core.secret import Secret
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.project.api_url import base_url
from menuops.post.github import API_URL

_EVENT_BYTES: Final = 32 * 1024 * 1024
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_REF: Final = re.compile(r"refs/pull/([0-9]{1,12})/(?:merge|head)")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_PLAIN_URL: Final = re.compile(r"[A-Za-z0-9._~:/%-]+")
_VISIBLE: Final = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report goes. `number` and `head` are None where the CI system doesn't say.

    `head` is the commit at the head of the pull request, `commit` the one that the job runs at,
    `run_url` the page of the job, "" if there is none. `pipeline` has its commit and its number,
    on GitLab.
    """

    api_url: str
    project: str
    token: Secret
    number: int | None = None
    head: str | None = None
    commit: str | None = None
    run_url: str = ""
    graphql_url: str = ""
    pipeline: tuple[str, int] | None = None


def github_place(environ: Mapping[str, str]) -> Place:
    """Read what a job of GitHub Actions says. Raises Usage, and CannotStart without a token."""
    project = environ.get("GITHUB_REPOSITORY", "")
    if not _REPOSITORY.fullmatch(project) or set(project.split("/")) & {".", ".."}:
        raise Usage(
            "GITHUB_REPOSITORY isn't OWNER/NAME; it says which repository the report is for",
            fix="run it in a job of GitHub Actions, or set GITHUB_REPOSITORY",
        )
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    ref = _REF.fullmatch(environ.get("GITHUB_REF", ""))
    number = _number_of(event)
    if number is None and ref is not None:
        number = int(ref[1])
    graphql = environ.get("GITHUB_GRAPHQL_URL", "")
    return Place(
        _api_url(environ.get("GITHUB_API_URL") or API_URL, "GITHUB_API_URL"),
        project,
        _token(
            environ,
            ("GITHUB_TOKEN", "GH_TOKEN"),
            "give the step `env: GITHUB_TOKEN: ${{ github.token }}`",
        ),
        number,
        _head_of(event),
        _commit(environ.get("GITHUB_SHA")),
        run_url_of(environ),
        _api_url(graphql, "GITHUB_GRAPHQL_URL") if graphql else "",
    )


def gitlab_place(environ: Mapping[str, str]) -> Place:
    """Read what a job of GitLab CI says. Raises Usage, and CannotStart without a token."""
    # The pipeline of a fork's merge request may run in the fork; the request is in this project.
    project = environ.get("CI_MERGE_REQUEST_PROJECT_ID") or environ.get("CI_PROJECT_ID", "")
    if not _NUMBER.fullmatch(project):
        raise Usage(
            "CI_PROJECT_ID isn't the number of a project; it says which one the report is for",
            fix="run it in a job of GitLab CI, or set CI_PROJECT_ID and CI_API_V4_URL",
        )
    number = environ.get("CI_MERGE_REQUEST_IID", "")
    in_request = _NUMBER.fullmatch(number) is not None
    # A pipeline for merged results runs at a commit of its own; this is the head it was made of.
    head = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA")
    commit, pipeline = _commit(environ.get("CI_COMMIT_SHA")), environ.get("CI_PIPELINE_ID", "")
    return Place(
        _api_url(environ.get("CI_API_V4_URL", ""), "CI_API_V4_URL"),
        project,
        _token(environ, ("GITLAB_TOKEN",), _gitlab_fix(environ)),
        int(number) if in_request else None,
        _commit(head) if in_request else None,
        commit,
        run_url_of(environ),
        pipeline=(commit, int(pipeline)) if commit and _NUMBER.fullmatch(pipeline) else None,
    )


def _gitlab_fix(environ: Mapping[str, str]) -> str:
    fix = (
        "make a project access token with the scope `api` and the role Developer, and give it as "
        "the masked variable GITLAB_TOKEN"
    )
    if environ.get("CI_JOB_TOKEN"):
        return f"CI_JOB_TOKEN can write neither notes nor statuses; {fix}"
    return fix


def run_url_of(environ: Mapping[str, str]) -> str:
    """Give the page of the job that this runs in; "" outside of one."""
    server, project = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
    run = environ.get("GITHUB_RUN_ID", "")
    if (
        base_url(server) is not None
        and _PLAIN_URL.fullmatch(server)
        and _REPOSITORY.fullmatch(project)
        and _NUMBER.fullmatch(run)
    ):
        return f"{server}/{project}/actions/runs/{run}"
    url = environ.get("CI_JOB_URL", "")
    return url if base_url(url) is not None and _PLAIN_URL.fullmatch(url) else ""


def commit_named(text: str) -> str:
    """Check a commit that was typed: all its hex digits. Raises Usage."""
    commit = _commit(text)
    if commit is None:
        raise Usage(
            f"--commit {text[:80]!r} isn't a commit of 40 hex digits",
            fix="take it whole: git rev-parse HEAD",
        )
    return commit


def _commit(text: str | None) -> str | None:
    return text if text and _COMMIT.fullmatch(text) else None


def _api_url(text: str, variable: str) -> str:
    url = base_url(text)
    if url is None:
        raise Usage(
            f"{variable} is no https URL without user, query and fragment",
            fix="plain http is for loopback alone: 127.0.0.1, localhost, [::1]",
        )
    return url


def _token(environ: Mapping[str, str], names: tuple[str, ...], fix: str) -> Secret:
    for name in names:
        value = environ.get(name, "").strip()
        if value:
            if not _VISIBLE.fullmatch(value):
                raise CannotStart(
                    f"{name} holds what can't be a token: blanks or other characters", fix=fix
                )
            return Secret(value)
    raise CannotStart(f"there is no token in {' or '.join(names)}", fix=fix, code="no_token")


def _event(name: str) -> Mapping[str, Any]:
    """Read what GitHub says of the event; nothing where there is no such file."""
    if not name:
        return {}
    try:
        event = json.loads(read_bytes(Path(name), _EVENT_BYTES))
    except (Unreadable, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _number_of(event: Mapping[str, Any]) -> int | None:
    match event:
        case {"pull_request": {"number": int(number)}}:
            return number
        case {"issue": {"number": int(number), "pull_request": dict()}}:
            return number
        case {"workflow_run": {"pull_requests": [{"number": int(number)}]}}:
            return number
    return None


def _head_of(event: Mapping[str, Any]) -> str | None:
    match event:
        case {"pull_request": {"head": {"sha": str(sha)}}}:
            return _commit(sha)
        case {"workflow_run": {"head_sha": str(sha)}}:
            return _commit(sha)
    return None
