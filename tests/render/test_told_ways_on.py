"""What became of a run, as a pull request is told it: what is left to do, and how to go back."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest

from menuops.core.applied import AccountResult, Applied, StepResult, applied_to_json
from menuops.core.drift import drift_to_json
from menuops.core.errors import MenuopsError
from menuops.core.outcome import Outcome
from menuops.core.told_reading import told_from_json
from menuops.core.visible import safe
from menuops.render.drift_rows import comparison_rows
from menuops.render.markdown import code, prose
from menuops.render.told_markdown import told_markdown
from tests.render.drifts import DRIFTS
from tests.render.plans import PLANS
from tests.render.reading import Page, markdown_page
from tests.render.test_other_texts import ADD, CREATE, DELETE

REFUSED = MenuopsError("menu/addconditional: WeChat answers 45009", fix="go on tomorrow")
CUT_SHORT = AccountResult(
    "shop",
    "wx1",
    "partial",
    (
        StepResult(CREATE, "done"),
        StepResult(ADD, "failed", error=REFUSED),
        StepResult(DELETE, "not_tried"),
    ),
    snapshot="run/shop",
    undo=("remove-conditional:tag:V I",),
)


def told(outcome: Outcome, *accounts: AccountResult) -> Page:
    applied = Applied(next(iter(PLANS.values())), outcome, accounts, run="run")
    document = json.loads(json.dumps(applied_to_json(applied)))
    return markdown_page(told_markdown(told_from_json(document), 60_000))


def test_a_run_that_was_cut_short_names_the_fix_and_what_finishes_it() -> None:
    text = told(Outcome.PARTIAL, CUT_SHORT).text
    assert "To finish: menuops apply --resume run" in text
    assert "failed menu/addconditional tag:V\\u202eIP: WeChat answers 45009" in text
    assert "Fix: go on tomorrow" in text


def test_the_way_back_lifts_what_stands_in_it() -> None:
    text = told(Outcome.PARTIAL, CUT_SHORT).text
    assert "Way back: menuops restore run/shop --allow 'remove-conditional:tag:V I'" in text


def test_the_way_back_of_a_run_that_was_gone_on_with_leads_to_before_the_first() -> None:
    done = replace(CUT_SHORT, outcome="done", steps=CUT_SHORT.steps[:1], back="first/shop", undo=())
    text = told(Outcome.DONE, done).text
    assert "Way back: menuops restore first/shop" in text
    assert "To finish" not in text


def test_what_was_left_as_it_is_or_read_back_differently_is_nothing_to_finish() -> None:
    left = AccountResult("b", "wx2", "unchanged", (StepResult(CREATE, "not_tried"),), error=REFUSED)
    differs = replace(CUT_SHORT, steps=CUT_SHORT.steps[:1], differs=("button[0]",))
    assert "To finish" not in told(Outcome.PARTIAL, left, differs).text


def test_a_link_in_a_narrow_column_keeps_its_scheme_in_one_line() -> None:
    """`https:` alone in a line looks like a link that was cut."""
    for url in ("https://shop.example.com/new", f"https://shop.example.com/{'long/' * 20}"):
        assert "<wbr>" not in code(url).partition("shop")[0]
    assert "<wbr>" in prose("https://shop.example.com/new").partition("shop")[0]


@pytest.mark.parametrize("name", sorted(DRIFTS))
def test_an_issue_about_drift_names_each_entry_and_what_to_type(name: str) -> None:
    """What the text of `drift` says, from its document alone."""
    drift = DRIFTS[name]
    document = json.loads(json.dumps(drift_to_json(drift)))
    page = markdown_page(told_markdown(told_from_json(document), 60_000))
    for account in drift.read:
        sides = [account.differences] if account.past is None else [account.live, account.files]
        for menu in (menu for side in filter(None, sides) for menu in comparison_rows(side)):
            whole = menu.note.startswith(("+", "- was"))
            if account.status != "in_sync" and not whole:
                assert [row for row in menu.rows if safe(row.name) not in page.text] == []
    for account in drift.read:
        if account.is_drift and not account.plan.is_watched:
            lifts = "".join(f" --allow {shlex.quote(lift)}" for lift in account.lifts)
            assert safe(f"menuops plan -a {shlex.quote(account.ref.name)}{lifts}") in page.text
