"""What is known of each account's token; renewing them; showing one."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from menuops.core.account import EMULATOR, Account, ClassicToken, ReadToken
from menuops.core.errors import MenuopsError, Refused, Usage
from menuops.core.outcome import Outcome, gravest
from menuops.core.secret import Secret
from menuops.run.remote import Remote
from menuops.run.selection import open_project, select
from menuops.run.settings import Settings, World
from menuops.wechat.tokens.status import TokenStatus


@dataclass(frozen=True, slots=True)
class AccountToken:
    """An account with the state of its token; None for an emulated one, which needs none.

    `renewed` says what came of a renewal that was asked for: a new token, the same as before, or
    `error`; nothing where somebody else renews the token, which was only looked at.
    """

    account: Account
    status: TokenStatus | None
    renewed: Literal["new", "same"] | None = None
    error: MenuopsError | None = None


def report_tokens(settings: Settings, world: World) -> tuple[AccountToken, ...]:
    """Say for each selected account where its token comes from and how long it lives.

    Raises InvalidFiles, Usage, and CannotStart where the store can't be opened.
    """
    project = open_project(settings, world)
    accounts = select(project, settings.accounts)
    with Remote(project, world, parallel=settings.parallel) as remote:
        _register(accounts, remote)
        with ThreadPoolExecutor(settings.parallel, thread_name_prefix="token") as pool:
            return tuple(pool.map(lambda account: _as_it_is(account, remote), accounts))


def renew_tokens(settings: Settings, world: World) -> tuple[AccountToken, ...]:
    """Ask for a token of each selected account now; one that fails doesn't stop the others.

    A classic one voids what other servers hold, so that account has to be named, not chosen along
    with others. Raises as `report_tokens`.
    """
    project = open_project(settings, world)
    accounts = select(project, settings.accounts)
    with Remote(project, world, parallel=settings.parallel) as remote:
        _register(accounts, remote)
        with ThreadPoolExecutor(settings.parallel, thread_name_prefix="token") as pool:
            named = frozenset(settings.accounts)
            return tuple(pool.map(lambda account: _renewed(account, remote, named), accounts))


def reveal_token(settings: Settings, world: World, *, renew: bool) -> Secret:
    """Give the token of the one selected account, fetched if need be.

    Raises Usage where more than one is selected, or an emulated one, whose token is of no use to
    anybody else; Refused where a classic one would be renewed that nobody named; InvalidFiles,
    and what TokenContainer.token raises.
    """
    project = open_project(settings, world)
    accounts = select(project, settings.accounts)
    if len(accounts) != 1:
        raise Usage(
            f"--reveal prints one token, and {len(accounts)} accounts are selected",
            fix="name one: menuops token --reveal -a NAME",
        )
    (account,) = accounts
    if account.api == EMULATOR:
        raise Usage(
            f"{account.name} is emulated: each run starts its own emulator, so its token is of "
            "no use to anything else",
            fix="menuops emulator serves one that stays",
        )
    with Remote(project, world, parallel=1) as remote:
        remote.tokens.register(account)
        if renew:
            _require_named(account, frozenset(settings.accounts), "--renew --reveal")
            remote.tokens.renew(account)
        return remote.tokens.token(account)


def outcome_of(report: tuple[AccountToken, ...]) -> Outcome:
    """Choose how the command ends."""
    return gravest(each.error.outcome if each.error else Outcome.DONE for each in report)


def _register(accounts: Iterable[Account], remote: Remote) -> None:
    """Make the container, once, before threads ask for it. Raises as `Remote.tokens`."""
    for account in accounts:
        if account.api != EMULATOR:
            remote.tokens.register(account)


def _as_it_is(account: Account, remote: Remote) -> AccountToken:
    return AccountToken(account, None if account.api == EMULATOR else remote.tokens.status(account))


def _renewed(account: Account, remote: Remote, named: frozenset[str]) -> AccountToken:
    if account.api == EMULATOR:
        return AccountToken(account, None)
    tokens = remote.tokens
    try:
        _require_named(account, named, "--renew")
        is_new = tokens.renew(account)
    except MenuopsError as error:
        return AccountToken(account, tokens.status(account), error=error)
    if isinstance(account.token, ReadToken):
        return AccountToken(account, tokens.status(account))
    return AccountToken(account, tokens.status(account), "new" if is_new else "same")


def _require_named(account: Account, named: frozenset[str], flags: str) -> None:
    if isinstance(account.token, ClassicToken) and account.name not in named:
        raise Refused(
            "a new classic token voids the one that other servers of the account hold",
            fix=f"when that does no harm: menuops token {flags} -a {account.name}",
            code="classic_token",
        )
