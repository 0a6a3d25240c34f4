"""`menuops apply`."""

from __future__ import annotations

from pathlib import Path

import click

from menuops.cli.notices import Ending, telling
from menuops.cli.options import (
    View,
    at_moment,
    commands_of,
    commands_of_saved,
    common,
    planning,
    typed_again,
)
from menuops.cli.session import Session, digests_of
from menuops.core.applied import Applied
from menuops.core.commands import Commands
from menuops.core.errors import Usage
from menuops.core.outcome import Outcome
from menuops.core.plan import short
from menuops.files.plan_file import read_plan
from menuops.render.terminal import safe
from menuops.run.applying import apply_files, apply_plan
from menuops.run.planning import MadePlan
from menuops.run.resuming import Rest, resume
from menuops.run.settings import PlanOptions, Settings, World

_APPROVE_WITH = "--yes, --expect DIGEST, or a plan: menuops plan --out FILE"


@click.command(name="apply")
@click.argument("plan", required=False, type=click.Path(path_type=Path), metavar="[PLAN]")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option(
    "--expect",
    help="Only what has this digest, of a plan or of each account; comma between several.",
    metavar="DIGEST,…",
)
@click.option("--resume", "run", help="Finish a run that stopped in the middle.", metavar="RUN")
@click.option(
    "--keep-going",
    is_flag=True,
    help="Leave out accounts that are stale, refused or fail; write the others.",
)
@at_moment
@planning
@common()
@telling("apply")
def command(
    settings: Settings,
    view: View,
    ending: Ending,
    options: PlanOptions,
    plan: Path | None,
    expect: str | None,
    run: str | None,
    *,
    yes: bool,
    keep_going: bool,
) -> Outcome:
    """Make the change, prove it by reading back, and keep what was there before.

    A saved PLAN, or the digest of one, is the approval; without either, it plans and asks.

    \b
    menuops apply plan.json
    menuops apply --expect 5d1e9ac377f0…
    menuops apply -a demo --yes
    menuops apply --resume 20261122T104100Z-3f9c
    """
    digests = digests_of(expect)
    if run is not None:
        _refuse(settings, options, "a run, which is finished as it was approved")
        if plan is not None or digests:
            raise Usage("--resume takes neither a plan nor --expect", fix="leave them out")
        return _resume(settings, view, ending, run, keep_going=keep_going)
    if plan is not None:
        _refuse(settings, options, "a saved plan")
        saved = read_plan(settings.directory / plan, str(plan))
        commands = commands_of_saved(settings, saved, plan)
        session = Session(view, commands, approve_with=_APPROVE_WITH)
        applied = apply_plan(
            settings,
            World(),
            saved,
            expect=digests,
            progress=session.progress,
            keep_going=keep_going,
            commands=commands,
        )
        ending.value = applied
        return session.finish(applied)
    again = f"menuops apply{typed_again(settings, options)}"
    commands = commands_of(settings, f"{again}{' --keep-going' * keep_going}{' --yes' * yes}")
    session = Session(view, commands, approve_with=_APPROVE_WITH)

    def show(made: MadePlan) -> None:
        session.show(made.plan, made.warnings)

    applied = apply_files(
        settings,
        World(),
        options,
        expect=digests,
        show=show,
        ask=None if yes or digests else session.ask,
        progress=session.progress,
        keep_going=keep_going,
        commands=commands,
    )
    ending.value = applied
    return session.finish(applied)


def _resume(
    settings: Settings, view: View, ending: Ending, run: str, *, keep_going: bool
) -> Outcome:
    commands = commands_of(settings)
    commands = Commands(commands.project, commands.resume(run))
    session = Session(view, commands, approve_with=_APPROVE_WITH)

    def show(rest: Rest) -> None:
        digest = f", digest {short(rest.run.digest)}" if rest.run.digest else ""
        session.say(
            f"Finishing run {safe(rest.run.run)}, which was approved{digest}: what is left of it"
        )
        session.show(rest.plan)

    applied: Applied = resume(
        settings,
        World(),
        run,
        show=show,
        progress=session.progress,
        keep_going=keep_going,
        commands=commands,
    )
    ending.value = applied
    return session.finish(applied)


def _refuse(settings: Settings, options: PlanOptions, what: str) -> None:
    """Raise Usage for an option that would change what was approved as it is."""
    given = {
        "--allow": options.lifts,
        "--delete-first": options.delete_first,
        "-a": settings.accounts,
        "--var": settings.variables,
        "--at": settings.at_s is not None,
    }
    for flag, value in given.items():
        if value:
            raise Usage(
                f"{flag} can't change {what}", fix=f"give {flag} to menuops plan --out FILE"
            )
