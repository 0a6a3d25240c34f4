"""Looks at all that a plan or an apply will need, and says what to mend; changes nothing there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from menuops.core.account import EMULATOR, Account
from menuops.core.check import Check, failed_by
from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.run.account_checks import Examined, examine, keeps_token
from menuops.run.machine_checks import (
    check_config,
    check_host,
    check_locks,
    check_state,
    check_store,
    few,
)
from menuops.run.remote import Remote
from menuops.run.selection import open_project, select
from menuops.run.settings import Settings, World
from menuops.run.wanted import MenuFiles
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.store import TokenStore


def diagnose(settings: Settings, world: World) -> tuple[Check, ...]:
    """Check the machine, the hosts and each selected account; a failure hides no other.

    The accounts stand in the file's order, after what they share. Raises InvalidFiles, and Usage.
    """
    project = open_project(settings, world)
    accounts = select(project, settings.accounts)
    menus = MenuFiles(settings.variables, settings.directory)
    wanted = {
        account.name: [menus.wanted(account, window) for window in account.menus]
        for account in accounts
        if account.api != EMULATOR
    }
    with (
        Remote(project, world, parallel=settings.parallel) as remote,
        ThreadPoolExecutor(settings.parallel, thread_name_prefix="doctor") as pool,
    ):
        real = [account for account in accounts if account.api != EMULATOR]
        store, kept = _open_store(remote, real)
        locks = _check_locks(remote, accounts, kept)
        hosts = _check_hosts(real, remote, world, pool)

        def look(account: Account) -> Examined:
            if account.api == EMULATOR:
                return _emulated(account)
            after = _failed((hosts[account.api][0],))
            if not after and (store is None or keeps_token(account)):
                after = _failed((kept, locks))
            return examine(
                account,
                wanted[account.name],
                remote,
                store or MemoryStore(),
                world,
                after=after,
            )

        examined = tuple(pool.map(look, accounts))
        state = check_state(remote.state)
    return (
        *check_config(project, len(accounts)),
        state,
        kept,
        locks,
        *(check for pair in hosts.values() for check in pair),
        *(check for each in with_shared_secrets(accounts, examined) for check in each.checks),
    )


def _open_store(remote: Remote, accounts: Sequence[Account]) -> tuple[TokenStore | None, Check]:
    """Open and check the store, which emulated accounts don't need; None if it can't be opened."""
    if not accounts:
        return None, check_store(MemoryStore(), ())
    try:
        store = remote.store
    except CannotStart as error:
        return None, failed_by(None, "store", error)
    return store, check_store(store, [account for account in accounts if keeps_token(account)])


def _check_locks(remote: Remote, accounts: Sequence[Account], kept: Check) -> Check:
    real = [account for account in accounts if account.api != EMULATOR]
    try:
        return check_locks(remote.locks_of((real or accounts)[0]))
    except CannotStart:  # they are kept where the tokens are
        return Check(None, "locks", "skipped", f"after `{kept.check}`, which failed")


def with_shared_secrets(
    accounts: Sequence[Account], examined: Sequence[Examined]
) -> list[Examined]:
    """Say where two accounts have one AppSecret: each has its own, so one is a slip."""
    holders: dict[Secret, list[str]] = {}
    for account, each in zip(accounts, examined, strict=True):
        if each.secret is not None:
            holders.setdefault(each.secret, []).append(account.name)
    return [
        _with_twins(each, [name for name in holders.get(each.secret, ()) if name != account.name])
        if each.secret is not None
        else each
        for account, each in zip(accounts, examined, strict=True)
    ]


def _with_twins(examined: Examined, others: Sequence[str]) -> Examined:
    if not others:
        return examined
    same = f"it is the AppSecret of {few(others)} too, and each account has its own"
    return replace(
        examined,
        checks=tuple(
            _with_slip(check, same) if check.check == "secret" else check
            for check in examined.checks
        ),
    )


def _with_slip(check: Check, same: str) -> Check:
    if check.status != "ok":
        return replace(check, message=f"{check.message}; {same}")
    fix = "copy each from 基本配置 > 开发者密码(AppSecret) of its own account: one was pasted twice"
    return replace(check, status="warning", message=f"{check.message}; {same}", fix=fix)


def _check_hosts(
    accounts: Iterable[Account], remote: Remote, world: World, pool: ThreadPoolExecutor
) -> dict[str, tuple[Check, Check]]:
    """Check each host once, with the timeouts of the first account there; by the API's URL."""
    first: dict[str, Account] = {}
    for account in accounts:
        first.setdefault(account.api, account)
    pace = Pace(sleep=world.sleep)
    checks = pool.map(
        lambda account: check_host(remote.http, account, world.clock, pace), first.values()
    )
    return dict(zip(first, checks, strict=True))


def _failed(checks: Iterable[Check]) -> str:
    return next((check.check for check in checks if check.status == "failed"), "")


def _emulated(account: Account) -> Examined:
    message = "the embedded emulator: it needs no secret, no token and no network"
    return Examined((Check(account.name, "source", "ok", message),))
