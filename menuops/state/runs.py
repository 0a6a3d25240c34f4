"""The runs that wrote to accounts: a directory each, with a journal and the snapshots.

STATE/runs/RUN/journal.jsonl     one JSON object a line
STATE/runs/RUN/ACCOUNT.json      what was live before the first write
STATE/used/…                     which plans were applied, by which run
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from menuops.core.errors import Usage
from menuops.core.jsonform import canonical
from menuops.core.moments import utc
from menuops.files.private import make_private, sync_directory, write_private
from menuops.state.last_applied import LastApplied
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

    def start_run(self, run: str, head: Mapping[str, Any], clock: Callable[[], float]) -> Run:
        """Make the run's directory and write the first line of its journal.

        Raises StateUnwritable.
        """
        directory = self.root / "runs" / run
        journal = directory / "journal.jsonl"
        with writing(directory):
            make_private(directory)
        with writing(journal):
            # Unbuffered: what the disk didn't take isn't tried again when the file is closed.
            file = os.fdopen(
                os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600),
                "ab",
                buffering=0,
            )
        sync_directory(directory)
        sync_directory(directory.parent)
        started = Run(run, directory, file, clock)
        try:
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
        with writing(path):
            write_private(path, run.encode())

    def mark_unused(self, plan: PlanId) -> None:
        """Take the note back: the run wrote nothing, so the plan is as good as before."""
        with suppress(OSError):
            self._used(plan).unlink()

    def _used(self, plan: PlanId) -> Path:
        name = hashlib.sha256(f"{plan.digest} {plan.created_at}".encode()).hexdigest()
        return self.root / "used" / name


class Run:
    """A run under way; every line is on disk when `record` returns."""

    def __init__(
        self, name: str, directory: Path, file: FileIO, clock: Callable[[], float]
    ) -> None:
        self.name = name
        self._directory = directory
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
            raise StateUnwritable.at(self._directory / "journal.jsonl", cause) from None

    def save_snapshot(self, account: str, answers: Mapping[str, Any]) -> Path:
        """Keep the answers of an account as they came; named `RUN/ACCOUNT`.

        Raises StateUnwritable, and Usage for a name that can't be a file's.
        """
        if account in ("", ".", "..") or "/" in account or "\0" in account:
            raise Usage(f"an account can't be called {account!r}")
        path = self._directory / f"{account}.json"
        document = {"format_version": "1", "taken_at": utc(self._clock()), **answers}
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        with writing(path):
            write_private(path, text.encode("utf-8", "surrogatepass"))
        self.record("snapshot", account=account, file=path.name)
        return path

    def close(self) -> None:
        """Close the journal."""
        self._file.close()
