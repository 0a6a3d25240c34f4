"""`menuops plan`."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path

import click

from menuops.cli.notices import Ending, telling
from menuops.cli.options import View, apply_saved, at_moment, common, planning, typed_again
from menuops.cli.output import print_beside, print_note, wants_colour
from menuops.cli.plan_output import ascii_signs, print_plan
from menuops.core.outcome import Outcome
from menuops.files.answers.answers import read_answers
from menuops.files.plan_file import write_plan
from menuops.render.findings_text import findings_lines
from menuops.render.plan.next_commands import NextCommands
from menuops.render.terminal import safe
from menuops.run.planning import make_plan_of
from menuops.run.settings import PlanOptions, Settings, World


@click.command(name="plan")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Save the plan, to be applied as it is.",
    metavar="FILE",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there are changes.")
@click.option(
    "--live",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Plan offline, against answers that `menuops import --raw` saved.",
    metavar="FILE",
)
@click.option(
    "--base",
    help="Mark each change as yours or as reverting what is live, by the files at this commit. "
    "[default: by what was applied last, where that is known]",
    metavar="REV",
)
@click.option(
    "--check-ids",
    is_flag=True,
    help="Look up the ids of tags that files give, as names are looked up.",
)
@ascii_signs
@at_moment
@planning
@common("markdown", "html")
@telling("plan")
def command(
    settings: Settings,
    view: View,
    ending: Ending,
    options: PlanOptions,
    out: Path | None,
    live: Path | None,
    base: str | None,
    *,
    detailed_exitcode: bool,
    check_ids: bool,
    ascii_only: bool,
) -> Outcome:
    """Show what would change in the accounts, and for whom. Writes nothing to WeChat.

    \b
    menuops plan
    menuops plan -a shop --out plan.json && menuops apply plan.json
    menuops plan --allow remove-conditional:tag:spring
    menuops import --raw --out live.json && menuops plan --live live.json
    menuops plan --base origin/main --format markdown
    menuops plan --format html > plan.html
    """
    options = replace(options, base=base, check_ids=check_ids)
    saved = None if live is None else read_answers(settings.directory / live, str(live))
    made = make_plan_of(settings, World(), options, saved)
    plan = ending.value = made.plan
    for line in findings_lines(made.warnings, colour=wants_colour(view.colour, sys.stderr)):
        print_beside(f"{line}\n")
    keeps = out is not None and plan.error is None
    if out is not None and keeps:
        write_plan(settings.directory / out, plan)
    again = typed_again(settings, options)
    following = NextCommands(
        f"menuops apply{again}",
        f"menuops plan{again}{_again('--live', live)}{_again('--base', base)}",
    )
    print_plan(plan, view, following, ascii_only=ascii_only)
    if saved is not None:
        print_note(safe(f"Planned against {live}, {saved.told}."))
    if out is not None:
        applies = keeps and plan.outcome is Outcome.CHANGES
        print_note(_saved(out, apply_saved(settings, out) if applies else "", saved=keeps))
    if plan.outcome is Outcome.CHANGES and not detailed_exitcode:
        return Outcome.DONE
    return plan.outcome


def _again(flag: str, value: Path | str | None) -> str:
    return "" if value is None else f" {flag} {safe(shlex.quote(str(value)))}"


def _saved(out: Path, apply: str, *, saved: bool) -> str:
    shown = safe(str(out))
    if not saved:
        return (
            f"Not saved, {shown} is as before: some accounts can't be read; to leave them as they "
            "are: --allow unreadable"
        )
    return f"Saved {shown}" + (f"; apply exactly this: {apply}" if apply else "")
