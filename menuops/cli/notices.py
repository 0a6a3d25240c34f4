"""Tells others how a command ended, and keeps it in files, whatever the end is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from menuops.cli.options import F
from menuops.cli.output import print_note
from menuops.core.errors import Interrupted, MenuopsError, NotApproved, Usage
from menuops.core.notice import Occasion
from menuops.files.project.project import find_project, notices_of
from menuops.render.terminal import safe
from menuops.run.settings import Settings, World

if TYPE_CHECKING:
    from menuops.core.applied import Applied
    from menuops.core.drift import Drift
    from menuops.core.plan import Plan
    from menuops.run.ended import Ended
    from menuops.run.validating import Validation

Command: TypeAlias = Occasion | Literal["restore", "validate"]


@dataclass
class Ending:
    """Holds what a command ended with, once it did."""

    value: Plan | Applied | Drift | Validation | None = None


def telling(command: Command) -> Callable[[F], F]:
    """Tell those whom `notify` of the project file names how the command ended; add --result.

    The command gets an `ending` to fill in. What was typed wrong, or not approved, isn't told, and
    neither are commands that `notify` doesn't know.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def call(settings: Settings, result: Path | None, **values: Any) -> Any:
            ending = Ending()
            try:
                outcome = function(settings=settings, ending=ending, **values)
            except MenuopsError as error:
                _keep(settings, result, command, error)
                if not isinstance(error, Usage | NotApproved | Interrupted):
                    _tell(settings, command, error)
                raise
            if ending.value is not None:
                _keep(settings, result, command, ending.value)
                _tell(settings, command, ending.value)
            return outcome

        option = click.option(
            "--result",
            type=click.Path(path_type=Path, file_okay=False),
            help="Keep the result in this directory, too: result.json, result.md for people, and "
            "annotations for GitHub.",
            metavar="DIR",
        )
        return option(call)  # type: ignore[return-value]

    return decorate


def _keep(settings: Settings, directory: Path | None, command: str, ended: Ended) -> None:
    if directory is None:
        return
    try:
        from menuops.run.result_files import write_result

        write_result(settings, World(), directory, command, ended)
    except (OSError, ValueError) as cause:  # what was done is done, and stdout has it
        print_note(safe(f"menuops: {directory}: the result can't be kept there: {cause}"))


def _tell(settings: Settings, occasion: Command, ended: Ended) -> None:
    if occasion == "restore" or occasion == "validate":  # mypy reads it so
        return
    path = settings.config
    if path is None and settings.menu is None:  # an account of its own is in no project
        path = find_project(settings.directory)
    notices = () if path is None else notices_of(path)
    wanted = [notice for notice in notices if occasion in notice.on]
    if not wanted:
        return
    try:
        from menuops.run.notifying import notify

        for line in notify(wanted, World(), occasion, ended):
            print_note(safe(f"menuops: {line}"))
    except Exception as cause:  # a mistake of ours here may not pass for one of the run
        print_note(f"menuops: not told: {type(cause).__name__}. The result stands")
