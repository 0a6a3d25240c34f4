"""Finishing a run that was cut off or that stopped: only what is missing is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from menuops.core.applied import AccountResult, Applied
from menuops.core.basis import Basis
from menuops.core.commands import Commands
from menuops.core.errors import CannotStart, InvalidFiles, MenuopsError, StalePlan, Usage
from menuops.core.identity import with_known_ids
from menuops.core.labels import label_menus
from menuops.core.live import Live
from menuops.core.outcome import Outcome
from menuops.core.passing import is_on_the_way
from menuops.core.plan import AccountPlan, AccountRef, Plan, make_account_plan
from menuops.core.run_record import AccountRecord, RunRecord, finished_by
from menuops.files.plan_file import read_plan
from menuops.run.applying import accounts_of
from menuops.run.approval import Skipped, check_in_time
from menuops.run.carrying_out import (
    Approval,
    Held,
    carry_out,
    held,
    moved_since,
    named_as,
    nothing_written_yet,
    unreadable,
    writer,
)
from menuops.run.reading import Answers
from menuops.run.remote import state_of
from menuops.run.selection import open_project
from menuops.run.settings import Settings, World
from menuops.run.writing import Cause, Progress
from menuops.state.runs import State


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a run: its record, and the plan from what is live to what it wanted."""

    run: RunRecord
    plan: Plan


def resume(
    settings: Settings,
    world: World,
    run: str,
    *,
    show: Callable[[Rest], None],
    progress: Progress,
    keep_going: bool = False,
    commands: Commands | None = None,
) -> Applied:
    """Finish what a run began; the run was approved, so nobody is asked.

    `show` is given what is left of it. Where an account is in a state that the run's own calls
    don't explain, somebody else was there: StalePlan. Raises Usage for a run that isn't known,
    and else as `apply_plan`.
    """
    project = open_project(settings, world)
    spelt = commands or Commands()
    state = state_of(project)
    record = _last_of(state, run, spelt)
    if record.is_whole:
        return _nothing_left(record)
    wanted = _wanted(state, record, spelt)
    spelt = spelt.about(wanted)
    done = {account.ref for account in record.accounts if account.is_done}
    left = [account for account in wanted.changed if account.ref not in done]
    plan = replace(wanted, accounts=tuple(left), guards=wanted.guards)
    check_in_time(plan, world.clock(), f"make a new plan: {spelt.plan(_names(plan))}")
    # An account is its host and appid; the project of today may call it something else.
    records = {_key(account.ref): account for account in record.accounts}
    accounts = accounts_of(plan, project, spelt)
    plan = named_as(plan, accounts)
    cause = Cause("resume", record.run)
    skipped = Skipped(keep_going=keep_going)
    with held(settings, world, project, accounts, progress, spelt, skipped) as there:
        with nothing_written_yet():
            answers = _read(plan, there, skipped)
            _check_on_the_way(plan, answers, records, spelt, skipped)
            rest = _rest(plan, answers, skipped)
            if not rest.changed and not skipped.of:
                name = writer(there).note_done(rest, cause)
                return Applied(rest, Outcome.NO_CHANGES, _unchanged(rest.read), name)
        approval = Approval(lambda: show(Rest(record, rest)))
        applied = carry_out(rest, answers, there, approval, skipped, cause)
    return _with_way_back(applied, state.runs(), plan)


def _with_way_back(applied: Applied, runs: Sequence[RunRecord], plan: Plan) -> Applied:
    """Let undoing go to before the first of the runs that were gone on with, not to the middle."""
    keys = {account.ref.name: _key(account.ref) for account in plan.accounts}
    known = {run.run: run for run in runs}

    def of(result: AccountResult) -> AccountResult:
        name, back, undo = applied.run, result.back, result.undo
        while name is not None and (record := known.get(name)) is not None:
            for account in record.accounts:
                if account.snapshot and _key(account.ref) == keys.get(result.name):
                    back = f"{record.run}/{account.ref.name}"
                    undo = tuple(dict.fromkeys((*undo, *account.undo)))
            name = record.of if record.command == "resume" else None
        return replace(result, back=back, undo=undo)

    return replace(applied, accounts=tuple(map(of, applied.accounts)))


def _last_of(state: State, run: str, commands: Commands) -> RunRecord:
    """Find a run, or the last of those that already went on with it."""
    record = state.run(run)
    if record is None:
        raise Usage(f"there is no run {run!r}", fix=f"runs: {commands.history()}")
    later = finished_by(state.runs(), run)
    return later or record


def _nothing_left(record: RunRecord) -> Applied:
    head = Plan("", record.started_at or "", record.started_at or "", record.commit, ())
    accounts = tuple(
        AccountResult(account.ref.name, account.ref.appid, "unchanged")
        for account in record.accounts
    )
    return Applied(head, Outcome.NO_CHANGES, accounts)


def _wanted(state: State, record: RunRecord, commands: Commands) -> Plan:
    path = state.plan_of(record.run)
    again = f"make a new plan: {commands.plan(each.ref.name for each in record.accounts)}"
    try:
        return read_plan(path, str(path))
    except StalePlan as cause:
        raise StalePlan(
            f"what run {record.run} wanted can't be read by this version of menuops: "
            f"{cause.message}",
            fix=again,
            code=cause.code,
        ) from None
    except InvalidFiles as cause:
        raise CannotStart(
            f"what run {record.run} wanted isn't known any more: {cause.findings[0].message} "
            f"({path}). Nothing was written",
            fix=again,
            code="run_lost",
        ) from None


def _names(plan: Plan) -> list[str]:
    return [account.ref.name for account in plan.accounts]


def _key(ref: AccountRef) -> AccountRef:
    return replace(ref, name="")


def _read(plan: Plan, there: Held, skipped: Skipped) -> dict[AccountRef, Answers]:
    of = {(account.api, account.appid): account for account in there.accounts}
    read = there.reader.read(
        there.remote.api(of[each.ref.api, each.ref.appid]) for each in plan.read
    )
    answers: dict[AccountRef, Answers] = {}
    for account, answer in zip(plan.read, read, strict=True):
        if isinstance(answer, MenuopsError):
            error = unreadable(account.ref, answer)
            skipped.add({account.ref: error}, error)
        else:
            answers[account.ref] = answer
    return answers


def _check_on_the_way(
    plan: Plan,
    answers: dict[AccountRef, Answers],
    records: dict[AccountRef, AccountRecord],
    commands: Commands,
    skipped: Skipped,
) -> None:
    moved = [
        account.ref
        for account in plan.read
        if account.ref in answers
        and answers[account.ref].live.menus != account.after
        and not _explained(account, answers[account.ref].live, records.get(_key(account.ref)))
    ]
    if moved:
        each = {ref: _moved([ref], commands) for ref in moved}
        skipped.add(each, _moved(moved, commands))


def _explained(account: AccountPlan, live: Live, record: AccountRecord | None) -> bool:
    calls = () if record is None else record.calls
    done = sum(call.outcome == "done" for call in calls)
    menuids = {call.step: call.menuid for call in calls if call.menuid is not None}
    return is_on_the_way(live, account, done, menuids)


def _moved(refs: Sequence[AccountRef], commands: Commands) -> StalePlan:
    return moved_since(refs, commands, [ref.name for ref in refs])


def _rest(plan: Plan, answers: dict[AccountRef, Answers], skipped: Skipped) -> Plan:
    """Plan from what is live to what was wanted."""

    def rest(account: AccountPlan) -> AccountPlan:
        if account.ref in skipped.of:
            return account
        live, names = answers[account.ref].live, account.labels.tag_names
        live = replace(live, menus=with_known_ids(live.menus, account.after))
        basis: Basis = account.basis
        if live != account.live:
            # What was applied before the run tells nothing of what is live in the middle of it.
            basis = replace(basis, applied=None)
        return make_account_plan(
            account.ref,
            live,
            account.after,
            label_menus(live.menus, account.after, names),
            lifts=account.lifts,
            basis=replace(basis, quotas=()),
        )

    return replace(plan, accounts=tuple(map(rest, plan.read)))


def _unchanged(accounts: Sequence[AccountPlan]) -> tuple[AccountResult, ...]:
    return tuple(AccountResult(a.ref.name, a.ref.appid, "unchanged") for a in accounts)
