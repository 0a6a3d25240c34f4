"""`menuops apply`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from menuops.cli.options import View, at_moment, common, planning
from menuops.cli.output import (
    print_beside,
    print_error,
    print_json,
    print_note,
    print_result,
    wants_colour,
)
from menuops.cli.plan_output import text_width
from menuops.core.applied import Applied, StepResult, applied_to_json
from menuops.core.errors import CannotStart, NotApproved, Usage
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, Plan
from menuops.files.plan_file import read_plan
from menuops.render.apply_text import apply_text, step_line
from menuops.render.findings_text import findings_lines
from menuops.render.plan_text import plan_text
from menuops.render.terminal import Paint, safe
from menuops.run.applying import apply_files, apply_plan
from menuops.run.planning import MadePlan
from menuops.run.settings import PlanOptions, Settings, World


@click.command(name="apply")
@click.argument("plan", required=False, type=click.Path(path_type=Path), metavar="[PLAN]")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option(
    "--expect",
    help="Only what has this digest, of a plan or of each account; comma between several.",
    metavar="DIGEST,…",
)
@at_moment
@planning
@common()
def command(
    settings: Settings,
    view: View,
    options: PlanOptions,
    plan: Path | None,
    expect: str | None,
    *,
    yes: bool,
) -> Outcome:
    """Make the change, prove it by reading back, and keep what was there before.

    A saved PLAN, or the digest of one, is the approval; without either, it plans and asks.

    \b
    menuops apply plan.json
    menuops apply --expect 5d1e9ac377f0…
    menuops apply -a demo --yes
    """
    digests = _digests(expect)
    session = _Session(view)
    if plan is not None:
        _refuse_planning(settings, options)
        saved = read_plan(settings.directory / plan, str(plan))
        applied = apply_plan(settings, World(), saved, expect=digests, progress=session.progress)
    else:
        applied = apply_files(
            settings,
            World(),
            options,
            expect=digests,
            show=session.show,
            ask=None if yes or digests else session.ask,
            progress=session.progress,
        )
    return session.finish(applied)


def _digests(expect: str | None) -> tuple[str, ...]:
    if expect is None:
        return ()
    digests = tuple(filter(None, re.split(r"[,\s]+", expect)))
    for digest in digests:
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise Usage(
                f"--expect {digest[:80]!r} isn't a digest of 64 hex digits",
                fix="take `digest` from menuops plan --format json",
            )
    if not digests:
        raise Usage("--expect names no digest", fix="take it from menuops plan --format json")
    return digests


def _refuse_planning(settings: Settings, options: PlanOptions) -> None:
    """Raise Usage for an option that would change a saved plan, which is applied as it is."""
    given = {
        "--allow": options.lifts,
        "--delete-first": options.delete_first,
        "-a": settings.accounts,
        "--var": settings.variables,
        "--menu": settings.menu,
        "--at": settings.at_s is not None,
    }
    for flag, value in given.items():
        if value:
            raise Usage(
                f"{flag} can't change a saved plan", fix=f"give {flag} to menuops plan --out FILE"
            )


class _Session:
    """What is shown while an apply goes on, and after it."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._live = sys.stderr.isatty() and not view.json
        self._shown = False

    def show(self, made: MadePlan) -> None:
        """Print the plan."""
        for line in findings_lines(made.warnings, colour=self._colour_of_stderr()):
            print_note(line)
        if not self._view.json:
            print_result(plan_text(made.plan, colour=self._colour(), width=text_width()) + "\n")
            self._shown = True

    def ask(self) -> bool:
        """Wait for a `yes`. Raises NotApproved where nobody can be asked."""
        if self._view.json or not sys.stdin.isatty():
            raise NotApproved(
                "nobody can be asked here. Nothing was written",
                fix="approve with --yes, --expect DIGEST, or a plan: menuops plan --out FILE",
                code="nobody_to_ask",
            )
        print_beside("Apply this? Only yes is taken as an answer: ")
        return sys.stdin.readline().strip() == "yes"

    def progress(self, account: AccountPlan, result: StepResult, number: int) -> None:
        """Show the call that was made last, on a terminal only, on one line that is rewritten."""
        line = step_line(result, number, len(account.steps), Paint(colour=False))
        self._rewrite(f"{safe(account.ref.name)}{line}")

    def finish(self, applied: Applied) -> Outcome:
        """Print the result."""
        self._rewrite("")
        try:
            if self._view.json:
                print_json(applied_to_json(applied))
            elif applied.error is None:
                print_result(apply_text(applied, colour=self._colour()))
            else:
                self._show_refused(applied.plan)
                print_error(applied.error, as_json=False)
        except CannotStart as error:
            # What was done counts, and stands in the journal.
            error.fix = f"the run {applied.run} ended all the same: {applied.outcome.word}"
            print_error(error, as_json=False)
        return applied.outcome

    def _show_refused(self, plan: Plan) -> None:
        if not self._shown:
            print_result(plan_text(plan, colour=self._colour(), width=text_width()))

    def _rewrite(self, line: str) -> None:
        if self._live:
            print_beside(f"\r\x1b[K{line}")

    def _colour(self) -> bool:
        return wants_colour(self._view.colour, sys.stdout)

    def _colour_of_stderr(self) -> bool:
        return wants_colour(self._view.colour, sys.stderr)
