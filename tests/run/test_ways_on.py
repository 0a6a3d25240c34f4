"""What an error in the middle of an apply says about when and how to go on."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from menuops.run.ways_on import next_day_s, with_way_on
from menuops.wechat.errors import DomainLimit, MenuLimit, RateLimited


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-21 04:00", "2026-11-21 16:00"),
        ("2026-11-21 15:59:59", "2026-11-21 16:00"),
        ("2026-11-21 16:00", "2026-11-22 16:00"),
        ("2026-12-31 23:00", "2027-01-01 16:00"),
    ],
)
def test_quotas_of_the_day_begin_anew_at_midnight_in_china(now: str, then: str) -> None:
    assert next_day_s(moment(now)) == moment(then)


def test_a_used_up_quota_names_the_time_here_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        day = with_way_on(RateLimited("menu/create", 45009, ""), moment("2026-11-21 04:00")).fix
        minute = with_way_on(RateLimited("menu/create", 45011, ""), moment("2026-11-21 04:00")).fix
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "2026-11-21T16:00:00Z (2026-11-21 17:00 +01:00)" in day
    assert "2026-11-21T04:01:00Z (2026-11-21 05:01 +01:00)" in minute


@pytest.mark.parametrize(("kind", "errcode"), [(MenuLimit, 65305), (DomainLimit, 65316)])
def test_a_limit_names_the_plan_that_makes_room_first(
    kind: type[MenuLimit | DomainLimit], errcode: int
) -> None:
    fix = with_way_on(kind("menu/addconditional", errcode, ""), 0.0).fix
    assert "menuops plan --delete-first" in fix


def test_a_block_is_no_quota() -> None:
    error = RateLimited("menu/create", 45102, "")
    assert with_way_on(error, 0.0).fix == RateLimited("menu/create", 45102, "").fix
