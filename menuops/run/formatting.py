"""Formatting the project file and its menus, or files of one's choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from menuops.core.account import Account
from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding
from menuops.core.formatted import STDIN, FormattedFile, Formatting
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.formatting.replacing import Unwritten, replace_content
from menuops.files.menu.menu_file import MENU_BYTES
from menuops.files.project.project import PROJECT_BYTES, PROJECT_FILE, find_project
from menuops.run.selection import all_or_named, open_project, real_path, shown_path
from menuops.run.settings import Settings, World


def format_files(
    settings: Settings, world: World, files: Sequence[Path], *, write: bool, check: bool = False
) -> Formatting:
    """Format the project file and the menus of all its accounts, or only `files`.

    Without `write` no file is changed. Raises Usage.
    """
    more: tuple[Finding, ...] = ()
    if files:
        paths = [settings.directory / file for file in files]
    else:
        paths, more = _project_files(settings, world)
    done = tuple(_format(path, settings, write=write) for path in _each_once(paths))
    findings = {*more, *(finding for each in done for finding in each.findings)}
    return Formatting(done, tuple(sorted(findings)), check)


def format_stream(raw: bytes, *, check: bool = False) -> Formatting:
    """Format what an editor sends: JSON stays JSON, since the file's name isn't known."""
    from menuops.files.formatting.style import in_style  # PyYAML: 40 ms

    styled = in_style(raw, STDIN, PROJECT_BYTES, "either")
    done = _judged(STDIN, raw, styled.content, styled.findings)
    return Formatting((done,), done.findings, check)


def _project_files(settings: Settings, world: World) -> tuple[list[Path], tuple[Finding, ...]]:
    """List the project file and its menus; with a project that has errors, it alone."""
    own = settings.config
    if own is None and settings.menu is None:
        own = find_project(settings.directory)
    found = [] if own is None else [own]
    try:
        project = open_project(settings, world)
    except InvalidFiles as invalid:
        return found, invalid.findings
    accounts = all_or_named(project, settings.accounts)
    return [*found, *(path for account in accounts for path in _menus(account))], ()


def _menus(account: Account) -> Iterator[Path]:
    return (Path(window.menu) for window in account.menus)


def _each_once(paths: Iterable[Path]) -> list[Path]:
    return list({real_path(path): path for path in reversed(list(paths))}.values())[::-1]


def _format(path: Path, settings: Settings, *, write: bool) -> FormattedFile:
    from menuops.files.formatting.style import in_style

    shown = shown_path(path, settings.directory)
    most = PROJECT_BYTES if _is_project(path, settings) else MENU_BYTES
    try:
        raw = read_bytes(path, most)
    except Unreadable as cause:
        return _left(shown, "unreadable", str(cause))
    styled = in_style(raw, shown, most, "json" if path.suffix.lower() == ".json" else "yaml")
    judged = _judged(shown, raw, styled.content, styled.findings)
    if judged.status != "would_change" or not write:
        return judged
    try:
        replace_content(path, raw, judged.after)
    except Unwritten as cause:
        return _left(shown, "unwritable", str(cause))
    return FormattedFile(shown, "formatted", raw, judged.after)


def _is_project(path: Path, settings: Settings) -> bool:
    if settings.config is not None and real_path(path) == real_path(settings.config):
        return True
    return path.name == PROJECT_FILE


def _judged(
    shown: str, before: bytes, after: bytes | None, findings: tuple[Finding, ...]
) -> FormattedFile:
    if after is None:
        return FormattedFile(shown, "left_alone", before, before, findings)
    return FormattedFile(shown, "unchanged" if after == before else "would_change", before, after)


def _left(shown: str, rule: str, why: str) -> FormattedFile:
    finding = Finding(shown, 1, 1, rule, "error", why)
    return FormattedFile(shown, "left_alone", findings=(finding,))
