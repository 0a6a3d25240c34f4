"""The executor against anything that has the client's calls, which may be mistaken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from menuops.core.applied import AccountResult
from menuops.core.labels import label_menus
from menuops.core.live import Live
from menuops.core.model import Click, ConditionalMenu, MatchRule, Menus
from menuops.core.plan import AccountPlan, AccountRef, make_account_plan
from menuops.run.executor import Executor
from menuops.wechat.api import TagCount

IOS = ConditionalMenu(MatchRule(None, "1"), (Click("新", "NEW"),))
REF = AccountRef("shop", "wx0123456789abcdef", "https://api.weixin.qq.com")


class Account:
    """Has the client's calls; `fails` are called in place of some of them."""

    def __init__(self, **fails: Callable[[], None]) -> None:
        self.fails = fails
        self.button: list[dict[str, Any]] = []
        self.added: list[dict[str, Any]] = []

    def _do(self, call: str) -> None:
        self.fails.get(call, lambda: None)()

    def get_menu(self) -> dict[str, Any] | None:
        self._do("get_menu")
        if not self.button:
            return None
        return {"menu": {"button": self.button}, "conditionalmenu": self.added}

    def get_selfmenu(self) -> dict[str, Any]:
        if not self.button:
            return {"is_menu_open": 0}
        return {"is_menu_open": 1, "selfmenu_info": {"button": self.button}}

    def get_tags(self) -> tuple[TagCount, ...]:
        return ()

    def create_menu(self, button: list[dict[str, Any]]) -> None:
        self.button = button
        self._do("create_menu")

    def add_conditional(self, button: list[dict[str, Any]], matchrule: dict[str, str]) -> str:
        self._do("add_conditional")
        self.added.insert(0, {"menuid": 7, "button": button, "matchrule": matchrule})
        self._do("after_add")
        return "7"

    def delete_conditional(self, menuid: str) -> None:
        raise AssertionError(menuid)

    def delete_menu(self) -> None:
        raise AssertionError


def plan() -> AccountPlan:
    live, after = Live(), Menus((Click("新", "NEW"),), (IOS,))
    return make_account_plan(REF, live, after, label_menus(live.menus, after, {}))


def run(account: Account) -> tuple[AccountResult, list[dict[str, Any]]]:
    journal: list[dict[str, Any]] = []
    result = Executor(
        account,
        plan(),
        confirm=lambda: None,
        journal=lambda event, **values: journal.append({"event": event, **values}),
        sleep=lambda _: None,
        retry_s=0.0,
        stop=lambda: False,
        report=lambda *_: None,
        clock=lambda: 0.0,
    ).run()
    return result, journal


def err() -> None:
    raise RuntimeError("token=0f0e0d0c0b0a09080706050403020100")


def test_calls_that_go_well_are_done() -> None:
    result, _ = run(Account())
    assert result.outcome == "done"
    assert [(step.outcome, step.menuid) for step in result.steps] == [("done", None), ("done", "7")]


@pytest.mark.parametrize(
    ("where", "outcomes", "whole"),
    [
        ("create_menu", ["done", "done"], "done"),
        ("add_conditional", ["done", "failed"], "partial"),
        ("after_add", ["done", "done"], "done"),
    ],
)
def test_a_bug_in_a_call_is_settled_by_reading_and_journalled(
    where: str, outcomes: list[str], whole: str
) -> None:
    result, journal = run(Account(**{where: err}))
    assert [step.outcome for step in result.steps] == outcomes
    assert result.outcome == whole
    assert [line["outcome"] for line in journal if line["event"] == "call"][-1] == outcomes[-1]
    assert "0f0e0d0c" not in str(journal)
    for step in result.steps:
        if step.error is not None:
            assert "RuntimeError in err" in step.error.message


def test_a_bug_in_reading_leaves_it_unknown() -> None:
    result, journal = run(Account(add_conditional=err, get_menu=err))
    assert [step.outcome for step in result.steps] == ["done", "unknown"]
    assert result.outcome == "unknown"
    assert journal[-1]["outcome"] == "unknown"
