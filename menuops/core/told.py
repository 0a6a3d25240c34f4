"""How an apply, a restore or a drift came out, or a command failed, as far as others are told.

It is shown, and nothing is decided by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from menuops.core.finding import Finding
from menuops.core.plan import ErrorNote, Plan


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One call, and what became of it."""

    call: str
    menu: str
    outcome: str
    error: ErrorNote | None = None


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """What became of one account; `differs` are the places that weren't read back as planned.

    `back` is the snapshot that undoes it, past all runs that were gone on with, and `lifts` the
    guards that stand in the way there.
    """

    name: str
    appid: str
    outcome: str
    steps: tuple[ToldStep, ...] = ()
    snapshot: str | None = None
    differs: tuple[str, ...] = ()
    error: ErrorNote | None = None
    back: str | None = None
    lifts: tuple[str, ...] = ()

    @property
    def is_left_out(self) -> bool:
        """Whether the account was left as it is while others were written."""
        return self.error is not None and self.snapshot is None

    @property
    def is_cut_short(self) -> bool:
        """Whether calls are missing, which going on with the run makes."""
        unchanged = self.outcome == "unchanged" and not self.steps and self.error is None
        whole = self.outcome == "done" or unchanged
        return not whole and not self.is_left_out and not self.differs


@dataclass(frozen=True, slots=True)
class ToldApply:
    """How an apply or a restore ended; `left` plans the accounts that moved before it."""

    outcome: str
    digest: str | None
    commit: str | None
    run: str | None
    accounts: tuple[ToldAccount, ...]
    error: ErrorNote | None = None
    left: Plan | None = None


@dataclass(frozen=True, slots=True)
class ToldField:
    """What a change does to one field; a side is None where the field isn't there."""

    name: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One change, as a plan's JSON has it, with the name of its entry; None for a whole menu."""

    kind: str
    at: str
    was_at: str | None
    menu: str
    fields: tuple[ToldField, ...] = ()
    name: str | None = None

    @property
    def fields_besides_name(self) -> tuple[ToldField, ...]:
        """The fields, but for the name of what is new or gone: that is `name` already."""
        both = self.kind in ("change", "rename")
        return tuple(each for each in self.fields if both or each.name != "name")


@dataclass(frozen=True, slots=True)
class ToldPast:
    """What was applied by a run, or the files at a commit, `-dirty` behind it where they differed.

    `revision` names either.
    """

    source: Literal["commit", "applied"]
    revision: str


@dataclass(frozen=True, slots=True)
class ToldDriftAccount:
    """How one account stands; `past` is what it is held against, None where none is known.

    `lifts` are the guards in the way of a plan of the files.
    """

    name: str
    appid: str
    status: str
    past: ToldPast | None
    live_changes: tuple[ToldChange, ...] = ()
    file_changes: tuple[ToldChange, ...] = ()
    differences: tuple[ToldChange, ...] = ()
    console: str | None = None
    error: ErrorNote | None = None
    mode: str | None = None
    lifts: tuple[str, ...] = ()

    @property
    def is_drift(self) -> bool:
        """Whether somebody has to look."""
        return self.status in ("drift", "both", "unknown_past")


@dataclass(frozen=True, slots=True)
class ToldDrift:
    """How live stood against the last apply and the files."""

    outcome: str
    at: str
    commit: str | None
    accounts: tuple[ToldDriftAccount, ...]
    error: ErrorNote | None = None


@dataclass(frozen=True, slots=True)
class ToldFailure:
    """A command that ended before there was anything to tell; `command` is "" if not known."""

    command: str
    error: ErrorNote
    findings: tuple[Finding, ...] = ()


Told: TypeAlias = ToldApply | ToldDrift | ToldFailure
Result: TypeAlias = Plan | Told
"""Whatever can be told to others: a plan whole, of all else what was printed."""
