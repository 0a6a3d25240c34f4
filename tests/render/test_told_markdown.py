"""What a run came to, as Markdown and in a line: the parts that a page of it must hold."""

from __future__ import annotations

import pytest

from menuops.core.plan import ErrorNote
from menuops.core.told import (
    ToldAccount,
    ToldApply,
    ToldChange,
    ToldDrift,
    ToldDriftAccount,
    ToldField,
    ToldPast,
    ToldStep,
)
from menuops.render.told_markdown import told_markdown
from menuops.render.told_words import drift_headline, verdict_of

from .reading import markdown_page

COMMIT = "3f2a9c1d5e" * 4
BUSY = ErrorNote("-1", "WeChat is busy", "try it again")
STEPS = (
    ToldStep("menu/create", "default", "done"),
    ToldStep("menu/addconditional", "vip", "not_tried", BUSY),
)


def applied(*accounts: ToldAccount, outcome: str = "partial") -> ToldApply:
    return ToldApply(outcome, "ab" * 32, f"{COMMIT}-dirty", "20261129T1-4f1c", accounts)


def drifted(*accounts: ToldDriftAccount) -> ToldDrift:
    return ToldDrift("drift", "2026-11-29T00:00:00Z", f"{COMMIT}-dirty", accounts)


def page(told: ToldApply | ToldDrift, budget_bytes: int = 60_000) -> str:
    return markdown_page(told_markdown(told, budget_bytes)).text


def test_a_commit_is_short_and_says_whether_files_differed() -> None:
    for told in (applied(), drifted()):
        assert "files of 3f2a9c1d5e-dirty" in page(told)


def test_what_live_is_held_against_is_named_as_drift_itself_names_it() -> None:
    for past, named in (
        (ToldPast("commit", f"{COMMIT}-dirty"), "the files at 3f2a9c1d5e-dirty,"),
        (ToldPast("applied", "20261129T1-4f1c"), "run 20261129T1-4f1c,"),
        (None, "the last apply,"),
    ):
        for status in ("drift", "both", "pending"):
            assert named in drift_headline(ToldDriftAccount("a", "wx1", status, past))


def test_a_step_says_what_kept_it_from_being_done() -> None:
    text = page(applied(ToldAccount("a", "wx1", "partial", STEPS, snapshot="R/a", back="R/a")))
    assert "done menu/create default" in text
    assert "not tried menu/addconditional vip: WeChat is busy" in text
    assert "menuops restore R/a" in text


def test_an_account_that_was_left_out_lists_no_steps() -> None:
    left = ToldAccount("a", "wx1", "unchanged", STEPS, error=BUSY)
    text = page(applied(left, outcome="done"))
    assert "left as it is" in text
    assert "menu/create" not in text
    assert "Fix: try it again" in text


def test_places_that_differ_are_named_as_far_as_twenty() -> None:
    places = tuple(f"button {number}" for number in range(23))
    text = page(applied(ToldAccount("a", "wx1", "done", differs=places)))
    assert "button 19 and 3 more places" in text
    assert "button 20" not in text


def test_a_change_shows_both_sides_and_where_it_was() -> None:
    moved = ToldChange("move", "2/1", "1/2", "default", (ToldField("key", "OLD", "NEW"),))
    account = ToldDriftAccount("a", "wx1", "drift", None, live_changes=(moved,))
    text = page(drifted(account))
    assert "1/2 to 2/1" in text
    assert "- key OLD" in text
    assert "+ key NEW" in text


def test_accounts_in_sync_are_named_as_far_as_twenty() -> None:
    text = page(drifted(*(ToldDriftAccount(f"a{n:02}", "wx1", "in_sync", None) for n in range(22))))
    assert "a19 and 2 more" in text
    assert "a20" not in text


def test_what_has_no_room_is_counted() -> None:
    accounts = [ToldAccount(f"a{n}", "wx1", "partial", STEPS * 5) for n in range(40)]
    told = told_markdown(applied(*accounts), 4_000)
    assert len(told.encode()) <= 4_000
    shown = told.count("### ")
    assert f"{40 - shown} parts" in told


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        ("no_changes", "apply: nothing left to do"),
        ("partial", "apply: partly applied; look at the accounts"),
        ("unknown", "apply: partly applied; look at the accounts"),
        ("refused", "apply: refused by a guard; nothing was written"),
        ("error", "apply: failed; nothing was written"),
    ],
)
def test_each_end_of_an_apply_has_its_line(outcome: str, verdict: str) -> None:
    assert verdict_of(applied(outcome=outcome)) == verdict


def test_a_run_that_failed_says_how_much_of_it_was_written() -> None:
    written = [ToldAccount("a", "wx1", "done"), ToldAccount("b", "wx2", "done")]
    assert verdict_of(applied(*written, outcome="error")) == "apply: failed; 2 accounts written"
