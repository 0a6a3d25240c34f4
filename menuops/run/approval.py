"""What must hold before the first write; where it doesn't, all stop, or one account does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from menuops.core.applied import Applied
from menuops.core.commands import Commands
from menuops.core.errors import CannotStart, MenuopsError, Refused, StalePlan
from menuops.core.guard_names import UNREADABLE
from menuops.core.guards import Guard, many_accounts
from menuops.core.moments import utc
from menuops.core.plan import AccountPlan, AccountRef, Plan
from menuops.state.runs import PlanId, State


class Skipped:
    """The accounts that are left as they are, with the reason; without `keep_going` none is.

    Any reason then stops the run.
    """

    def __init__(self, *, keep_going: bool) -> None:
        self.keep_going = keep_going
        self.of: dict[AccountRef, MenuopsError] = {}
        self._now: list[AccountPlan] = []

    def add(self, each: Mapping[AccountRef, MenuopsError], whole: MenuopsError) -> None:
        """Leave accounts out, or raise `whole`, which says it of all of them."""
        if not self.keep_going:
            raise whole
        self.of = {**each, **self.of}

    def show(self, now: Iterable[AccountPlan]) -> None:
        """Keep what would be done to accounts that were left out, as that isn't approved."""
        self._now += now

    def told(self, applied: Applied) -> Applied:
        """Put that beside how the run ended."""
        if not self._now:
            return applied
        return replace(applied, left=replace(applied.plan, accounts=tuple(self._now), guards=()))

    def let_be(self, ref: AccountRef, reason: MenuopsError) -> None:
        """Leave an account out where the plan itself says that it may be."""
        self.of = {**self.of, ref: reason}


def check_expected(plan: Plan, expect: Sequence[str], commands: Commands, skipped: Skipped) -> None:
    """Stop accounts that aren't expected, unless the plan is; StalePlan."""
    if plan.digest in expect:
        return
    others = [account for account in plan.changed if account.digest not in expect]
    if not others:
        return

    def error(accounts: Sequence[AccountPlan]) -> StalePlan:
        listed = "\n".join(f"  {account.ref.name} is {account.digest}" for account in accounts)
        look = replace(commands, out=None).plan(account.ref.name for account in accounts)
        return StalePlan(
            f"what would be applied isn't what was approved. Nothing was written.\n{listed}",
            fix=f"look at it, and approve its digest: {look}",
            code="another_digest",
        )

    skipped.add({account.ref: error([account]) for account in others}, error(others))
    skipped.show(others)


def check_readable(plan: Plan, skipped: Skipped) -> None:
    """Stop accounts that couldn't be read when the plan was made; CannotStart."""
    if plan.error is None:
        return
    each: dict[AccountRef, MenuopsError] = {
        account.ref: CannotStart(
            f"{account.error.message}. Nothing was written",
            fix=account.error.fix,
            code=account.error.code,
        )
        for account in plan.unreadable
    }
    error = plan.error
    whole = CannotStart(f"{error.message}. Nothing was written", fix=error.fix, code=error.code)
    skipped.add(each, whole)


def refusal(plan: Plan, max_accounts: int, commands: Commands, skipped: Skipped) -> Refused | None:
    """Say which guards fired that nobody lifted, if any; some stop one account alone.

    `max_accounts` is the project's of today: it may be stricter than when a plan was saved.
    """
    lifts = [guard.allow for guard in plan.guards if guard.lifted]
    over = many_accounts(len(plan.changed), max_accounts, lifts)
    of_all = [guard for guard in dict.fromkeys((*plan.guards, *over)) if not guard.lifted]
    if skipped.keep_going:
        of_all = [guard for guard in of_all if guard.guard != UNREADABLE]
    of_each = {
        account.ref: stopped
        for account in plan.changed
        if (stopped := [guard for guard in account.guards if not guard.lifted])
    }
    if of_all or (of_each and not skipped.keep_going):
        return _refused([*of_all, *(g for guards in of_each.values() for g in guards)], commands)
    if of_each:
        each = {ref: _refused(guards, commands) for ref, guards in of_each.items()}
        skipped.add(each, next(iter(each.values())))
    return None


def _refused(stopped: Sequence[Guard], commands: Commands) -> Refused:
    listed = "\n".join(dict.fromkeys(f"  {guard.guard}: {guard.message}" for guard in stopped))
    again = commands.lifting(dict.fromkeys(guard.allow for guard in stopped))
    return Refused(
        f"refused by a guard. Nothing was written.\n{listed}",
        fix=f"if it is meant: {again}",
        code=stopped[0].guard,
    )


def check_fresh(plan: Plan, state: State, now_s: float, commands: Commands) -> None:
    """Raise StalePlan for a plan that was used or has expired."""
    new_plan = f"make a new plan: {commands.plan(each.ref.name for each in plan.accounts)}"
    used = state.used_by(plan_id(plan))
    if used is not None:
        record = state.run(used)
        left = record is not None and not record.is_whole
        finish = f"if that run isn't done, finish it: {commands.resume(used)}\n" if left else ""
        raise StalePlan(
            f"this plan was used by run {used}, and what it wants isn't what is live. Nothing was "
            "written now",
            fix=f"{finish}{new_plan}",
            code="used_plan",
        )
    check_in_time(plan, now_s, new_plan)


def why_spent(plan: Plan, state: State | None, now_s: float) -> str | None:
    """Say why a saved plan with changes can't be applied any more; None: it can, or nobody knows.

    `state` is None where no project says which state directory knows of its use.
    """
    used = None if state is None or not plan.changed else state.used_by(plan_id(plan))
    if used is not None:
        return f"This plan was used by run {used}"
    return f"This plan expired at {plan.expires_at}" if utc(now_s) > plan.expires_at else None


def check_in_time(plan: Plan, now_s: float, fix: str) -> None:
    """Raise StalePlan for a plan that has expired."""
    if utc(now_s) > plan.expires_at:
        raise StalePlan(
            f"this plan expired at {plan.expires_at}. Nothing was written",
            fix=fix,
            code="expired_plan",
        )


def plan_id(plan: Plan) -> PlanId:
    """Name this very plan, as the state directory knows it."""
    return PlanId(plan.digest or "", plan.created_at)
