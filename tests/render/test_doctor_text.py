"""The doctor's checks as text for people and as JSON for programs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from menuops.core.check import (
    ACCOUNT_WORDS,
    AccountWord,
    Check,
    Status,
    failed_by,
    outcome_of,
    tally,
)
from menuops.core.errors import CannotStart
from menuops.core.outcome import Outcome
from menuops.render.doctor_text import NextCommands, doctor_text, doctor_to_json
from menuops.render.terminal import cells

MACHINE = (
    Check(None, "config", "ok", "menuops.yaml: 2 accounts, 2 selected"),
    Check(None, "clock", "ok", "within 60 s of api.weixin.qq.com"),
)


def account(name: str, **statuses: Status) -> tuple[Check, ...]:
    def check(word: AccountWord) -> Check:
        status = statuses.get(word, "ok")
        fix = f"mend the {word}" if status in ("failed", "warning") else ""
        return Check(name, word, status, f"what is said of its {word}", fix)

    return tuple(map(check, ACCOUNT_WORDS))


SKIPPED = Check("新品", "rights", "skipped", "after `token`, which failed")
MIXED = (
    *MACHINE,
    *account("新品", ip="warning", token="failed")[:4],
    SKIPPED,
    replace(SKIPPED, check="quota"),
    *account("shop"),
    *account("blog"),
)


def test_who_is_well_has_a_line_and_the_others_their_details_last() -> None:
    assert (
        doctor_text(MIXED)
        == """\
This machine
  ok       config  menuops.yaml: 2 accounts, 2 selected
  ok       clock   within 60 s of api.weixin.qq.com

shop  ok  what is said of its token
blog  ok  what is said of its token

新品
  warning  ip      what is said of its ip
                   fix: mend the ip
  failed   token   what is said of its token
                   fix: mend the token
  skipped  rights, quota: after `token`, which failed

1 check of 1 account failed, 1 warning. Mend that, then: menuops doctor
"""
    )


def test_everything_lists_each_check_in_the_order_of_the_file() -> None:
    lines = doctor_text(MIXED, everything=True).splitlines()
    assert [line for line in lines if line and not line.startswith(" ")][:-1] == [
        "This machine",
        "新品",
        "shop",
        "blog",
    ]
    assert sum("what is said of" in line for line in lines) == 4 + 2 * len(ACCOUNT_WORDS)


def test_names_of_any_width_line_up() -> None:
    text = doctor_text((*account("新品"), *account("a"), *account("shop-of-a-long-name")))
    lines = [line for line in text.splitlines() if "  ok  what" in line]
    assert len({cells(line.partition("  ok  ")[0]) for line in lines}) == 1


@pytest.mark.parametrize(
    ("checks", "last"),
    [
        (account("shop"), "All is well. Next: PLAN"),
        (account("shop", quota="warning"), "No check failed, 1 warning. Next: PLAN"),
        (account("shop", quota="skipped"), "No check failed, 1 skipped. Next: PLAN"),
        (
            (*account("shop"), replace(SKIPPED, account="shop", check="tags", fix="write it")),
            "No check failed, 1 skipped. Mend that, then: PLAN",
        ),
        (account("shop", quota="failed"), "1 check of 1 account failed. Mend that, then: DOCTOR"),
        (
            (*account("a", ip="failed"), *account("b", ip="failed", quota="failed")),
            "3 checks of 2 accounts failed. Mend that, then: DOCTOR",
        ),
        (
            (replace(MACHINE[0], status="failed"), *account("a", ip="warning")),
            "1 check failed, 1 warning. Mend that, then: DOCTOR",
        ),
        (
            (replace(MACHINE[0], status="failed"), *account("a", ip="failed")),
            "2 checks of this machine and 1 account failed. Mend that, then: DOCTOR",
        ),
    ],
)
def test_the_last_line_says_how_it_came_out_and_what_to_type(
    checks: tuple[Check, ...], last: str
) -> None:
    text = doctor_text(checks, next_commands=NextCommands("PLAN", "DOCTOR"))
    assert text.splitlines()[-1] == last
    failed = "DOCTOR" in last
    assert outcome_of(checks) is (Outcome.CANNOT_START if failed else Outcome.DONE)
    document = doctor_to_json(checks, NextCommands("PLAN", "DOCTOR"))
    assert document["outcome"] == ("error" if failed else "done")
    assert ("error" in document) is failed


def test_long_texts_are_wrapped_under_themselves_and_what_is_typed_stays_whole() -> None:
    command = "`rm " + " ".join(f"/a/file/{number}.json" for number in range(6)) + "`"
    check = Check(None, "store", "warning", "word " * 40, f"{command}, and then look again")
    lines = doctor_text((check,)).splitlines()
    assert any(command in line for line in lines)
    assert all(cells(line) <= 80 for line in lines if "rm " not in line)
    assert all(line.startswith(" " * 19) for line in lines[2:-2])


def test_what_others_wrote_moves_no_cursor() -> None:
    text = doctor_text((Check("sh\x1b[2Jop", "ip", "failed", "\u202etxt\x07", "\x1b]0;x"),))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", text)


def test_a_status_is_a_word_with_colour_or_without() -> None:
    coloured = doctor_text(MIXED, colour=True)
    assert "\x1b[31mfailed\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == doctor_text(MIXED)


def test_json_has_each_check() -> None:
    assert doctor_to_json(MIXED[:3]) == {
        "format_version": "1",
        "outcome": "done",
        "checks": [
            {
                "account": each.account,
                "check": each.check,
                "status": "ok",
                "message": each.message,
                "fix": "",
            }
            for each in MIXED[:3]
        ],
    }
    assert doctor_to_json(MIXED)["error"] == {
        "code": "checks_failed",
        "message": "1 check of 1 account failed",
        "fix": "mend what the failed checks name, then: menuops doctor",
    }


def test_an_error_becomes_a_check_that_names_its_account_once() -> None:
    error = CannotStart("shop: no token", fix="fetch one")
    assert failed_by("shop", "token", error).message == "no token"
    assert failed_by(None, "store", error).message == "shop: no token"
    assert failed_by("shop", "token", CannotStart("shop: no token")).fix
    assert tally([failed_by("shop", "token", error)])["failed"] == 1
