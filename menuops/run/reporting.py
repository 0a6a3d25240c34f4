"""Telling a pull request what a plan or a run came to; the comment shows, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from menuops.core.errors import Usage
from menuops.core.outcome import Outcome
from menuops.core.plan import Plan
from menuops.core.sent import Sent
from menuops.core.told import Result, ToldDrift, ToldFailure
from menuops.post.failure import NotSent
from menuops.post.forge import Comment, Forge, Issue, State
from menuops.render.report_body import issue_body, issue_title, replaced_body
from menuops.render.report_comment import state_of

T = TypeVar("T")

CONTEXT: Final = "menuops/plan"
"""The context of the commit status that holds the digest; what is merged is held against it."""
_NO_CHANGES: Final = "no changes"
_AGAIN_S: Final = 2.0
_GONE: Final = 404


@dataclass(frozen=True, slots=True)
class Status:
    """A commit status, which only who may write to the repository can set."""

    state: State
    description: str


def status_of(results: Sequence[Result]) -> Status:
    """Say what a plan leaves on its commit: its digest, or that nothing changes.

    A plan that failed or was refused leaves a failure, so that nothing older counts. Raises Usage
    where there isn't one plan: a status holds one digest.
    """
    plans = [each for each in results if isinstance(each, Plan | ToldFailure)]
    if len(plans) != 1 or len(plans) != len(results):
        raise Usage(
            "--status takes one plan: a status holds one digest",
            fix="plan all accounts at once, or report without --status",
        )
    (plan,) = plans
    if not isinstance(plan, Plan) or plan.outcome not in (Outcome.CHANGES, Outcome.NO_CHANGES):
        refused = isinstance(plan, Plan) and plan.outcome is Outcome.REFUSED
        return Status("failure", "refused by a guard" if refused else "no plan")
    if plan.digest is None:
        return Status("success", _NO_CHANGES)
    return Status("success", f"digest {plan.digest}")


def post_comment(forge: Forge, number: int, body: str, sleep: Callable[[float], None]) -> Sent:
    """Write the comment anew in its place, or a new one where there is none to replace.

    Only one by the token's own user that no apply has ended is replaced. Raises NotSent.
    """
    mine = _own(forge, number)
    where = f"{forge.kind} {number}"
    still_open = [comment for comment in mine if state_of(comment.body) == "open"]
    older, newest = still_open[:-1], still_open[-1:]
    for comment in mine:
        if _same(comment.body, body) and comment not in older:
            return Sent("comment", "unchanged", where, comment.url)
    # Two runs at once may each have found none: what the older one says is the plan no more.
    for comment in older:
        _edited(forge, number, comment, replaced_body())
    for comment in newest:
        edited = _edited(forge, number, comment, body)
        if edited is not None:
            return Sent("comment", "updated", where, edited.url)
    added = _once(
        lambda: forge.add_comment(number, body),
        lambda: [each for each in _own(forge, number) if _same(each.body, body)],
        sleep,
    )
    return Sent("comment", "created", where, added.url)


def _edited(forge: Forge, number: int, comment: Comment, body: str) -> Comment | None:
    """Write a comment anew; None if somebody deleted it since it was read."""
    try:
        return forge.edit_comment(number, comment, body)
    except NotSent as error:
        if error.status != _GONE:
            raise
    return None


def _own(forge: Forge, number: int) -> list[Comment]:
    """List the comments that are ours; anybody can write the mark, so the author counts too."""
    me = forge.me()
    return [
        comment
        for comment in forge.comments(number)
        if comment.author == me and state_of(comment.body) is not None
    ]


def _same(body: str, other: str) -> bool:
    """Compare texts that a service may have kept with other ends of lines."""
    return body.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _once(
    add: Callable[[], T], find: Callable[[], Sequence[T]], sleep: Callable[[float], None]
) -> T:
    """Add a comment or an issue; where its answer was lost, look before it is added again."""
    try:
        return add()
    except NotSent as error:
        if not error.unsure:
            raise
    sleep(_AGAIN_S)
    found = find()
    return found[-1] if found else add()


def post_status(forge: Forge, commit: str, status: Status, run_url: str) -> Sent:
    """Leave the digest on a commit. Raises NotSent."""
    forge.set_status(commit, status.state, CONTEXT, status.description, run_url)
    return Sent("status", "created", f"commit {commit[:10]}: {status.state}, {status.description}")


def post_issue(
    forge: Forge, results: Sequence[Result], run_url: str, sleep: Callable[[float], None]
) -> Sent:
    """Open, update or close the one issue about drift. Raises NotSent, Usage.

    What can't be read neither opens nor closes it.
    """
    drifts = drifts_of(results)
    drifted = any(account.is_drift for drift in drifts for account in drift.accounts)
    unknown = any(drift.outcome == "error" for drift in drifts)
    body = issue_body(results, run_url)
    title = issue_title(drifts)
    found = _own_issue(forge)
    if found is None:
        if not drifted:
            return Sent("issue", "nothing", "none is open, and there is no drift")
        opened = _once(
            lambda: forge.add_issue(title, body),
            lambda: list(filter(None, [_own_issue(forge)])),
            sleep,
        )
        return Sent("issue", "created", f"issue {opened.number}", opened.url)
    if not drifted and not unknown:
        forge.edit_issue(found, found.title, body, close=True)
        return Sent("issue", "closed", f"issue {found.number}", found.url)
    if _same(found.body, body):
        return Sent("issue", "unchanged", f"issue {found.number}", found.url)
    forge.edit_issue(found, title if drifted else found.title, body, close=False)
    return Sent("issue", "updated", f"issue {found.number}", found.url)


def drifts_of(results: Sequence[Result]) -> list[ToldDrift]:
    """Give the drift documents. Raises Usage where there is anything else."""
    drifts = [each for each in results if isinstance(each, ToldDrift)]
    if not drifts or len(drifts) != len(results):
        raise Usage(
            "--issue takes what drift printed: menuops drift --format json",
            fix="report a plan without --issue",
        )
    return drifts


def _own_issue(forge: Forge) -> Issue | None:
    me = forge.me()
    for issue in forge.open_issues():
        if issue.author == me and state_of(issue.body) == "drift":
            return issue
    return None
