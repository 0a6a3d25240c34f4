"""`menuops token`."""

from __future__ import annotations

import click

from menuops.cli.options import View, common
from menuops.cli.output import print_json, print_result
from menuops.core.errors import Usage
from menuops.core.outcome import Outcome
from menuops.render.token_text import tokens_text, tokens_to_json
from menuops.run.settings import Settings, World
from menuops.run.token_report import outcome_of, renew_tokens, report_tokens, reveal_token


@click.command(name="token")
@click.option("--renew", is_flag=True, help="Ask for a token now, whatever is kept.")
@click.option("--reveal", is_flag=True, help="Print the token of one account, and nothing else.")
@common()
def command(settings: Settings, view: View, renew: bool, reveal: bool) -> Outcome:
    """Tell for each account where its token comes from and how long it lives.

    Makes no request and never prints a token, unless told to. --renew forces nothing: a stable
    token comes back as it was until its last five minutes. A classic one is new each time and
    voids the one before, so its account has to be named with -a.

    \b
    menuops token
    menuops token --renew -a shop
    menuops token --reveal -a shop
    """
    if reveal:
        if view.json:
            raise Usage("--reveal prints the token alone", fix="leave --format json out")
        print_result(f"{reveal_token(settings, World(), renew=renew).reveal()}\n")
        return Outcome.DONE
    report = (renew_tokens if renew else report_tokens)(settings, World())
    outcome = outcome_of(report)
    if view.json:
        print_json(tokens_to_json(report, outcome))
    else:
        print_result(tokens_text(report))
    return outcome
