"""Whether an API host answers as WeChat does, and what its clock says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from menuops.core.account import OfficialAccount
from menuops.transport import BadAnswer, Http
from menuops.wechat.api import GET_SELFMENU
from menuops.wechat.errors import is_transient
from menuops.wechat.pace import Pace

_RETRY_S: Final = 5.0
"""Shorter than an account's own: a host that is out of reach is to be named soon."""


@dataclass(frozen=True, slots=True)
class Reached:
    """An answer of a host. Times are in seconds since 1970.

    `date_s` is what the host's clock said in between, in whole seconds, cut; None where the
    answer didn't say.
    """

    asked_at_s: float
    answered_at_s: float
    date_s: float | None

    @property
    def round_trip_s(self) -> float:
        """How long the answer took."""
        return self.answered_at_s - self.asked_at_s

    @property
    def ahead_s(self) -> float | None:
        """How far our clock is ahead of the host's, or behind (negative); None if not known.

        It is the least that the answer proves: the host read its clock at some time between
        question and answer, and said only the second.
        """
        if self.date_s is None:
            return None
        at_least, at_most = self.asked_at_s - self.date_s - 1, self.answered_at_s - self.date_s
        return max(at_least, 0.0) + min(at_most, 0.0)


def reach(http: Http, account: OfficialAccount, clock: Callable[[], float], pace: Pace) -> Reached:
    """Ask the account's host for something without a token, which WeChat refuses (41001).

    No account is named, so it costs nobody's quota. Raises Unreachable, and BadAnswer where
    something else than WeChat's API answers.
    """

    def ask() -> Reached:
        asked_at_s = clock()
        answer = http.call(
            "GET",
            account.api,
            f"/cgi-bin/{GET_SELFMENU}",
            query={},
            body=None,
            connect_timeout_s=account.connect_timeout_s,
            read_timeout_s=account.read_timeout_s,
        )
        if not isinstance(answer.body.get("errcode"), int):
            raise BadAnswer(
                GET_SELFMENU,
                "what answers isn't WeChat's API: asked without a token it gives no errcode",
            )
        return Reached(asked_at_s, clock(), _seconds(answer.date))

    return pace.repeat(ask, budget_s=min(account.retry_s, _RETRY_S), when=is_transient)


def _seconds(date: str) -> float | None:
    """Read `Sun, 22 Nov 2026 04:00:00 GMT`; None for what isn't that."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000", which some write for GMT
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()
