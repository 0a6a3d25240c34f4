"""Calls an account may make. A day is a calendar day in China (UTC+8, no daylight saving)."""

from __future__ import annotations

import time
from collections.abc import Mapping

from .account import Account
from .refusal import Refusal

# No figure is published for get_current_selfmenu_info, the tags and operations. WeChat has one for
# each, as "every interface has a limit on its calls" (page of quota/get); menu/get's is a guess.
GUESSED = (10_000, 1_000)

# Calls a day of a new account, and of a test account. Source: API_Call_Limits, the pages of
# stable_token and of the conditional menus. Each path that the emulator knows has its line.
DAILY = {
    "token": (2_000, 200),
    "stable_token": (500_000, 500_000),
    "menu/create": (1_000, 100),
    "menu/get": (10_000, 1_000),
    "menu/delete": (1_000, 100),
    "menu/addconditional": (2_000, 2_000),
    "menu/delconditional": (2_000, 2_000),
    "menu/trymatch": (20_000, 20_000),
    "get_current_selfmenu_info": GUESSED,
    "tags/get": GUESSED,
    "tags/create": GUESSED,
    "tags/update": GUESSED,
    "tags/delete": GUESSED,
    "tags/getidlist": GUESSED,
    "tags/members/batchtagging": GUESSED,
    "tags/members/batchuntagging": GUESSED,
    "user/tag/get": GUESSED,
    "user/get": GUESSED,
    "openapi/quota/get": GUESSED,
    "openapi/quota/clear": GUESSED,
    "openapi/rid/get": GUESSED,
    "clear_quota": GUESSED,
    "clear_quota/v2": GUESSED,
    "get_api_domain_ip": GUESSED,
    "getcallbackip": GUESSED,
    "callback/check": GUESSED,
}
STABLE_A_MINUTE = 10_000
MINUTE_S = 60
FORCED = "stable_token force_refresh"
MINUTE = "stable_token minute"
CLEARS_A_MONTH = 10  # clear_quota and clear_quota/v2 together
ONE_CLEARS_A_MONTH = 50  # openapi/quota/clear
CLEARS = "clear_quota month"
ONE_CLEARS = "openapi/quota/clear month"

Used = Mapping[str, tuple[int, int]]  # what was called -> (day or minute, calls in it)


def day_of(now_s: float) -> int:
    """Give the number of the day, counted from 1970."""
    return int((now_s + 8 * 3600) // 86_400)


def day_start_s(now_s: float, days_ahead: int = 0) -> float:
    """Give when this day, or one ahead, begins: seconds since 1970."""
    return (day_of(now_s) + days_ahead) * 86_400.0 - 8 * 3600


def used_calls(used: Used, name: str, period: int) -> int:
    """Give how often `name` was called in this day or minute."""
    counted_in, calls = used.get(name, (period, 0))
    return calls if counted_in == period else 0


def count_call(used: Used, name: str, period: int) -> Used:
    """Count one more."""
    return {**used, name: (period, used_calls(used, name, period) + 1)}


def daily_limit(account: Account, path: str) -> int:
    """Give how often an account may call `path` in a day."""
    usual, of_test_account = DAILY[path]
    return account.quotas.get(path, of_test_account if account.test_account else usual)


def take_call(account: Account, used: Used, path: str, now_s: float) -> Used:
    """Count one call of `path`, or refuse it with 45009.

    Whether WeChat counts a call that it then refuses is not published; here it counts.
    """
    day = day_of(now_s)
    if used_calls(used, path, day) >= daily_limit(account, path):
        raise Refusal(45009)
    return count_call(used, path, day)


def take_minute(used: Used, now_s: float) -> Used:
    """Count one stable_token call of this minute, or refuse it with 45011."""
    minute = int(now_s // MINUTE_S)
    if used_calls(used, MINUTE, minute) >= STABLE_A_MINUTE:
        raise Refusal(45011)
    return count_call(used, MINUTE, minute)


def month_of(now_s: float) -> int:
    """Give the number of the month in China."""
    there = time.gmtime(now_s + 8 * 3600)
    return there.tm_year * 12 + there.tm_mon


def take_clear(used: Used, now_s: float) -> Used:
    """Count one clear_quota of this month, or refuse it with 48006."""
    return take_of_month(used, CLEARS, CLEARS_A_MONTH, now_s)


def take_one_clear(used: Used, now_s: float) -> Used:
    """Count one openapi/quota/clear of this month, or refuse it with 48006."""
    return take_of_month(used, ONE_CLEARS, ONE_CLEARS_A_MONTH, now_s)


def take_of_month(used: Used, name: str, limit: int, now_s: float) -> Used:
    """Count one more in this month, up to a limit."""
    month = month_of(now_s)
    if used_calls(used, name, month) >= limit:
        raise Refusal(48006)
    return count_call(used, name, month)


def clear_all(used: Used) -> Used:
    """Forget the day's calls; months, minutes and forced refreshes are no quotas of a day."""
    return {name: calls for name, calls in used.items() if name not in DAILY}


def clear_one(used: Used, path: str) -> Used:
    """Forget the day's calls of one path."""
    return {name: calls for name, calls in used.items() if name != path}
