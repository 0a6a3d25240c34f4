"""Moments as text."""

from __future__ import annotations

import pytest

from menuops.core.moments import parse_moment, utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-11T00:00+08:00", "2026-11-10T16:00:00Z"),
        ("2026-11-11 00:00:30-03:30", "2026-11-11T03:30:30Z"),
        ("2028-02-29t23:59z", "2028-02-29T23:59:00Z"),
        ("1971-01-01T00:00+23:59", "1970-12-31T00:01:00Z"),
        ("9998-12-31T23:59:59-23:59", "9999-01-01T23:58:59Z"),
    ],
)
def test_a_moment_is_read_with_its_offset(text: str, expected: str) -> None:
    moment_s = parse_moment(text)
    assert moment_s is not None
    assert utc(moment_s) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "2026-11-11", "2026-11-11T00:00", "2026-11-11T00:00+0800"),
        *("2026-02-29T00:00Z", "2026-11-11T24:00Z", "2026-11-11T00:60Z", "2026-11-11T00:00:60Z"),
        *("2026-11-11T00:00+08:60", "2026-11-11T00:00+24:00", "1970-01-01T00:00Z"),
        *("9999-01-01T00:00Z", "２０２６-11-11T00:00Z", "2026-11-11T00:00Z\n"),
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert parse_moment(text) is None
