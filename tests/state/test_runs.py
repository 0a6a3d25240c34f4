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

from menuops.core.errors import Usage
from menuops.core.moments import utc
from menuops.state.runs import PlanId, Run, State
from menuops.state.unwritable import StateUnwritable

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
        path = run.save_snapshot("shop", {"menu": None})
    for each, mode in (
        (path, 0o600),
        (path.parent / "journal.jsonl", 0o600),
        (path.parent, 0o700),
        (tmp_path / "state", 0o700),
    ):
        assert stat.S_IMODE(each.stat().st_mode) == mode, each


def test_a_snapshot_is_noted_in_the_journal(tmp_path: Path) -> None:
    with opened(tmp_path) as run:
        path = run.save_snapshot("小店", {"menu": {"button": ["\ud83d"]}})
    assert path.name == "小店.json"
    assert json.loads(path.read_text("utf-8", "surrogatepass"))["menu"] == {"button": ["\ud83d"]}
    assert lines(tmp_path)[-1]["event"] == "snapshot"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\0b"])
def test_a_name_that_leads_elsewhere_is_no_snapshots(tmp_path: Path, name: str) -> None:
    with opened(tmp_path) as run, pytest.raises(Usage):
        run.save_snapshot(name, {})


def test_a_snapshot_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    with opened(tmp_path) as run, files_of_at_most(100), pytest.raises(StateUnwritable):
        run.save_snapshot("shop", {"menu": "x" * 200})
    assert [path.name for path in (tmp_path / "runs" / "r1").iterdir()] == ["journal.jsonl"]


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
