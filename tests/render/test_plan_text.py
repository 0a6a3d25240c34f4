"""The plan as a colleague reads it."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.jsonform import canonical
from menuops.core.model import Click, Foreign, Menus, Parent, View
from menuops.core.plan import AccountPlan, AccountRef, Plan
from menuops.core.plan_document import plan_from_json, plan_to_json
from menuops.render.plan_text import NextCommands, plan_text
from menuops.render.terminal import cells

from ..core.strategies import account_plans, menu_for  # noqa: TID252  # tests are no package on the path
from .plans import HELP, PLANS, change, plan

CASES = Path(__file__).parent / "cases"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def written(plan: Plan) -> str:
    return json.dumps(json.loads(canonical(plan_to_json(plan))), ensure_ascii=True, indent=1) + "\n"


@pytest.mark.parametrize("name", PLANS)
def test_the_case_is_that_plan(name: str, *, update_goldens: bool) -> None:
    path = CASES / name / "plan.json"
    if update_goldens:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(PLANS[name]), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written(PLANS[name])


@pytest.mark.parametrize("name", PLANS)
def test_plan_text(name: str, *, update_goldens: bool) -> None:
    """plan.json gives plan.txt."""
    case = CASES / name
    plan = plan_from_json(json.loads((case / "plan.json").read_text(encoding="utf-8")))
    text = plan_text(plan, next_commands=NextCommands())
    if update_goldens:
        (case / "plan.txt").write_text(text, encoding="utf-8")
    assert text == (case / "plan.txt").read_text(encoding="utf-8")


def test_no_case_is_left_over() -> None:
    assert {path.name for path in CASES.iterdir()} == set(PLANS)


@pytest.mark.parametrize("name", PLANS)
def test_colour_says_nothing_that_the_text_does_not(name: str) -> None:
    coloured = plan_text(PLANS[name], colour=True)
    assert coloured != plan_text(PLANS[name])
    assert ESCAPES.sub("", coloured) == plan_text(PLANS[name])


def assert_safe(text: str) -> None:
    for char in text.replace("\n", ""):
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, ascii(
            char
        )


@pytest.mark.parametrize("name", PLANS)
def test_lines_are_short_and_clean(name: str) -> None:
    """A changed value is shown whole, however long, and a digest is what it is."""
    text = plan_text(PLANS[name])
    assert_safe(text)
    for line in text.splitlines():
        whole = re.match(r" {14}[-+] \w+ +|        \S+ [0-9a-f]{64}$|Digest", line)
        assert cells(line) <= 100 or whole, line
        assert line == line.rstrip()


@given(account_plans())
def test_any_plan_can_be_read(account: AccountPlan) -> None:
    text = plan_text(plan(account))
    assert_safe(text)
    assert ESCAPES.sub("", plan_text(plan(account), colour=True)) == text


UNSAFE = st.text(
    st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Lo"]), min_size=1, max_size=6
)


@given(UNSAFE, UNSAFE, UNSAFE)
def test_no_unsafe_character_reaches_the_text(name: str, value: str, label: str) -> None:
    """Wherever a name of WeChat's, of a tag or of a file can stand."""
    before = Menus((Click(name, value), Parent(value, (Foreign(name, value, ((label, value),)),))))
    after = Menus((View(value, name), Click(name, label)))
    planned = change(before, after, ref=AccountRef(label, "wx1", "emulator"))
    assert_safe(plan_text(plan(planned, commit=None)))


def test_a_flag_to_type_is_safe_in_a_shell() -> None:
    """Tags are named by anybody who may manage followers."""
    before = Menus((HELP,), (menu_for("x; rm -rf ~"),))
    text = plan_text(plan(change(before, Menus((HELP,)))), next_commands=NextCommands())
    assert text.count("--allow 'remove-conditional:tag:x; rm -rf ~'\n") == 2


def test_the_same_plan_gives_the_same_text() -> None:
    for each in PLANS.values():
        assert plan_text(each) == plan_text(
            plan_from_json(json.loads(canonical(plan_to_json(each))))
        )
