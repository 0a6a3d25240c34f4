"""Reading the journals of runs, and dropping what is old."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from menuops.core.run_record import UNFINISHED, AccountRecord, RunRecord, read_run
from menuops.files.disk import Unreadable, read_bytes
from menuops.state.snapshots import Snapshots

_log = logging.getLogger(__name__)
JOURNAL: Final = "journal.jsonl"
PLAN: Final = "plan.json"
"""What a run wants, there while something of it is left."""
_BYTES: Final = 64 * 1024 * 1024
SNAPSHOT_DAYS: Final = 180
"""How long snapshots are kept: longer than a campaign of any season is looked back at."""
SNAPSHOTS_PER_ACCOUNT: Final = 50
"""How many are kept of one account: seven weeks of one that is published every day, and what
keeps 10,000 accounts with menus of some 5 kB below 3 GB."""
_DAY_S: Final = 86400.0


def read_runs(root: Path) -> list[RunRecord]:
    """Read all journals, oldest run first. What can't be read is named in its record."""
    directory = root / "runs"
    try:
        names = sorted((_order(path), path.name) for path in directory.iterdir() if path.is_dir())
    except (OSError, ValueError):  # none yet, or a path that can't be one
        return []
    return [read_journal(root, name) for _, name in names]


def _order(path: Path) -> tuple[str, int]:
    """Order runs by the second in their names, and those of one second by their last line."""
    try:
        last_ns = (path / JOURNAL).stat().st_mtime_ns
    except OSError:
        last_ns = 0
    return path.name.partition("-")[0], last_ns


def read_journal(root: Path, run: str) -> RunRecord:
    """Read one journal."""
    path = root / "runs" / run / JOURNAL
    may_be_left = _is_left(root, run)
    try:
        raw = read_bytes(path, _BYTES)
    except Unreadable as cause:
        return RunRecord(run, damage=(f"{path}: {cause}",))
    # A process that was killed in the middle of a line leaves it without its end.
    whole, _, _cut_off = raw.rpartition(b"\n")
    lines = whole.split(b"\n") if whole else []
    record = read_run(run, [_parsed(line) for line in lines])
    if record.outcome == UNFINISHED and not (may_be_left or _is_left(root, run)):
        # What a run wants goes when its last line has been written, and not before.
        gone = "its end is gone, and nothing of the run is left to do"
        return replace(record, damage=(*(record.damage or (str(path),)), gone))
    if record.damage:
        return read_run(run, [_parsed(line) for line in lines], [str(path)])
    return record


def _is_left(root: Path, run: str) -> bool:
    return (root / "runs" / run / PLAN).exists()


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return None


def prune(root: Path, now_s: float) -> None:
    """Drop snapshots that are old or too many, and the runs that have none left.

    The newest snapshot of an account stays whatever its age, and so does its run; a damaged
    journal stays, with what it still names. Done once a day, since it reads every journal.
    """
    stamp = root / "pruned"
    with suppress(OSError):
        if 0 <= now_s - stamp.stat().st_mtime < _DAY_S:
            return
    with suppress(OSError):
        stamp.touch(mode=0o600)
        os.utime(stamp, (now_s, now_s))
    runs = read_runs(root)
    kept = set(_kept(runs, now_s))
    for run in runs:
        if run.damage or _age_s(run.started_at, now_s) <= SNAPSHOT_DAYS * _DAY_S:
            continue
        if not any((run.run, account.ref.name) in kept for account in run.accounts):
            _log.info("run %s is old, and dropped", run.run)
            shutil.rmtree(root / "runs" / run.run, ignore_errors=True)
    named = {
        account.snapshot
        for run in runs
        for account in run.accounts
        if account.snapshot is not None and (run.damage or (run.run, account.ref.name) in kept)
    }
    Snapshots(root).keep_only(named, now_s)


def _kept(runs: Iterable[RunRecord], now_s: float) -> Iterator[tuple[str, str]]:
    """Choose what is kept: run and account of each snapshot."""
    taken: dict[tuple[str, str], list[tuple[str, AccountRecord]]] = {}
    for run in runs:
        for account in run.accounts:
            if account.snapshot is not None:
                key = account.ref.api, account.ref.appid
                taken.setdefault(key, []).append((run.run, account))
    for of_account in taken.values():
        for number, (run_name, account) in enumerate(reversed(of_account)):
            young = _age_s(account.taken_at, now_s) <= SNAPSHOT_DAYS * _DAY_S
            if number == 0 or (young and number < SNAPSHOTS_PER_ACCOUNT):
                yield run_name, account.ref.name


def _age_s(moment: str | None, now_s: float) -> float:
    try:
        return now_s - datetime.fromisoformat(moment or "").timestamp()
    except ValueError:
        return 0.0
