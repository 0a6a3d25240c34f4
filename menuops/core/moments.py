"""Moments as text: what people write, `2026-11-11T00:00+08:00`, and what data has, UTC with Z."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

MOMENT_FORM: Final = "a date, a time and its offset: 2026-11-11T00:00+08:00"
_FIRST_YEAR, _LAST_YEAR = 1971, 9998
"""Within these a moment is a date in every time zone, and not before 1970."""
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))\Z"
)


def parse_moment(text: str) -> int | None:
    """Read a moment as seconds since 1970; None for what isn't one.

    Without an offset it would be another moment on each machine, so one must stand there.
    """
    found = _MOMENT.match(text)
    if found is None:
        return None
    day, clock, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone)
    except ValueError:  # 30 February, 25:00, an offset of a day
        return None
    return int(moment.timestamp()) if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def utc(seconds: float) -> str:
    """Write a moment, in seconds since 1970, as data has it: `2026-11-22T10:41:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
