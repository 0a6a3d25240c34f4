"""Tells others how a command ended, whatever the end is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


@dataclass
class Ending:
    """Holds what a command ended with, once it did."""

    value: Plan | Applied | Drift | None = None


def telling(occasion: Occasion) -> Callable[[F], F]:
    """Tell those whom `notify` of the project file names how the command ended.

    The command gets an `ending` to fill in. What was typed wrong, or not approved, isn't told.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def call(settings: Settings, **values: Any) -> Any:
            ending = Ending()
            try:
                outcome = function(settings=settings, ending=ending, **values)
            except (Usage, NotApproved, Interrupted):
                raise
            except MenuopsError as error:
                _tell(settings, occasion, error)
                raise
            if ending.value is not None:
                _tell(settings, occasion, ending.value)
            return outcome

        return call  # type: ignore[return-value]

    return decorate


def _tell(
    settings: Settings, occasion: Occasion, ended: Plan | Applied | Drift | MenuopsError
) -> None:
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
