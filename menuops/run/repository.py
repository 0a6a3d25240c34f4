"""Findings as a forge wants them: with files seen from the root of the repository."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from menuops.core.finding import Finding
from menuops.files.checkout import repository_root
from menuops.run.selection import real_path
from menuops.run.settings import Settings, World
from menuops.run.validating import Validation


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


def named_from_root(
    findings: Sequence[Finding], settings: Settings, world: World
) -> tuple[Finding, ...]:
    """Name the files of findings from the root of the repository, wherever it is run from."""
    directory = real_path(settings.directory.absolute())
    root = repository_root(directory, world.environ)

    def named(finding: Finding) -> Finding:
        # Messages name what isn't below the directory as it was typed.
        path = directory / finding.file
        if not os.path.lexists(path):
            path = real_path(Path(finding.file).absolute())
        return replace(finding, file=os.path.relpath(path, root))

    return tuple(map(named, findings))


def seen_from_root(validation: Validation, settings: Settings, world: World) -> Validation:
    """Name files from the root of the repository that `settings.directory` is in.

    `settings` are those of `absolute`, and the validation was made with them.
    """
    directory = real_path(settings.directory)
    root = repository_root(directory, world.environ)

    def moved(finding: Finding) -> Finding:
        return replace(finding, file=os.path.relpath(directory / finding.file, root))

    return replace(validation, findings=tuple(map(moved, validation.findings)))
