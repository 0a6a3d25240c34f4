"""`menuops destroy`."""

from __future__ import annotations

import click

from menuops.cli.options import View, commands_of, common
from menuops.cli.session import Session
from menuops.core.commands import Commands, typed
from menuops.core.errors import NotApproved, Usage
from menuops.core.outcome import Outcome
from menuops.render.history_text import lost_lines
from menuops.render.terminal import safe
from menuops.run.destroying import Destroying, account_to_destroy, destroy
from menuops.run.settings import Settings, World


@click.command(name="destroy")
@click.option("--yes", is_flag=True, help="Don't ask; needs --confirm.")
@click.option(
    "--confirm", help="The name of the account once more, in place of typing it.", metavar="NAME"
)
@common()
def command(settings: Settings, view: View, confirm: str | None, *, yes: bool) -> Outcome:
    """Drop every menu of one account: the default menu and all conditional ones.

    What was live is kept first, and `menuops restore` brings back what the API can make. On a
    terminal the account's name has to be typed.

    \b
    menuops destroy -a shop
    menuops destroy -a shop --yes --confirm shop
    """
    _, account = account_to_destroy(settings, World())
    name = account.name
    given = commands_of(settings)
    again = f"menuops destroy{typed([*given.project, '-a', name])}"
    confirmed = f"{again}{typed(['--yes', '--confirm', name])}"
    if yes and confirm is None:
        raise Usage("--yes alone doesn't drop menus", fix=confirmed)
    if confirm is not None and confirm != name:
        raise NotApproved(
            f"--confirm {confirm!r} isn't the name of the account, {name!r}. Nothing was written",
            fix=confirmed,
            code="not_confirmed",
        )
    session = Session(view, Commands(given.project, again), approve_with=f"`{confirmed}`")

    def show(made: Destroying) -> None:
        lost = lost_lines(name, "now", made.lost) if made.lost else ()
        session.show(made.plan, notes=lost)

    def ask() -> bool:
        return session.ask_for(name, f"All of this goes. Type {safe(name)} to drop it: ")

    applied = destroy(
        settings,
        World(),
        show=show,
        ask=None if yes and confirm == name else ask,
        progress=session.progress,
        commands=Commands(given.project, again),
    )
    return session.finish(applied)
