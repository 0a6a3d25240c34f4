"""The second phase of an apply: account after account, snapshot first, journal all along."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from menuops.core.account import Account
from menuops.core.applied import AccountResult, Applied, StepResult
from menuops.core.basis import Past
from menuops.core.errors import CannotStart, Interrupted, MenuopsError
from menuops.core.guard_names import MANY_ACCOUNTS
from menuops.core.moments import utc
from menuops.core.outcome import Outcome, gravest
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    Plan,
    PlannedAccount,
    UnreadableAccount,
    has_changes,
)
from menuops.core.plan_document import plan_to_json
from menuops.core.read_back import is_as_wanted
from menuops.core.restorable import made_by_api, undo_lifts
from menuops.files.project.project import Project
from menuops.locks import Confirm
from menuops.run.approval import plan_id
from menuops.run.executor import Executor
from menuops.run.interruption import Interruption
from menuops.run.reading import Answers
from menuops.run.remote import Remote
from menuops.run.settings import World
from menuops.state.runs import Run
from menuops.state.unwritable import StateUnwritable

Progress: TypeAlias = Callable[[AccountPlan, StepResult, int], None]


def is_applied(account: AccountPlan, answers: Answers) -> bool:
    """Tell whether an account already is as the plan wants it."""
    return is_as_wanted(account, answers.live)


@dataclass(frozen=True, slots=True)
class Cause:
    """What a run is for: the command, and the run or the snapshot that it is about."""

    command: Literal["apply", "resume", "restore", "destroy"]
    of: str | None = None


class Writer:
    """Writes the accounts of a plan that was approved and compared.

    `confirms` make sure, by (api, appid), that an account's lock is still held.
    """

    def __init__(
        self,
        project: Project,
        remote: Remote,
        confirms: Mapping[tuple[str, str], Confirm],
        world: World,
        progress: Progress,
    ) -> None:
        self._accounts = {(each.api, each.appid): each for each in project.accounts}
        self._remote = remote
        self._confirms = confirms
        self._world = world
        self._progress = progress

    def write(
        self,
        plan: Plan,
        answers: Mapping[AccountRef, Answers],
        skipped: Mapping[AccountRef, MenuopsError],
        cause: Cause,
        *,
        keep_going: bool = False,
        saved: bool = False,
    ) -> Applied:
        """Write account after account; the first that isn't done stops the others.

        With `keep_going` it doesn't, unless it is the journal that can't go on. `answers` are what
        the accounts answered just now; those of `skipped` are left as they are, for that reason.
        A `saved` plan is good for one run. Raises CannotStart (StateUnwritable among others) and
        Interrupted where nothing at all was written.
        """
        state, clock = self._remote.state, self._world.clock
        name = f"{_compact(clock())}-{secrets.token_hex(2)}"
        many = [guard.allow for guard in plan.guards if guard.guard == MANY_ACCOUNTS]
        undo = {
            account.ref: (*undo_lifts(account, made_by_api(answers[account.ref].menu)), *many)
            for account in plan.changed
            if account.ref in answers
        }
        # What is left out was not approved, or is another change by now: nobody resumes it.
        tried = tuple(account for account in plan.accounts if account.ref not in skipped)
        wanted = replace(plan, accounts=tried)
        state.prune(clock())  # before the first write: what goes wrong here hides no result
        with Interruption() as interruption, _nothing_sent_yet():
            head = {**self._head(name, wanted, undo, cause), "digest": plan.digest}
            run = state.start_run(name, head, clock, plan=plan_to_json(wanted))
            try:
                if saved:
                    state.mark_used(plan_id(plan), name)
                results = tuple(
                    replace(result, undo=undo.get(account.ref, ()))
                    for account, result in zip(
                        plan.accounts,
                        self._write_accounts(
                            plan, answers, skipped, cause, run, interruption, keep_going=keep_going
                        ),
                        strict=True,
                    )
                )
                # What couldn't be read when the plan was made was to stay as it is.
                of_plan = zip(plan.accounts, results, strict=True)
                meant = [each for of, each in of_plan if not isinstance(of, UnreadableAccount)]
                outcome = _outcome(meant, interruption)
                with suppress(StateUnwritable):  # each account's result says it already
                    run.end(outcome.word, outcome.exit_code)
            finally:
                run.close()
            if any(map(_is_written, results)):
                return Applied(plan, outcome, results, name)
            if saved:
                state.mark_unused(plan_id(plan))
            error = _nothing_written(results, interruption)
            if not keep_going or interruption.outcome is not None:
                raise error
        return Applied(plan, outcome, results, name, error=error)

    def note_done(self, plan: Plan, cause: Cause) -> str:
        """Journal that a run was found to have nothing left, and what is live now by its doing."""
        clock = self._world.clock
        name = f"{_compact(clock())}-{secrets.token_hex(2)}"
        run = self._remote.state.start_run(name, self._head(name, plan, {}, cause), clock)
        try:
            for account in plan.read:
                self._remember(account, run)
            run.end(Outcome.NO_CHANGES.word, Outcome.NO_CHANGES.exit_code)
        finally:
            run.close()
        return name

    def _head(
        self,
        name: str,
        plan: Plan,
        undo: Mapping[AccountRef, tuple[str, ...]],
        cause: Cause,
    ) -> dict[str, Any]:
        return {
            "run": name,
            "command": cause.command,
            "of": cause.of,
            "actor": _actor(self._world.environ),
            "commit": plan.commit,
            "digest": plan.digest,
            "menuops_version": plan.menuops_version,
            "accounts": [
                {
                    "name": account.ref.name,
                    "appid": account.ref.appid,
                    "api": account.ref.api,
                    "digest": account.digest,
                    "calls": len(account.steps),
                    "undo": list(undo.get(account.ref, ())),
                }
                for account in plan.changed
            ],
        }

    def _write_accounts(
        self,
        plan: Plan,
        answers: Mapping[AccountRef, Answers],
        skipped: Mapping[AccountRef, MenuopsError],
        cause: Cause,
        run: Run,
        interruption: Interruption,
        *,
        keep_going: bool,
    ) -> Iterator[AccountResult]:
        going = True
        for account in plan.accounts:
            ref = account.ref
            if ref in skipped or isinstance(account, UnreadableAccount):
                yield left_out(account, skipped.get(ref))
            elif not has_changes(account) or ref not in answers:
                if cause.command == "resume" and isinstance(account, AccountPlan):
                    self._remember(account, run)  # the run before did it, and couldn't say so
                yield AccountResult(ref.name, ref.appid, "unchanged")
            elif is_applied(account, answers[ref]):
                self._remember(account, run)
                yield AccountResult(ref.name, ref.appid, "unchanged")
            elif going and not interruption.asked():
                result = self._write_one(account, answers[ref], run, interruption)
                going = result.is_whole or (
                    keep_going and not isinstance(result.error, StateUnwritable)
                )
                yield result
            else:
                yield left_out(account, None)

    def _write_one(
        self, account: AccountPlan, answers: Answers, run: Run, interruption: Interruption
    ) -> AccountResult:
        ref = account.ref
        try:
            snapshot = run.save_snapshot(ref, answers.menu, answers.selfmenu)
        except StateUnwritable as error:
            return left_out(account, error)
        settings = self._account(account)
        known = self._remote.state.last_applied
        past = known.read(ref.api, ref.appid)
        known.forget(ref)  # what is live is known again once all calls are done
        result = Executor(
            self._remote.api(settings),
            account,
            confirm=self._confirms[ref.api, ref.appid],
            journal=run.record,
            sleep=self._world.sleep,
            retry_s=settings.retry_s,
            stop=interruption.asked,
            report=lambda step, number: self._progress(account, step, number),
            clock=self._world.clock,
        ).run()
        if result.outcome == "done":
            self._remember(account, run)
        elif past is not None and not result.is_touched:
            known.write(ref, past, utc(self._world.clock()))
        return replace(result, snapshot=snapshot)

    def _remember(self, account: AccountPlan, run: Run) -> None:
        past = Past("applied", run.name, account.after)
        self._remote.state.last_applied.write(account.ref, past, utc(self._world.clock()))

    def _account(self, account: AccountPlan) -> Account:
        return self._accounts[account.ref.api, account.ref.appid]


@contextmanager
def _nothing_sent_yet() -> Iterator[None]:
    """Say so of a state directory that fails a run as a whole; later an account's result does."""
    try:
        yield
    except StateUnwritable as error:
        error.message += ". Nothing was written"
        raise


def left_out(account: PlannedAccount, error: MenuopsError | None) -> AccountResult:
    """Say of an account that none of its calls was made, and why where it isn't for another's."""
    steps: tuple[StepResult, ...] = ()
    if isinstance(account, AccountPlan):
        steps = tuple(StepResult(step, "not_tried") for step in account.steps)
    elif error is None:
        why = account.error
        error = CannotStart(f"can't be read: {why.message}", fix=why.fix, code=why.code)
    return AccountResult(account.ref.name, account.ref.appid, "unchanged", steps, error=error)


def _is_written(result: AccountResult) -> bool:
    return result.is_touched


def _outcome(results: Sequence[AccountResult], interruption: Interruption) -> Outcome:
    if all(result.is_whole for result in results):
        return Outcome.DONE  # a signal that came too late to stop anything changes nothing
    if interruption.outcome is not None:
        return interruption.outcome
    if not any(result.is_touched for result in results):
        return gravest(error.outcome for _, error in _errors(results))
    unknown = any(result.outcome == "unknown" for result in results)
    return Outcome.UNKNOWN if unknown else Outcome.PARTIAL


def _errors(results: Sequence[AccountResult]) -> list[tuple[str, MenuopsError]]:
    return [
        (result.name, error)
        for result in results
        for error in (*(step.error for step in result.steps), result.error)
        if error is not None
    ]


def _nothing_written(results: Sequence[AccountResult], interruption: Interruption) -> MenuopsError:
    if interruption.outcome is not None:
        interrupted = Interrupted("interrupted. Nothing was written")
        interrupted.outcome = interruption.outcome
        return interrupted
    errors = _errors(results)
    outcome = gravest(error.outcome for _, error in errors)
    name, error = next(each for each in errors if each[1].outcome is outcome)
    said = error.message
    return CannotStart(f"{name}: nothing was written. {said}", fix=error.fix, code=error.code)


def _compact(seconds: float) -> str:
    return utc(seconds).replace("-", "").replace(":", "")


def _actor(environ: Mapping[str, str]) -> str:
    """Name who runs this: the CI's user where there is one."""
    for name in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
        if environ.get(name):
            return environ[name]
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a user of that number
        return "unknown"
