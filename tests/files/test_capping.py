from __future__ import annotations

from menuops.core.finding import Finding, errors_of
from menuops.files.capping import MOST_FINDINGS, capped
from menuops.files.menu.menu_file import parse_menu

BUTTON = "button:\n- {name: a, type: click, key: k}\n"


def finding(line: int, severity: str = "warning") -> Finding:
    return Finding("f", line, 1, "r", "error" if severity == "error" else "warning", "m")


def test_few_findings_stay_in_order_each_once() -> None:
    assert capped([finding(2), finding(1), finding(2)]) == (finding(1), finding(2))


def test_of_too_many_findings_the_errors_stay_and_the_rest_is_counted() -> None:
    many = [finding(line) for line in range(1, 300)]
    kept = capped([*many, finding(999, "error")])
    assert len(kept) == MOST_FINDINGS + 1
    assert errors_of(kept) == (finding(999, "error"),)
    assert kept[-1].message == "at least 100 more findings are left out; mend these first"


def test_a_hundred_thousand_doubts_are_no_error() -> None:
    """Warnings that are left out leave the file as valid as it was."""
    raw = (BUTTON + "x-a:\n" + "- a #b\n" * 100_000).encode()
    loaded = parse_menu(raw, "m").for_account({}, "a", "wx1")
    assert loaded.menu is not None
    assert {each.rule for each in loaded.findings} == {"comment-in-text", "more-findings"}


def test_a_hundred_thousand_keys_twice_are_counted() -> None:
    raw = (BUTTON + "x-a:\n" + "  a: 1\n" * 100_000).encode()
    loaded = parse_menu(raw, "m").for_account({}, "a", "wx1")
    assert loaded.menu is None
    assert len(loaded.findings) == MOST_FINDINGS + 1
    assert "99,799 more findings" in str(loaded.findings[-1])
