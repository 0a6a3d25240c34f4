"""`menuops init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import click

from menuops.cli.output import print_json, print_note, print_result
from menuops.core.outcome import Outcome
from menuops.files.checkout import repository_root
from menuops.files.ci_templates import CiSystem
from menuops.render.language.speech import said
from menuops.render.started_text import started_text, started_to_json
from menuops.render.terminal import safe
from menuops.run.starting import start_project


@click.command(name="init")
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "none"]),
    default="none",
    show_default=True,
    help="Also write jobs that plan, apply and look for drift.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the result on stdout.",
)
def command(directory: Path, ci: CiSystem, form: Literal["text", "json"]) -> Outcome:
    """Make a project in DIR (by default here): project file, first menu, schemas for editors.

    \b
    menuops init shop && cd shop && menuops plan
    menuops init --ci github

    A file that is there stays as it is, with two exceptions: a schema that another version wrote
    becomes this one's, and .gitignore gets the lines that it lacks. So run it after an upgrade.
    """
    started = start_project(directory, ci, said)
    if form == "json":
        print_json(started_to_json(started))
    else:
        print_result(started_text(started))
    if started.jobs is not None:
        _say_if_below(started.jobs, directory)
    return started.outcome


def _say_if_below(jobs: str, directory: Path) -> None:
    """Say of jobs that were written below the root of a repository that they count for nothing."""
    here = Path(os.path.realpath(directory))
    root = repository_root(here, {})
    if root != here:
        print_note(
            f"menuops: {jobs} counts only at the root of its repository, "
            f"{safe(str(root))}. Move it there, and name the folder of the project in it"
        )
