"""How many calls an account has left today, asked only where a plan needs many."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Protocol

from menuops.core.basis import QuotaLeft
from menuops.core.errors import MenuopsError
from menuops.core.limits import CALLS_A_DAY, MUCH_OF_A_DAY
from menuops.core.steps import Steps
from menuops.run.reading import ReadingApi
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


def read_quotas(api: QuotaApi, steps: Steps) -> tuple[QuotaLeft, ...]:
    """Ask how many of these calls are left; what WeChat doesn't tell is left out."""
    told = []
    for call in calls_in_doubt(steps):
        try:
            quota = api.get_quota(call)
        except MenuopsError as error:
            _log.warning("the quota of %s isn't known: %s", call, error.message)
        else:
            told.append(QuotaLeft(call, quota.daily_limit, quota.remain))
    return tuple(told)
