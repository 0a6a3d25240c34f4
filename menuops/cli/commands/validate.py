"""`menuops validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from menuops.cli.options import View, common
from menuops.cli.output import print_json, print_result, wants_colour
from menuops.core.outcome import Outcome
from menuops.render.findings_text import findings_text, validation_to_json
from menuops.run.settings import Settings, World
from menuops.run.validating import validate


@click.command(name="validate")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@common()
def command(settings: Settings, view: View, files: tuple[Path, ...]) -> Outcome:
    """Check menu files; offline, all findings at once.

    Without FILE: the project file and the menus of all its accounts. A file is checked once for
    each account that uses it, with that account's variables.

    \b
    menuops validate
    menuops validate menus/shop.yaml
    """
    result = validate(settings, World(), files)
    if view.json:
        print_json(validation_to_json(result.findings))
    else:
        colour = wants_colour(view.colour, sys.stdout)
        print_result(findings_text(result.findings, result.files, colour=colour))
    return result.outcome
