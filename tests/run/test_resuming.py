"""After a run was killed or stopped: one command finishes it, one goes back, one plans anew."""

from __future__ import annotations

import itertools
import shlex
import time
from collections.abc import Callable
from typing import Any

import pytest

from menuops.core.errors import MenuopsError, StalePlan
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, Plan
from menuops.emulator import Fault
from menuops.locks import FileLocks, LockKey
from menuops.run.applying import apply_plan
from menuops.run.resuming import resume
from menuops.run.settings import World
from tests.site import APPID, Ended, Site, click, conditional, no_progress, view

IOS = {"client_platform_type": "1"}
ANDROID = {"client_platform_type": "2"}
LIFT = "remove-conditional"


class Killed(BaseException):
    """The process is gone: nobody catches it, nothing more is written."""


@pytest.fixture(autouse=True)
def _change(site: Site) -> None:
    """Want a change of five calls: create, two adds, two deletes."""
    site.clock.now_s = float(int(time.time()))  # commands have the clock of the machine
    site.project(retry_s=0)
    site.live([view()], conditional(view("甲"), **IOS), conditional(view("乙"), **ANDROID))
    site.menu(
        {
            "button": [click()],
            "conditionalmenu": [
                {"matchrule": {"tag": "VIP"}, "button": [click("丁")]},
                conditional(click("丙"), **IOS),
            ],
        }
    )


def names(site: Site, appid: str = APPID) -> Any:
    default, conditionals = site.now(appid)
    return (
        [entry["name"] for entry in default],
        [[entry["name"] for entry in entries] for _, entries in conditionals],
    )


BEFORE = (["首页"], [["甲"], ["乙"]])
AFTER = (["帮助"], [["丁"], ["丙"]])


def killed_when(site: Site, plan: Plan, when: Callable[[], bool]) -> bool:
    """Apply, and be killed at one of the moments at which the clock is looked at.

    That is before each line of the journal and each use of a token. False where it never held.
    """

    def clock() -> float:
        if site.runs and when():
            raise Killed
        return site.clock()

    world = World(clock=clock, sleep=site.clock.sleep, environ=site.environ)
    try:
        apply_plan(site.settings(), world, plan, expect=(), progress=no_progress)
    except Killed:
        return True
    return False


def resumed(site: Site, run: str | None = None, **keys: Any) -> Any:
    return resume(
        site.settings(),
        site.world,
        run or site.runs[-1].name,
        show=no_progress,
        progress=no_progress,
        **keys,
    )


def test_the_change_takes_five_calls(site: Site) -> None:
    assert names(site) == BEFORE
    assert len(site.account_plan(LIFT).steps) == 5
    assert site.apply(None, LIFT).outcome is Outcome.DONE
    assert names(site) == AFTER


def go_on(site: Site) -> None:
    run = site.runs[-1].name
    applied = resumed(site)
    assert applied.outcome in (Outcome.DONE, Outcome.NO_CHANGES)
    assert names(site) == AFTER
    assert site.plan().outcome is Outcome.NO_CHANGES
    with site.counting() as calls:
        assert resumed(site, run).outcome is Outcome.NO_CHANGES
    assert calls == []


def apply_anew(site: Site) -> None:
    site.clock.now_s += 1
    site.apply(None, LIFT)
    assert names(site) == AFTER
    assert site.plan().outcome is Outcome.NO_CHANGES


def go_back(site: Site) -> None:
    shown = site.run("history").out
    undo = [line for line in shown.splitlines() if line.strip().startswith("Undo")]
    for line in undo:
        ended = site.run(*shlex.split(line)[2:], "--yes")
        assert ended.code == 0, ended.said
    assert names(site) == BEFORE


WAYS = {"resume": go_on, "apply": apply_anew, "restore": go_back}


LOOKS = 36
"""How often the clock is looked at between the first line of the journal and the last."""


def killed_at(site: Site, plan: Plan, number: int) -> bool:
    looks = itertools.count(1)
    return killed_when(site, plan, lambda: next(looks) == number)


@pytest.mark.parametrize(
    ("number", "way"),
    [
        *((number, "resume") for number in range(1, LOOKS + 1)),
        *((number, ("apply", "restore")[number % 2]) for number in range(1, LOOKS + 1)),
    ],
)
def test_a_run_that_was_killed_anywhere_has_three_ways_out(
    site: Site, number: int, way: str
) -> None:
    plan = site.plan(LIFT)
    assert killed_at(site, plan, number)
    assert site.run("history").code == 0
    writes = site.writes[:]
    WAYS[way](site)
    added = [call for call in site.writes if call == "menu/addconditional"]
    if way == "resume":
        assert len(added) == 2, "no menu was added twice"
        assert len(site.writes) == 5, (writes, site.writes)


def test_no_moment_is_left_out_of_the_one_before(site: Site) -> None:
    assert not killed_at(site, site.plan(LIFT), LOOKS + 1)
    assert names(site) == AFTER


def lost(site: Site) -> None:
    """An answer is lost, and the account can't be read."""
    site.emulator.fail_next("menu/addconditional", Fault.reset_after())
    site.emulator.fail_next("menu/get", Fault.status(502), after=1, times=1)


def refused(site: Site) -> None:
    site.emulator.fail_next("menu/delconditional", Fault.errcode(40018))


def late(site: Site) -> None:
    site.emulator.fail_next("menu/addconditional", Fault.reset_before(), after=1)


def unseen(site: Site) -> None:
    """All calls are done, and the account can't be read back."""
    site.emulator.fail_next("menu/get", Fault.status(502), after=1, times=1)


@pytest.mark.parametrize("fault", [lost, refused, late, unseen])
def test_what_a_run_prints_finishes_it(site: Site, fault: Callable[[Site], None]) -> None:
    fault(site)
    half = site.run("apply", "--yes", "--allow", LIFT)
    assert half.code == 6, half.said
    finished = typed(site, half.out, "Finish")
    assert finished.code == 0, finished.said
    assert names(site) == AFTER
    assert [call for call in site.writes if call == "menu/addconditional"].count(
        "menu/addconditional"
    ) == (3 if fault is late else 2)


@pytest.mark.parametrize("fault", [lost, refused, late, unseen])
def test_what_a_run_prints_undoes_it(site: Site, fault: Callable[[Site], None]) -> None:
    fault(site)
    half = site.run("apply", "--yes", "--allow", LIFT)
    undone = typed(site, half.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert names(site) == BEFORE


def typed(site: Site, text: str, word: str, *more: str) -> Ended:
    (line,) = [line for line in text.splitlines() if line.strip().startswith(f"{word} ")]
    _, program, *words = shlex.split(line)
    assert program == "menuops"
    return site.run(*words, *more)


def half_done(site: Site, done: int = 2) -> str:
    """Apply as far as a number of calls; gives the run."""

    def enough() -> bool:
        journal = (site.runs[-1] / "journal.jsonl").read_text(encoding="utf-8")
        return journal.count('"outcome":"done"') == done

    assert killed_when(site, site.plan(LIFT), enough)
    return site.runs[-1].name


def test_the_undo_after_a_resumed_run_goes_to_before_the_first(site: Site) -> None:
    run = half_done(site)
    finished = site.run("apply", "--resume", run)
    assert f"Undo    menuops restore {run}/shop" in finished.out
    undone = typed(site, finished.out, "Undo", "--yes")
    assert undone.code == 0, undone.said
    assert names(site) == BEFORE


def test_a_resumed_run_says_that_it_was_approved_and_what_is_left(site: Site) -> None:
    plan = site.plan(LIFT)
    run = half_done(site)
    finished = site.run("apply", "--resume", run)
    assert finished.code == 0, finished.said
    assert plan.digest is not None
    assert f"Finishing run {run}, which was approved, digest {plan.digest[:4]}-" in finished.err
    assert "3 calls on 1 account" in finished.out
    head = site.journal()[0]
    assert (head["command"], head["of"]) == ("resume", run)


def test_a_resumed_run_can_be_cut_off_and_resumed_itself(site: Site) -> None:
    run = half_done(site)
    site.emulator.fail_next("menu/delconditional", Fault.errcode(40018))
    again = site.run("apply", "--resume", run)
    assert again.code == 6
    assert site.run("apply", "--resume", run).code == 0
    assert names(site) == AFTER
    shown = site.run("history", "--format", "json").json["runs"]
    assert [each["outcome"] for each in shown] == ["done", "partial", "unfinished"]
    assert shown[2]["finished_by"] == shown[0]["run"]


def test_what_was_applied_last_is_known_after_a_resume(site: Site) -> None:
    half_done(site)
    resumed(site)
    site.live([view("同事改的")])
    guards = {guard.guard for guard in site.account_plan(LIFT).guards}
    assert "live-changed" in guards


def test_a_run_of_which_only_the_end_is_missing_is_found_done(site: Site) -> None:
    run = half_done(site, done=5)
    ended = site.run("apply", "--resume", run, "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (0, "no_changes")
    site.live([view("同事改的")])
    assert "live-changed" in {guard.guard for guard in site.account_plan(LIFT).guards}


def someone_else(site: Site) -> None:
    site.live([view("同事改的")])


def console(site: Site) -> None:
    site.emulator.put_console(APPID, {"button": [view("后台")]})


def back(site: Site) -> None:
    """Somebody took back what the run had done: that isn't the run's own doing either."""
    site.live([view()], conditional(view("甲"), **IOS), conditional(view("乙"), **ANDROID))


@pytest.mark.parametrize("move", [someone_else, console, back])
def test_what_the_runs_own_calls_do_not_explain_is_stale(
    site: Site, move: Callable[[Site], None]
) -> None:
    run = half_done(site)
    move(site)
    live, writes = site.now(), site.writes[:]
    ended = site.run("apply", "--resume", run, "--format", "json")
    assert (ended.code, ended.json["error"]["code"]) == (5, "stale_plan")
    assert "othing was written" in ended.json["error"]["message"]
    assert (site.now(), site.writes) == (live, writes)
    plan, drift = (line.partition(": ")[2] for line in ended.json["error"]["fix"].splitlines())
    assert site.run(*shlex.split(plan)[1:]).code in (0, 4)
    assert site.run(*shlex.split(drift)[1:]).code == 2


def test_a_run_that_is_done_needs_no_request(site: Site) -> None:
    site.apply(None, LIFT)
    with site.counting() as calls:
        ended = site.run("apply", "--resume", site.runs[-1].name)
    assert (ended.code, calls) == (0, [])
    assert "Nothing left to do" in ended.out


@pytest.mark.parametrize("run", ["nothing", "../runs", "20200101T000000Z-0000", ""])
def test_a_run_that_is_not_known_is_a_slip(site: Site, run: str) -> None:
    ended = site.run("apply", "--resume", run, "--format", "json")
    assert (ended.code, ended.json["error"]["code"]) == (64, "usage")
    assert site.run(*shlex.split(ended.json["error"]["fix"].removeprefix("runs: "))[1:]).code == 0


@pytest.mark.parametrize(
    "words", [["plan.json"], ["--expect", "0" * 64], ["-a", "shop"], ["--allow", "console-menu"]]
)
def test_a_run_is_finished_as_it_was_approved(site: Site, words: list[str]) -> None:
    run = half_done(site)
    assert site.run("apply", "--resume", run, *words).code == 64
    assert len(site.writes) == 2


def test_a_run_is_not_finished_after_its_plan_has_expired(site: Site) -> None:
    """A sale that has ended must not come back."""
    half_done(site)
    site.clock.now_s += 8 * 86400
    with pytest.raises(StalePlan) as caught:
        resumed(site)
    assert caught.value.code == "expired_plan"


def test_a_run_that_is_still_going_on_is_locked(site: Site) -> None:
    run = half_done(site)
    with FileLocks(site.state / "locks", command="menuops apply").held(
        LockKey(site.url, APPID, "apply")
    ):
        ended = site.run("apply", "--resume", run)
    assert ended.code == 8
    assert "menuops apply, process " in ended.err


def test_a_used_plan_names_the_run_that_is_to_be_finished(site: Site) -> None:
    site.run("plan", "--allow", LIFT, "--out", "plan.json")
    site.emulator.fail_next("menu/delconditional", Fault.errcode(40018))
    assert site.run("apply", "plan.json").code == 6
    used = site.run("apply", "plan.json", "--format", "json")
    assert used.json["error"]["code"] == "used_plan"
    first, second = used.json["error"]["fix"].splitlines()
    finish = first.removeprefix("if that run isn't done, finish it: ")
    assert site.run(*shlex.split(finish)[1:]).code == 0
    assert names(site) == AFTER
    assert site.run(*shlex.split(second.removeprefix("make a new plan: "))[1:]).code == 0
    assert site.run("apply", "plan.json").code == 0


def test_only_the_accounts_that_are_left_are_read_and_written(site: Site) -> None:
    site.accounts(3)
    site.emulator.fail_next("menu/create", Fault.errcode(40018), after=1)
    half = site.run("apply", "--yes")
    assert half.code == 6, half.said
    with site.counting() as calls:
        finished = typed(site, half.out, "Finish")
    assert finished.code == 0, finished.said
    assert calls.count("menu/create") == 2
    assert calls.count("menu/get") == 4
    assert site.plan().outcome is Outcome.NO_CHANGES
    assert [each.name for each in site.runs if each] != []


def test_what_a_run_wanted_stays_until_it_is_done(site: Site) -> None:
    half_done(site)
    assert (site.runs[-1] / "plan.json").is_file()
    assert (site.runs[-1] / "plan.json").stat().st_mode & 0o777 == 0o600
    resumed(site)
    assert not (site.runs[-1] / "plan.json").exists()


def test_a_run_whose_wish_is_lost_says_so(site: Site) -> None:
    run = half_done(site)
    (site.runs[-1] / "plan.json").unlink()
    with pytest.raises(MenuopsError) as caught:
        resumed(site, run)
    assert caught.value.code == "run_lost"
    assert caught.value.outcome.exit_code == 7


def test_an_account_that_was_done_but_not_read_back_is_known_to_be_applied(site: Site) -> None:
    site.menu({"button": [click()]})
    site.accounts(2)
    plan = site.plan()

    def first_is_done() -> bool:
        journal = (site.runs[-1] / "journal.jsonl").read_text(encoding="utf-8")
        return '"outcome":"done"' in journal

    assert killed_when(site, plan, first_is_done)
    assert site.writes == ["menu/create"]
    resumed(site)
    site.live([view("同事改的")], appid="wxa01")
    (first, _) = site.plan().accounts
    assert isinstance(first, AccountPlan)
    assert [guard.guard for guard in first.guards] == ["live-changed"]
