"""The second phase of an apply: account after account, snapshot first, journal all along."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

from menuops.core.account import Account
from menuops.core.applied import AccountResult, Applied, StepResult
from menuops.core.basis import Past
from menuops.core.errors import CannotStart, Interrupted, MenuopsError
from menuops.core.moments import utc
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, AccountRef, Plan, has_changes
from menuops.files.project.project import Project
from menuops.locks import Confirm
from menuops.run.approval import plan_id
from menuops.run.executor import Executor, is_as_wanted
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
        self, plan: Plan, answers: Mapping[AccountRef, Answers], *, saved: bool = False
    ) -> Applied:
        """Write account after account; the first that isn't done stops the others.

        `answers` are what the accounts answered just now. A `saved` plan is good for one run.
        Raises CannotStart (StateUnwritable among others) and Interrupted where nothing at all
        was written.
        """
        name = f"{_compact(self._world.clock())}-{secrets.token_hex(2)}"
        head = {
            "run": name,
            "actor": _actor(self._world.environ),
            "commit": plan.commit,
            "digest": plan.digest,
            "menuops_version": plan.menuops_version,
        }
        with Interruption() as interruption:
            run = self._remote.state.start_run(name, head, self._world.clock)
            try:
                if saved:
                    self._remote.state.mark_used(plan_id(plan), name)
                results = self._write_accounts(plan, answers, run, interruption)
                outcome = _outcome(results, interruption)
                with suppress(StateUnwritable):  # each account's result says it already
                    run.record("end", outcome=outcome.word, exit_code=outcome.exit_code)
            finally:
                run.close()
            if not _touched(results):
                if saved:
                    self._remote.state.mark_unused(plan_id(plan))
                raise _nothing_written(results, interruption)
        return Applied(plan, outcome, results, name)

    def _write_accounts(
        self,
        plan: Plan,
        answers: Mapping[AccountRef, Answers],
        run: Run,
        interruption: Interruption,
    ) -> tuple[AccountResult, ...]:
        results: list[AccountResult] = []
        going = True
        for account in plan.accounts:
            ref = account.ref
            if not has_changes(account) or ref not in answers:
                results.append(AccountResult(ref.name, ref.appid, "unchanged"))
            elif is_applied(account, answers[ref]):
                self._remember(account, run)
                results.append(AccountResult(ref.name, ref.appid, "unchanged"))
            elif going and not interruption.asked():
                results.append(self._write_one(account, answers[ref], run, interruption))
                going = results[-1].outcome == "done"
            else:
                results.append(not_tried(account))
        return tuple(results)

    def _write_one(
        self, account: AccountPlan, answers: Answers, run: Run, interruption: Interruption
    ) -> AccountResult:
        ref = account.ref
        snapshot = {
            "account": ref.name,
            "appid": ref.appid,
            "api": ref.api,
            "menu": answers.menu,
            "selfmenu": answers.selfmenu,
        }
        try:
            run.save_snapshot(ref.name, snapshot)
        except StateUnwritable as error:
            return replace(not_tried(account), error=error)
        settings = self._account(account)
        self._remote.state.last_applied.forget(ref)
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
        return replace(result, snapshot=f"{run.name}/{ref.name}")

    def _remember(self, account: AccountPlan, run: Run) -> None:
        past = Past("applied", run.name, account.after)
        self._remote.state.last_applied.write(account.ref, past, utc(self._world.clock()))

    def _account(self, account: AccountPlan) -> Account:
        return self._accounts[account.ref.api, account.ref.appid]


def not_tried(account: AccountPlan) -> AccountResult:
    """Say of an account that changes that none of its calls was made."""
    steps = tuple(StepResult(step, "not_tried") for step in account.steps)
    return AccountResult(account.ref.name, account.ref.appid, "unchanged", steps)


def _touched(results: tuple[AccountResult, ...]) -> bool:
    return any(step.outcome in ("done", "unknown") for each in results for step in each.steps)


def _outcome(results: tuple[AccountResult, ...], interruption: Interruption) -> Outcome:
    whole = all(
        result.outcome == "done" or (result.outcome == "unchanged" and not result.steps)
        for result in results
    )
    if whole:  # a signal that came too late to stop anything changes nothing
        return Outcome.DONE
    if interruption.outcome is not None:
        return interruption.outcome
    if not _touched(results):
        return Outcome.CANNOT_START
    unknown = any(result.outcome == "unknown" for result in results)
    return Outcome.UNKNOWN if unknown else Outcome.PARTIAL


def _nothing_written(
    results: tuple[AccountResult, ...], interruption: Interruption
) -> MenuopsError:
    if interruption.outcome is not None:
        interrupted = Interrupted("interrupted. Nothing was written")
        interrupted.outcome = interruption.outcome
        return interrupted
    name, error = next(
        (result.name, error)
        for result in results
        for error in (*(step.error for step in result.steps), result.error)
        if error is not None
    )
    return CannotStart(
        f"{name}: nothing was written. {error.message}", fix=error.fix, code=error.code
    )


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
