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
from .staged_plans import STAGED

CASES = Path(__file__).parent / "cases"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
CARETS = re.compile(r"^ +\^+\n", re.MULTILINE)
ALL = {**PLANS, **STAGED}


def written(plan: Plan) -> str:
    return json.dumps(json.loads(canonical(plan_to_json(plan))), ensure_ascii=True, indent=1) + "\n"


@pytest.mark.parametrize("name", PLANS)
def test_the_case_is_that_plan(name: str, *, update_goldens: bool) -> None:
    path = CASES / name / "plan.json"
    if update_goldens:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(PLANS[name]), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written(PLANS[name])


def read_case(name: str) -> Plan:
    """Read plan.json; what is set by hand doesn't follow from anything, and so has none."""
    if name in STAGED:
        return STAGED[name]
    text = (CASES / name / "plan.json").read_text(encoding="utf-8")
    return plan_from_json(json.loads(text))


@pytest.mark.parametrize(("file", "width"), [("plan.txt", 100), ("plan.60.txt", 60)])
@pytest.mark.parametrize("name", ALL)
def test_plan_text(name: str, file: str, width: int, *, update_goldens: bool) -> None:
    """plan.json gives plan.txt."""
    text = plan_text(read_case(name), next_commands=NextCommands(), width=width)
    path = CASES / name / file
    if update_goldens:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_case_is_left_over() -> None:
    assert {path.name for path in CASES.iterdir()} == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_colour_says_nothing_that_the_text_does_not(name: str) -> None:
    """Carets mark what differs where colour can't."""
    coloured = plan_text(ALL[name], colour=True)
    assert coloured != plan_text(ALL[name])
    assert ESCAPES.sub("", coloured) == CARETS.sub("", plan_text(ALL[name]))
    assert ("\x1b[31;7m" in coloured or "\x1b[32;7m" in coloured) == bool(
        CARETS.search(plan_text(ALL[name]))
    )


def assert_safe(text: str) -> None:
    for char in text.replace("\n", ""):
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, ascii(
            char
        )


@pytest.mark.parametrize("width", [100, 79, 60, 40])
@pytest.mark.parametrize("name", ALL)
def test_lines_are_short_and_clean(name: str, width: int) -> None:
    """But for what is copied whole: a digest, what lifts a guard, and the last line."""
    text = plan_text(ALL[name], width=width)
    assert_safe(text)
    for line in text.splitlines()[:-1]:
        whole = re.match(r"( {8}\S.* )?[0-9a-f]{64}$| +--allow ", line)
        assert cells(line) <= width or whole, line
        assert line == line.rstrip()


@pytest.mark.parametrize("name", ALL)
def test_no_width_but_40_to_100_is_used(name: str) -> None:
    assert plan_text(ALL[name], width=300) == plan_text(ALL[name])
    assert plan_text(ALL[name], width=1) == plan_text(ALL[name], width=40)


@pytest.mark.parametrize("name", ["add", "move", "long-url", "origins", "unreachable"])
def test_ascii_turns_our_own_signs_alone(name: str) -> None:
    shown = plan_text(ALL[name])
    ours = plan_text(ALL[name], ascii_only=True)
    assert not set("±·…") & set(ours)
    assert set(re.findall(r"[^\x00-\x7f]", ours)) == set(re.findall(r"[^\x00-\x7f±·…]", shown))


@given(account_plans())
def test_any_plan_can_be_read(account: AccountPlan) -> None:
    text = plan_text(plan(account))
    assert_safe(text)
    assert ESCAPES.sub("", plan_text(plan(account), colour=True)) == CARETS.sub("", text)


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
