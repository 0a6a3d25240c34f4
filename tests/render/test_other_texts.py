"""Findings, the end of an apply, and tokens, as text and as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Literal

import pytest

from menuops.core.account import EMULATOR, Account, SecretEnv, StableToken
from menuops.core.applied import AccountResult, Applied, StepResult
from menuops.core.errors import MenuopsError
from menuops.core.finding import Finding
from menuops.core.outcome import Outcome
from menuops.core.schedule import always
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional
from menuops.render.apply_text import apply_text
from menuops.render.findings_text import findings_text, validation_to_json
from menuops.render.token_text import tokens_text, tokens_to_json
from menuops.wechat.tokens.status import SourceWord, TokenStatus

from .plans import NEW, PLANS, VIP

ERROR = Finding("menus/a.yaml", 2, 3, "name-too-long", "error", "na\u202eme is 18 bytes")
WARNING = Finding("menus/a.yaml", 4, 5, "idle-allow", "warning", "lifts nothing")


# Findings


@pytest.mark.parametrize(
    ("findings", "files", "lines"),
    [
        ([], 1, ["1 file valid"]),
        (
            [WARNING],
            2,
            [
                "menus/a.yaml:4:5: warning: lifts nothing [idle-allow]",
                "2 files valid, 1 warning",
            ],
        ),
        (
            [ERROR, WARNING],
            1,
            [
                "menus/a.yaml:2:3: na\\u202eme is 18 bytes [name-too-long]",
                "menus/a.yaml:4:5: warning: lifts nothing [idle-allow]",
                "1 error, 1 warning in 1 file",
            ],
        ),
    ],
)
def test_findings_text(findings: list[Finding], files: int, lines: list[str]) -> None:
    assert findings_text(findings, files).splitlines() == lines
    coloured = findings_text(findings, files, colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines() == lines


def test_validation_to_json() -> None:
    assert validation_to_json([])["outcome"] == "valid"
    assert validation_to_json([WARNING])["outcome"] == "valid"
    assert validation_to_json([ERROR]) == {
        "format_version": "1",
        "outcome": "invalid",
        "findings": [
            {
                "file": "menus/a.yaml",
                "line": 2,
                "column": 3,
                "rule": "name-too-long",
                "severity": "error",
                "message": "na\u202eme is 18 bytes",
            }
        ],
    }


# Apply

CREATE = CreateMenu((NEW,), "replaced whole")
ADD = AddConditional(VIP, "tag:V\u202eIP", "new")
DELETE = DeleteConditional("8999", "tag:店员", "no longer wanted")
IN_TWO_HOURS = "1970-01-01 10:00 +08:00"
LOST = MenuopsError("no answer\nfrom WeChat", fix="menuops plan")


def applied(outcome: Outcome, *accounts: AccountResult, run: str | None = "run") -> list[str]:
    value = Applied(PLANS["mixed"], outcome, accounts, run)
    text = apply_text(value)
    assert re.sub(r"\x1b\[[0-9;]*m", "", apply_text(value, colour=True)) == text
    return text.splitlines()


def shop(outcome: Any, *steps: StepResult, **more: Any) -> AccountResult:
    return AccountResult("shop", "wx1", outcome, steps, **more)


def test_an_apply_that_went_well() -> None:
    steps = (StepResult(CREATE, "done"), StepResult(ADD, "done", "9001", found=True))
    assert applied(Outcome.DONE, shop("done", *steps, snapshot="run/shop")) == [
        "shop   wx1   done   snapshot run/shop",
        "  done       1/2  menu/create default",
        (
            "  done       2/2  menu/addconditional tag:V\\u202eIP   menuid 9001, found done by "
            "reading the account"
        ),
        "  read back: as planned",
        "",
        "Run     run",
        "Undo    menuops restore run/shop",
        "Seen    when a follower next opens the chat, after about 5 minutes; at once",
        "        after unfollow and follow",
        "Applied 2 calls on 1 account.",
    ]


def test_an_apply_that_stopped_in_the_middle() -> None:
    steps = (
        StepResult(CREATE, "done"),
        StepResult(ADD, "failed", error=LOST),
        StepResult(DELETE, "not_tried"),
    )
    account = shop("partial", *steps, snapshot="run/shop", undo=("remove-conditional:tag:V I",))
    assert applied(Outcome.PARTIAL, account) == [
        "shop   wx1   partial   snapshot run/shop",
        "  done       1/3  menu/create default",
        "  failed     2/3  menu/addconditional tag:V\\u202eIP",
        "             no answer\\nfrom WeChat",
        "             fix: menuops plan",
        "  not tried  3/3  menu/delconditional tag:店员   menuid 8999",
        "",
        "Run     run",
        "Finish  menuops apply --resume run",
        "Undo    menuops restore run/shop --allow 'remove-conditional:tag:V I'",
        "Partly applied: 1 done, 1 failed, 0 unknown, 1 not tried.",
    ]


def test_an_apply_whose_read_back_differs() -> None:
    account = shop("partial", StepResult(CREATE, "done"), differs=("button[0].na\u202eme",))
    assert applied(Outcome.PARTIAL, account)[2:4] == [
        "  read back: not as planned, at",
        "    button[0].na\\u202eme",
    ]
    assert applied(Outcome.PARTIAL, account)[-2:] == [
        "Look    menuops plan -a shop",
        "All calls were made, but what is live isn't what was planned, or not known.",
    ]


def test_an_interrupted_apply() -> None:
    unknown = StepResult(CREATE, "unknown", error=MenuopsError("lost"))
    lines = applied(Outcome.INTERRUPTED, shop("unknown", unknown))
    assert lines[-2:] == [
        "Finish  menuops apply --resume run",
        "Interrupted after the call in flight: 0 done, 0 failed, 1 unknown, 0 not tried.",
    ]


def test_an_account_that_was_left_out() -> None:
    steps = (StepResult(CREATE, "not_tried"),)
    done = shop("done", StepResult(CREATE, "done"), snapshot="run/shop")
    left = AccountResult("店 2", "wx2", "unchanged", steps, error=LOST)
    assert applied(Outcome.PARTIAL, done, left)[3:] == [
        "店 2   wx2   left as it is",
        "  no answer",
        "  from WeChat",
        "  fix: menuops plan",
        "",
        "Run     run",
        "Rest    menuops plan -a '店 2'",
        "Undo    menuops restore run/shop",
        "Partly applied: 1 done, 0 failed, 0 unknown, 1 not tried.",
    ]


def test_several_accounts_go_back_as_their_run() -> None:
    two = [
        replace(shop("done", StepResult(CREATE, "done")), name=name, snapshot=f"run/{name}")
        for name in ("a", "b")
    ]
    assert "Undo    menuops restore run" in applied(Outcome.DONE, *two)
    elsewhere = replace(two[1], back="r0/b", undo=("delete-all",))
    lines = applied(Outcome.DONE, two[0], elsewhere)
    assert [line for line in lines if line.startswith("Undo")] == [
        "Undo    menuops restore run/a",
        "Undo    menuops restore r0/b --allow delete-all",
    ]


def test_an_apply_with_nothing_to_do() -> None:
    assert applied(Outcome.NO_CHANGES, shop("unchanged"), run=None) == [
        "shop   wx1   as the plan wants it, nothing to do",
        "Nothing left to do: no call was needed.",
    ]


# Tokens


@dataclass
class Report:
    account: Account
    status: TokenStatus | None
    renewed: Literal["new", "same"] | None = None
    error: MenuopsError | None = None


def report(name: str, status: TokenStatus | None) -> Report:
    token = StableToken(SecretEnv("X"))
    return Report(Account(name, "wx1", token, EMULATOR, menus=always(PurePath("m.yaml"))), status)


def known(source: SourceWord, store: str, *, fresh: bool, age_s: float) -> TokenStatus:
    return TokenStatus(
        source, store, True, fresh, 0.0, age_s, 6600.0, 7200.0, shared_with="all\u202e who ask"
    )


REPORTS = [
    report("demo", None),
    report("店", TokenStatus("stable", "file", present=False, fresh=False, shared_with="all")),
    report("good", known("stable", "file", fresh=True, age_s=600.0)),
    report("old", known("classic", "file", fresh=False, age_s=7100.0)),
    report(
        "theirs",
        TokenStatus("env", "TOK\u202eEN", present=True, fresh=True, shared_with="who set it"),
    ),
    report(
        "bot",
        TokenStatus("sdk", "R", present=True, fresh=True, expires_at_s=60.0, shared_with="bot"),
    ),
    report(
        "lost",
        TokenStatus("file", "F", present=False, fresh=False, problem="no\nsuch", shared_with="all"),
    ),
]
RENEWED = [
    replace(REPORTS[2], renewed="same"),
    replace(REPORTS[3], error=MenuopsError("refused\u202e", fix="do\nthis")),
]


def test_tokens_text() -> None:
    assert tokens_text(REPORTS).splitlines() == [
        "demo     wx1   emulator   memory        made anew by each run",
        "店       wx1   stable     file          none yet; fetched when it is needed",
        "         shared with: all",
        f"good     wx1   stable     file          good, 10 min old, expires {IN_TWO_HOURS}",
        "         shared with: all\\u202e who ask",
        (
            "old      wx1   classic    file          to be renewed at the next use, 118 min old, "
            f"expires {IN_TWO_HOURS}"
        ),
        "         shared with: all\\u202e who ask",
        "theirs   wx1   env        TOK\\u202eEN   there; whoever renews it knows its life",
        "         shared with: who set it",
        "bot      wx1   sdk        R             there, expires 1970-01-01 08:01 +08:00",
        "         shared with: bot",
        "lost     wx1   file       F             none",
        "         no",
        "         such",
        "         shared with: all",
    ]
    assert tokens_text([]) == ""


def test_tokens_text_after_a_renewal() -> None:
    assert tokens_text(RENEWED).splitlines() == [
        (f"good   wx1   stable    file   the same as before, 10 min old, expires {IN_TWO_HOURS}"),
        "       shared with: all\\u202e who ask",
        "old    wx1   classic   file   not renewed",
        "       refused\\u202e",
        "       fix: do",
        "       this",
        "       shared with: all\\u202e who ask",
    ]
    renewed, failed = tokens_to_json(RENEWED, Outcome.CANNOT_START)["accounts"]
    assert renewed["renewed"] == "same"
    assert failed["error"] == {"code": "menuops", "message": "refused\u202e", "fix": "do\nthis"}


def test_tokens_to_json() -> None:
    document = tokens_to_json([REPORTS[0], REPORTS[1], REPORTS[6]], Outcome.DONE)
    assert document["accounts"] == [
        {
            "name": "demo",
            "appid": "wx1",
            "source": "emulator",
            "store": "memory",
            "present": False,
            "fresh": False,
        },
        {
            "name": "店",
            "appid": "wx1",
            "source": "stable",
            "store": "file",
            "present": False,
            "fresh": False,
            "age_s": None,
            "expires_at": None,
            "shared_with": "all",
        },
        {
            "name": "lost",
            "appid": "wx1",
            "source": "file",
            "store": "F",
            "present": False,
            "fresh": False,
            "age_s": None,
            "expires_at": None,
            "shared_with": "all",
            "problem": "no\nsuch",
        },
    ]
