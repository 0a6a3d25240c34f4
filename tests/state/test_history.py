"""What is kept of the past, and for how long."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from menuops.core.moments import utc
from menuops.core.plan import AccountRef
from menuops.state.history import SNAPSHOT_DAYS, SNAPSHOTS_PER_ACCOUNT
from menuops.state.runs import State

DAY_S = 86400.0
NOW_S = 1_795_233_600.0
SHOP = AccountRef("shop", "wx1", "api")
LADEN = AccountRef("laden", "wx2", "api")


def run(state: State, days_ago: float, *refs: AccountRef, number: int = 0) -> str:
    """Make a run that wrote to accounts some days ago; each time another menu was live."""
    at_s = NOW_S - days_ago * DAY_S
    name = f"{utc(at_s).replace('-', '').replace(':', '')}-{number:04}"
    head: dict[str, Any] = {
        "command": "apply",
        "of": None,
        "actor": "x",
        "commit": None,
        "digest": None,
        "accounts": [
            {"name": r.name, "appid": r.appid, "api": r.api, "digest": None, "calls": 1, "undo": []}
            for r in refs
        ],
    }
    started = state.start_run(name, head, lambda: at_s, plan={})
    for ref in refs:
        started.save_snapshot(ref, {"menu": {"button": [], "x": name}}, None)
    started.close()
    return name


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path)


def names(state: State) -> set[str]:
    return {record.run for record in state.runs()}


def kept(state: State) -> set[str]:
    """The snapshots that are named and there."""
    return {
        f"{record.run}/{account.ref.name}"
        for record in state.runs()
        for account in record.accounts
        if account.snapshot and state.snapshots.path(account.snapshot).exists()
    }


def age(state: State) -> None:
    """Make the files of snapshots older than a day."""
    for record in state.runs():
        for account in record.accounts:
            if account.snapshot and account.taken_at:
                path = state.snapshots.path(account.snapshot)
                old_s = NOW_S - 2 * DAY_S
                os.utime(path, (old_s, old_s))


def test_old_snapshots_go_and_the_newest_of_an_account_stays(state: State) -> None:
    old = run(state, SNAPSHOT_DAYS + 20, SHOP)
    oldest_of_laden = run(state, SNAPSHOT_DAYS + 10, LADEN)
    young = run(state, 3, SHOP)
    age(state)
    state.prune(NOW_S)
    assert names(state) == {oldest_of_laden, young}
    assert kept(state) == {f"{oldest_of_laden}/laden", f"{young}/shop"}
    assert old not in names(state)


def test_many_snapshots_of_an_account_go_and_their_runs_are_still_told(state: State) -> None:
    made = [run(state, 10 - n / 100, SHOP, number=n) for n in range(SNAPSHOTS_PER_ACCOUNT + 3)]
    age(state)
    state.prune(NOW_S)
    assert names(state) == set(made)
    assert kept(state) == {f"{name}/shop" for name in made[3:]}


def test_a_run_stays_while_one_of_its_snapshots_does(state: State) -> None:
    both = run(state, SNAPSHOT_DAYS + 20, SHOP, LADEN)
    run(state, 3, SHOP)
    age(state)
    state.prune(NOW_S)
    assert kept(state) >= {f"{both}/laden"}
    assert f"{both}/shop" not in kept(state)


def test_what_was_saved_just_now_stays_though_no_journal_names_it(state: State) -> None:
    sha256 = state.snapshots.save(SHOP, None, None)
    path = state.snapshots.path(sha256)
    os.utime(path, (NOW_S - 60, NOW_S - 60))
    state.prune(NOW_S)
    assert path.exists()
    os.utime(path, (NOW_S - 2 * DAY_S, NOW_S - 2 * DAY_S))
    state.prune(NOW_S + 2 * DAY_S)
    assert not path.exists()


def test_pruning_is_done_once_a_day(state: State) -> None:
    state.prune(NOW_S)
    run(state, SNAPSHOT_DAYS + 20, SHOP)
    young = run(state, 3, SHOP)
    age(state)
    state.prune(NOW_S + 0.9 * DAY_S)
    assert len(names(state)) == 2
    state.prune(NOW_S + 1.1 * DAY_S)
    assert names(state) == {young}


def test_a_damaged_journal_is_kept_with_what_it_names(state: State) -> None:
    broken = run(state, SNAPSHOT_DAYS + 20, SHOP)
    young = run(state, 3, SHOP)
    path = state.root / "runs" / broken / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b"?\n")
    age(state)
    state.prune(NOW_S)
    assert names(state) == {broken, young}
    assert kept(state) == {f"{broken}/shop", f"{young}/shop"}


def test_a_directory_that_can_not_be_read_stops_nothing(tmp_path: Path) -> None:
    State(tmp_path / "none").prune(NOW_S)
    (tmp_path / "runs").write_text("")
    State(tmp_path).prune(NOW_S)
    assert State(tmp_path).runs() == []
    for name in ("a\0b", "x" * 300):
        State(tmp_path / name).prune(NOW_S)
        assert State(tmp_path / name).runs() == []
        assert State(tmp_path / name).run("r1") is None
