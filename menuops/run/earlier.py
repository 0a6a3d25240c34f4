"""Earlier states of accounts: snapshots by name, files of answers, what a plan saw."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from menuops.core.account import Account
from menuops.core.commands import typed
from menuops.core.errors import CannotStart, Usage
from menuops.core.live import Live, read_live
from menuops.core.model import Buttons
from menuops.core.patterns import is_chosen
from menuops.core.plan import AccountRef
from menuops.core.restorable import made_by_api
from menuops.core.run_record import AccountRecord, RunRecord
from menuops.files.answers.answers import SavedAnswers, read_answers
from menuops.files.plan_file import read_plan
from menuops.files.project.project import Project
from menuops.run.remote import state_of
from menuops.run.settings import Settings
from menuops.state.runs import State
from menuops.state.snapshots import SnapshotLost


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an account had. `made` is the API's default menu where the console had closed it."""

    account: Account
    live: Live
    made: Buttons
    taken_at: str


def find_earlier(
    project: Project, settings: Settings, source: str | Path, *, is_plan: bool
) -> tuple[Earlier, ...]:
    """Find what `source` stands for: `RUN/ACCOUNT`, `RUN`, the path of a file of answers or a plan.

    Of several accounts those that `settings` choose. Raises Usage, InvalidFiles, CannotStart.
    """
    by_name = _named(state_of(project), source) if isinstance(source, str) else None
    listed = by_name or _of_file(settings, source, is_plan=is_plan)
    # A run's name stands for the accounts that it wrote, which were named then.
    named = {_known(project, ref) or ref.name for ref, *_ in by_name or ()}
    patterns = settings.accounts
    found = [
        _of_project(project, *each)
        for each in listed
        if not patterns or is_chosen(_known(project, each[0]) or each[0].name, patterns)
    ]
    if not found:
        raise Usage(
            f"no account of {source} is chosen by -a {' -a '.join(patterns)}",
            fix=f"it has: {', '.join(ref.name for ref, *_ in listed)}",
        )
    for each in found:
        _check_writable(project, each.account, {*named, *patterns})
    return tuple(found)


_Listed = tuple[AccountRef, Live, Buttons, str]


def _of_file(settings: Settings, source: str | Path, *, is_plan: bool) -> list[_Listed]:
    if is_plan:
        plan = read_plan(settings.directory / source, str(source))
        return [(a.ref, a.live, (), plan.created_at) for a in plan.changed]
    path = settings.directory / source
    if not os.path.exists(path):  # noqa: PTH110  # False also for what can't be a path
        raise Usage(
            f"there is no snapshot {str(source)!r}, and no file of that name",
            fix="menuops history lists them",
        )
    saved = read_answers(path, str(source))
    if any(each.ref is None for each in saved.answers):
        raise Usage(
            f"{source} doesn't say whose answer it is",
            fix="a snapshot, or a file of menuops import --raw, does",
        )
    return [_of_answers(each, saved.read_at) for each in saved.answers]


def _of_answers(saved: SavedAnswers, read_at: str) -> _Listed:
    assert saved.ref is not None
    live = read_live(saved.menu, saved.selfmenu)
    return saved.ref, live, made_by_api(saved.menu), read_at


def _named(state: State, name: str) -> list[_Listed] | None:
    """Find the snapshots that a name stands for: `RUN/ACCOUNT`, or all of `RUN`."""
    run, slash, account = name.partition("/")
    record = state.run(run)
    if record is None:
        return None
    if not slash:
        chosen: Iterable[AccountRecord] = record.touched
    else:
        found = record.account(account)
        chosen = () if found is None else (found,)
    kept = [each for each in chosen if each.snapshot is not None]
    if not kept:
        raise Usage(_no_snapshot(record, account), fix="menuops history lists them")
    return [_of_record(state, record, each) for each in kept]


def _no_snapshot(record: RunRecord, account: str) -> str:
    if account and record.account(account) is None:
        names = ", ".join(each.ref.name for each in record.accounts)
        return f"run {record.run} has no account {account!r}; it has: {names or 'none'}"
    return f"run {record.run} wrote nothing{' to ' + account if account else ''}"


def _of_record(state: State, record: RunRecord, account: AccountRecord) -> _Listed:
    assert account.snapshot is not None
    try:
        path = state.snapshots.check(account.snapshot)
    except SnapshotLost as cause:
        raise CannotStart(
            f"the snapshot {record.run}/{account.ref.name} is lost: {cause}. Nothing was written",
            fix=f"others of the account: menuops history{typed(['-a', account.ref.name])}",
            code="snapshot_lost",
        ) from None
    (saved,) = read_answers(path, str(path)).answers
    return _of_answers(saved, account.taken_at or "")


def _known(project: Project, ref: AccountRef) -> str | None:
    for account in project.accounts:
        if (account.api, account.appid) == (ref.api, ref.appid):
            return account.name
    return None


def _of_project(
    project: Project, ref: AccountRef, live: Live, made: Buttons, taken_at: str
) -> Earlier:
    for account in project.accounts:
        if (account.api, account.appid) == (ref.api, ref.appid):
            return Earlier(account, live, made, taken_at)
    raise CannotStart(
        f"the snapshot is of {ref.name} ({ref.appid} at {ref.api}), which {project.file} doesn't "
        "have. Nothing was written",
        fix="go to the project that has the account, or name it with -C or --config",
        code="foreign_snapshot",
    )


def _check_writable(project: Project, account: Account, named: set[str]) -> None:
    check_mode(project, account)
    if account.protected and account.name not in named:
        raise Usage(
            f"{account.name} is protected: it is restored only where it is named",
            fix=f"name it: -a {account.name}",
        )


def check_mode(project: Project, account: Account) -> None:
    """Raise Usage for an account that isn't written to."""
    if account.mode != "manage":
        raise Usage(
            f"{account.name} isn't written to: {project.file} has `mode: {account.mode}` for it",
            fix="set its mode to manage",
        )
