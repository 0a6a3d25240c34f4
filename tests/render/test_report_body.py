"""Several documents in one comment: each has its share, and what has no room is counted."""

from __future__ import annotations

import re

import pytest

from menuops.core.plan import ErrorNote
from menuops.core.told import Result, ToldApply, ToldFailure
from menuops.render.markdown import BUDGET_BYTES
from menuops.render.report_body import comment_body, report_body
from menuops.render.report_comment import state_of

from .plans import PLANS


def failed(number: int, words: int = 1) -> ToldFailure:
    return ToldFailure("plan", ErrorNote("x", f"job {number} " + "word " * words, ""))


def shown(body: str) -> list[int]:
    return [int(number) for number in re.findall(r"> job (\d+)", body)]


@pytest.mark.parametrize("many", [2, 14, 15, 40])
def test_small_documents_are_all_shown_however_many_there_are(many: int) -> None:
    """As of a matrix of jobs."""
    body = report_body([failed(number) for number in range(many)])
    assert shown(body) == list(range(many))
    assert "Left out" not in body


def test_of_documents_that_fill_the_room_the_last_are_counted() -> None:
    plans: list[Result] = [PLANS["conditional-change"]] * 60
    body = report_body(plans)
    assert len(body.encode()) <= BUDGET_BYTES
    told = re.findall(r"^\*\*Left out: (\d+) documents more", body, re.MULTILINE)
    assert len(told) == 1
    assert body.count("## menuops plan") + int(told[0]) == 60
    assert int(told[0]) < 55


def test_what_was_applied_comes_first_and_ends_the_comment() -> None:
    applied = ToldApply("done", None, None, None, ())
    body = comment_body([failed(1), applied])
    assert body.index("menuops apply") < body.index("job 1")
    assert state_of(body) == "applied"
    assert state_of(comment_body([failed(1)])) == "open"
    assert state_of(comment_body([ToldFailure("apply", failed(1).error)])) == "applied"
