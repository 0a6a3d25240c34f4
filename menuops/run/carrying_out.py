"""From a plan to its writes, whoever made the plan: locked, compared, approved, written.

All accounts are locked, read and compared before the first of them is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from menuops.core.account import Account, request_time_s
from menuops.core.applied import AccountResult, Applied
from menuops.core.commands import Commands
from menuops.core.errors import (
    CannotStart,
    Locked,
    MenuopsError,
    NotApproved,
    Refused,
    StalePlan,
    interrupted,
)
from menuops.core.live import fingerprint
from menuops.core.outcome import Outcome, gravest
from menuops.core.plan import AccountPlan, AccountRef, Plan, UnreadableAccount, has_changes
from menuops.files.project.project import Project
from menuops.locks import Confirm, LockKey, LockUnusable
from menuops.locks.lock import LEASE_S
from menuops.run.account_planning import planned_from, ref_of
from menuops.run.approval import Skipped, check_expected, check_readable, refusal
from menuops.run.reading import Answers, Reader
from menuops.run.remote import Remote
from menuops.run.settings import Settings, World
from menuops.run.writing import Cause, Progress, Writer, is_applied, left_out

Ask: TypeAlias = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Held:
    """Accounts that are locked, and what they are reached with.

    `confirms` make sure, by (api, appid), that a lock is still held.
    """

    project: Project
    accounts: tuple[Account, ...]
    remote: Remote
    reader: Reader
    world: World
    confirms: Mapping[tuple[str, str], Confirm]
    progress: Progress
    commands: Commands


@contextmanager
def held(
    settings: Settings,
    world: World,
    project: Project,
    accounts: Sequence[Account],
    progress: Progress,
    commands: Commands,
    skipped: Skipped,
) -> Iterator[Held]:
    """Lock accounts for as long as the context lasts. Raises Locked and CannotStart.

    One that another run holds is left out if the run keeps going.
    """
    with (
        Remote(project, world, parallel=settings.parallel) as remote,
        Reader(settings.parallel) as reader,
        _locked(accounts, remote, skipped) as confirms,
    ):
        yield Held(project, tuple(accounts), remote, reader, world, confirms, progress, commands)


@contextmanager
def _locked(
    accounts: Sequence[Account], remote: Remote, skipped: Skipped
) -> Iterator[dict[tuple[str, str], Confirm]]:
    confirms: dict[tuple[str, str], Confirm] = {}
    with ExitStack() as locks:
        # Always in the same order, so that two runs can't each hold what the other waits for.
        for account in sorted(accounts, key=lambda each: (each.api, each.appid)):
            try:
                confirms[account.api, account.appid] = locks.enter_context(
                    remote.locks_of(account).held(
                        LockKey(account.api, account.appid, "apply"),
                        lease_s=max(LEASE_S, 2 * request_time_s(account)),
                    )
                )
            except (Locked, LockUnusable) as error:
                error.message += ". Nothing was written"
                if isinstance(error, LockUnusable):
                    raise
                skipped.add({ref_of(account): error}, error)
        yield confirms


@contextmanager
def nothing_written_yet() -> Iterator[None]:
    """Say so of whatever interrupts the body."""
    try:
        yield
    except KeyboardInterrupt as signal:
        raise interrupted(
            signal, "interrupted. Nothing was written", fix="menuops plan shows what is live"
        ) from None


@dataclass(frozen=True, slots=True)
class Approval:
    """How a plan comes to be approved.

    `show` is called with a plan that changes something, also one that is then refused. `ask` says
    whether it is approved, None where it is already; `expect` are digests of the plan or of its
    accounts.
    """

    show: Callable[[], None]
    ask: Ask | None = None
    expect: Sequence[str] = ()


def carry_out(
    plan: Plan,
    answers: Mapping[AccountRef, Answers],
    there: Held,
    approval: Approval,
    skipped: Skipped,
    cause: Cause,
) -> Applied:
    """Get a plan that was just made approved, and write it.

    `answers` are those that it was made from. A guard that stops the plan is in the result.
    Raises CannotStart, StalePlan, NotApproved, Interrupted.
    """
    return skipped.told(_carry_out(plan, answers, there, approval, skipped, cause))


def _carry_out(
    plan: Plan,
    answers: Mapping[AccountRef, Answers],
    there: Held,
    approval: Approval,
    skipped: Skipped,
    cause: Cause,
) -> Applied:
    with nothing_written_yet():
        check_readable(plan, skipped)
        if not plan.changed:
            return nothing_to_do(plan, skipped)
        approval.show()
        if approval.expect:
            check_expected(plan, approval.expect, there.commands, skipped)
        if refused := refusal(plan, there.project.max_accounts, there.commands, skipped):
            return refused_by(plan, refused)
        if approval.ask is not None and is_left(plan, skipped):
            if not approval.ask():
                raise NotApproved(
                    "not approved. Nothing was written",
                    fix=f"to be asked again: {there.commands.again}",
                    code="declined",
                )
            # Reading took a person time, and an account may have moved meanwhile.
            answers = read_again(plan, there, skipped)
            if is_done(plan, answers, skipped):
                return nothing_to_do(plan, skipped)
            check_unmoved(plan, answers, there.commands, skipped)
        if not is_left(plan, skipped):
            return nothing_to_do(plan, skipped)
    return writer(there).write(plan, answers, skipped.of, cause, keep_going=skipped.keep_going)


def writer(there: Held) -> Writer:
    """Make what writes to the accounts that are locked."""
    return Writer(there.project, there.remote, there.confirms, there.world, there.progress)


def bound(plan: Plan) -> tuple[AccountPlan, ...]:
    """List the accounts for which a plan says how they will be; those watched may move."""
    return tuple(account for account in plan.read if not account.is_watched)


def is_left(plan: Plan, skipped: Skipped) -> bool:
    """Tell whether an account is still to be written."""
    return any(account.ref not in skipped.of for account in plan.changed)


def is_done(plan: Plan, answers: Mapping[AccountRef, Answers], skipped: Skipped) -> bool:
    """Tell whether all accounts that could be read, and that are written, are as planned."""
    return all(
        account.ref in answers and is_applied(account, answers[account.ref])
        for account in bound(plan)
        if account.ref not in skipped.of
    )


def nothing_to_do(plan: Plan, skipped: Skipped) -> Applied:
    """End without a write: all is as planned, or every account that isn't was left out."""
    accounts = tuple(
        left_out(account, skipped.of.get(account.ref))
        if account.ref in skipped.of or isinstance(account, UnreadableAccount)
        else AccountResult(account.ref.name, account.ref.appid, "unchanged")
        for account in plan.accounts
    )
    errors = list(skipped.of.values())
    if not errors:
        return Applied(plan, Outcome.NO_CHANGES, accounts)
    outcome = gravest(error.outcome for error in errors)
    first = next(error for error in errors if error.outcome is outcome)
    if len(errors) == 1:
        return Applied(plan, outcome, accounts, error=first)
    names = ", ".join(ref.name for ref in skipped.of)
    error = MenuopsError(
        f"left as they are: {names}. Nothing was written", fix=first.fix, code=first.code
    )
    return Applied(plan, outcome, accounts, error=error)


def refused_by(plan: Plan, refused: Refused) -> Applied:
    """End with a plan that a guard stops as a whole."""
    accounts = tuple(
        left_out(account, None)
        if has_changes(account)
        else AccountResult(account.ref.name, account.ref.appid, "unchanged")
        for account in plan.accounts
    )
    return Applied(plan, Outcome.REFUSED, accounts, error=refused)


def read_again(plan: Plan, there: Held, skipped: Skipped) -> dict[AccountRef, Answers]:
    """Read all accounts of a plan, those that were in sync too: it says that they stay so.

    One that can't be read is left out where the plan lets that be. Raises CannotStart.
    """
    of = {(account.api, account.appid): account for account in there.accounts}
    accounts = [account for account in bound(plan) if account.ref not in skipped.of]
    read = there.reader.read(
        there.remote.api(of[each.ref.api, each.ref.appid]) for each in accounts
    )
    answers: dict[AccountRef, Answers] = {}
    for account, answer in zip(accounts, read, strict=True):
        if not isinstance(answer, MenuopsError):
            answers[account.ref] = answer
            continue
        error = unreadable(account.ref, answer)
        if plan.lets_unreadable_be:
            skipped.let_be(account.ref, error)
        else:
            skipped.add({account.ref: error}, error)
    return answers


def unreadable(ref: AccountRef, error: MenuopsError) -> CannotStart:
    """Say that an account can't be read before it is written."""
    return CannotStart(
        f"{ref.name} can't be read; nothing was written. {error.message}",
        fix=error.fix,
        code=error.code,
    )


def check_unmoved(
    plan: Plan, answers: Mapping[AccountRef, Answers], commands: Commands, skipped: Skipped
) -> None:
    """Stop accounts that are neither as the plan found them nor as it wants them; StalePlan."""
    others = [
        account
        for account in bound(plan)
        if account.ref in answers
        and not is_applied(account, answers[account.ref])
        and fingerprint(answers[account.ref].live) != account.fingerprint
    ]
    if others:
        moved = [account.ref for account in others]
        names = [each.ref.name for each in plan.accounts]
        error = moved_since(moved, commands, names)
        each = {ref: moved_since([ref], commands, [ref.name]) for ref in moved}
        skipped.add(each, error)
        # Where a file keeps what is live, what it wants by now is another thing too.
        kept = [account for account in others if not account.basis.kept]
        skipped.show(planned_from(account, answers[account.ref].live) for account in kept)


def moved_since(
    refs: Sequence[AccountRef], commands: Commands, planned: Sequence[str]
) -> StalePlan:
    """Say which accounts changed after they were planned, and how to plan all those anew."""
    moved = [ref.name for ref in refs]
    return StalePlan(
        f"{', '.join(moved)}: the live menu changed after this plan was made "
        "(线上已变，请重新预览). Nothing was written",
        fix=f"make a new plan: {commands.plan(planned)}\nwhat moved: {commands.drift(moved)}",
        code="stale_plan",
    )


def named_as(plan: Plan, accounts: Sequence[Account]) -> Plan:
    """Call the accounts of a plan what the project calls them; names are labels."""
    names = {(account.api, account.appid): account.name for account in accounts}
    return replace(
        plan,
        accounts=tuple(
            replace(
                each,
                ref=replace(
                    each.ref, name=names.get((each.ref.api, each.ref.appid), each.ref.name)
                ),
            )
            for each in plan.accounts
        ),
    )
