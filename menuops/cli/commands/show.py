"""`menuops show`."""

from __future__ import annotations

from pathlib import Path

import click

from menuops.cli.options import View, apply_saved, commands_of_saved, common
from menuops.cli.output import print_note
from menuops.cli.plan_output import ascii_signs, print_plan
from menuops.core.errors import MenuopsError
from menuops.core.outcome import Outcome
from menuops.files.plan_file import read_plan
from menuops.render.plan.next_commands import NextCommands
from menuops.run.approval import why_spent
from menuops.run.remote import state_of
from menuops.run.selection import open_project
from menuops.run.settings import Settings, World
from menuops.state.runs import State


@click.command(name="show")
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN")
@ascii_signs
@common("markdown", "html", selecting=False)
def command(settings: Settings, view: View, plan: Path, *, ascii_only: bool) -> Outcome:
    """Print a saved plan as `plan` printed it, also a stale or used one.

    \b
    menuops show plan.json
    menuops show plan.json --format json
    menuops show plan.json --format html > plan.html
    """
    saved = read_plan(settings.directory / plan, str(plan))
    spent = why_spent(saved, _state(settings), World().clock())
    again = commands_of_saved(settings, saved, plan).again
    following = NextCommands(apply_saved(settings, plan), again, spent)
    print_plan(saved, view, following, ascii_only=ascii_only)
    if spent is not None:
        print_note(f"{spent}.")
    return Outcome.DONE


def _state(settings: Settings) -> State | None:
    """Give what knows of earlier runs; None without a project: a plan needs none."""
    try:
        return state_of(open_project(settings, World()))
    except MenuopsError:
        return None
