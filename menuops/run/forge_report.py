"""Reports to GitHub and GitLab: a comment, the commit status with the digest, the drift issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from menuops.core.errors import Usage
from menuops.core.sent import Sent, What
from menuops.core.told import Result
from menuops.post.failure import NotSent
from menuops.post.forge import Forge
from menuops.post.github import GitHub
from menuops.post.gitlab import GitLab
from menuops.render.report_body import comment_body, issue_body
from menuops.run.ci_place import Place, commit_named, github_place, gitlab_place
from menuops.run.reporting import (
    CONTEXT,
    Status,
    drifts_of,
    post_comment,
    post_issue,
    post_status,
    status_of,
)
from menuops.run.settings import World


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What is to be sent; `number` and `commit` are as typed, None for those of the job."""

    status: bool = False
    issue: bool = False
    number: int | None = None
    commit: str | None = None
    pictures: Sequence[bytes] = ()


def report_to_forge(
    destination: str,
    results: Sequence[Result],
    options: ReportOptions,
    world: World,
    *,
    dry_run: bool,
) -> list[Sent]:
    """Send it all. Raises Usage, CannotStart for a token that is missing, NotSent."""
    head = None if options.commit is None else commit_named(options.commit)
    if options.issue:
        if options.status:
            raise Usage("--issue is about drift, and --status about a plan", fix="choose one")
        drifts_of(results)
    status = status_of(results) if options.status else None
    if options.pictures and (options.issue or destination == "github"):
        raise Usage(
            "--image is for a comment on gitlab: GitHub's API takes no pictures",
            fix="leave it out, and keep the picture as an artifact of the job",
        )
    if dry_run:
        return _dry(results, status, is_issue=options.issue)
    forge, place = _opened(destination, world)
    if options.issue:
        return [post_issue(forge, results, place.run_url, world.sleep)]
    sent = []
    number = options.number or place.number
    if number is None:
        number = _merged(forge, place)
    if status is not None:
        # First: it decides what may be applied, and the comment only shows it.
        commit = head or (place.head if options.number in (None, place.number) else None)
        sent.append(post_status(forge, commit or forge.head_of(number), status, place.run_url))
    shown: list[str] = []
    for index, png in enumerate(options.pictures, 1):
        try:
            shown.append(forge.upload(f"menu-{index}.png", png))
        except NotSent as why:  # the comment says the same in words
            sent.append(Sent("picture", "nothing", why.message))
    body = comment_body(results, "\n\n".join(shown), place.run_url)
    sent.append(post_comment(forge, number, body, world.sleep))
    return sent


def _opened(destination: str, world: World) -> tuple[Forge, Place]:
    if destination == "gitlab":
        place = gitlab_place(world.environ)
        return (
            GitLab(
                place.project,
                place.token,
                api_url=place.api_url,
                pipeline=place.pipeline,
                sleep=world.sleep,
                clock=world.clock,
            ),
            place,
        )
    place = github_place(world.environ)
    return (
        GitHub(
            place.project,
            place.token,
            api_url=place.api_url,
            graphql_url=place.graphql_url,
            sleep=world.sleep,
            clock=world.clock,
        ),
        place,
    )


def _merged(forge: Forge, place: Place) -> int:
    """Find the pull request that the job's commit merged. Raises Usage where there is none."""
    number = None if place.commit is None else forge.pull_of(place.commit)
    if number is None:
        raise Usage(
            f"this job belongs to no {forge.kind}, and its commit merged none",
            fix="name it: --pull-request N",
        )
    return number


def _dry(results: Sequence[Result], status: Status | None, *, is_issue: bool) -> list[Sent]:
    sent = []
    if status is not None:
        told = f"{CONTEXT}: {status.state}, {status.description}"
        sent.append(Sent("status", "would be sent", told))
    text = issue_body(results) if is_issue else comment_body(results)
    what: What = "issue" if is_issue else "comment"
    sent.append(Sent(what, "would be sent", "as follows", text=text))
    return sent
