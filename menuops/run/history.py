"""The runs that wrote to the accounts of a project."""

from __future__ import annotations

from dataclasses import replace

from menuops.core.patterns import is_chosen
from menuops.core.run_record import RunRecord
from menuops.run.remote import state_of
from menuops.run.selection import open_project
from menuops.run.settings import Settings, World


def read_history(settings: Settings, world: World) -> tuple[RunRecord, ...]:
    """Read the journals of all runs, oldest first; of accounts those that `settings` choose.

    The state directory is that of the project, and may hold runs of other projects too: of
    accounts that this one doesn't have. A run whose journal is damaged is always among them.
    Raises InvalidFiles and Usage.
    """
    project = open_project(settings, world)
    runs = state_of(project).runs()
    if not settings.accounts:
        return tuple(runs)
    chosen = {
        (account.api, account.appid)
        for account in project.accounts
        if is_chosen(account.name, settings.accounts)
    }
    found = []
    for run in runs:
        accounts = tuple(
            account
            for account in run.accounts
            # A run of an account that the project no longer has is found by its name then.
            if (account.ref.api, account.ref.appid) in chosen
            or is_chosen(account.ref.name, settings.accounts)
        )
        if accounts or run.damage:
            found.append(replace(run, accounts=accounts))
    return tuple(found)
