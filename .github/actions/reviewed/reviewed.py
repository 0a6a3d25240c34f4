"""Find the digest that was reviewed in the pull request that a push merged."""  # noqa: INP001  # a script beside its action

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

CONTEXT: Final = "menuops/plan"
SWITCH: Final = "menuops/switch"
APPROVED: Final = ("Apply", "Approve the next switch")  # jobs of the workflow that ask reviewers
# The login of a job's own token. No user can have it: brackets aren't allowed in a user's name.
WRITER: Final = ("github-actions[bot]", "Bot")
NO_CHANGES: Final = "no-changes"
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_OF_ACCOUNT: Final = re.compile("digest ([0-9a-f]{64}) of ([0-9a-f]{64})")
_PAGES: Final = 10  # of a hundred: GitHub keeps a thousand statuses of a context on a commit
_COMMIT: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
T = TypeVar("T")


class NotReviewed(Exception):
    """There is no digest to go by; nothing may be applied."""


class CantTell(NotReviewed):
    """GitHub couldn't be asked, or its answer can't be: somebody has to look."""


def merged_pull(
    pulls: Sequence[Mapping[str, Any]], *, repository: str, branch: str, commit: str
) -> tuple[int, str]:
    """Choose the pull request whose merge made `commit`: its number and its head.

    A commit can belong to several pull requests; only the one that it merged into `branch` counts.
    """
    merged = [
        pull
        for pull in pulls
        if pull["merged_at"]
        and pull["merge_commit_sha"] == commit
        and pull["base"]["ref"] == branch
        and ((pull["head"].get("repo") or {}).get("full_name")) == repository
    ]
    if len(merged) != 1:
        raise NotReviewed("this commit isn't the merge of one pull request from this repository")
    head = merged[0]["head"]["sha"]
    if not _COMMIT.fullmatch(head):
        raise NotReviewed("GitHub's answer has no commit for the pull request's head")
    return int(merged[0]["number"]), head


def reviewed(statuses: Sequence[Mapping[str, Any]], context: str = CONTEXT) -> str:
    """Read the newest status that the plan's job wrote: a digest, or `no-changes`.

    After the plan's digest come those of its accounts, from the statuses `CONTEXT/APPID` that say
    they belong to it: so that an account that moved since stops alone.
    """
    ours = written_by_jobs(statuses)
    newest = newest_of(ours, context)
    if newest["state"] != "success":
        raise NotReviewed("the plan for the head of the pull request failed")
    description = newest["description"] or ""
    if description == "no changes":
        return NO_CHANGES
    word, _, digest = description.partition(" ")
    if word != "digest" or not _DIGEST.fullmatch(digest):
        raise NotReviewed("the status of the plan holds no digest")
    accounts = {
        found[1]
        for status in ours
        if re.fullmatch(re.escape(context) + "/[0-9A-Za-z]{1,64}", status["context"])
        and status["state"] == "success"
        and (found := _OF_ACCOUNT.fullmatch(status["description"] or ""))
        and found[2] == digest
    }
    return ",".join([digest, *sorted(accounts)])


def written_by_jobs(statuses: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Keep the statuses that the token of a job left."""
    return [
        status
        for status in statuses
        if status["creator"] and (status["creator"]["login"], status["creator"]["type"]) == WRITER
    ]


def newest_of(statuses: Sequence[Mapping[str, Any]], context: str) -> Mapping[str, Any]:
    """Choose the newest status of a context. Raises NotReviewed where there is none."""
    whole = [status for status in statuses if status["context"] == context]
    if not whole:
        raise NotReviewed("no plan was made for the head of the pull request")
    return max(whole, key=lambda status: int(status["id"]))


def check_run(
    run: Mapping[str, Any], jobs: Mapping[str, Any], *, workflow: str, commit: str
) -> None:
    """Check that reviewers let a run of `workflow` at `commit` go on. Raises CantTell.

    Any job with `statuses: write` can leave a status, that of a branch nobody reviewed too, and
    nobody is asked before a switch. But what runs at a commit of `main` is what stands there.
    """
    approved = [job["conclusion"] for job in jobs["jobs"] if job["name"] in APPROVED]
    if (
        run["event"] not in ("push", "workflow_dispatch", "schedule")
        or run["head_sha"] != commit
        or run["path"].partition("@")[0] != workflow
        or "success" not in approved
    ):
        raise CantTell("the status of the switch isn't of a run of this workflow that was approved")


def given(digest: str) -> str:
    """Check a digest that was typed in."""
    if not _DIGEST.fullmatch(digest):
        raise NotReviewed("the digest that was given isn't 64 hex digits, in lower case")
    return digest


def look_up() -> tuple[str, str]:
    """Ask GitHub, with `gh`: what was reviewed, and where, in words."""
    repository, commit = os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_SHA"]
    number, head = merged_pull(
        _ask(f"repos/{repository}/commits/{commit}/pulls?per_page=100", list),
        repository=repository,
        branch=os.environ["GITHUB_REF_NAME"],
        commit=commit,
    )
    return reviewed(_statuses(repository, head)), f"for #{number} at `{head}`"


def switch() -> tuple[str, str]:
    """Ask what the last apply of this commit left for the next switch of a list of menus."""
    repository, commit = os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_SHA"]
    statuses = _statuses(repository, commit)
    found = reviewed(statuses, SWITCH)
    url = newest_of(written_by_jobs(statuses), SWITCH)["target_url"]
    runs = f"{os.environ['GITHUB_SERVER_URL']}/{repository}/actions/runs/"
    number = url.removeprefix(runs)
    if not re.fullmatch("[0-9]{1,18}", number):
        raise CantTell("the status of the switch names no run")
    path = f"repos/{repository}/actions/runs/{number}"
    # OWNER/NAME/PATH@REF
    workflow = os.environ["GITHUB_WORKFLOW_REF"].removeprefix(f"{repository}/").partition("@")[0]
    check_run(
        _ask(path, dict),
        _ask(f"{path}/jobs?per_page=100", dict),
        workflow=workflow,
        commit=commit,
    )
    return found, f"with the merge `{commit}`"


def _statuses(repository: str, commit: str) -> list[Mapping[str, Any]]:
    # Newest first. What is older than a thousand others isn't found, and then nothing is applied.
    found: list[Mapping[str, Any]] = []
    for page in range(1, _PAGES + 1):
        some: list[Mapping[str, Any]] = _ask(
            f"repos/{repository}/commits/{commit}/statuses?per_page=100&page={page}", list
        )
        found += some
        if len(some) < 100:
            break
    return found


def _ask(path: str, kind: type[T]) -> T:
    answer = subprocess.run(["gh", "api", path], stdout=subprocess.PIPE, check=False)  # noqa: S603, S607  # no shell; gh is the runner's
    if answer.returncode:
        raise CantTell("GitHub can't be asked; see the log")
    document = json.loads(answer.stdout)
    if not isinstance(document, kind):
        raise CantTell("GitHub's answer is of another kind than its documentation has it")
    return document


def find(digest: str, *, by_clock: bool) -> tuple[str, str]:
    """Find what was reviewed, and where. Raises NotReviewed, whatever GitHub answers."""
    try:
        if by_clock:
            return switch()
        return (given(digest), "by hand") if digest else look_up()
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CantTell("GitHub's answer isn't as its documentation has it") from None


def main() -> int:
    """Write the output `expect` and a summary; exit code 9 if nothing was reviewed."""
    digest = os.environ.get("DIGEST", "")
    by_clock = os.environ.get("BY_CLOCK") == "true"
    try:
        found, where = find(digest, by_clock=by_clock)
    except NotReviewed as why:
        # Most hours of most projects: no list of menus, or a merge that wasn't applied.
        if by_clock and not isinstance(why, CantTell):
            _append("GITHUB_STEP_SUMMARY", "No switch of menus was approved with this merge.\n")
            return 0
        sys.stdout.write(f"::error::No reviewed plan: {why}. Nothing was applied.\n")
        _append(
            "GITHUB_STEP_SUMMARY",
            f"### No reviewed plan\n\nNothing was applied: {why}.\n\nRun this workflow by hand "
            "(`workflow_dispatch`): without a digest it makes a plan to review, with the digest of "
            "that plan it applies it.\n",
        )
        return 9
    seen = "no changes" if found == NO_CHANGES else f"the plan with digest `{found[:64]}`"
    _append("GITHUB_STEP_SUMMARY", f"Reviewed {where}: {seen}.\n")
    _append("GITHUB_OUTPUT", f"expect={found}\n")
    return 0


def _append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
