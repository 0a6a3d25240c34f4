"""`menuops validate`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from menuops.cli.notices import Ending, telling
from menuops.cli.options import View, common
from menuops.cli.output import print_json, print_result, wants_colour
from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.outcome import Outcome
from menuops.render.findings_text import findings_text, validation_to_json
from menuops.run.settings import Settings, World
from menuops.run.validating import Validation, validate


@click.command(name="validate")
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[FILE]..."
)
@common("github", "gitlab", "sarif")
@telling("validate")
def command(settings: Settings, view: View, ending: Ending, files: tuple[Path, ...]) -> Outcome:
    """Check menu files; offline, all findings at once.

    Without FILE, or with the project file as one: that file and the menus of all its accounts.
    A menu is checked once for each account that uses it, with that account's variables.

    For CI, with files seen from the root of the repository: --format github prints annotations,
    gitlab a code quality report, sarif a log for code scanning.

    \b
    menuops validate
    menuops validate menus/shop.yaml
    menuops validate --format gitlab > gl-code-quality-report.json
    """
    if view.format not in ("text", "json"):
        return _for_ci(settings, view.format, ending, files)
    result = ending.value = validate(settings, World(), files)
    if view.json:
        print_json(validation_to_json(result.findings))
    else:
        colour = wants_colour(view.colour, sys.stdout)
        print_result(findings_text(result.findings, result.files, colour=colour))
    return result.outcome


def _for_ci(settings: Settings, form: str, ending: Ending, files: Sequence[Path]) -> Outcome:
    from menuops.run.repository import absolute, seen_from_root

    settings, world = absolute(settings), World()
    try:
        found = ending.value = validate(settings, world, files)
        result = replace(found, findings=seen_from_root(found.findings, settings, world))
    except MenuopsError as error:
        # A report is uploaded also when the job failed, and has to be one; stderr says why.
        with contextlib.suppress(CannotStart):
            _print_failure(form, error)
        raise
    _print_report(form, result)
    return result.outcome


def _print_report(form: str, result: Validation) -> None:
    match form:
        case "github":
            from menuops.render.findings_github import github_text

            print_result(github_text(result.findings, result.files))
        case "gitlab":
            from menuops.render.findings_gitlab import findings_to_gitlab

            print_json(findings_to_gitlab(result.findings))
        case _:
            from menuops.render.findings_sarif import findings_to_sarif

            print_json(findings_to_sarif(result.findings, result.outcome))


def _print_failure(form: str, error: MenuopsError) -> None:
    match form:
        case "github":
            from menuops.render.findings_github import github_failure

            print_result(github_failure(error))
        case "gitlab":
            print_json([])
        case _:
            from menuops.render.findings_sarif import failure_to_sarif

            print_json(failure_to_sarif(error))
