"""What is known of each account's token, without a call."""

from __future__ import annotations

from dataclasses import dataclass

from menuops.core.account import EMULATOR, Account
from menuops.run.remote import Remote
from menuops.run.selection import open_project, select
from menuops.run.settings import Settings, World
from menuops.wechat.token_container import TokenStatus


@dataclass(frozen=True, slots=True)
class AccountToken:
    """An account with the state of its token; None for an emulated one, which needs none."""

    account: Account
    status: TokenStatus | None


def report_tokens(settings: Settings, world: World) -> tuple[AccountToken, ...]:
    """Say for each selected account where its token comes from and how long it lives."""
    project = open_project(settings, world)
    with Remote(project, world, parallel=1) as remote:
        return tuple(
            AccountToken(
                account, None if account.api == EMULATOR else remote.tokens.status(account)
            )
            for account in select(project, settings.accounts)
        )
