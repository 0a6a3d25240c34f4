"""Drift: which side moved since a menu was applied, live or the files, or both.

It is worked out from a plan, so that the two can't tell different stories: a plan knows what is
live, what the files want and what is known of the past. Without a past nobody can tell who moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from menuops.core.basis import Past
from menuops.core.diff import Change, change_to_json, diff
from menuops.core.document import FORMAT_VERSION, error_to_json
from menuops.core.keeping import managed_past
from menuops.core.labels import DEFAULT, label_menus
from menuops.core.live import dead_to_json
from menuops.core.meeting import Comparison, Meeting, find_meetings
from menuops.core.model import Menus
from menuops.core.outcome import Outcome, gravest
from menuops.core.plan import AccountPlan, AccountRef, ErrorNote, Plan, UnreadableAccount
from menuops.core.spots import path_at, spots

Status: TypeAlias = Literal["in_sync", "drift", "pending", "both", "unknown_past", "unreadable"]
_DRIFTS: Final[frozenset[Status]] = frozenset({"drift", "both", "unknown_past"})


@dataclass(frozen=True, slots=True)
class AccountDrift:
    """One account. `live` and `files` go from the past to each side; None without a past."""

    plan: AccountPlan
    live: Comparison | None = None
    files: Comparison | None = None
    meetings: tuple[Meeting, ...] = ()

    @property
    def ref(self) -> AccountRef:
        """Which account it is."""
        return self.plan.ref

    @property
    def past(self) -> Past | None:
        """What both sides are held against."""
        return self.plan.basis.past

    @property
    def differences(self) -> Comparison:
        """From live to the files: what a plan says."""
        plan = self.plan
        return Comparison(plan.live.menus, plan.after, plan.labels, plan.changes)

    @property
    def status(self) -> Status:
        """Tell which side moved; where live is as the files say, nobody has to ask."""
        plan = self.plan
        if not (plan.changes or plan.steps or plan.live.console.in_force):
            return "in_sync"
        if self.live is None or self.files is None:
            return "unknown_past"
        if _moved(self.live) or plan.live.console.in_force:
            return "both" if _moved(self.files) else "drift"
        return "pending"

    @property
    def is_drift(self) -> bool:
        """Whether somebody has to look: live moved, or nobody can tell that it didn't."""
        return self.status in _DRIFTS

    @property
    def lifts(self) -> tuple[str, ...]:
        """The guards that have to be lifted for a plan that takes back what live did."""
        return tuple(guard.allow for guard in self.plan.guards if not guard.lifted)


DriftedAccount: TypeAlias = AccountDrift | UnreadableAccount


@dataclass(frozen=True, slots=True)
class Drift:
    """All selected accounts. `at` is when they were read, UTC; `commit` is that of the files."""

    menuops_version: str
    at: str
    commit: str | None
    accounts: tuple[DriftedAccount, ...]
    error: ErrorNote | None = None

    @property
    def read(self) -> tuple[AccountDrift, ...]:
        """The accounts that could be read."""
        return tuple(each for each in self.accounts if isinstance(each, AccountDrift))

    @property
    def unreadable(self) -> tuple[UnreadableAccount, ...]:
        """The accounts that couldn't be read."""
        return tuple(each for each in self.accounts if isinstance(each, UnreadableAccount))

    def of(self, *statuses: Status) -> tuple[AccountDrift, ...]:
        """Choose the accounts that stand so."""
        return tuple(each for each in self.read if each.status in statuses)

    @property
    def outcome(self) -> Outcome:
        """How the command ends."""
        return gravest(
            outcome
            for outcome, holds in (
                (Outcome.CANNOT_START, self.unreadable),
                (Outcome.DRIFT, any(each.is_drift for each in self.read)),
                (Outcome.PENDING, self.of("pending")),
                (Outcome.IN_SYNC, True),
            )
            if holds
        )


def make_drift(plan: Plan) -> Drift:
    """Work out who moved, for each account of a plan."""
    return Drift(
        plan.menuops_version,
        plan.created_at,
        plan.commit,
        tuple(
            make_account_drift(each) if isinstance(each, AccountPlan) else each
            for each in plan.accounts
        ),
        plan.error,
    )


def make_account_drift(plan: AccountPlan) -> AccountDrift:
    """Hold both sides of one account against its past."""
    if plan.basis.past is None:
        return AccountDrift(plan)
    past = plan.basis.past.menus
    if plan.basis.unmanaged == "keep":
        past = managed_past(past, plan.live.menus, plan.after, plan.labels, plan.basis.kept)
    names = plan.labels.tag_names
    live = _compare(past, _called(plan.live.menus, plan.labels.before), names)
    files = _compare(past, _called(plan.after, plan.labels.after), names)
    return AccountDrift(plan, live, files, tuple(find_meetings(live, files)))


def _called(menus: Menus, labels: Sequence[str]) -> Menus:
    """Call conditional menus what the plan calls them, on both sides of every comparison."""
    named = zip(menus.conditionalmenu, labels, strict=True)
    return Menus(menus.button, tuple(replace(menu, id=label) for menu, label in named))


def _compare(before: Menus, after: Menus, tag_names: Mapping[str, str]) -> Comparison:
    labels = label_menus(before, after, tag_names)
    return Comparison(before, after, labels, diff(before, after, labels))


def _moved(side: Comparison) -> bool:
    return side.before != side.after


def drift_to_json(drift: Drift) -> dict[str, Any]:
    """Build the document of `drift --format json`."""
    error = {} if drift.error is None else {"error": error_to_json(drift.error)}
    return {
        "format_version": FORMAT_VERSION,
        "menuops_version": drift.menuops_version,
        "at": drift.at,
        "commit": drift.commit,
        "outcome": drift.outcome.word,
        "accounts": [_account_to_json(account) for account in drift.accounts],
        **error,
    }


def _account_to_json(account: DriftedAccount) -> dict[str, Any]:
    """Give one account; changes are as in a plan.

    `live_changes` and `file_changes` go from the past to live and to the files, `differences`
    from live to the files; each has the `name` of its entry beside. `allow` are the guards that a
    plan of the files has to lift.
    """
    ref = account.ref
    head = {"name": ref.name, "appid": ref.appid, "api": ref.api, "status": account.status}
    if isinstance(account, UnreadableAccount):
        lists = ("live_changes", "file_changes", "differences", "meetings", "dead")
        nothing: Mapping[str, Any] = {name: [] for name in (*lists, "allow")}
        error = error_to_json(account.error)
        return {**head, "mode": None, "past": None, **nothing, "console": None, "error": error}
    plan, past = account.plan, account.past
    return {
        **head,
        "mode": plan.basis.mode,
        "past": None if past is None else {"source": past.source, "revision": past.revision},
        "live_changes": _changes_to_json(account.live),
        "file_changes": _changes_to_json(account.files),
        "differences": _changes_to_json(account.differences),
        "meetings": [_meeting_to_json(meeting) for meeting in account.meetings],
        "console": plan.live.console.value,
        "allow": list(account.lifts),
        "dead": [dead_to_json(menu) for menu in plan.live.dead],
    }


def _meeting_to_json(meeting: Meeting) -> dict[str, Any]:
    name = {} if meeting.name is None else {"name": meeting.name}
    return {"menu": meeting.menu, "at": meeting.at, **name, "alike": meeting.alike}


def _changes_to_json(side: Comparison | None) -> list[dict[str, Any]]:
    if side is None:
        return []
    return [{**change_to_json(change), **_named(change, side)} for change in side.changes]


def _named(change: Change, side: Comparison) -> dict[str, str]:
    """Give the name of the entry that changed, as it is afterwards; a whole menu has none."""
    if change.at.startswith("#"):
        return {}
    gone = change.kind == "remove"
    menus, labels = (side.before, side.labels.before) if gone else (side.after, side.labels.after)
    of_menu = dict(zip(labels, menus.conditionalmenu, strict=True))
    buttons = menus.button if change.menu == DEFAULT else of_menu[change.menu].button
    entries = {spot.path: spot.entry for spot in spots(buttons)}
    return {"name": entries[path_at(change.at)].name}
