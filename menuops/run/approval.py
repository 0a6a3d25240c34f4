"""What must hold before the first write: each check raises what stops the run."""

from __future__ import annotations

from collections.abc import Sequence

from menuops.core.errors import CannotStart, Refused, StalePlan
from menuops.core.guards import many_accounts
from menuops.core.moments import utc
from menuops.core.plan import Plan
from menuops.state.runs import PlanId, State

_NEW_PLAN = "make a new plan: menuops plan --out FILE"


def check_expected(plan: Plan, expect: Sequence[str]) -> None:
    """Raise StalePlan unless the plan, or each of its accounts that change, is expected."""
    if plan.digest in expect:
        return
    others = [account for account in plan.changed if account.digest not in expect]
    if others:
        listed = "\n".join(f"  {account.ref.name} is {account.digest}" for account in others)
        raise StalePlan(
            f"what would be applied isn't what was approved. Nothing was written.\n{listed}",
            fix="look at it with menuops plan, and approve its digest",
            code="another_digest",
        )


def check_readable(plan: Plan) -> None:
    """Raise CannotStart if the plan has accounts that couldn't be read."""
    if plan.error is not None:
        error = plan.error
        raise CannotStart(f"{error.message}. Nothing was written", fix=error.fix, code=error.code)


def refusal(plan: Plan, max_accounts: int) -> Refused | None:
    """Say which guards fired that nobody lifted, if any.

    `max_accounts` is the project's of today: it may be stricter than when a plan was saved.
    """
    lifts = [guard.allow for guard in plan.guards if guard.lifted]
    over = many_accounts(len(plan.changed), max_accounts, lifts)
    stopped = [guard for guard in dict.fromkeys((*plan.stopped, *over)) if not guard.lifted]
    if not stopped:
        return None
    listed = "\n".join(f"  {guard.guard}: {guard.message}" for guard in stopped)
    flags = " ".join(dict.fromkeys(guard.flag for guard in stopped))
    return Refused(
        f"refused by a guard. Nothing was written.\n{listed}",
        fix=f"if it is meant: menuops plan {flags} --out FILE",
        code=stopped[0].guard,
    )


def check_fresh(plan: Plan, state: State, now_s: float) -> None:
    """Raise StalePlan for a plan that was used or has expired."""
    run = state.used_by(plan_id(plan))
    if run is not None:
        raise StalePlan(
            f"this plan was used by run {run}, and what it wants isn't what is live. Nothing was "
            "written now",
            fix=_NEW_PLAN,
            code="used_plan",
        )
    if utc(now_s) > plan.expires_at:
        raise StalePlan(
            f"this plan expired at {plan.expires_at}. Nothing was written",
            fix=_NEW_PLAN,
            code="expired_plan",
        )


def plan_id(plan: Plan) -> PlanId:
    """Name this very plan, as the state directory knows it."""
    return PlanId(plan.digest or "", plan.created_at)
