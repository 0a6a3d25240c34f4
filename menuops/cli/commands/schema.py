"""`menuops schema`."""

from __future__ import annotations

from typing import Literal

import click

from menuops.cli.output import print_result
from menuops.core.outcome import Outcome
from menuops.files.schema import schema_text


@click.command(name="schema")
@click.argument("name", type=click.Choice(["menu", "project", "plan"]), default="menu")
def command(name: Literal["menu", "project", "plan"]) -> Outcome:
    """Print the JSON Schema of a menu file, a project file or a plan.

    \b
    menuops schema menu > menu.schema.json
    """
    print_result(schema_text(name))
    return Outcome.DONE
