"""What became of a plan: of each call, of each account, of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from menuops.core.document import error_to_json
from menuops.core.errors import MenuopsError
from menuops.core.outcome import Outcome
from menuops.core.plan import Plan
from menuops.core.plan_document import plan_head, plan_to_json
from menuops.core.steps import Step

StepOutcome: TypeAlias = Literal["done", "failed", "unknown", "not_tried"]
AccountOutcome: TypeAlias = Literal["done", "unchanged", "partial", "unknown"]


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one call. `found` marks one that was settled by reading the account."""

    step: Step
    outcome: StepOutcome
    menuid: str | None = None
    error: MenuopsError | None = None
    found: bool = False


@dataclass(frozen=True, slots=True)
class AccountResult:
    """What became of one account. `differs` lists where the read-back isn't as predicted.

    `snapshot` names what was live before, `RUN/ACCOUNT`; `back` an earlier one, of the run that
    this one went on with. `undo` are the guards that stand in the way back to it. `error` says
    why the account couldn't be read back, why the journal couldn't go on, or why the account was
    left as it is while others were written.
    """

    name: str
    appid: str
    outcome: AccountOutcome
    steps: tuple[StepResult, ...] = ()
    snapshot: str | None = None
    differs: tuple[str, ...] = ()
    error: MenuopsError | None = None
    undo: tuple[str, ...] = ()
    back: str | None = None

    @property
    def is_touched(self) -> bool:
        """Whether a call may have changed the account."""
        return any(step.outcome in ("done", "unknown") for step in self.steps)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of what was wanted is left."""
        unchanged = self.outcome == "unchanged" and not self.steps and self.error is None
        return self.outcome == "done" or unchanged


@dataclass(frozen=True, slots=True)
class Applied:
    """How an apply ended. `run` names its journal; None where nothing had to be written.

    `error` says why a plan that can be shown was not applied. `left` plans, as they are now, the
    accounts that were left as they are since they aren't as they were approved.
    """

    plan: Plan
    outcome: Outcome
    accounts: tuple[AccountResult, ...]
    run: str | None = None
    error: MenuopsError | None = None
    left: Plan | None = None


def applied_to_json(applied: Applied) -> dict[str, Any]:
    """Build the document of `apply --format json`: the plan's head and each account's outcome.

    `left`, where there is any, is a plan's whole document.
    """
    error = {} if applied.error is None else {"error": error_to_json(applied.error)}
    return {
        **plan_head(applied.plan),
        "outcome": applied.outcome.word,
        "run": applied.run,
        "accounts": [_account(account) for account in applied.accounts],
        **error,
        **({} if applied.left is None else {"left": plan_to_json(applied.left)}),
    }


def _account(account: AccountResult) -> Mapping[str, Any]:
    value: dict[str, Any] = {
        "name": account.name,
        "appid": account.appid,
        "outcome": account.outcome,
        "steps": [_step(step) for step in account.steps],
        "snapshot": account.snapshot,
    }
    if account.is_touched and account.snapshot:
        value["back"] = {
            "snapshot": account.back or account.snapshot,
            "allow": list(account.undo),
        }
    if account.differs:
        value["differs"] = list(account.differs)
    if account.error is not None:
        value["error"] = error_to_json(account.error)
    return value


def _step(result: StepResult) -> Mapping[str, Any]:
    value: dict[str, Any] = {
        "call": result.step.CALL,
        "menu": result.step.menu,
        "outcome": result.outcome,
    }
    if result.menuid is not None:
        value["menuid"] = result.menuid
    if result.error is not None:
        value["error"] = error_to_json(result.error)
    return value
