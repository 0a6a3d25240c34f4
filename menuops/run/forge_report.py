"""Reports to GitHub and GitLab: a comment, the commit status with the digest, the drift issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from menuops.core.errors import Usage
from menuops.core.sent import Sent
from menuops.core.told import Result
from menuops.post.failure import NotSent
from menuops.post.forge import Forge
from menuops.post.github import GitHub
from menuops.post.gitlab import GitLab
from menuops.render.report_body import comment_body
from menuops.run.ci_place import Place, commit_named, github_place, gitlab_place
from menuops.run.reporting import (
    CONTEXT,
    drifts_of,
    post_comment,
    post_issue,
    post_status,
    status_of,
)
from menuops.run.settings import World


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be sent; `number` and `commit` are as typed, None for those of the job."""

    status: bool = False
    issue: bool = False
    number: int | None = None
    commit: str | None = None
    pictures: Sequence[bytes] = ()


def report_to_forge(
    destination: str, results: Sequence[Result], asked: Asked, world: World, *, dry_run: bool
) -> list[Sent]:
    """Send it all. Raises Usage, CannotStart for a token that is missing, NotSent."""
    head = None if asked.commit is None else commit_named(asked.commit)
    if asked.issue:
        if asked.status:
            raise Usage("--issue is about drift, and --status about a plan", fix="choose one")
        drifts_of(results)
    status = status_of(results) if asked.status else None
    if asked.pictures and (asked.issue or destination == "github"):
        raise Usage(
            "--image is for a comment on gitlab: GitHub's API takes no pictures",
            fix="leave it out, and keep the picture as an artifact of the job",
        )
    if dry_run:
        return _dry(results, asked)
    forge, place = _opened(destination, world)
    if asked.issue:
        return [post_issue(forge, results, place.run_url, world.sleep)]
    sent = []
    number = asked.number or place.number
    if number is None:
        number = _merged(forge, place)
    if status is not None:
        # First: it decides what may be applied, and the comment only shows it.
        commit = head or (place.head if asked.number in (None, place.number) else None)
        sent.append(post_status(forge, commit or forge.head_of(number), status, place.run_url))
    shown: list[str] = []
    for number_of, png in enumerate(asked.pictures, 1):
        try:
            shown.append(forge.upload(f"menu-{number_of}.png", png))
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


def _dry(results: Sequence[Result], asked: Asked) -> list[Sent]:
    sent = []
    if asked.status:
        status = status_of(results)
        said = f"{CONTEXT}: {status.state}, {status.description}"
        sent.append(Sent("status", "would be sent", said))
    text = comment_body(results)
    sent.append(
        Sent("issue" if asked.issue else "comment", "would be sent", "as follows", text=text)
    )
    return sent
