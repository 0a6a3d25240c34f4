"""What to do about a call that failed, for those errors of which an apply knows more."""

from __future__ import annotations

import traceback
from typing import Final

from menuops.core.errors import Bug, CannotStart, MenuopsError
from menuops.core.moments import utc
from menuops.render.local_time import local_time
from menuops.wechat.errors import Busy, DomainLimit, LostAnswer, MenuLimit, RateLimited

_DAY_S: Final = 86400
_CHINA_S: Final = 8 * 3600
"""How far China is ahead of UTC, all year."""
_MINUTE_S: Final = 60


def with_way_on(error: MenuopsError, now_s: float) -> MenuopsError:
    """Give the error with the fix that holds in the middle of an apply, at `now_s`."""
    match error:
        case MenuLimit() | DomainLimit():
            error.fix = (
                "make room first: menuops plan --delete-first --out plan.json, and apply that"
            )
        case RateLimited(errcode=45009):
            error.fix = (
                f"go on after {_at(next_day_s(now_s))}: midnight in China, when the count begins "
                "anew; or clear it in the web console (接口权限), 10 times a month at most"
            )
        case RateLimited(errcode=45011):
            error.fix = f"go on after {_at(now_s + _MINUTE_S)}: the quota is one of each minute"
    return error


def next_day_s(now_s: float) -> float:
    """Give the next midnight in China, 16:00 UTC, when the quotas of the day begin anew."""
    return now_s - (now_s + _CHINA_S) % _DAY_S + _DAY_S


def _at(seconds: float) -> str:
    moment = utc(seconds)
    return f"{moment} ({local_time(moment)})"


def given_up(problem: LostAnswer | Busy) -> MenuopsError:
    """Make the error of a call that was tried often enough, and that surely wasn't done."""
    why = problem.reason.message if isinstance(problem, LostAnswer) else problem.message
    return CannotStart(
        f"{problem.call}: sent, and the account shows that it wasn't done: {why}",
        fix="try again in a while; the plan shows what is left",
        code=problem.code,
    )


def unread(problem: MenuopsError, reading: MenuopsError) -> MenuopsError:
    """Make the error of a call that may have been done, where the account can't be read."""
    return MenuopsError(
        f"{problem.message}; and the account can't be read: {reading.message}",
        fix=reading.fix,
        code=problem.code,
    )


def unclear(problem: MenuopsError, why: str) -> MenuopsError:
    """Make the error of a call that may have been done, where somebody else wrote meanwhile."""
    return MenuopsError(
        f"{problem.message}; and what is live doesn't tell: {why}. Somebody else may have "
        "written meanwhile, so it isn't sent again",
        fix="menuops plan shows what is live, and what is left",
        code=problem.code,
    )


def our_bug(call: str, cause: Exception) -> MenuopsError:
    """Make the error of a mistake of ours, with its place; its text may hold anything."""
    frame = traceback.extract_tb(cause.__traceback__)[-1]
    return Bug(
        f"{call}: a bug in menuops: {type(cause).__name__} in {frame.name}, line {frame.lineno} "
        f"of {frame.filename}",
        fix="please report it; menuops plan shows what is live, and what is left",
    )
