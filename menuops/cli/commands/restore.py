"""`menuops restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from menuops.cli.notices import Ending, telling
from menuops.cli.options import View, commands_of, common, planning, typed_again
from menuops.cli.output import print_json, print_note, print_result, wants_colour
from menuops.cli.plan_output import text_width
from menuops.cli.session import Session, digests_of
from menuops.core.applied import Applied
from menuops.core.back_to import BackTo
from menuops.core.commands import MOST_NAMED, Commands, typed
from menuops.core.errors import MenuopsError, Usage
from menuops.core.outcome import Outcome
from menuops.core.plan_document import plan_to_json
from menuops.files.plan_file import write_plan
from menuops.render.history_text import lost_lines
from menuops.render.language.speech import said
from menuops.render.plan.next_commands import NextCommands
from menuops.render.plan_text import plan_text
from menuops.render.terminal import count, safe
from menuops.run.planning import make_plan_of
from menuops.run.restoring import Restoring, outcome_of, plan_restore, restore
from menuops.run.settings import PlanOptions, Settings, World


@click.command(name="restore")
@click.argument("snapshot", required=False, metavar="[SNAPSHOT]")
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Bring back what this saved plan saw, in place of a snapshot.",
    metavar="FILE",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Save the plan that goes back, to be applied as it is; write nothing to WeChat.",
    metavar="FILE",
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option(
    "--expect",
    help="Only what has this digest, of a plan or of each account; comma between several.",
    metavar="DIGEST,…",
)
@click.option(
    "--keep-going",
    is_flag=True,
    help="Leave out accounts that are stale, refused or fail; write the others.",
)
@planning
@common()
@telling("restore")
def command(
    settings: Settings,
    view: View,
    ending: Ending,
    options: PlanOptions,
    snapshot: str | None,
    plan_file: Path | None,
    out: Path | None,
    expect: str | None,
    *,
    yes: bool,
    keep_going: bool,
) -> Outcome:
    """Bring back what was live before a run: RUN/ACCOUNT, RUN for all its accounts, or a file.

    It is a plan like any other: shown, guarded, approved, applied, proved. What the API can't
    make again is listed first. The everyday way back is `git revert` and apply: a restore leaves
    the files as they are.

    \b
    menuops restore 20261122T104100Z-3f9c/shop
    menuops restore --plan plan.json --yes
    menuops restore 20261122T104100Z-3f9c --out back.json
    """
    if (snapshot is None) == (plan_file is None):
        raise Usage(
            "restore takes one source: a SNAPSHOT or --plan FILE",
            fix="menuops history lists the snapshots",
        )
    digests = digests_of(expect)
    source: str | Path = plan_file if plan_file is not None else str(snapshot)
    if out is not None:
        return _save(settings, view, ending, options, source, out, is_plan=plan_file is not None)
    flag = ["--plan", str(source)] if plan_file is not None else [str(source)]
    again = f"menuops restore{typed(flag)}{typed_again(settings, options)}"
    of_files = commands_of(settings, f"{again}{' --keep-going' * keep_going}{' --yes' * yes}")
    commands = replace(
        of_files,
        back_to=BackTo("snapshot" if plan_file is None else "plan", str(source)),
        lifts=options.lifts,
        delete_first=options.delete_first,
    )
    session = Session(view, commands, approve_with="--yes or --expect DIGEST")

    def show(made: Restoring) -> None:
        session.show(made.plan, notes=_notes(made))

    applied = ending.value = restore(
        settings,
        World(),
        options,
        source,
        is_plan=plan_file is not None,
        expect=digests,
        show=show,
        ask=None if yes or digests else session.ask,
        progress=session.progress,
        keep_going=keep_going,
        commands=commands,
    )
    outcome = session.finish(applied)
    if outcome.exit_code == 0 and not view.json:
        for line in _what_files_say(settings, applied, of_files):
            print_note(line)
    return outcome


def _notes(made: Restoring) -> Iterator[str]:
    for name, lost in made.lost.items():
        yield from lost_lines(name, made.taken_at[name], lost)


def _save(
    settings: Settings,
    view: View,
    ending: Ending,
    options: PlanOptions,
    source: str | Path,
    out: Path,
    *,
    is_plan: bool,
) -> Outcome:
    made = plan_restore(settings, World(), options, source, is_plan=is_plan)
    plan = ending.value = made.plan
    if not plan.unreadable and plan.accounts:
        write_plan(settings.directory / out, plan)
    if view.json:
        print_json(plan_to_json(plan))
        return outcome_of(plan)
    apply = f"menuops apply{typed([*commands_of(settings).project, str(out)])}"
    flag = ["--plan", str(source)] if is_plan else [str(source)]
    words = f"{typed_again(settings, options)}{typed(['--out', str(out)])}"
    again = f"menuops restore{typed(flag)}{words}"
    for line in _notes(made):
        print_result(f"{said(line)}\n")
    colour = wants_colour(view.colour, sys.stdout)
    following = NextCommands(apply, again)
    print_result(plan_text(plan, colour=colour, next_commands=following, width=text_width()))
    return outcome_of(plan)


def _what_files_say(settings: Settings, applied: Applied, commands: Commands) -> Iterator[str]:
    """Say what a plan of the files would do to what was brought back."""
    names = tuple(account.name for account in applied.accounts)
    again = commands.plan(names)
    try:
        plan = make_plan_of(replace(settings, accounts=names), World(), PlanOptions()).plan
    except MenuopsError as error:
        yield f"Whether the files say the same can't be told: {safe(error.message)}"
        return
    changes = sum(len(account.changes) for account in plan.changed)
    if not plan.changed:
        yield "The files say the same as what is live now."
        return
    yield (
        f"The files are as before, and differ from what is live now: the next plan undoes this, "
        f"with {count(changes, 'change')} on {count(len(plan.changed), 'account')}. See it: {again}"
    )
    yield (
        "To keep what was brought back, take it into the files: by git revert, or from what "
        "this prints"
    )
    for account in plan.changed[:MOST_NAMED]:
        yield f"  menuops import{typed([*commands.project, '-a', account.ref.name])}"
    if len(plan.changed) > MOST_NAMED:
        yield f"  and so for {count(len(plan.changed) - MOST_NAMED, 'more account')}"
