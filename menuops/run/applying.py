"""Making the change that a plan says: lock, compare, ask, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from menuops.core.account import Account
from menuops.core.applied import Applied
from menuops.core.commands import Commands
from menuops.core.errors import StalePlan
from menuops.core.plan import Plan
from menuops.files.project.project import Project
from menuops.run.approval import (
    Skipped,
    check_expected,
    check_fresh,
    check_readable,
    refusal,
)
from menuops.run.carrying_out import (
    Approval,
    Held,
    bound,
    carry_out,
    check_unmoved,
    held,
    is_done,
    is_left,
    named_as,
    nothing_to_do,
    nothing_written_yet,
    read_again,
    refused_by,
    writer,
)
from menuops.run.carrying_out import (
    Ask as Ask,
)
from menuops.run.past import PastOfAccounts
from menuops.run.planning import MadePlan, plan_accounts, prepare
from menuops.run.quotas import with_quotas
from menuops.run.selection import open_project
from menuops.run.settings import PlanOptions, Settings, World
from menuops.run.writing import Cause, Progress

Show: TypeAlias = Callable[[MadePlan], None]
APPLY = Cause("apply")


def apply_files(
    settings: Settings,
    world: World,
    options: PlanOptions,
    *,
    expect: Sequence[str] = (),
    show: Show,
    ask: Ask | None,
    progress: Progress,
    keep_going: bool = False,
    commands: Commands | None = None,
) -> Applied:
    """Plan and apply in one go.

    `show` is given a plan with changes, also one that is then refused; `ask` says whether it is
    approved, None where it is already. `expect` are digests of the plan or of its accounts, of
    which each account with changes must have one. With `keep_going` what stops one account leaves
    the others to be written.
    A guard that stops the plan is in the result.
    Raises InvalidFiles, CannotStart, StalePlan, NotApproved, Locked, Interrupted.
    """
    prepared = prepare(settings, world, options)
    written = [account for account in prepared.accounts if account.mode == "manage"]
    spelt = commands or Commands()
    skipped = Skipped(keep_going=keep_going)
    with held(settings, world, prepared.project, written, progress, spelt, skipped) as there:
        with nothing_written_yet():
            past = PastOfAccounts(there.remote.state.last_applied)
            made = plan_accounts(prepared, there.remote, there.reader, world, options, past)
        approval = Approval(lambda: show(made), ask, expect)
        return carry_out(made.plan, made.answers, there, approval, skipped, APPLY)


def apply_plan(
    settings: Settings,
    world: World,
    plan: Plan,
    *,
    expect: Sequence[str],
    progress: Progress,
    keep_going: bool = False,
    commands: Commands | None = None,
) -> Applied:
    """Apply a plan that was saved; having it is the approval.

    A guard that stops it is in the result. With `keep_going` what stops one account leaves the
    others to be written. Raises InvalidFiles, CannotStart, StalePlan, Locked, Interrupted.
    """
    project = open_project(settings, world)
    spelt = commands or Commands()
    skipped = Skipped(keep_going=keep_going)
    applied = _apply_plan(settings, world, project, plan, expect, progress, spelt, skipped)
    return skipped.told(applied)


def _apply_plan(
    settings: Settings,
    world: World,
    project: Project,
    plan: Plan,
    expect: Sequence[str],
    progress: Progress,
    spelt: Commands,
    skipped: Skipped,
) -> Applied:
    check_readable(plan, skipped)
    if expect and plan.changed:
        check_expected(plan, expect, spelt, skipped)
    accounts = accounts_of(plan, project, spelt)
    plan = named_as(plan, accounts)
    with held(settings, world, project, accounts, progress, spelt, skipped) as there:
        with nothing_written_yet():
            answers = read_again(plan, there, skipped)
            if is_done(plan, answers, skipped):
                return nothing_to_do(plan, skipped)
            check_fresh(plan, there.remote.state, world.clock(), spelt)
            check_unmoved(plan, answers, spelt, skipped)
            of_now = _with_quotas_of_now(plan, there, skipped)
            if refused := refusal(of_now, project.max_accounts, spelt, skipped):
                return refused_by(plan, refused)
            if not is_left(plan, skipped):
                return nothing_to_do(plan, skipped)
        return writer(there).write(
            plan, answers, skipped.of, APPLY, keep_going=skipped.keep_going, saved=True
        )


def _with_quotas_of_now(plan: Plan, there: Held, skipped: Skipped) -> Plan:
    """Ask again how many calls are left, for accounts that need many: a plan may be days old."""
    of = {(account.api, account.appid): account for account in there.accounts}
    again = with_quotas(
        [each for each in plan.accounts if each.ref not in skipped.of],
        there.reader,
        lambda ref: there.remote.api(of[ref.api, ref.appid]),
        lambda account: account.lifts,
    )
    by_ref = {each.ref: each for each in again}
    return replace(plan, accounts=tuple(by_ref.get(each.ref, each) for each in plan.accounts))


def accounts_of(plan: Plan, project: Project, commands: Commands) -> tuple[Account, ...]:
    """Find the accounts of a plan in the project. Raises StalePlan."""
    known = {(account.api, account.appid): account for account in project.accounts}
    for planned in bound(plan):
        if (planned.ref.api, planned.ref.appid) not in known:
            raise StalePlan(
                f"the plan is for {planned.ref.name} ({planned.ref.appid} at {planned.ref.api}), "
                f"which {project.file} doesn't have. Nothing was written",
                fix=f"go to the project that the plan was made in, or {_new(commands)}",
                code="foreign_plan",
            )
    for planned in plan.changed:
        account = known[planned.ref.api, planned.ref.appid]
        if account.mode != "manage":
            raise StalePlan(
                f"{account.name} is no longer written to: {project.file} has `mode: "
                f"{account.mode}` for it. Nothing was written",
                fix=_new(commands),
                code="foreign_plan",
            )
    return tuple(known[planned.ref.api, planned.ref.appid] for planned in bound(plan))


def _new(commands: Commands) -> str:
    return f"make a new plan: {commands.plan()}"
