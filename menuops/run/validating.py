"""Checking files offline: the project, and each menu once for each account that uses it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding, errors_of
from menuops.core.outcome import Outcome
from menuops.files.menu.menu_file import NOBODY, read_menu
from menuops.files.project.project import find_project, load_project, menus_named
from menuops.run.selection import all_or_named, api_url_of, open_project, real_path, shown_path
from menuops.run.settings import Settings, World

if TYPE_CHECKING:
    from menuops.core.account import Account
    from menuops.run.wanted import WantedAccount


@dataclass(frozen=True, slots=True)
class Validation:
    """All findings, by file and place, and the number of files that were read."""

    findings: tuple[Finding, ...]
    files: int

    @property
    def outcome(self) -> Outcome:
        """Whether all files are valid."""
        return Outcome.INVALID if errors_of(self.findings) else Outcome.VALID


def validate(settings: Settings, world: World, files: Sequence[Path]) -> Validation:
    """Check the project file and its menus, whenever they are in force, or only `files`.

    To name the project file is to name its menus too. Raises Usage.
    """
    if files:
        return _validate_files(settings, world, files)
    try:
        project = open_project(settings, world)
    except InvalidFiles as invalid:
        return _beside(invalid, settings)
    accounts = all_or_named(project, settings.accounts)
    wanted = _wanted(settings, accounts)
    read = {project.file, *(each.file for each in wanted)}
    return Validation(tuple(sorted({*project.findings, *_findings_of(wanted)})), len(read))


def _beside(invalid: InvalidFiles, settings: Settings) -> Validation:
    """Check the menus that a project file with errors names, as far as no account is needed."""
    project_file = settings.config or find_project(settings.directory)
    paths = () if project_file is None else menus_named(project_file)
    findings = set(invalid.findings)
    for path in paths:
        findings.update(read_menu(path, shown_path(path, settings.directory)).findings)
    return Validation(tuple(sorted(findings)), 1 + len(paths))


def _wanted(
    settings: Settings, accounts: Iterable[Account], only: Container[Path] | None = None
) -> list[WantedAccount]:
    """Read what the menu files of accounts want, or the files of `only`."""
    from menuops.run.wanted import MenuFiles  # 15 ms, with all that accounts are made of

    menus = MenuFiles(settings.variables, settings.directory)
    return [
        menus.wanted(account, window)
        for account in accounts
        for window in account.menus
        if only is None or real_path(Path(window.menu)) in only
    ]


def _findings_of(wanted: Sequence[WantedAccount]) -> tuple[Finding, ...]:
    from menuops.run.wanted import findings_of

    return findings_of(wanted)


def _validate_files(settings: Settings, world: World, files: Sequence[Path]) -> Validation:
    paths = tuple(dict.fromkeys(real_path(settings.directory / file) for file in files))
    findings: set[Finding] = set()
    accounts: tuple[Account, ...] = ()
    whole = False
    project_file = settings.config or find_project(settings.directory)
    if project_file is not None:
        try:
            shown = shown_path(project_file, settings.directory)
            project = load_project(project_file, shown, api_url_of(settings, world))
        except InvalidFiles as invalid:
            findings.update(invalid.findings)
        else:
            accounts = all_or_named(project, settings.accounts)
            # What the project file says, its variables above all, can make a menu invalid.
            whole = real_path(project_file) in paths
            findings.update(project.findings if whole else ())
    if accounts:
        findings.update(_findings_of(_wanted(settings, accounts, None if whole else paths)))
    used = {real_path(Path(window.menu)) for account in accounts for window in account.menus}
    for path in paths:
        if path not in used and (project_file is None or path != real_path(project_file)):
            source = read_menu(path, shown_path(path, settings.directory))
            findings.update(source.for_account(settings.variables, *NOBODY).findings)
    return Validation(tuple(sorted(findings)), len({*paths, *used} if whole else paths))
