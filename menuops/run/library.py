"""`menuops` as a library: the commands `plan` and `apply` as functions of the same values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from menuops.core.applied import Applied
from menuops.core.errors import Usage
from menuops.core.plan import Plan
from menuops.run.applying import apply_plan
from menuops.run.planning import make_plan_of
from menuops.run.settings import DEFAULT_PARALLEL, PlanOptions, Settings, World


def plan(
    directory: str | Path = ".",
    *,
    accounts: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    api_url: str | None = None,
    allow: Sequence[str] = (),
    delete_first: bool = False,
    at: datetime | None = None,
    parallel: int = DEFAULT_PARALLEL,
) -> Plan:
    """Plan the accounts of the project file in `directory`; writes nothing to WeChat.

    `accounts` are names or wildcards (none: all that aren't protected), `allow` guards to lift,
    `GUARD` or `GUARD:NAME`. `at`, which knows its offset, is the moment whose menus count; None:
    now. Accounts that can't be read stand in the plan as such. Raises
    `menuops.core.errors.MenuopsError`: InvalidFiles with its findings, Usage, CannotStart.
    """
    settings = Settings(
        directory=Path(directory),
        accounts=tuple(accounts),
        api_url=api_url,
        variables=variables or {},
        parallel=parallel,
        at_s=_moment_s(at),
    )
    options = PlanOptions(lifts=tuple(allow), delete_first=delete_first)
    return make_plan_of(settings, World(), options).plan


def _moment_s(moment: datetime | None) -> float | None:
    if moment is not None and moment.tzinfo is None:
        raise Usage("`at` knows no offset", fix="give it a `tzinfo`")
    return None if moment is None else moment.timestamp()


def apply(
    plan: Plan,
    directory: str | Path = ".",
    *,
    api_url: str | None = None,
    parallel: int = DEFAULT_PARALLEL,
) -> Applied:
    """Apply a plan that somebody approved; the project file says where the tokens come from.

    What became of each call is in the result, and the exit code in its `outcome`. Raises
    `menuops.core.errors.MenuopsError` where nothing was written: StalePlan, Refused, Locked,
    CannotStart, InvalidFiles.
    """
    settings = Settings(directory=Path(directory), api_url=api_url, parallel=parallel)
    return apply_plan(
        settings, World(), plan, expect=(), progress=lambda _account, _result, _number: None
    )
