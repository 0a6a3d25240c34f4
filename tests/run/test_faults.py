"""An apply over a bad line: nothing is sent twice, the journal is true, a new plan finishes."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import replace
from socket import socket

import pytest

from menuops.core.applied import Applied, StepResult
from menuops.core.errors import CannotStart
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan
from menuops.emulator import Account, Fault
from menuops.emulator.state import AccountState
from menuops.run.executor import TRIES
from menuops.run.planning import make_plan_of
from menuops.run.settings import PlanOptions
from menuops.state.unwritable import StateUnwritable
from tests.site import APPID, SECRET, WRITES, Site, click, conditional, view

CALLS = ("menu/create", "menu/addconditional", "menu/delconditional")
READ_TRIES = 6
LIFT = "remove-conditional"

PASSING: dict[str, Fault] = {
    "busy": Fault.errcode(-1),
    "bad gateway": Fault.status(502),
    "reset before it is done": Fault.reset_before(),
}
DONE_ALL_THE_SAME: dict[str, Fault] = {
    "reset after it is done": Fault.reset_after(),
    "half an answer": Fault.half_answer(),
}


@pytest.fixture(autouse=True)
def _change(site: Site) -> None:
    """Want a change that takes one call of each kind, in the order of CALLS."""
    site.project(retry_s=30)
    site.live([view()], conditional(view(), client_platform_type="2"))
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [click()], "conditionalmenu": [ios]})


def reached(site: Site) -> bool:
    """Whether all is as wanted, each thing once."""
    default, conditionals = site.now()
    names = [[entry["name"] for entry in entries] for _, entries in conditionals]
    return [entry["name"] for entry in default] == ["帮助"] and names == [["帮助"]]


def finish(site: Site) -> None:
    site.clock.now_s += 1
    site.apply(None, LIFT)
    assert reached(site)
    assert site.plan().outcome is Outcome.NO_CHANGES


def outcomes(applied: Applied) -> list[str]:
    return [step.outcome for account in applied.accounts for step in account.steps]


def done_writes(site: Site) -> list[str]:
    """The writes that the emulator did without a fault."""
    return [
        each.request.path
        for each in site.emulator.feed.since(0).exchanges
        if each.request.path in WRITES and each.fault is None
    ]


def test_the_change_takes_one_call_of_each_kind(site: Site) -> None:
    assert [step.CALL for step in site.account_plan().steps] == list(CALLS)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", PASSING)
def test_a_write_that_was_not_done_is_sent_again_after_a_read(
    site: Site, call: str, fault: str
) -> None:
    plan = site.plan(LIFT)
    site.emulator.fail_next(call, PASSING[fault])
    with site.counting() as calls:
        applied = site.apply(plan)
    assert applied.outcome is Outcome.DONE
    assert reached(site)
    assert done_writes(site) == list(CALLS)
    first = calls.index(call)
    between = calls[first + 1 : calls.index(call, first + 1)]
    assert sorted(between) == ["get_current_selfmenu_info", "menu/get"]
    assert site.clock.slept == [1.0]
    assert site.steps() == [f"{each} {word}" for each in CALLS for word in ("started", "done")]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", DONE_ALL_THE_SAME)
def test_a_write_whose_answer_was_lost_is_found_and_not_sent_again(
    site: Site, call: str, fault: str
) -> None:
    plan = site.plan(LIFT)
    site.emulator.fail_next(call, DONE_ALL_THE_SAME[fault])
    applied = site.apply(plan)
    assert applied.outcome is Outcome.DONE
    assert reached(site)
    assert site.writes == list(CALLS)
    found = [step.found for account in applied.accounts for step in account.steps]
    assert found == [each == call for each in CALLS]
    (line,) = [line for line in site.journal() if line.get("found")]
    assert (line["call"], line["outcome"]) == (call, "done")
    added = site.emulator.state_of(APPID)
    assert added is not None
    menuids = [line.get("menuid") for line in site.journal() if line.get("outcome") == "done"]
    assert menuids[1] == str(added.conditional[0].menuid)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", PASSING)
def test_a_write_that_never_gets_through_is_given_up(site: Site, call: str, fault: str) -> None:
    plan = site.plan(LIFT)
    site.emulator.fail_next(call, PASSING[fault], times=TRIES)
    number = CALLS.index(call)
    if number == 0:
        with pytest.raises(CannotStart) as caught:
            site.apply(plan)
        assert "nothing was written" in caught.value.message
        assert caught.value.outcome is Outcome.CANNOT_START
    else:
        applied = site.apply(plan)
        assert applied.outcome is Outcome.PARTIAL
        rest = ["not_tried"] * (2 - number)
        assert outcomes(applied) == ["done"] * number + ["failed", *rest]
        assert applied.accounts[0].outcome == "partial"
    assert site.writes == [*CALLS[:number], *[call] * TRIES]
    assert done_writes(site) == list(CALLS[:number])
    done = [f"{each} {word}" for each in CALLS[:number] for word in ("started", "done")]
    assert site.steps() == [*done, f"{call} started", f"{call} failed"]
    assert site.journal()[-1]["event"] == "end"
    finish(site)


@pytest.mark.parametrize("call", CALLS)
def test_a_refused_write_is_not_repeated(site: Site, call: str) -> None:
    plan = site.plan(LIFT)
    site.emulator.fail_next(call, Fault.errcode(40018))
    number = CALLS.index(call)
    if number == 0:
        with pytest.raises(CannotStart) as caught:
            site.apply(plan)
        assert caught.value.code == "40018"
    else:
        assert site.apply(plan).outcome is Outcome.PARTIAL
    assert site.writes == list(CALLS[: number + 1])
    assert site.clock.slept == []
    finish(site)


@pytest.mark.parametrize("call", CALLS)
def test_a_token_that_is_refused_and_comes_back_the_same_stops(site: Site, call: str) -> None:
    """WeChat gives the same stable token again, so the call isn't sent with it once more."""
    plan = site.plan(LIFT)
    site.emulator.fail_next(call, Fault.errcode(40001))
    number = CALLS.index(call)
    if number == 0:
        with pytest.raises(CannotStart) as caught:
            site.apply(plan)
        assert caught.value.code == "token_void"
    else:
        applied = site.apply(plan)
        assert applied.outcome is Outcome.PARTIAL
        assert outcomes(applied)[number] == "failed"
    assert site.writes == list(CALLS[: number + 1])
    finish(site)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_token_that_is_voided_in_the_middle_is_renewed_once(site: Site, number: int) -> None:
    plan = site.plan(LIFT)

    def void(_: AccountPlan, __: StepResult, done: int) -> None:
        if done == number:
            site.emulator.void_tokens(APPID)

    with site.counting() as calls:
        applied = site.apply(plan, progress=void)
    assert applied.outcome is Outcome.DONE
    assert reached(site)
    assert calls.count("stable_token") == 1
    assert done_writes(site)[-1] == CALLS[-1]


@pytest.mark.parametrize("call", CALLS)
def test_what_can_not_be_read_after_a_lost_answer_is_unknown(site: Site, call: str) -> None:
    plan = site.plan(LIFT)
    site.emulator.fail_next(call, Fault.reset_after())
    site.emulator.fail_next("menu/get", Fault.status(502), times=READ_TRIES, after=1)
    applied = site.apply(plan)
    number = CALLS.index(call)
    assert applied.outcome is Outcome.UNKNOWN
    assert applied.outcome.exit_code == 6
    assert outcomes(applied) == ["done"] * number + ["unknown"] + ["not_tried"] * (2 - number)
    assert site.writes == list(CALLS[: number + 1])
    assert site.steps()[-1] == f"{call} unknown"
    step = applied.accounts[0].steps[number]
    assert step.error is not None
    assert "can't be read" in step.error.message
    finish(site)
    assert done_writes(site) == [each for each in CALLS if each != call]


def test_a_read_back_that_fails_leaves_the_outcome_unknown(site: Site) -> None:
    plan = site.plan(LIFT)
    site.emulator.fail_next("menu/get", Fault.status(502), times=READ_TRIES, after=1)
    applied = site.apply(plan)
    assert applied.outcome is Outcome.UNKNOWN
    assert outcomes(applied) == ["done"] * 3
    assert applied.accounts[0].error is not None
    assert [line["outcome"] for line in site.journal() if line["event"] == "read_back"] == [
        "unknown"
    ]
    assert reached(site)


def at_the_end(act: Callable[[], object]) -> Callable[..., None]:
    def progress(account: AccountPlan, _: StepResult, number: int) -> None:
        if number == len(account.steps):
            act()

    return progress


def test_a_menu_published_in_the_console_meanwhile_is_seen_in_the_read_back(site: Site) -> None:
    plan = site.plan(LIFT)
    theirs = {"button": [{"name": "他们的", "type": "text", "value": "您好"}]}
    applied = site.apply(
        plan, progress=at_the_end(lambda: site.emulator.put_console(APPID, theirs))
    )
    assert applied.outcome is Outcome.PARTIAL
    assert "the web console's menu is in force" in applied.accounts[0].differs
    (line,) = [line for line in site.journal() if line["event"] == "read_back"]
    assert line["outcome"] == "differs"
    assert line["places"] == list(applied.accounts[0].differs)


def test_another_menu_in_the_read_back_is_named_by_its_place(site: Site) -> None:
    plan = site.plan(LIFT)
    theirs = lambda: site.live([click(key="THEIRS")])  # noqa: E731
    applied = site.apply(plan, progress=at_the_end(theirs))
    assert applied.outcome is Outcome.PARTIAL
    assert outcomes(applied) == ["done"] * 3
    assert any("key" in place for place in applied.accounts[0].differs)


def without_conditionals(state: AccountState) -> AccountState:
    return replace(state, conditional=state.conditional[:1])


def test_a_menu_that_somebody_else_deleted_counts_as_deleted(site: Site) -> None:
    plan = site.plan(LIFT)

    def delete(_: AccountPlan, __: StepResult, number: int) -> None:
        if number == 2:
            site.emulator._edit(APPID, without_conditionals)

    applied = site.apply(plan, progress=delete)
    assert applied.outcome is Outcome.DONE
    assert [code for _, path, code in site.emulator.calls if path.endswith("delconditional")] == [
        65301
    ]
    assert reached(site)


def test_a_menu_that_wechat_does_not_know_though_it_lists_it_is_a_failure(site: Site) -> None:
    plan = site.plan(LIFT)
    site.emulator.fail_next("menu/delconditional", Fault.errcode(65301))
    applied = site.apply(plan)
    assert applied.outcome is Outcome.PARTIAL
    assert site.clock.slept == []
    assert site.writes == list(CALLS)


def test_a_limit_of_menus_that_is_met_names_the_way_on(site: Site) -> None:
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, menu_limit=1))
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [view()], "conditionalmenu": [ios]})
    with pytest.raises(CannotStart) as caught:
        site.apply(None, LIFT)
    assert caught.value.code == "65305"
    assert "menuops plan --delete-first" in caught.value.fix
    assert site.apply(site.plan(LIFT, delete_first=True)).outcome is Outcome.DONE


def test_a_limit_of_menus_that_is_met_in_the_middle_stops_there(site: Site) -> None:
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, menu_limit=2))
    other = conditional(click(), client_platform_type="3")
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [click()], "conditionalmenu": [ios, other]})
    applied = site.apply(None, LIFT)
    assert applied.outcome is Outcome.PARTIAL
    (failed,) = [step for step in applied.accounts[0].steps if step.outcome == "failed"]
    assert failed.error is not None
    assert (failed.error.code, "--delete-first" in failed.error.fix) == ("65305", True)
    assert site.plan().outcome is Outcome.REFUSED
    assert site.apply(site.plan(LIFT, delete_first=True)).outcome is Outcome.DONE


@pytest.mark.parametrize("name", ["runs", "used"])
def test_a_state_directory_that_can_not_be_written_stops_before_the_first_write(
    site: Site, name: str
) -> None:
    site.write("state/" + name, "a file where a directory belongs")
    site.write(
        "menuops.yaml", {"accounts": {"shop": site.shop()}, "state_dir": str(site.root / "state")}
    )
    with pytest.raises(StateUnwritable) as caught:
        site.apply(site.plan(LIFT))
    assert caught.value.outcome is Outcome.CANNOT_START
    assert str(site.root / "state" / name) in caught.value.message
    assert site.writes == []


def test_a_journal_that_fills_its_disk_stops_before_the_next_call(site: Site) -> None:
    """The call in flight is done, and counted as done; the next isn't sent."""
    plan = site.plan(LIFT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(_: AccountPlan, __: StepResult, number: int) -> None:
        if number == 1:
            size = (site.runs[-1] / "journal.jsonl").stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, hard))

    try:
        applied = site.apply(plan, progress=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert outcomes(applied) == ["done", "not_tried", "not_tried"]
    assert applied.outcome is Outcome.PARTIAL
    assert isinstance(applied.accounts[0].error, StateUnwritable)
    assert site.writes == ["menu/create"]
    finish(site)


def test_a_refused_connection_that_is_tried_again_says_so(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Else half a minute passes in silence, which looks like a hang."""
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    settings = replace(site.settings(), api_url=f"http://127.0.0.1:{port}")
    plan = make_plan_of(settings, site.world, PlanOptions()).plan
    assert plan.outcome is Outcome.CANNOT_START
    (said,) = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert f"127.0.0.1:{port} can't be reached" in said
    assert said.endswith("; trying again, for 30 s at most")
