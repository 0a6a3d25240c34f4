"""`menuops render`."""

from __future__ import annotations

import sys

import click

from menuops.cli.options import View, at_moment, common
from menuops.cli.output import print_beside, print_json, print_result, wants_colour
from menuops.core.outcome import Outcome
from menuops.render.findings_text import findings_lines
from menuops.render.rendered_text import rendered_text, rendered_to_json
from menuops.run.rendering import render
from menuops.run.settings import Settings, World


@click.command(name="render")
@click.option("--origin", is_flag=True, help="Say for each value which file and line gave it.")
@at_moment
@common("yaml")
def command(settings: Settings, view: View, *, origin: bool) -> Outcome:
    """Print what would be sent, after variables and time; offline.

    Text is YAML, itself a menu file; json has the bodies of the API. A tag that a file names
    stays a name: its id is looked up by plan.

    \b
    menuops render -a shop --origin
    menuops render --at 2026-11-11T00:00+08:00 --format json
    """
    rendered, warnings = render(settings, World(), origins=origin)
    for line in findings_lines(warnings, colour=wants_colour(view.colour, sys.stderr)):
        print_beside(f"{line}\n")
    if view.json:
        print_json(rendered_to_json(rendered, origins=origin))
    else:
        print_result(rendered_text(rendered, origins=origin))
    return Outcome.DONE
