"""A plan on its way through JSON: the same again, or refused."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from menuops.core.basis import Basis, Past, QuotaLeft
from menuops.core.identity import with_ids
from menuops.core.jsonform import canonical, sha256
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Foreign, Menus
from menuops.core.plan import AccountPlan, ErrorNote, Plan, UnreadableAccount, make_account_plan
from menuops.core.plan_document import PlanMismatch, plan_from_json, plan_to_json

from .strategies import (
    JSON,
    REF,
    account_plans,
    click,
    labelled,
    live_of,
    menu_for,
    parent,
    view,
)
from .test_plan import plan_of

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas/plan.schema.json").read_text("utf-8"))
)
Where: TypeAlias = tuple[str | int, ...]
UNREADABLE = UnreadableAccount(REF, ErrorNote("48001", "not authorised", ""))


def document_of(plan: Plan) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(canonical(plan_to_json(plan)))
    return document


plans = st.builds(
    lambda accounts, unreadable, most: plan_of(
        *accounts, *([UNREADABLE] if unreadable else []), most=most, lifts=()
    ),
    st.lists(account_plans(), max_size=3),
    st.booleans(),
    st.sampled_from([0, 20]),
)


@given(plans)
def test_a_plan_survives_json_and_fits_its_schema(plan: Plan) -> None:
    document = document_of(plan)
    assert not list(SCHEMA.iter_errors(document))
    again = plan_from_json(document)
    assert again == plan
    assert again.digest == plan.digest
    assert canonical(plan_to_json(again)) == canonical(document)


# Tampering: a plan that has all there is.

LIVE = Live(
    Menus(
        (
            parent("更多", click("A"), view("B")),
            Foreign("老", "text", (("value", "hi"),)),
        ),
        (
            menu_for("100+ios", click("old"), view("x", "https://a.cn")),
            menu_for("102"),
            menu_for("101"),
        ),
    ),
    ("9", "8", "7"),
    Console.OVERRIDES,
    (DeadMenu("6", (("group_id", "5"), ("sex", "1")), (click("dead"),)),),
)
AFTER = Menus(
    (view("B"), parent("更多", click("C", "A"))),
    (
        menu_for("103", view("n")),
        replace(menu_for("102", view("new")), id="spring"),
        menu_for("101"),
    ),
)


def changing(**lifts: Any) -> AccountPlan:
    labels = labelled(LIVE.menus, AFTER, t100="VIP", t101="店员")
    basis = Basis(
        followers=(("100", 5), ("102", 7)),
        quotas=(QuotaLeft("menu/addconditional", 2000, 1),),
        applied=Past("applied", "20261121T040000Z-abcd", Menus((parent("更多", click("A")),))),
        base=Past("commit", "3f2a9c1", with_ids(LIVE.menus, {"1": "more", "#2": "spring"})),
    )
    return make_account_plan(REF, LIVE, AFTER, labels, basis=basis, **lifts)


IN_SYNC_LIVE = live_of(Menus((click("A"),), (menu_for("100"),)), Console.UNREADABLE)
IN_SYNC = make_account_plan(
    REF, IN_SYNC_LIVE, IN_SYNC_LIVE.menus, labelled(IN_SYNC_LIVE.menus, IN_SYNC_LIVE.menus)
)
FULL = document_of(
    plan_of(changing(lifts=["remove-conditional", "console-menu"]), IN_SYNC, UNREADABLE, most=0)
)

FREE = (
    ("created_at",),
    ("expires_at",),
    ("commit",),
    ("menuops_version",),
    ("back_to", "name"),
    ("guards",),
    ("accounts", "*", "name"),
    # Of an account that nothing is sent to, there is nothing to hold these against.
    ("accounts", 1, "appid"),
    ("accounts", 1, "api"),
    ("accounts", 1, "delete_first"),
    ("accounts", 2),
    # Names of tags that stand in nothing else; rules hold their ids.
    ("accounts", "*", "labels", "tags"),
    # What is known of the past binds nothing: it tells whose a change is.
    ("accounts", "*", "applied"),
    ("accounts", "*", "base"),
    ("accounts", "*", "base_missing"),
    # So is whether `live-changed` was lifted, which no digest covers.
    ("accounts", 0, "guards", 1, "lifted"),
    # Whether the console could be read is told, and binds nothing.
    ("accounts", 1, "live", "console"),
)


def is_free(where: Where) -> bool:
    return any(
        len(where) >= len(free) and all(f in ("*", w) for f, w in zip(free, where, strict=False))
        for free in FREE
    )


def leaves(value: Any, where: Where = ()) -> Iterator[tuple[Where, Any]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    if not items:
        yield where, value
    for key, item in items:
        yield from leaves(item, (*where, key))


def places(value: Any, where: Where = ()) -> Iterator[Where]:
    """Walk through every value, whole lists and objects too."""
    yield where
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in items:
        yield from places(item, (*where, key))


def at(document: Any, where: Where) -> Any:
    for part in where:
        document = document[part]
    return document


def with_value(document: dict[str, Any], where: Where, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    at(changed, where[:-1])[where[-1]] = value
    return changed if where == ("checksum",) else sealed(changed)


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """Give it the checksum of what stands in it now, as somebody might who means to deceive."""
    rest = {key: value for key, value in document.items() if key != "checksum"}
    return {**rest, "checksum": sha256(rest)}


def others(value: Any) -> list[Any]:
    match value:
        case bool():
            return [not value, None]
        case int():
            return [value + 1, None]
        case str():
            digest = [f"{'0' * 63}1"] if len(value) == 64 else []
            words = ["in_sync", "changes", "no_changes", "refused", "add", "remove", "move", "none"]
            words += [
                "closed",
                "made",
                "menu/create",
                "menu/delconditional",
                "#3",
                "2.2",
                "default",
            ]
            kept = [word for word in (*words, f"{value}x", "", *digest) if word != value]
            return [*kept, None]
        case _:
            return ["x", "0" * 64, True, [{}], {"x": "y"}]


def refused(document: dict[str, Any]) -> bool:
    if not SCHEMA.is_valid(document):
        return True
    try:
        plan_from_json(document)
    except PlanMismatch:
        return True
    return False


def test_the_plan_that_is_tampered_with_is_taken_as_it_is() -> None:
    assert not refused(FULL)
    assert sealed(FULL) == FULL


def test_no_edit_by_hand_goes_unnoticed() -> None:
    """Not even of what nothing else follows from: times, the commit, names."""
    for where, value in leaves(FULL):
        if is_free(where):
            changed = copy.deepcopy(FULL)
            at(changed, where[:-1])[where[-1]] = others(value)[0]
            assert refused(changed), where


@pytest.mark.parametrize("name", ["created_at", "expires_at", "commit"])
def test_an_edited_time_or_commit_is_said_to_be_edited(name: str) -> None:
    edited = {**FULL, name: "2030-01-01T00:00:00Z"}
    with pytest.raises(PlanMismatch, match=r"this plan was edited.*: its checksum isn't that of"):
        plan_from_json(edited)


@pytest.mark.parametrize("name", ["created_at", "expires_at"])
@pytest.mark.parametrize(
    "moment", ["2026-02-30T00:00:00Z", "2026-11-11T25:00:00Z", "9999-99-99T99:99:99Z"]
)
def test_a_time_that_is_no_moment_is_a_mismatch(name: str, moment: str) -> None:
    with pytest.raises(PlanMismatch, match=f"its {name} is no moment that exists"):
        plan_from_json(sealed({**FULL, name: moment}))


def test_no_value_can_be_changed_unnoticed() -> None:
    taken = [
        (where, other)
        for where, value in leaves(FULL)
        for other in others(value)
        if not is_free(where) and not refused(with_value(FULL, where, other))
    ]
    assert taken == []


def test_nothing_can_be_taken_away_or_doubled_unnoticed() -> None:
    for where in places(FULL):
        if not where or is_free(where):
            continue
        changed = copy.deepcopy(FULL)
        holder = at(changed, where[:-1])
        if isinstance(holder, list):
            doubled = copy.deepcopy(FULL)
            at(doubled, where[:-1]).insert(0, copy.deepcopy(holder[int(where[-1])]))
            # An account twice is a plan too, with another digest if it changes.
            assert refused(sealed(doubled)) or where in {("accounts", 1)}, where
        del holder[where[-1]]
        assert refused(sealed(changed)) or where in {("accounts", 1), ("checksum",)}, where


def test_no_order_can_be_changed_unnoticed() -> None:
    for where in places(FULL):
        value = at(FULL, where)
        if isinstance(value, list) and len(value) > 1 and not is_free(where):
            changed = with_value(FULL, where, value[::-1])
            # The accounts of a plan stand in any order.
            assert refused(changed) or where == ("accounts",), where


@pytest.mark.parametrize(
    "where", [("created_at",), ("expires_at",)], ids=["created_at", "expires_at"]
)
def test_times_are_free(where: Where) -> None:
    assert not refused(with_value(FULL, where, "2030-01-01T00:00:00Z"))


def test_a_name_of_an_account_is_a_label() -> None:
    assert not refused(with_value(FULL, ("accounts", 0, "name"), "店"))


def test_a_mismatch_names_the_part_the_account_and_the_way_on() -> None:
    with pytest.raises(PlanMismatch) as mismatch:
        plan_from_json(with_value(FULL, ("accounts", 0, "steps", 0, "reason"), "x"))
    assert "what it says of steps of shop isn't what follows" in str(mismatch.value)
    assert mismatch.value.fix == "make a new plan: menuops plan --out FILE"
    assert mismatch.value.outcome.exit_code == 5


def test_a_mismatch_of_the_whole_plan_names_its_part() -> None:
    with pytest.raises(PlanMismatch, match="what it says of outcome isn't"):
        plan_from_json(with_value(FULL, ("outcome",), "changes"))


def test_a_label_that_belongs_to_another_menu_is_a_mismatch() -> None:
    with pytest.raises(PlanMismatch, match="under labels that aren't theirs"):
        plan_from_json(with_value(FULL, ("accounts", 1, "labels", "before", 0), "x"))


def test_labels_and_ids_that_do_not_fit_the_menus_are_a_mismatch() -> None:
    for where in (("live", "menuids"), ("labels", "before"), ("labels", "after")):
        with pytest.raises(PlanMismatch, match="another number of menus"):
            plan_from_json(with_value(FULL, ("accounts", 0, *where), []))


# Whatever fits the schema is a plan or a mismatch, never a traceback.

MENU = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["click", "view", "text"]) | JSON,
        "name": st.sampled_from(["A"]) | JSON,
        "key": st.just("k") | JSON,
        "sub_button": JSON,
    },
)
ODD = st.one_of(
    JSON,
    st.lists(MENU, max_size=3),
    st.sampled_from(["", "default", "9", "7", "tag:101", "#1", "1.1", "remove-conditional"]),
    st.just([{"matchrule": {"tag_id": "101"}, "button": []}]),
    st.just([{"matchrule": {"client_platform_type": "x"}, "button": [{"name": "P"}]}] * 3),
)


@given(st.data())
def test_what_fits_the_schema_never_ends_in_a_traceback(data: st.DataObject) -> None:
    document = copy.deepcopy(FULL)
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.sampled_from([p for p in places(document) if p]))
        match data.draw(st.sampled_from(["set", "copy", "delete", "double"])):
            case "set":
                at(document, where[:-1])[where[-1]] = copy.deepcopy(data.draw(ODD))
            case "copy":
                source = data.draw(st.sampled_from([p for p in places(document) if p]))
                at(document, where[:-1])[where[-1]] = copy.deepcopy(at(document, source))
            case "delete":
                del at(document, where[:-1])[where[-1]]
            case _:
                holder = at(document, where[:-1])
                if isinstance(holder, list):
                    holder.append(copy.deepcopy(at(document, where)))
    document = sealed(document)
    if SCHEMA.is_valid(document):
        with contextlib.suppress(PlanMismatch):
            plan_from_json(document)


@given(st.data())
def test_menus_of_any_kind_never_end_in_a_traceback(data: st.DataObject) -> None:
    """The parts that all else follows from, so that what is worked out is worked out of them."""
    document = copy.deepcopy(FULL)
    account = document["accounts"][0]
    rule = st.fixed_dictionaries(
        {},
        optional={
            "tag_id": st.sampled_from(["", "1", "101"]),
            "client_platform_type": st.sampled_from(["1", "", "9"]),
        },
    ).filter(bool)
    listed = st.lists(
        st.fixed_dictionaries({"matchrule": rule, "button": st.lists(MENU, max_size=2)}), max_size=3
    )
    for side in ("before", "after"):
        account[side] = {
            "button": data.draw(st.lists(MENU, max_size=3)),
            "conditionalmenu": data.draw(listed),
        }
        account["labels"][side] = [
            data.draw(st.sampled_from(["", "default", "a", "tag:1"]))
            for _ in account[side]["conditionalmenu"]
        ]
    account["live"]["menuids"] = [
        data.draw(st.sampled_from(["", "9", "8"])) for _ in account["before"]["conditionalmenu"]
    ]
    account["live"]["console"] = data.draw(st.sampled_from([c.value for c in Console]))
    account["delete_first"] = data.draw(st.booleans())
    document = sealed(document)
    assert SCHEMA.is_valid(document)
    with pytest.raises(PlanMismatch):
        plan_from_json(document)


@pytest.mark.parametrize(
    "at", ["2026-02-30T00:00:00Z", "2026-11-11T00:00:61Z", "9999-12-31T23:59:59Z"]
)
def test_a_switch_at_no_moment_is_a_mismatch(at: str) -> None:
    document = copy.deepcopy(FULL)
    document["accounts"][0]["next_switch"] = {"at": at, "menu": "a.yaml"}
    with pytest.raises(PlanMismatch, match="no moment"):
        plan_from_json(document)
