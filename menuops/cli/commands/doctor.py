"""`menuops doctor`."""

from __future__ import annotations

import sys

import click

from menuops.cli.options import View, common, typed_again
from menuops.cli.output import print_json, print_result, wants_colour
from menuops.core.check import outcome_of
from menuops.core.outcome import Outcome
from menuops.render.doctor_text import NextCommands, doctor_text, doctor_to_json
from menuops.run.doctor import diagnose
from menuops.run.settings import PlanOptions, Settings, World


@click.command(name="doctor")
@common()
@click.pass_context
def command(context: click.Context, settings: Settings, view: View) -> Outcome:
    """Check what a plan needs: config, secret, token, IP whitelist, rights, quota, clock, locks.

    \b
    menuops doctor
    menuops doctor -a shop -v      lists the checks that passed too

    Each finding comes with its fix. Writes no menu. A stable token is asked for, which voids
    nobody's; a `command` or a token server is asked once; a classic token is never fetched.
    """
    checks = diagnose(settings, World())
    again = typed_again(settings, PlanOptions())
    following = NextCommands(f"menuops plan{again}", f"menuops doctor{again}")
    if view.json:
        print_json(doctor_to_json(checks, following))
    else:
        print_result(
            doctor_text(
                checks,
                colour=wants_colour(view.colour, sys.stdout),
                everything=context.params["verbose"] > 0,
                next_commands=following,
            )
        )
    return outcome_of(checks)
