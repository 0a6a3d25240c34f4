"""A plan: what would change in which accounts, bound to what was live when it was made.

All of an account's plan follows from a few values (what was live, what is wanted, the labels,
what was lifted), so a plan that was saved can be worked out again and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeGuard

from menuops.core.audience import Switch, Unreachable, switches, unreachable
from menuops.core.back_to import BackTo
from menuops.core.basis import NOTHING_KNOWN, Basis, Mode
from menuops.core.diff import Change, diff
from menuops.core.gaps import Gap, find_gaps
from menuops.core.guard_names import LIVE_CHANGED, UNREADABLE
from menuops.core.guards import (
    Guard,
    account_guards,
    dead_to_remove,
    many_accounts,
    unreadable_accounts,
)
from menuops.core.jsonform import menus_to_json, sha256
from menuops.core.keys import keys_of
from menuops.core.labels import Labels
from menuops.core.live import Live, fingerprint
from menuops.core.model import Menus
from menuops.core.origin import origins
from menuops.core.outcome import Outcome, gravest
from menuops.core.planner import plan_steps
from menuops.core.steps import Step, Steps, step_to_json

Status: TypeAlias = Literal["in_sync", "changes", "unreadable"]


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Which account: `api` is "emulator" or a base URL; `name` is a label of the project."""

    name: str
    appid: str
    api: str


@dataclass(frozen=True, slots=True)
class ErrorNote:
    """Why an account can't be read: a code of the remote's or a word of ours, and the fix."""

    code: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class UnreadableAccount:
    """An account about which nothing can be said."""

    ref: AccountRef
    error: ErrorNote
    mode: Mode = "manage"

    @property
    def status(self) -> Status:
        """Tell how the account stands."""
        return "unreadable"

    @property
    def is_watched(self) -> bool:
        """Whether the account would have been reported only."""
        return self.mode == "watch"


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """The change of one account; `make_account_plan` works it out.

    `keys_gained` and `keys_lost` are what the account's server will receive from now on, and
    what it no longer will. An account that is only watched may have changes, and has no steps.
    """

    ref: AccountRef
    live: Live
    after: Menus
    labels: Labels
    basis: Basis
    fingerprint: str
    changes: tuple[Change, ...]
    steps: Steps
    guards: tuple[Guard, ...]
    gaps: tuple[Gap, ...]
    audience: tuple[Switch, ...]
    unreachable: tuple[Unreachable, ...]
    keys_gained: tuple[str, ...]
    keys_lost: tuple[str, ...]

    @property
    def status(self) -> Status:
        """Tell how the account stands."""
        return "changes" if self.steps or self.changes else "in_sync"

    @property
    def is_watched(self) -> bool:
        """Whether the account is read and reported only."""
        return self.basis.mode == "watch"

    @property
    def lifts(self) -> tuple[str, ...]:
        """The guards that somebody lifted, as `make_account_plan` takes them."""
        return tuple(guard.allow for guard in self.guards if guard.lifted)

    @property
    def digest(self) -> str | None:
        """Hash what an approval covers; 64 hex digits, None where nothing changes."""
        if not self.steps:
            return None
        return sha256(
            {
                "api": self.ref.api,
                "appid": self.ref.appid,
                "fingerprint": self.fingerprint,
                "after": menus_to_json(self.after),
                "steps": [_signed(step) for step in self.steps],
                "guards": [guard.allow for guard in self.guards if _is_approved(guard)],
            }
        )


def _is_approved(guard: Guard) -> bool:
    # What was applied last is known on one machine only, and a digest is the same on all.
    return guard.lifted and guard.guard != LIVE_CHANGED


def _signed(step: Step) -> dict[str, str]:
    """Give the parts of a step that say what is done; not the words about it."""
    said = step_to_json(step)
    return {name: said[name] for name in ("call", "menuid") if name in said}


PlannedAccount: TypeAlias = AccountPlan | UnreadableAccount


def has_changes(account: PlannedAccount) -> TypeGuard[AccountPlan]:
    """Tell whether an account could be read, and is to be changed."""
    return isinstance(account, AccountPlan) and bool(account.steps)


def make_account_plan(
    ref: AccountRef,
    live: Live,
    after: Menus,
    labels: Labels,
    *,
    lifts: Iterable[str] = (),
    basis: Basis = NOTHING_KNOWN,
) -> AccountPlan:
    """Work out everything that follows for one account."""
    had, has = keys_of(live.menus), keys_of(after)
    changes = diff(live.menus, after, labels)
    if basis.past is not None:
        told = origins(basis.past.menus, live.menus, after, labels, changes)
        changes = tuple(replace(c, origin=o) for c, o in zip(changes, told, strict=True))
    lifts = tuple(lifts)
    steps: Steps = ()
    if basis.mode == "manage":
        steps = plan_steps(
            live,
            after,
            labels,
            delete_first=basis.delete_first,
            dead=dead_to_remove(live, lifts),
        )
    return AccountPlan(
        ref=ref,
        live=live,
        after=after,
        labels=labels,
        basis=basis,
        fingerprint=fingerprint(live),
        changes=changes,
        steps=steps,
        guards=account_guards(live, after, labels, steps, basis, lifts) if steps else (),
        gaps=find_gaps(live, after, labels, steps) if steps else (),
        audience=switches(live.menus, after, labels, dict(basis.followers))
        if steps or changes
        else (),
        unreachable=unreachable(after, labels.after),
        keys_gained=tuple(sorted(has - had)),
        keys_lost=tuple(sorted(had - has)),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of all selected accounts. Times are UTC, `2026-11-22T10:41:00Z`.

    `guards` are those over several accounts. `commit` is that of the files, None outside Git.
    `back_to` is what the plan of a restore goes back to; None: it wants what the files say.
    """

    menuops_version: str
    created_at: str
    expires_at: str
    commit: str | None
    accounts: tuple[PlannedAccount, ...]
    guards: tuple[Guard, ...] = ()
    back_to: BackTo | None = None

    @property
    def changed(self) -> tuple[AccountPlan, ...]:
        """The accounts that change."""
        return tuple(filter(has_changes, self.accounts))

    @property
    def watched(self) -> tuple[AccountPlan, ...]:
        """The accounts that differ from their files and are only watched."""
        return tuple(each for each in self.read if each.is_watched and each.changes)

    @property
    def read(self) -> tuple[AccountPlan, ...]:
        """The accounts that could be read, in sync or not."""
        return tuple(account for account in self.accounts if isinstance(account, AccountPlan))

    @property
    def unreadable(self) -> tuple[UnreadableAccount, ...]:
        """The accounts that couldn't be read."""
        return tuple(a for a in self.accounts if isinstance(a, UnreadableAccount))

    @property
    def lets_unreadable_be(self) -> bool:
        """Whether somebody said that accounts which can't be read are no hindrance."""
        return any(guard.guard == UNREADABLE and guard.lifted for guard in self.guards)

    @property
    def error(self) -> ErrorNote | None:
        """Why the plan can't be applied: the first account that couldn't be read.

        None where somebody lifted the guard over such accounts and there are others. One that is
        watched would get nothing written, so it stops no plan that is about others.
        """
        stop = [each for each in self.unreadable if not each.is_watched]
        if not stop and all(each.is_watched for each in self.read):
            stop = list(self.unreadable)
        if not stop or (self.lets_unreadable_be and self.read):
            return None
        first = stop[0]
        counted = f"{len(self.unreadable)} of {len(self.accounts)} accounts can't be read"
        message = f"{counted}. {first.ref.name}: {first.error.message}"
        return ErrorNote(first.error.code, message, first.error.fix)

    @property
    def fired(self) -> tuple[Guard, ...]:
        """All guards that fired, those over several accounts first."""
        return (*self.guards, *(guard for account in self.changed for guard in account.guards))

    @property
    def lifts(self) -> tuple[str, ...]:
        """The guards that fired and that somebody lifted, each once."""
        return tuple(dict.fromkeys(guard.allow for guard in self.fired if guard.lifted))

    @property
    def stopped(self) -> tuple[Guard, ...]:
        """The guards that fired and that nobody lifted."""
        return tuple(guard for guard in self.fired if not guard.lifted)

    @property
    def outcome(self) -> Outcome:
        """How a command that only plans ends."""
        return gravest(
            outcome
            for outcome, holds in (
                (Outcome.CANNOT_START, self.error),
                (Outcome.REFUSED, self.stopped),
                (Outcome.CHANGES, self.changed),
            )
            if holds
        )

    @property
    def digest(self) -> str | None:
        """Hash over the digests of the accounts; None where nothing changes."""
        if not self.changed:
            return None
        return sha256(
            {
                "accounts": sorted(account.digest or "" for account in self.changed),
                "guards": [guard.allow for guard in self.guards if guard.lifted],
            }
        )


def make_plan(
    accounts: Iterable[PlannedAccount],
    *,
    max_accounts: int,
    lifts: Iterable[str],
    head: Mapping[str, Any],
) -> Plan:
    """Put the accounts' plans together; `head` holds the other fields of `Plan`."""
    listed = tuple(accounts)
    changed = sum(map(has_changes, listed))
    lifted = tuple(lifts)
    unread = tuple(
        each.ref.name
        for each in listed
        if isinstance(each, UnreadableAccount) and not each.is_watched
    )
    guards = (
        *many_accounts(changed, max_accounts, lifted),
        *unreadable_accounts(unread, lifted),
    )
    return Plan(accounts=listed, guards=guards, **head)


def short(digest: str) -> str:
    """Shorten a digest for people: `5d1e-9ac3-77f0`."""
    return "-".join(digest[i : i + 4] for i in (0, 4, 8))
