"""Making the change that a plan says: lock, compare, ask, write.

First all accounts are locked, read and compared; only then the first of them is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TypeAlias

from menuops.core.account import Account, request_time_s
from menuops.core.applied import AccountResult, Applied
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
from menuops.core.outcome import Outcome
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    Plan,
    PlannedAccount,
    has_changes,
    make_account_plan,
)
from menuops.files.project.project import Project
from menuops.locks import Confirm, LockKey, LockUnusable
from menuops.locks.lock import LEASE_S
from menuops.run.approval import check_expected, check_fresh, check_readable, refusal
from menuops.run.past import PastOfAccounts
from menuops.run.planning import MadePlan, plan_accounts, prepare
from menuops.run.quotas import calls_in_doubt, read_quotas
from menuops.run.reading import Answers, Reader
from menuops.run.remote import Remote
from menuops.run.selection import open_project
from menuops.run.settings import PlanOptions, Settings, World
from menuops.run.writing import Progress, Writer, is_applied, not_tried

Show: TypeAlias = Callable[[MadePlan], None]
Ask: TypeAlias = Callable[[], bool]


def apply_files(
    settings: Settings,
    world: World,
    options: PlanOptions,
    *,
    expect: Sequence[str] = (),
    show: Show,
    ask: Ask | None,
    progress: Progress,
) -> Applied:
    """Plan and apply in one go.

    `show` is given a plan with changes, also one that is then refused; `ask` says whether it is
    approved, None where it is already. `expect` are digests of the plan or of its accounts, of
    which each account with changes must have one.
    A guard that stops the plan is in the result.
    Raises InvalidFiles, CannotStart, StalePlan, NotApproved, Locked, Interrupted.
    """
    prepared = prepare(settings, world, options)
    written = [account for account in prepared.accounts if account.mode == "manage"]
    with (
        Remote(prepared.project, world, parallel=settings.parallel) as remote,
        Reader(settings.parallel) as reader,
        _locked(written, remote) as confirms,
    ):
        with _nothing_written_yet():
            past = PastOfAccounts(remote.state.last_applied)
            made = plan_accounts(prepared, remote, reader, world, options, past)
            plan = made.plan
            check_readable(plan)
            if not plan.changed:
                return _nothing_to_do(plan)
            show(made)
            if expect:
                check_expected(plan, expect)
            if refused := refusal(plan, prepared.project.max_accounts):
                return _refused(plan, refused)
            answers = made.answers
            if ask is not None:
                if not ask():
                    raise NotApproved("not approved. Nothing was written", code="declined")
                # Reading took a person time, and an account may have moved meanwhile.
                answers = _read_again(plan, prepared.accounts, remote, reader)
                if _is_done(plan, answers):
                    return _nothing_to_do(plan)
                _check_unmoved(plan, answers)
        return Writer(prepared.project, remote, confirms, world, progress).write(plan, answers)


def apply_plan(
    settings: Settings, world: World, plan: Plan, *, expect: Sequence[str], progress: Progress
) -> Applied:
    """Apply a plan that was saved; having it is the approval.

    A guard that stops it is in the result. Raises InvalidFiles, CannotStart, StalePlan, Locked,
    Interrupted.
    """
    project = open_project(settings, world)
    check_readable(plan)
    if expect and plan.changed:
        check_expected(plan, expect)
    accounts = _accounts_of(plan, project)
    plan = _named_as(plan, accounts)
    with (
        Remote(project, world, parallel=settings.parallel) as remote,
        Reader(settings.parallel) as reader,
        _locked(accounts, remote) as confirms,
    ):
        with _nothing_written_yet():
            answers = _read_again(plan, accounts, remote, reader)
            if _is_done(plan, answers):
                return _nothing_to_do(plan)
            check_fresh(plan, remote.state, world.clock())
            _check_unmoved(plan, answers)
            plan = _with_quotas_of_now(plan, accounts, remote)
            if refused := refusal(plan, project.max_accounts):
                return _refused(plan, refused)
        return Writer(project, remote, confirms, world, progress).write(plan, answers, saved=True)


@contextmanager
def _nothing_written_yet() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as signal:
        raise interrupted(
            signal, "interrupted. Nothing was written", fix="menuops plan shows what is live"
        ) from None


def _is_done(plan: Plan, answers: Mapping[AccountRef, Answers]) -> bool:
    """Tell whether all accounts that could be read, and that are written, are as planned."""
    return all(
        account.ref in answers and is_applied(account, answers[account.ref])
        for account in _bound(plan)
    )


def _bound(plan: Plan) -> tuple[AccountPlan, ...]:
    """List the accounts for which a plan says how they will be; those watched may move."""
    return tuple(account for account in plan.read if not account.is_watched)


def _with_quotas_of_now(plan: Plan, accounts: Sequence[Account], remote: Remote) -> Plan:
    """Ask again how many calls are left, for accounts that need many: a plan may be days old."""
    of = {(account.api, account.appid): account for account in accounts}

    def again(account: PlannedAccount) -> PlannedAccount:
        if not (has_changes(account) and calls_in_doubt(account.steps)):
            return account
        api = remote.api(of[account.ref.api, account.ref.appid])
        basis = replace(account.basis, quotas=read_quotas(api, account.steps))
        lifts = [guard.allow for guard in account.guards if guard.lifted]
        return make_account_plan(
            account.ref, account.live, account.after, account.labels, lifts=lifts, basis=basis
        )

    return replace(plan, accounts=tuple(map(again, plan.accounts)))


def _nothing_to_do(plan: Plan) -> Applied:
    unchanged = tuple(AccountResult(a.ref.name, a.ref.appid, "unchanged") for a in plan.accounts)
    return Applied(plan, Outcome.NO_CHANGES, unchanged)


def _refused(plan: Plan, refused: Refused) -> Applied:
    accounts = tuple(
        not_tried(account)
        if has_changes(account)
        else AccountResult(account.ref.name, account.ref.appid, "unchanged")
        for account in plan.accounts
    )
    return Applied(plan, Outcome.REFUSED, accounts, error=refused)


@contextmanager
def _locked(
    accounts: Sequence[Account], remote: Remote
) -> Iterator[dict[tuple[str, str], Confirm]]:
    """Lock all accounts; gives, by (api, appid), what makes sure of it before each call."""
    confirms: dict[tuple[str, str], Confirm] = {}
    with ExitStack() as held:
        # Always in the same order, so that two runs can't each hold what the other waits for.
        for account in sorted(accounts, key=lambda each: (each.api, each.appid)):
            try:
                confirms[account.api, account.appid] = held.enter_context(
                    remote.locks_of(account).held(
                        LockKey(account.api, account.appid, "apply"),
                        lease_s=max(LEASE_S, 2 * request_time_s(account)),
                    )
                )
            except (Locked, LockUnusable) as error:
                error.message += ". Nothing was written"
                raise
        yield confirms


def _accounts_of(plan: Plan, project: Project) -> tuple[Account, ...]:
    known = {(account.api, account.appid): account for account in project.accounts}
    for planned in _bound(plan):
        if (planned.ref.api, planned.ref.appid) not in known:
            raise StalePlan(
                f"the plan is for {planned.ref.name} ({planned.ref.appid} at {planned.ref.api}), "
                f"which {project.file} doesn't have. Nothing was written",
                fix="go to the project that the plan was made in, or make a new plan",
                code="foreign_plan",
            )
    for planned in plan.changed:
        account = known[planned.ref.api, planned.ref.appid]
        if account.mode != "manage":
            raise StalePlan(
                f"{account.name} is no longer written to: {project.file} has `mode: "
                f"{account.mode}` for it. Nothing was written",
                fix="make a new plan: menuops plan --out FILE",
                code="foreign_plan",
            )
    return tuple(known[planned.ref.api, planned.ref.appid] for planned in _bound(plan))


def _named_as(plan: Plan, accounts: Sequence[Account]) -> Plan:
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


def _read_again(
    plan: Plan, accounts: Sequence[Account], remote: Remote, reader: Reader
) -> dict[AccountRef, Answers]:
    """Read all accounts of a plan, those that were in sync too: it says that they stay so.

    One that can't be read is left out where the plan lets that be. Raises CannotStart.
    """
    of = {(account.api, account.appid): account for account in accounts}
    bound = _bound(plan)
    read = reader.read(remote.api(of[each.ref.api, each.ref.appid]) for each in bound)
    answers: dict[AccountRef, Answers] = {}
    for account, answer in zip(bound, read, strict=True):
        if isinstance(answer, MenuopsError):
            if plan.lets_unreadable_be:
                continue
            raise CannotStart(
                f"{account.ref.name} can't be read; nothing was written. {answer.message}",
                fix=answer.fix,
                code=answer.code,
            )
        answers[account.ref] = answer
    return answers


def _check_unmoved(plan: Plan, answers: Mapping[AccountRef, Answers]) -> None:
    moved = [
        account.ref.name
        for account in _bound(plan)
        if account.ref in answers
        and not is_applied(account, answers[account.ref])
        and fingerprint(answers[account.ref].live) != account.fingerprint
    ]
    if moved:
        raise StalePlan(
            f"{', '.join(moved)}: the live menu changed after this plan was made (线上已变，"
            "请重新预览). Nothing was written",
            fix="make a new plan: menuops plan --out FILE; menuops show PLAN shows the old one",
            code="stale_plan",
        )
