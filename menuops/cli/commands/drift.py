"""`menuops drift`."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from menuops.cli.notices import Ending, telling
from menuops.cli.options import View, at_moment, common, typed_again
from menuops.cli.output import print_beside, print_json, print_result, wants_colour
from menuops.cli.plan_output import text_width
from menuops.core.drift import Drift, drift_to_json
from menuops.core.outcome import Outcome
from menuops.render.drift_view import Again
from menuops.render.findings_text import findings_lines
from menuops.run.drifting import find_drift
from menuops.run.settings import PlanOptions, Settings, World


@click.command(name="drift")
@click.option(
    "--base",
    help="The commit whose files were applied last, where this machine doesn't know.",
    metavar="REV",
)
@at_moment
@common("markdown")
@telling("drift")
def command(settings: Settings, view: View, ending: Ending, base: str | None) -> Outcome:
    """Tell what moved on live (线上改动) since the last apply, and what in the files.

    Live and the files are both held against what this machine applied last, or against the files
    of a commit. Exits with 2 if live moved, by the web console (公众号后台) too, or if live isn't
    as the files say and nothing is known of the past; with 0 if only the files moved. Writes
    nothing, neither to WeChat nor to the state directory.

    \b
    menuops drift
    menuops drift --base origin/main
    menuops drift -a shop --format markdown >> "$GITHUB_STEP_SUMMARY"
    """
    found = find_drift(settings, World(), base)
    ending.value = found.drift
    for line in findings_lines(found.warnings, colour=wants_colour(view.colour, sys.stderr)):
        print_beside(f"{line}\n")
    if view.json:
        print_json(drift_to_json(found.drift))
    else:
        print_result(_text(found.drift, view, _again(settings)))
    return found.drift.outcome


def _text(drift: Drift, view: View, again: Again) -> str:
    if view.format == "markdown":
        from menuops.render.drift_markdown import drift_markdown

        return drift_markdown(drift, again)
    from menuops.render.drift_text import drift_text

    colour = wants_colour(view.colour, sys.stdout)
    return drift_text(drift, again, colour=colour, width=text_width())


def _again(settings: Settings) -> Again:
    def options(name: str, lifts: tuple[str, ...]) -> str:
        return typed_again(replace(settings, accounts=(name,)), PlanOptions(lifts=lifts))

    return options
