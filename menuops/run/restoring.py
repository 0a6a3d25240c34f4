"""Going back: a plan from what is live to what was, approved and written like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import menuops
from menuops.core.applied import Applied
from menuops.core.back_to import BackTo
from menuops.core.basis import Basis
from menuops.core.commands import Commands
from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.guard_names import check_lifts
from menuops.core.labels import label_menus
from menuops.core.live import Live, fingerprint
from menuops.core.moments import utc
from menuops.core.outcome import Outcome
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    ErrorNote,
    Plan,
    PlannedAccount,
    UnreadableAccount,
    make_account_plan,
    make_plan,
)
from menuops.core.restorable import Restorable, restorable
from menuops.files.project.project import Project
from menuops.run.account_planning import ref_of
from menuops.run.approval import Skipped
from menuops.run.carrying_out import (
    Approval,
    Ask,
    carry_out,
    held,
    nothing_written_yet,
)
from menuops.run.earlier import Earlier, find_earlier
from menuops.run.past import PastOfAccounts
from menuops.run.quotas import with_quotas
from menuops.run.reading import Answers, Reader
from menuops.run.remote import Remote
from menuops.run.selection import open_project
from menuops.run.settings import PlanOptions, Settings, World
from menuops.run.writing import Cause, Progress


@dataclass(frozen=True, slots=True)
class Restoring:
    """A plan that goes back, with what can't come back, by the accounts' names."""

    plan: Plan
    answers: Mapping[AccountRef, Answers]
    lost: Mapping[str, tuple[str, ...]]
    taken_at: Mapping[str, str]


def restore(
    settings: Settings,
    world: World,
    options: PlanOptions,
    source: str | Path,
    *,
    is_plan: bool = False,
    expect: Sequence[str] = (),
    show: Callable[[Restoring], None],
    ask: Ask | None,
    progress: Progress,
    keep_going: bool = False,
    commands: Commands | None = None,
) -> Applied:
    """Bring back what was live before; `source` is `RUN/ACCOUNT`, `RUN`, or the path of a file.

    With `is_plan` the file is a saved plan, and what that plan saw comes back. A guard that
    stops it is in the result. Raises Usage for a snapshot that isn't known, InvalidFiles,
    CannotStart, StalePlan, NotApproved, Locked, Interrupted.
    """
    project = _open(settings, world, options)
    earlier = find_earlier(project, settings, source, is_plan=is_plan)
    spelt = commands or Commands()
    accounts = [each.account for each in earlier]
    skipped = Skipped(keep_going=keep_going)
    with held(settings, world, project, accounts, progress, spelt, skipped) as there:
        with nothing_written_yet():
            back_to = _back_to(source, is_plan=is_plan)
            made = _plan(earlier, back_to, there.remote, there.reader, world, options, project)
        approval = Approval(lambda: show(made), ask, expect)
        cause = Cause("restore", str(source))
        return carry_out(made.plan, made.answers, there, approval, skipped, cause)


def plan_restore(
    settings: Settings,
    world: World,
    options: PlanOptions,
    source: str | Path,
    *,
    is_plan: bool = False,
) -> Restoring:
    """Make the plan of `restore`, to be saved; nothing is locked and nothing written."""
    project = _open(settings, world, options)
    earlier = find_earlier(project, settings, source, is_plan=is_plan)
    with (
        Remote(project, world, parallel=settings.parallel) as remote,
        Reader(settings.parallel) as reader,
    ):
        back_to = _back_to(source, is_plan=is_plan)
        made = _plan(earlier, back_to, remote, reader, world, options, project)
    return replace(made, plan=replace(made.plan, accounts=made.plan.changed))


def _open(settings: Settings, world: World, options: PlanOptions) -> Project:
    check_lifts(options.lifts)
    return open_project(settings, world)


def _back_to(source: str | Path, *, is_plan: bool) -> BackTo:
    return BackTo("plan" if is_plan else "snapshot", str(source))


def _plan(
    earlier: Sequence[Earlier],
    back_to: BackTo,
    remote: Remote,
    reader: Reader,
    world: World,
    options: PlanOptions,
    project: Project,
) -> Restoring:
    answers = reader.read(remote.api(each.account) for each in earlier)
    names = _tag_names(earlier, answers, remote, reader)
    past = PastOfAccounts(remote.state.last_applied)
    planned: list[PlannedAccount] = []
    lost: dict[str, tuple[str, ...]] = {}
    for each, answer in zip(earlier, answers, strict=True):
        if isinstance(answer, MenuopsError):
            note = ErrorNote(answer.code, answer.message, answer.fix)
            planned.append(UnreadableAccount(ref_of(each.account), note))
            continue
        back = _back(each, names.get(each.account.name))
        account = _account_plan(each, answer.live, back, names, options, past)
        lost[each.account.name] = back.lost
        planned.append(account)
    of = {ref_of(each.account): each.account for each in earlier}
    planned = with_quotas(planned, reader, lambda ref: remote.api(of[ref]), lambda _: options.lifts)
    now = world.clock()
    plan = make_plan(
        planned,
        max_accounts=project.max_accounts,
        lifts=options.lifts,
        head={
            "menuops_version": menuops.__version__,
            "created_at": utc(now),
            "expires_at": utc(now + options.expires_in_s),
            "commit": None,  # it wants what was, not what the files say
            "back_to": back_to,
        },
    )
    read = {
        ref_of(each.account): answer
        for each, answer in zip(earlier, answers, strict=True)
        if isinstance(answer, Answers)
    }
    taken = {each.account.name: each.taken_at for each in earlier}
    return Restoring(plan, read, lost, taken)


def _back(each: Earlier, tags: Mapping[str, str] | None) -> Restorable:
    """Work out what can come back. Raises CannotStart where there was something and none can."""
    named = {
        menu.matchrule.tag_id
        for menu in each.live.menus.conditionalmenu
        if menu.matchrule.tag_id is not None
    }
    gone = frozenset[str]() if tags is None else named - tags.keys() - _OF_WECHAT
    back = restorable(each.live, each.made, dict(tags or {}), gone)
    if back.is_nothing:
        listed = "\n".join(f"  {line}" for line in back.lost)
        raise CannotStart(
            f"{each.account.name}: nothing of it can be made through the API. Nothing was "
            f"written.\n{listed}",
            fix="make it in the web console (公众号后台), or choose another snapshot: "
            "menuops history",
            code="nothing_to_restore",
        )
    return back


def _account_plan(
    each: Earlier,
    live: Live,
    back: Restorable,
    names: Mapping[str, Mapping[str, str]],
    options: PlanOptions,
    past: PastOfAccounts,
) -> AccountPlan:
    account, after = each.account, back.menus
    basis = Basis(
        delete_first=options.delete_first, applied=past.applied_to(account), goes_back=True
    )
    if fingerprint(live) == fingerprint(each.live):
        # It is as it was, with all that a write would lose.
        after, basis = live.menus, Basis(mode="watch", goes_back=True)
    labels = label_menus(live.menus, after, names.get(account.name, {}))
    return make_account_plan(ref_of(account), live, after, labels, lifts=options.lifts, basis=basis)


def _tag_names(
    earlier: Sequence[Earlier],
    answers: Sequence[Answers | MenuopsError],
    remote: Remote,
    reader: Reader,
) -> dict[str, dict[str, str]]:
    """Look up the tags of accounts whose menus go by them; those that may not be read aren't."""
    asked = [
        each.account
        for each, answer in zip(earlier, answers, strict=True)
        if isinstance(answer, Answers) and (_goes_by_tags(each.live) or _goes_by_tags(answer.live))
    ]
    found = reader.read_tags(remote.api(account) for account in asked)
    return {
        account.name: {tag.id: tag.name for tag in tags}
        for account, tags in zip(asked, found, strict=True)
        if not isinstance(tags, MenuopsError)
    }


def _goes_by_tags(live: Live) -> bool:
    return any(menu.matchrule.tag_id is not None for menu in live.menus.conditionalmenu)


_OF_WECHAT: Final = frozenset({"0", "1", "2"})
"""Groups that every account has (未分组, 黑名单, 星标组), listed by `tags/get` or not.
Source: reference, 4."""


def outcome_of(plan: Plan) -> Outcome:
    """How a restore that only plans ends."""
    return Outcome.DONE if plan.outcome is Outcome.CHANGES else plan.outcome
