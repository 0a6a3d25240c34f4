"""`menuops history`."""

from __future__ import annotations

import sys

import click

from menuops.cli.options import View, commands_of, common
from menuops.cli.output import print_json, print_note, print_result, wants_colour
from menuops.core.outcome import Outcome
from menuops.render.history_text import damage_lines, history_text, history_to_json
from menuops.run.history import read_history
from menuops.run.settings import Settings, World


@click.command(name="history")
@click.option(
    "--last", type=click.IntRange(1), help="Only as many, the newest. [default: all]", metavar="N"
)
@common()
def command(settings: Settings, view: View, last: int | None) -> Outcome:
    """List the runs that wrote to accounts, newest first, with what undoes each.

    \b
    menuops history
    menuops history -a shop --last 5
    menuops history --format json
    """
    runs = read_history(settings, World())
    shown = runs if last is None else runs[-last:]
    commands = commands_of(settings)
    if view.json:
        print_json(history_to_json(shown, runs, commands))
    else:
        colour = wants_colour(view.colour, sys.stdout)
        print_result(history_text(shown, runs, commands, colour=colour))
        for line in damage_lines(shown):
            print_note(line)
    return Outcome.DONE
