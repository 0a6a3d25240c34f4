"""`menuops show`."""

from __future__ import annotations

from pathlib import Path

import click

from menuops.cli.options import View, apply_saved, common
from menuops.cli.output import print_note
from menuops.cli.plan_output import ascii_signs, print_plan
from menuops.core.moments import utc
from menuops.core.outcome import Outcome
from menuops.files.plan_file import read_plan
from menuops.render.plan.next_commands import NextCommands
from menuops.run.settings import Settings, World


@click.command(name="show")
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN")
@ascii_signs
@common("markdown", "html")
def command(settings: Settings, view: View, plan: Path, *, ascii_only: bool) -> Outcome:
    """Print a saved plan as `plan` printed it, also a stale or used one.

    \b
    menuops show plan.json
    menuops show plan.json --format json
    menuops show plan.json --format html > plan.html
    """
    saved = read_plan(settings.directory / plan, str(plan))
    print_plan(saved, view, NextCommands(apply_saved(settings, plan)), ascii_only=ascii_only)
    if utc(World().clock()) > saved.expires_at:
        print_note(f"This plan expired at {saved.expires_at}.")
    return Outcome.DONE
