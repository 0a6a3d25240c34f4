"""Find the digest that was reviewed in the pull request that a push merged."""  # noqa: INP001  # a script beside its action

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

CONTEXT: Final = "menuops/plan"
# The login of a job's own token. No user can have it: brackets aren't allowed in a user's name.
WRITER: Final = ("github-actions[bot]", "Bot")
NO_CHANGES: Final = "no-changes"
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_COMMIT: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")


class NotReviewed(Exception):
    """There is no digest to go by; nothing may be applied."""


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


def reviewed(statuses: Sequence[Mapping[str, Any]]) -> str:
    """Read the newest status that the plan's job wrote: a digest, or `no-changes`."""
    ours = [
        status
        for status in statuses
        if status["context"] == CONTEXT
        and status["creator"]
        and (status["creator"]["login"], status["creator"]["type"]) == WRITER
    ]
    if not ours:
        raise NotReviewed("no plan was made for the head of the pull request")
    newest = max(ours, key=lambda status: int(status["id"]))
    if newest["state"] != "success":
        raise NotReviewed("the plan for the head of the pull request failed")
    description = newest["description"] or ""
    if description == "no changes":
        return NO_CHANGES
    word, _, digest = description.partition(" ")
    if word != "digest" or not _DIGEST.fullmatch(digest):
        raise NotReviewed("the status of the plan holds no digest")
    return digest


def given(digest: str) -> str:
    """Check a digest that was typed in."""
    if not _DIGEST.fullmatch(digest):
        raise NotReviewed("the digest that was given isn't 64 hex digits, in lower case")
    return digest


def look_up() -> tuple[str, str]:
    """Ask GitHub, with `gh`: what was reviewed, and where, in words."""
    repository, commit = os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_SHA"]
    number, head = merged_pull(
        _get(f"repos/{repository}/commits/{commit}/pulls?per_page=100"),
        repository=repository,
        branch=os.environ["GITHUB_REF_NAME"],
        commit=commit,
    )
    # Newest first. What is older than a hundred others isn't found, and then nothing is applied.
    found = reviewed(_get(f"repos/{repository}/commits/{head}/statuses?per_page=100"))
    return found, f"for #{number} at `{head}`"


def _get(path: str) -> list[Mapping[str, Any]]:
    answer = subprocess.run(["gh", "api", path], stdout=subprocess.PIPE, check=False)  # noqa: S603, S607  # no shell; gh is the runner's
    if answer.returncode:
        raise NotReviewed("GitHub can't be asked; see the log")
    document = json.loads(answer.stdout)
    if not isinstance(document, list):
        raise NotReviewed("GitHub's answer isn't a list")
    return document


def main() -> int:
    """Write the output `expect` and a summary; exit code 9 if nothing was reviewed."""
    digest = os.environ.get("DIGEST", "")
    try:
        found, where = (given(digest), "by hand") if digest else look_up()
    except NotReviewed as why:
        sys.stdout.write(f"::error::No reviewed plan: {why}. Nothing was applied.\n")
        _append(
            "GITHUB_STEP_SUMMARY",
            f"### No reviewed plan\n\nNothing was applied: {why}.\n\nRun this workflow by hand "
            "(`workflow_dispatch`): without a digest it makes a plan to review, with the digest of "
            "that plan it applies it.\n",
        )
        return 9
    seen = "no changes" if found == NO_CHANGES else f"the plan with digest `{found}`"
    _append("GITHUB_STEP_SUMMARY", f"Reviewed {where}: {seen}.\n")
    _append("GITHUB_OUTPUT", f"expect={found}\n")
    return 0


def _append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
