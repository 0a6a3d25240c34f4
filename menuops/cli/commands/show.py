"""`menuops show`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from menuops.cli.options import View, apply_saved, common
from menuops.cli.output import print_json, print_note, print_result, wants_colour
from menuops.core.moments import utc
from menuops.core.outcome import Outcome
from menuops.core.plan_document import plan_to_json
from menuops.files.plan_file import read_plan
from menuops.render.plan_text import NextCommands, plan_text
from menuops.run.settings import Settings, World


@click.command(name="show")
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN")
@common()
def command(settings: Settings, view: View, plan: Path) -> Outcome:
    """Print a saved plan as `plan` printed it, also a stale or used one.

    \b
    menuops show plan.json
    menuops show plan.json --format json
    """
    saved = read_plan(settings.directory / plan, str(plan))
    if view.json:
        print_json(plan_to_json(saved))
    else:
        following = NextCommands(apply_saved(settings, plan))
        colour = wants_colour(view.colour, sys.stdout)
        print_result(plan_text(saved, colour=colour, next_commands=following))
    if utc(World().clock()) > saved.expires_at:
        print_note(f"This plan expired at {saved.expires_at}.")
    return Outcome.DONE
