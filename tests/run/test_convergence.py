"""Whatever is live and whatever is wanted: an apply gets there, an import says what is there."""

from __future__ import annotations

import shlex
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menuops.core.applied import Applied, StepResult
from menuops.core.finding import errors_of
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, Plan
from menuops.files.plan_file import read_plan, write_plan
from menuops.run.applying import apply_plan
from menuops.run.restoring import restore
from menuops.run.resuming import resume
from menuops.run.settings import PlanOptions
from tests.site import APPID, Json, Site, no_progress
from tests.strategies import as_file, as_live, menus, pairs

LIFTED = ("remove-conditional", "live-changed")  # each example has another past
MANY = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def put(site: Site, live: Json | None) -> None:
    site.clock.now_s += 1
    if live is None:
        site.no_menu()
    else:
        site.emulator.put_live(APPID, as_live(live))


@MANY
@given(pair=pairs())
def test_after_an_apply_the_plan_is_empty(site: Site, pair: tuple[Json | None, Json]) -> None:
    live, wanted = pair
    put(site, live)
    site.menu(as_file(wanted))
    plan = site.plan(*LIFTED)
    calls = [step.CALL for account in plan.changed for step in account.steps]
    with site.counting() as seen:
        applied = site.apply(plan)
    assert applied.outcome is (Outcome.DONE if calls else Outcome.NO_CHANGES)
    assert [call for call in seen if call in set(calls)] == calls, "each step is sent once"
    assert site.plan().outcome is Outcome.NO_CHANGES
    assert site.now()[0] == as_live(wanted)["menu"]["button"]


@MANY
@given(pair=pairs())
def test_deleting_first_gets_there_too(site: Site, pair: tuple[Json | None, Json]) -> None:
    live, wanted = pair
    put(site, live)
    site.menu(as_file(wanted))
    site.apply(site.plan(*LIFTED, delete_first=True))
    assert site.plan().outcome is Outcome.NO_CHANGES


@MANY
@given(pair=pairs())
def test_a_saved_plan_is_read_back_as_it_was_made(
    site: Site, pair: tuple[Json | None, Json]
) -> None:
    live, wanted = pair
    put(site, live)
    site.menu(as_file(wanted))
    plan: Plan = site.plan(*LIFTED)
    path = site.root / "plan.json"
    write_plan(path, plan)
    again = read_plan(path, "plan.json")
    assert again == plan
    assert again.digest == plan.digest


@MANY
@given(menu=menus())
def test_after_an_import_the_plan_is_empty(site: Site, menu: Json) -> None:
    put(site, menu)
    imported = site.imported()
    assert errors_of(imported.findings) == ()
    assert imported.outcome is Outcome.DONE
    site.menu(imported.text)
    plan = site.plan()
    assert plan.outcome is Outcome.NO_CHANGES
    assert plan.accounts[0].status == "in_sync"


@MANY
@given(menu=menus())
def test_an_imported_file_is_applied_to_an_account_without_menus(site: Site, menu: Json) -> None:
    put(site, menu)
    site.menu(site.imported().text)
    put(site, None)
    site.apply(site.plan("live-changed"))
    default, conditionals = site.now()
    wanted = as_live(menu)
    assert default == wanted["menu"]["button"]
    assert [buttons for _, buttons in conditionals] == [
        one["button"] for one in wanted.get("conditionalmenu", [])
    ]


class Killed(BaseException):
    """The process is gone in the middle."""


def killed_after(site: Site, plan: Plan, calls: int) -> None:
    """Apply, and be killed once a number of calls are done."""

    def progress(_: AccountPlan, __: StepResult, number: int) -> None:
        if number == calls:
            raise Killed

    try:
        apply_plan(site.settings(), site.world, plan, expect=(), progress=progress)
    except Killed:
        return
    assert calls == 0


def undone(site: Site, run: str) -> Applied:
    """Restore as `history` says."""
    shown = site.run("history", "--format", "json").json["runs"]
    undo = next(each["undo"] for each in shown if each["run"] == run)
    words = shlex.split(undo)
    lifts = [word for before, word in pairwise(words) if before == "--allow"]
    return restore(
        site.settings(),
        site.world,
        PlanOptions(lifts=tuple(lifts)),
        run,
        show=no_progress,
        ask=None,
        progress=no_progress,
    )


@MANY
@given(pair=pairs(), data=st.data())
def test_a_run_that_was_killed_is_finished_or_undone(
    site: Site, pair: tuple[Json | None, Json], data: st.DataObject
) -> None:
    """Wherever it was killed, whatever was live and wanted: one command on, one back."""
    live, wanted = pair
    put(site, live)
    before = site.now()
    site.menu(as_file(wanted))
    plan = site.plan(*LIFTED, "domain-limit")
    steps = [step for account in plan.changed for step in account.steps]
    if not steps:
        return
    killed_after(site, plan, data.draw(st.integers(1, len(steps))))
    run = site.runs[-1].name
    if data.draw(st.booleans()):
        applied = resume(site.settings(), site.world, run, show=no_progress, progress=no_progress)
        assert applied.outcome in (Outcome.DONE, Outcome.NO_CHANGES)
        assert site.plan().outcome is Outcome.NO_CHANGES
        assert site.now()[0] == as_live(wanted)["menu"]["button"]
    else:
        applied = undone(site, run)
        assert applied.outcome in (Outcome.DONE, Outcome.NO_CHANGES), applied.error
        default, conditionals = site.now()
        assert (default or [], [menu for _, menu in conditionals]) == (
            before[0] or [],
            [menu for _, menu in before[1]],
        )
