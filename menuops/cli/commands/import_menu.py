"""`menuops import`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from menuops.cli.options import View, common
from menuops.cli.output import print_json, print_note, print_result, wants_colour
from menuops.core.document import FORMAT_VERSION
from menuops.core.errors import CannotStart, Usage
from menuops.core.outcome import Outcome
from menuops.render.findings_text import findings_lines, findings_to_json
from menuops.run.importing import import_menu
from menuops.run.settings import Settings, World


@click.command(name="import")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the file here, in place of stdout.",
    metavar="FILE",
)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@common()
def command(settings: Settings, view: View, out: Path | None, *, overwrite: bool) -> Outcome:
    """Turn the live menu of one account into a menu file, whose plan is empty.

    What the API can't make again stands in the file all the same and is a finding.

    \b
    menuops import -a shop --out menus/shop.yaml
    """
    path = None if out is None else settings.directory / out
    if path is not None and os.path.lexists(path) and not overwrite:
        raise Usage(f"{out} is there already", fix="name another file, or add --overwrite")
    imported = import_menu(settings, World(), str(out or "<stdout>"))
    if path is not None:
        _write(path, imported.text)
    if view.json:
        print_json(
            {
                "format_version": FORMAT_VERSION,
                "account": imported.account,
                "outcome": "done" if imported.outcome is Outcome.DONE else "invalid",
                "menu": imported.text,
                "findings": findings_to_json(imported.findings),
            }
        )
    elif path is None:
        print_result(imported.text)
    for line in findings_lines(imported.findings, colour=wants_colour(view.colour, sys.stderr)):
        print_note(line)
    if path is not None and not view.json:
        print_result(f"Wrote {out}\n")
    return imported.outcome


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
    except OSError as cause:
        raise CannotStart(
            f"can't write {path}: {cause.strerror}", fix="name another file with --out"
        ) from None
