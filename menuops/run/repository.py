"""Findings as a forge wants them: with files seen from the root of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from menuops.core.finding import Finding
from menuops.files.checkout import repository_root
from menuops.run.selection import real_path
from menuops.run.settings import Settings, World


def absolute(settings: Settings) -> Settings:
    """Make paths absolute, so that those of findings are, where they aren't below `directory`."""

    def of(path: Path | None) -> Path | None:
        return path and path.absolute()

    return replace(
        settings,
        directory=settings.directory.absolute(),
        config=of(settings.config),
        menu=of(settings.menu),
    )


def typed_from_root(
    findings: Iterable[Finding], settings: Settings, world: World
) -> tuple[Finding, ...]:
    """Do the same with findings that settings as they were typed led to."""
    directory = settings.directory.absolute()

    def whole(finding: Finding) -> Finding:
        # What isn't below the directory is named as it was typed, so from where this runs.
        typed = real_path(Path(finding.file).absolute())
        is_typed = not os.path.lexists(directory / finding.file) and os.path.lexists(typed)
        return replace(finding, file=str(typed)) if is_typed else finding

    return seen_from_root(map(whole, findings), absolute(settings), world)


def seen_from_root(
    findings: Iterable[Finding], settings: Settings, world: World
) -> tuple[Finding, ...]:
    """Name files from the root of the repository that `settings.directory` is in.

    `settings` are those of `absolute`, and the findings were made with them.
    """
    directory = real_path(settings.directory)
    root = repository_root(directory, world.environ)
    return tuple(
        replace(finding, file=os.path.relpath(directory / finding.file, root))
        for finding in findings
    )
