"""A plan on stdout, in the form that was asked for."""

from __future__ import annotations

import shutil
import sys
from typing import Final

import click

from menuops.cli.options import F, View
from menuops.cli.output import print_json, print_result, wants_colour
from menuops.core.plan import Plan
from menuops.render.plan.next_commands import NextCommands

_WIDTH: Final = 100
"""How wide text is where stdout is no terminal and COLUMNS doesn't say."""


def ascii_signs(function: F) -> F:
    """Add the option for terminals and fonts that know ASCII alone."""
    return click.option(
        "--ascii",
        "ascii_only",
        is_flag=True,
        help="Draw with ASCII characters only; names stay as they are.",
    )(function)


def print_plan(plan: Plan, view: View, following: NextCommands, *, ascii_only: bool) -> None:
    """Print a plan as text, JSON, Markdown or HTML; each form loads what it alone needs."""
    match view.format:
        case "json":
            from menuops.core.plan_document import plan_to_json

            print_json(plan_to_json(plan))
        case "markdown":
            from menuops.render.plan_markdown import plan_markdown

            print_result(plan_markdown(plan, next_commands=following))
        case "html":
            from menuops.render.plan_html import plan_html

            print_result(plan_html(plan, next_commands=following))
        case _:
            from menuops.render.plan_text import plan_text

            text = plan_text(
                plan,
                colour=wants_colour(view.colour, sys.stdout),
                next_commands=following,
                width=text_width(),
                ascii_only=ascii_only,
            )
            print_result(text)


def text_width() -> int:
    """Give the terminal's columns, or what COLUMNS says; 100 where stdout is no terminal."""
    return shutil.get_terminal_size((_WIDTH, 24)).columns
