"""How many calls an account has left today, asked only where a plan needs many."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from menuops.core.basis import QuotaLeft
from menuops.core.errors import MenuopsError
from menuops.core.limits import CALLS_A_DAY, MUCH_OF_A_DAY
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    PlannedAccount,
    has_changes,
    make_account_plan,
)
from menuops.core.steps import Steps
from menuops.run.reading import Reader, ReadingApi
from menuops.wechat.quota import Quota

_log = logging.getLogger(__name__)


class QuotaApi(ReadingApi, Protocol):
    """The part of the client that a plan needs: it reads, and tells quotas."""

    def get_quota(self, call: str) -> Quota:
        """Read `openapi/quota/get` for one call: "menu/create"."""


def calls_in_doubt(steps: Steps) -> tuple[str, ...]:
    """List the calls of which a plan needs more than a tenth of a new account's day."""
    needed = Counter(step.CALL for step in steps)
    return tuple(call for call in needed if needed[call] > MUCH_OF_A_DAY * CALLS_A_DAY[call])


def with_quotas(
    planned: Sequence[PlannedAccount],
    reader: Reader,
    api_of: Callable[[AccountRef], QuotaApi],
    lifts_of: Callable[[AccountPlan], Iterable[str]],
) -> list[PlannedAccount]:
    """Ask the accounts that need many calls how many are left, and plan those again.

    They are asked side by side; `lifts_of` gives the guards that are lifted for one of them.
    """
    doubtful = [each for each in planned if has_changes(each) and calls_in_doubt(each.steps)]
    found = reader.run(partial(_read_quotas, api_of(each.ref), each.steps) for each in doubtful)
    again = {
        each.ref: make_account_plan(
            each.ref,
            each.live,
            each.after,
            each.labels,
            lifts=lifts_of(each),
            basis=replace(each.basis, quotas=quotas),
        )
        for each, quotas in zip(doubtful, found, strict=True)
    }
    return [again.get(each.ref, each) for each in planned]


def _read_quotas(api: QuotaApi, steps: Steps) -> tuple[QuotaLeft, ...]:
    """Ask one account; what WeChat doesn't tell is left out."""
    told = []
    for call in calls_in_doubt(steps):
        try:
            quota = api.get_quota(call)
        except MenuopsError as error:
            _log.warning("the quota of %s isn't known: %s", call, error.message)
        else:
            told.append(QuotaLeft(call, quota.daily_limit, quota.remain))
    return tuple(told)
