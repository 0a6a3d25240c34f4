"""The state directory: what it keeps, and what it says when it can't."""

from __future__ import annotations

import json
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from menuops.core.moments import utc
from menuops.core.plan import AccountRef
from menuops.files.answers.answers import read_answers
from menuops.state.runs import PlanId, Run, State
from menuops.state.snapshots import SnapshotLost
from menuops.state.unwritable import StateUnwritable

SHOP = AccountRef("小店", "wx1", "https://api.weixin.qq.com")
PLAN = PlanId("a" * 64, "2026-11-22T10:41:00Z")


@contextmanager
def opened(root: Path, name: str = "r1", **head: Any) -> Iterator[Run]:
    run = State(root).start_run(name, head, lambda: 0.0)
    try:
        yield run
    finally:
        run.close()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def lines(root: Path) -> list[dict[str, Any]]:
    text = (root / "runs" / "r1" / "journal.jsonl").read_text("utf-8", "surrogatepass")
    return [json.loads(line) for line in text.splitlines()]


def test_times_are_utc() -> None:
    assert utc(0.9) == "1970-01-01T00:00:00Z"


def test_a_journal_begins_with_its_head(tmp_path: Path) -> None:
    with opened(tmp_path, actor="小明"):
        assert lines(tmp_path) == [
            {"at": "1970-01-01T00:00:00Z", "event": "run", "actor": "小明"},
        ]


def test_a_line_is_on_disk_when_record_returns(tmp_path: Path) -> None:
    with opened(tmp_path) as run:
        run.record("call", name="半\ud83d")
        assert lines(tmp_path)[-1]["name"] == "半\ud83d"


def test_a_line_that_does_not_fit_is_not_begun(tmp_path: Path) -> None:
    with opened(tmp_path) as run:
        run.record("call", step=1)
        before = lines(tmp_path)
        size = (tmp_path / "runs" / "r1" / "journal.jsonl").stat().st_size
        with files_of_at_most(size + 10), pytest.raises(StateUnwritable) as caught:
            run.record("call", step=2)
        assert "File too large" in caught.value.message
        assert "journal.jsonl" in caught.value.message
        assert lines(tmp_path) == before
        run.record("call", step=3)
    assert [line.get("step") for line in lines(tmp_path)] == [None, 1, 3]


def test_a_journal_whose_first_line_does_not_fit_is_an_error(tmp_path: Path) -> None:
    with files_of_at_most(10), pytest.raises(StateUnwritable):
        State(tmp_path).start_run("r1", {}, lambda: 0.0)


def test_a_run_is_not_written_over_another(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(StateUnwritable) as caught:
        State(tmp_path).start_run("r1", {}, lambda: 0.0)
    assert "File exists" in caught.value.message


def test_runs_and_snapshots_are_for_their_user_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "state") as run:
        run.save_snapshot(SHOP, None, None)
        (path,) = (tmp_path / "state" / "snapshots").iterdir()
    for each, mode in (
        (path, 0o600),
        (path.parent, 0o700),
        (tmp_path / "state" / "runs" / "r1" / "journal.jsonl", 0o600),
        (tmp_path / "state" / "runs" / "r1", 0o700),
        (tmp_path / "state", 0o700),
    ):
        assert stat.S_IMODE(each.stat().st_mode) == mode, each


def test_a_snapshot_is_noted_in_the_journal(tmp_path: Path) -> None:
    with opened(tmp_path) as run:
        name = run.save_snapshot(SHOP, {"menu": {"button": [{"name": "\ud83d"}]}}, None)
    assert name == "r1/小店"
    assert lines(tmp_path)[-1]["event"] == "snapshot"
    path = State(tmp_path).snapshots.check(lines(tmp_path)[-1]["sha256"])
    (answers,) = read_answers(path, "snapshot").answers
    assert (answers.ref, answers.selfmenu) == (SHOP, None)
    assert answers.menu == {"menu": {"button": [{"name": "\ud83d"}]}}


def test_equal_snapshots_are_one_file_and_two_accounts_share_none(tmp_path: Path) -> None:
    """Also where the names of the accounts differ in case only, on any file system."""
    with opened(tmp_path) as run:
        for ref in (SHOP, SHOP, AccountRef("Shop", "wx2", "api"), AccountRef("shop", "wx3", "api")):
            run.save_snapshot(ref, None, None)
    hashes = [line["sha256"] for line in lines(tmp_path)[1:]]
    assert hashes[0] == hashes[1]
    files = {path.name.lower() for path in (tmp_path / "snapshots").iterdir()}
    assert files == {f"{each}.json" for each in hashes}
    assert len(files) == 3


def test_a_snapshot_that_was_changed_is_none_any_more(tmp_path: Path) -> None:
    with opened(tmp_path) as run:
        run.save_snapshot(SHOP, None, None)
    snapshots, sha256 = State(tmp_path).snapshots, lines(tmp_path)[-1]["sha256"]
    path = snapshots.check(sha256)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(SnapshotLost):
        snapshots.check(sha256)
    path.unlink()
    with pytest.raises(SnapshotLost):
        snapshots.check(sha256)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\0b", "r2"])
def test_a_name_that_leads_elsewhere_is_no_runs(tmp_path: Path, name: str) -> None:
    with opened(tmp_path):
        assert State(tmp_path).run(name) is None


def test_a_snapshot_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    with opened(tmp_path) as run, files_of_at_most(100), pytest.raises(StateUnwritable):
        run.save_snapshot(SHOP, {"menu": "x" * 200}, None)
    assert [path.name for path in (tmp_path / "runs" / "r1").iterdir()] == ["journal.jsonl"]
    assert list((tmp_path / "snapshots").iterdir()) == []


def test_a_used_plan_is_known_by_its_run(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert state.used_by(PLAN) is None
    state.mark_used(PLAN, "r1")
    assert State(tmp_path).used_by(PLAN) == "r1"
    assert state.used_by(PlanId(PLAN.digest, "2026-11-22T10:41:01Z")) is None
    state.mark_unused(PLAN)
    assert state.used_by(PLAN) is None
    state.mark_unused(PLAN)


@pytest.mark.parametrize("file", ["runs", "used"])
def test_a_file_in_place_of_a_directory_is_named(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("")
    state = State(tmp_path)
    acts: dict[str, Callable[[], object]] = {
        "runs": lambda: state.start_run("r1", {}, lambda: 0.0),
        "used": lambda: state.mark_used(PLAN, "r1"),
    }
    with pytest.raises(StateUnwritable) as caught:
        acts[file]()
    assert str(tmp_path / file) in caught.value.message
    assert "state_dir" in caught.value.fix


def test_a_note_of_use_that_does_not_fit_is_an_error(tmp_path: Path) -> None:
    with files_of_at_most(1), pytest.raises(StateUnwritable):
        State(tmp_path).mark_used(PLAN, "r1")
    assert list((tmp_path / "used").iterdir()) == []


def test_a_state_directory_with_a_nul_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StateUnwritable):
        State(tmp_path / "a\0b").start_run("r1", {}, lambda: 0.0)
