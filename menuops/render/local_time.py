"""Times of the data, which are UTC, as a person at this machine reads them."""

from __future__ import annotations

from datetime import datetime


def local_time(moment: str) -> str:
    """Write `2026-11-10T16:00:00Z` as `2026-11-11 00:00 +08:00`, where that is the time here."""
    here = datetime.fromisoformat(moment).astimezone()
    seconds = f":{here.second:02}" if here.second else ""
    offset = here.strftime("%z")
    return f"{here:%Y-%m-%d %H:%M}{seconds} {offset[:3]}:{offset[3:5]}"
