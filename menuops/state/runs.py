"""The runs that wrote to accounts: a directory each, with a journal and what was wanted.

STATE/runs/RUN/journal.jsonl     one JSON object a line
STATE/runs/RUN/plan.json         the plan that it carries out, while something of it is left
STATE/snapshots/…                what was live before the first write to each account
STATE/used/…                     which plans were applied, by which run
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from menuops.core.jsonform import canonical
from menuops.core.moments import utc
from menuops.core.plan import AccountRef
from menuops.core.run_record import RunRecord
from menuops.files.private import make_private, sync_directory, write_private
from menuops.state.history import JOURNAL, PLAN, prune, read_journal, read_runs
from menuops.state.last_applied import LastApplied
from menuops.state.snapshots import Snapshots
from menuops.state.unwritable import StateUnwritable, writing


@dataclass(frozen=True, slots=True)
class PlanId:
    """Which plan: its digest and the time it was made; two plans of one state share a digest."""

    digest: str
    created_at: str


class State:
    """The state directory; nothing is made or read before it is needed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def last_applied(self) -> LastApplied:
        """What was applied last to each account."""
        return LastApplied(self.root)

    @property
    def snapshots(self) -> Snapshots:
        """What was live before runs wrote."""
        return Snapshots(self.root)

    def runs(self) -> list[RunRecord]:
        """Read the journals of all runs, oldest first."""
        return read_runs(self.root)

    def run(self, name: str) -> RunRecord | None:
        """Read the journal of one run; None if there is no such."""
        if not name or "/" in name or "\0" in name or name in (".", ".."):
            return None
        there = os.path.isdir(self.root / "runs" / name)  # noqa: PTH112  # a name of any length
        return read_journal(self.root, name) if there else None

    def plan_of(self, run: str) -> Path:
        """Name the file of what a run wants; it is there while something of it is left."""
        return self.root / "runs" / run / PLAN

    def prune(self, now_s: float) -> None:
        """Drop what is old, at most once a day; a directory that can't be one has nothing."""
        with suppress(OSError, ValueError):
            prune(self.root, now_s)

    def start_run(
        self,
        run: str,
        head: Mapping[str, Any],
        clock: Callable[[], float],
        *,
        plan: Mapping[str, Any] | None = None,
    ) -> Run:
        """Make the run's directory, with what it wants, and write the first line of its journal.

        Raises StateUnwritable.
        """
        directory = self.root / "runs" / run
        journal = directory / JOURNAL
        with writing(directory):
            make_private(directory)
        if plan is not None:
            with writing(self.plan_of(run)):
                content = f"{canonical(plan)}\n".encode("utf-8", "surrogatepass")
                write_private(self.plan_of(run), content)
        with writing(journal):
            # Unbuffered: what the disk didn't take isn't tried again when the file is closed.
            file = os.fdopen(
                os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600),
                "ab",
                buffering=0,
            )
        started = Run(run, self, file, clock)
        try:
            with writing(directory):
                sync_directory(directory)
                sync_directory(directory.parent)
            started.record("run", **head)
        except BaseException:
            started.close()
            raise
        return started

    def used_by(self, plan: PlanId) -> str | None:
        """Name the run that applied this very plan; None if none is known to have."""
        try:
            return self._used(plan).read_text(encoding="utf-8")
        except OSError:
            return None

    def mark_used(self, plan: PlanId, run: str) -> None:
        """Note that a run applies this plan. Raises StateUnwritable."""
        path = self._used(plan)
        with writing(path.parent):
            make_private(path.parent)
        try:
            with writing(path):
                write_private(path, run.encode())
        except StateUnwritable:
            self.mark_unused(plan)  # the note may be there, only not known to last
            raise

    def mark_unused(self, plan: PlanId) -> None:
        """Take the note back: the run wrote nothing, so the plan is as good as before."""
        with suppress(OSError):
            self._used(plan).unlink()

    def _used(self, plan: PlanId) -> Path:
        name = hashlib.sha256(f"{plan.digest} {plan.created_at}".encode()).hexdigest()
        return self.root / "used" / name


class Run:
    """A run under way; every line is on disk when `record` returns."""

    def __init__(self, name: str, state: State, file: FileIO, clock: Callable[[], float]) -> None:
        self.name = name
        self._state = state
        self._file = file
        self._clock = clock

    def record(self, event: str, **values: Any) -> None:
        """Append one line to the journal, whole or not at all. Raises StateUnwritable."""
        line = canonical({"at": utc(self._clock()), "event": event, **values}) + "\n"
        rest = memoryview(line.encode("utf-8", "surrogatepass"))
        size: int | None = None
        try:
            size = os.fstat(self._file.fileno()).st_size
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError as cause:
            with suppress(OSError):
                self._file.truncate(size)
            journal = self._state.root / "runs" / self.name / JOURNAL
            raise StateUnwritable.at(journal, cause) from None

    def save_snapshot(
        self,
        ref: AccountRef,
        menu: Mapping[str, Any] | None,
        selfmenu: Mapping[str, Any] | None,
    ) -> str:
        """Keep the answers of an account as they came; gives its name, `RUN/ACCOUNT`.

        Raises StateUnwritable.
        """
        sha256 = self._state.snapshots.save(ref, menu, selfmenu)
        self.record("snapshot", account=ref.name, sha256=sha256)
        return f"{self.name}/{ref.name}"

    def end(self, outcome: str, exit_code: int) -> None:
        """Write the last line. Of what is done nothing is left to want. Raises StateUnwritable."""
        self.record("end", outcome=outcome, exit_code=exit_code)
        if exit_code == 0:
            with suppress(OSError):
                self._state.plan_of(self.name).unlink()

    def close(self) -> None:
        """Close the journal."""
        self._file.close()
