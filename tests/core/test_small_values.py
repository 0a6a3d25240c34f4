"""Secrets, outcomes, errors, findings, fields, JSON."""

from __future__ import annotations

import copy
import io
import json
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise, permutations
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core import errors
from menuops.core.applied import AccountResult, Applied, StepResult, applied_to_json
from menuops.core.document import error_to_json
from menuops.core.errors import InvalidFiles, MenuopsError, StalePlan
from menuops.core.fields import FieldChange, compare_fields, differing_places
from menuops.core.finding import Finding, errors_of
from menuops.core.jsonform import (
    buttons_to_json,
    canonical,
    menus_from_json,
    menus_to_json,
    parse_buttons,
    sha256,
)
from menuops.core.model import ACTIONS, Buttons, Foreign, Menus, Parent
from menuops.core.outcome import Outcome, gravest
from menuops.core.plan import Plan
from menuops.core.secret import Secret
from menuops.core.steps import CreateMenu, DeleteConditional

from .strategies import JSON, buttons, click, menus

# Secrets

TOKEN = "92_aVeryRealToken-and_long"
SECRET = Secret(TOKEN)


@dataclass
class Holder:
    token: Secret


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(str, id="str"),
        pytest.param(repr, id="repr"),
        pytest.param(lambda s: format(s), id="format"),
        pytest.param(lambda s: f"{s}", id="f-string"),
        pytest.param(lambda s: f"{s:>40}", id="f-string with width"),
        pytest.param(lambda s: f"{s!r:.99} {s!s} {s!a}", id="f-string with conversion"),
        pytest.param(lambda s: "%s %r %a" % (s, s, s), id="percent"),  # noqa: UP031
        pytest.param(lambda s: "{} {0!r}".replace("{}", "{0}").format(s), id="str.format"),
        pytest.param(lambda s: str([s, {s: s}, (s,)]), id="in collections"),
        pytest.param(lambda s: str(Holder(s)), id="in a dataclass"),
        pytest.param(lambda s: str(ValueError("no", s)), id="in an exception"),
        pytest.param(lambda s: repr(ValueError(s)), id="in an exception's repr"),
        pytest.param(
            lambda s: "".join(traceback.format_exception(MenuopsError(f"refused {s}"))),
            id="in a traceback",
        ),
        pytest.param(lambda s: json.dumps({"token": s}, default=str), id="in JSON by str"),
        pytest.param(lambda s: json.dumps({"token": s}, default=repr), id="in JSON by repr"),
        pytest.param(lambda s: ascii(s), id="ascii"),
    ],
)
def test_a_secret_shows_as_stars(shown: Callable[[Secret], str]) -> None:
    text = shown(SECRET)
    assert "***" in text
    assert TOKEN[:6] not in text


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda s: json.dumps({"token": s}), id="json"),
        pytest.param(lambda s: json.dumps({s: 1}), id="json key"),
        pytest.param(lambda s: json.dumps([Holder(s)], default=vars), id="json of an object"),
        *(
            pytest.param(lambda s, p=p: pickle.dumps(s, p), id=f"pickle {p}")
            for p in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
        pytest.param(lambda s: pickle.dumps(Holder(s)), id="pickled in a dataclass"),
        pytest.param(lambda s: "" + s + "", id="plus"),
        pytest.param(lambda s: "".join([s, s]), id="join"),
        pytest.param(lambda s: s.encode(), id="encode"),
        pytest.param(lambda s: bytes(s, "utf-8"), id="bytes"),
        pytest.param(list, id="list"),
        pytest.param(lambda s: s[:40], id="slice"),
        pytest.param(lambda s: s.upper() + s.title(), id="methods"),
        pytest.param(lambda s: s.replace("x", "y"), id="replace"),
        pytest.param(lambda s: urlencode({"access_token": s}), id="urlencode"),
        pytest.param(lambda s: io.StringIO(s).read(), id="file"),
    ],
)
def test_what_is_written_of_a_secret_is_stars(write: Callable[[Secret], object]) -> None:
    assert TOKEN not in str(write(SECRET))


def test_a_copy_of_a_secret_is_itself_and_a_pickled_one_is_stars() -> None:
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy([SECRET])[0] is SECRET
    assert asdict(Holder(SECRET))["token"] is SECRET
    assert pickle.loads(pickle.dumps(SECRET)) == "***"
    assert pickle.loads(pickle.dumps(Holder(SECRET))).token == "***"


def test_a_secret_is_a_value() -> None:
    assert SECRET.reveal() == TOKEN
    assert Secret(TOKEN) == SECRET
    assert hash(Secret(TOKEN)) == hash(SECRET)
    assert Secret("x") != SECRET
    assert SECRET != TOKEN
    assert SECRET
    assert not Secret("")


# Outcomes


def test_of_several_outcomes_the_gravest_is_reported() -> None:
    """The order stands in the table of exit codes: 130/143 > 6 > 1 > 7 > 5 > 4 > 2."""
    order = [
        *(Outcome.TERMINATED, Outcome.INTERRUPTED, Outcome.PARTIAL, Outcome.BUG),
        *(Outcome.CANNOT_START, Outcome.STALE, Outcome.REFUSED, Outcome.LOCKED),
        *(Outcome.NOT_APPROVED, Outcome.INVALID, Outcome.CHANGES, Outcome.USAGE, Outcome.DONE),
    ]
    for graver, lesser in pairwise(order):
        assert gravest([lesser, graver, lesser]) is graver
    for some in permutations(order, 3):
        assert gravest(some) is min(some, key=order.index)


def test_every_outcome_has_its_gravity() -> None:
    for outcome in Outcome:
        assert gravest([outcome]) is outcome


def test_of_outcomes_with_one_code_the_first_counts() -> None:
    assert gravest([Outcome.NO_CHANGES, Outcome.DONE]) is Outcome.NO_CHANGES
    assert gravest([Outcome.UNKNOWN, Outcome.PARTIAL]) is Outcome.UNKNOWN
    assert gravest([]) is Outcome.NO_CHANGES


def test_outcomes_with_one_code_and_word_are_told_apart() -> None:
    """An enum with equal values would make one an alias of the other."""
    assert len({outcome.name for outcome in Outcome}) == len(Outcome.__members__)


# Errors

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, MenuopsError)
]


@pytest.mark.parametrize(
    ("kind", "word", "code"),
    [
        (MenuopsError, "menuops", 7),
        (errors.InvalidFiles, "invalid_files", 3),
        (errors.CannotStart, "cannot_start", 7),
        (errors.Refused, "refused", 4),
        (errors.StalePlan, "stale_plan", 5),
        (errors.Locked, "locked", 8),
        (errors.NotApproved, "not_approved", 9),
        (errors.Usage, "usage", 64),
        (errors.Interrupted, "interrupted", 130),
        (errors.Bug, "bug", 1),
    ],
)
def test_an_error_has_a_word_and_an_exit_code(
    kind: type[MenuopsError], word: str, code: int
) -> None:
    assert (kind.word(), kind.outcome.exit_code) == (word, code)


def test_no_two_errors_share_a_word() -> None:
    assert len({kind.word() for kind in KINDS}) == len(KINDS) >= 10


def test_an_error_says_what_and_what_next() -> None:
    error = StalePlan("the menu moved", fix="menuops plan")
    assert str(error) == "the menu moved\nmenuops plan"
    assert str(StalePlan("the menu moved")) == "the menu moved"
    assert error.code == "stale_plan"
    assert StalePlan("x", code="40001").code == "40001"
    assert error_to_json(error) == {
        "code": "stale_plan",
        "message": "the menu moved",
        "fix": "menuops plan",
    }


# Findings

ERROR = Finding("a.yaml", 2, 3, "name-too-long", "error", "too long")
WARNING = Finding("a.yaml", 1, 1, "quote-it", "warning", "quote it")


def test_a_finding_is_a_line_that_editors_can_follow() -> None:
    assert str(ERROR) == "a.yaml:2:3: too long [name-too-long]"
    assert str(WARNING) == "a.yaml:1:1: warning: quote it [quote-it]"
    assert sorted([ERROR, WARNING]) == [WARNING, ERROR]
    assert errors_of([WARNING, ERROR]) == (ERROR,)


@pytest.mark.parametrize(
    ("findings", "text"),
    [
        ([], "0 errors in the files"),
        ([ERROR, WARNING], "1 error in the files"),
        ([ERROR, ERROR], "2 errors in the files"),
    ],
)
def test_invalid_files_count_their_errors(findings: list[Finding], text: str) -> None:
    error = InvalidFiles(findings)
    assert error.message == text
    assert error.findings == tuple(findings)


# Fields

FIELDS = st.dictionaries(st.text(max_size=3), JSON.filter(lambda value: value is not None))


def strict(value: Any) -> str:
    """Tell 1, 1.0 and true apart, as JSON does and Python doesn't."""
    return repr(value)


@given(FIELDS, FIELDS)
def test_just_the_fields_that_differ_are_told(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    told = {change.field: change for change in compare_fields(before, after)}
    for name in {*before, *after}:
        if before.get(name) != after.get(name):
            assert told[name] == FieldChange(name, before.get(name), after.get(name))
        elif strict(before[name]) == strict(after[name]):
            assert name not in told


@given(FIELDS)
def test_a_field_that_begins_with_underscores_is_a_field(fields: dict[str, Any]) -> None:
    told = compare_fields(fields, {**fields, "__x": "new"})
    assert [change.field for change in told] == ["__x"]


def test_fields_are_told_in_the_order_of_after_then_of_before() -> None:
    told = compare_fields({"gone": 1, "a": 1, "b": 1}, {"b": 2, "new": 1, "a": 2})
    assert [change.field for change in told] == ["b", "new", "a", "gone"]


@given(JSON, JSON)
def test_values_that_differ_differ_somewhere(before: Any, after: Any) -> None:
    places = differing_places({"x": before}, {"x": after})
    if before != after:
        assert places
        assert all(place.startswith("x") for place in places)
    if strict(before) == strict(after):
        assert not places


def test_places_are_named_as_a_person_would() -> None:
    before = {"button": [{"name": "A"}, {"name": "B"}], "conditionalmenu": []}
    after = {"button": [{"name": "A"}, {"name": "C", "key": "k"}], "conditionalmenu": [1]}
    assert differing_places(before, after) == (
        "button[1].key",
        "button[1].name",
        "conditionalmenu[0]",
    )


# JSON


@given(buttons(foreign=True, least=0))
def test_buttons_survive_json(menu: Buttons) -> None:
    assert parse_buttons(json.loads(json.dumps(buttons_to_json(menu)))) == menu


@given(menus(foreign=True, least=0))
def test_menus_survive_json(state: Menus) -> None:
    assert menus_from_json(json.loads(json.dumps(menus_to_json(state)))) == state


@given(JSON)
def test_what_is_read_from_anything_survives_json(answer: Any) -> None:
    menu = parse_buttons([answer, {"name": "P", "sub_button": [answer, {"type": answer}]}])
    assert parse_buttons(json.loads(json.dumps(buttons_to_json(menu)))) == menu


@pytest.mark.parametrize("kind", ACTIONS.values(), ids=list(ACTIONS))
def test_a_button_of_each_type_is_sent_with_exactly_its_fields(kind: Any) -> None:
    button = kind("名", *kind.FIELDS)
    assert buttons_to_json((button,)) == [
        {"type": kind.TYPE, "name": "名", **{field: field for field in kind.FIELDS}}
    ]


def test_ids_are_never_sent() -> None:
    menu: Buttons = (Parent("P", (click("A"),), id="x"), Foreign("F", "text", id="y"))
    assert '"id"' not in canonical(buttons_to_json(menu))


def test_canonical_json_is_sorted_tight_and_raw() -> None:
    assert canonical({"b": [1, "菜"], "a": None}) == '{"a":null,"b":[1,"菜"]}'
    assert sha256({"b": 1, "a": 2}) == sha256({"a": 2, "b": 1}) != sha256({"a": 2, "b": 2})


def test_a_lone_surrogate_can_be_hashed() -> None:
    assert len(sha256("\ud83d")) == 64


# What became of an apply


def test_the_document_of_an_apply() -> None:
    create, delete = CreateMenu((click("A"),), "new"), DeleteConditional("7", "tag:1", "gone")
    failed = MenuopsError("no", fix="try", code="65301")
    accounts = (
        AccountResult("a", "wx1", "unchanged"),
        AccountResult(
            "b",
            "wx2",
            "partial",
            (StepResult(create, "done", menuid="8"), StepResult(delete, "failed", error=failed)),
            "run/b",
            ("button[0]",),
            failed,
        ),
    )
    plan = Plan("1", "2026-11-22T10:41:00Z", "2026-11-29T10:41:00Z", None, ())
    error = {"code": "65301", "message": "no", "fix": "try"}
    assert applied_to_json(Applied(plan, Outcome.PARTIAL, accounts, "run")) == {
        "format_version": "1",
        "menuops_version": "1",
        "created_at": "2026-11-22T10:41:00Z",
        "expires_at": "2026-11-29T10:41:00Z",
        "commit": None,
        "digest": None,
        "outcome": "partial",
        "run": "run",
        "accounts": [
            {"name": "a", "appid": "wx1", "outcome": "unchanged", "steps": [], "snapshot": None},
            {
                "name": "b",
                "appid": "wx2",
                "outcome": "partial",
                "steps": [
                    {"call": "menu/create", "menu": "default", "outcome": "done", "menuid": "8"},
                    {
                        "call": "menu/delconditional",
                        "menu": "tag:1",
                        "outcome": "failed",
                        "error": error,
                    },
                ],
                "snapshot": "run/b",
                "back": {"snapshot": "run/b", "allow": []},
                "differs": ["button[0]"],
                "error": error,
            },
        ],
    }
