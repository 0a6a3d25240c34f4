"""`menuops token`."""

from __future__ import annotations

import click

from menuops.cli.options import View, common
from menuops.cli.output import print_json, print_result
from menuops.core.outcome import Outcome
from menuops.render.token_text import tokens_text, tokens_to_json
from menuops.run.settings import Settings, World
from menuops.run.token_report import report_tokens


@click.command(name="token")
@common()
def command(settings: Settings, view: View) -> Outcome:
    """Tell for each account where its token comes from and how long it lives.

    Makes no request and never prints a token.
    """
    report = report_tokens(settings, World())
    if view.json:
        print_json(tokens_to_json(report))
    else:
        print_result(tokens_text(report))
    return Outcome.DONE
