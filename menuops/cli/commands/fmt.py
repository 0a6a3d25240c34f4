"""`menuops fmt`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from menuops.cli.options import View, common
from menuops.cli.output import print_beside, print_json, print_note, print_result, wants_colour
from menuops.core.errors import Usage
from menuops.core.formatted import Formatting
from menuops.core.outcome import Outcome
from menuops.files.project.project import PROJECT_BYTES
from menuops.render.findings_text import findings_lines
from menuops.render.formatting_text import (
    changed_files,
    diff_text,
    formatting_summary,
    formatting_text,
    formatting_to_json,
)
from menuops.run.formatting import format_files, format_stream
from menuops.run.settings import Settings, World

_STREAM = Path("-")


@click.command(name="fmt")
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[FILE]..."
)
@click.option("--check", is_flag=True, help="Write nothing; list what isn't in the style (exit 3).")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@common()
def command(
    settings: Settings, view: View, files: tuple[Path, ...], *, check: bool, diff: bool
) -> Outcome:
    """Write menu files in one style; comments stay, and what a file says stays.

    Without FILE: the project file and the menus of all its accounts. `-` is standard input, and
    the result goes to standard output. A file that can't be read is left as it is. One that is
    written anew is a new file: a hard link to it keeps the old text.

    \b
    menuops fmt
    menuops fmt --check --diff
    menuops fmt - < menus/shop.yaml
    """
    stream = _STREAM in files
    if stream and len(files) > 1:
        raise Usage("`-` stands alone: standard input has no place beside files")
    if stream:
        raw = sys.stdin.buffer.read(PROJECT_BYTES + 1)
        result = format_stream(raw, check=check)
    else:
        write = not (check or diff)
        result = format_files(settings, World(), files, write=write, check=check)
    if view.json:
        print_json(formatting_to_json(result, diff=diff))
        return result.outcome
    for line in findings_lines(result.findings, colour=wants_colour(view.colour, sys.stderr)):
        print_beside(f"{line}\n")
    _print(result, view, check=check, diff=diff, stream=stream)
    return result.outcome


def _print(result: Formatting, view: View, *, check: bool, diff: bool, stream: bool) -> None:
    if diff:
        print_result(diff_text(result, colour=wants_colour(view.colour, sys.stdout)))
    elif check:
        print_result(changed_files(result))
    elif stream:
        print_result("".join(each.after.decode() for each in result.files if not each.findings))
    else:
        print_result(formatting_text(result))
    if check or diff:
        print_note(formatting_summary(result))
