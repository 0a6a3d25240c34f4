"""`menuops who`."""

from __future__ import annotations

import sys

import click

from menuops.cli.options import View, at_moment, common
from menuops.cli.output import print_beside, print_json, print_note, print_result, wants_colour
from menuops.core.asked import Asked
from menuops.core.errors import Usage
from menuops.core.model import PLATFORMS
from menuops.core.outcome import Outcome
from menuops.render.findings_text import findings_lines
from menuops.render.terminal import safe
from menuops.render.who_text import outlooks_text, outlooks_to_json, trial_document, trial_text
from menuops.run.settings import Settings, World
from menuops.run.who import who_offline, who_online


@click.command(name="who")
@click.option(
    "--tag",
    "tags",
    multiple=True,
    help="Followers with this tag; of several, in the order in which they were put on, the last "
    "counts.",
    metavar="NAME|ID",
)
@click.option(
    "--platform", type=click.Choice(list(PLATFORMS.values())), help="Followers on this platform."
)
@click.option(
    "--user",
    help="Ask WeChat what this follower of one account gets; an openid.",
    metavar="OPENID",
)
@at_moment
@common()
def command(
    settings: Settings, view: View, tags: tuple[str, ...], platform: str | None, user: str | None
) -> Outcome:
    """Say which menu followers get and which rule decides; offline, from the menu files.

    Without --tag and --platform all kinds of followers are listed. With --user WeChat is asked,
    and the rules, live and in the file, are held against its answer.

    \b
    menuops who -a shop
    menuops who -a shop --tag VIP --platform ios
    menuops who -a shop --user OPENID
    """
    if "" in tags or user == "":
        raise Usage("a tag and a user have names", fix="leave out what isn't known")
    asked = Asked.typed(tags, platform)
    colour = wants_colour(view.colour, sys.stdout)
    if user is None:
        outlooks, warnings = who_offline(settings, World(), asked)
        document = outlooks_to_json(outlooks) if view.json else {}
        text = "" if view.json else outlooks_text(outlooks, colour=colour)
    else:
        trial, warnings = who_online(settings, World(), user, asked)
        document = trial_document(trial) if view.json else {}
        text = "" if view.json else trial_text(trial, colour=colour)
    for line in findings_lines(warnings, colour=wants_colour(view.colour, sys.stderr)):
        print_beside(f"{line}\n")
    if len(tags) > 1:
        print_note(safe(f"Of several tags the one put on last counts: {tags[-1]}."))
    if view.json:
        print_json(document)
    else:
        print_result(text)
    return Outcome.DONE
