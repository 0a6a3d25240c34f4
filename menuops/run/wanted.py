"""What the menu files want of the selected accounts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from menuops.core.account import EMULATOR, Account
from menuops.core.adapting import adapted
from menuops.core.commands import typed
from menuops.core.errors import InvalidFiles
from menuops.core.finding import IDLE_IGNORE, Finding, Place, errors_of
from menuops.core.model import Wanted
from menuops.core.moments import utc
from menuops.core.schedule import NextSwitch, Window, in_force, next_switch
from menuops.files.menu.menu_file import LoadedMenu, MenuSource, read_menu
from menuops.files.project.click_keys import ClickKeys, read_click_keys
from menuops.files.project.project import Project
from menuops.run.selection import select, shown_path
from menuops.run.settings import Settings, World


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account with a menu file of it, which may have errors; `file` is the file's name.

    `next_switch` is when another file of the account takes over.
    """

    account: Account
    file: str
    loaded: LoadedMenu
    next_switch: NextSwitch | None = None

    @property
    def is_unread(self) -> bool:
        """Whether there is no such file, or none that may be read."""
        return any(finding.rule == "unreadable" for finding in self.loaded.findings)

    @property
    def menu(self) -> Wanted:
        """The menu of a file without errors."""
        assert self.loaded.menu is not None
        return self.loaded.menu


class MenuFiles:
    """Reads each menu file once, and fills it in for each account that uses it.

    `variables` are those of the command line; `directory` is where names in messages go from.
    """

    def __init__(self, variables: Mapping[str, str], directory: Path) -> None:
        self._variables = variables
        self._directory = directory
        self._sources: dict[Path, tuple[str, MenuSource]] = {}
        self._keys: dict[Path, ClickKeys] = {}

    def shown(self, window: Window) -> str:
        """Name the file of a window, as messages do."""
        return shown_path(Path(window.menu), self._directory)

    def wanted(self, account: Account, window: Window) -> WantedAccount:
        """Read what one file wants of an account; errors are among its findings."""
        path = Path(window.menu)
        if path not in self._sources:
            shown = self.shown(window)
            self._sources[path] = (shown, read_menu(path, shown))
        shown, source = self._sources[path]
        loaded = source.for_account(
            {**dict(account.variables), **self._variables},
            account.name,
            account.appid,
            emulated=account.api == EMULATOR,
        )
        if loaded.menu is None and not os.path.lexists(path):
            loaded = replace(loaded, findings=_missing(loaded, account, shown))
        if loaded.menu is not None:
            menu = adapted(
                loaded.menu,
                skip_conditional=account.skip_conditional,
                miniprogram_as_view=account.miniprogram_as_view,
            )
            loaded = replace(loaded, menu=menu)
        if account.click_keys is not None:
            loaded = self._answered(account, Path(account.click_keys), shown, loaded)
        return WantedAccount(account, shown, loaded)

    def _answered(self, account: Account, path: Path, file: str, loaded: LoadedMenu) -> LoadedMenu:
        if path not in self._keys:
            self._keys[path] = read_click_keys(path, shown_path(path, self._directory))
        keys = self._keys[path]
        found = list(keys.findings)
        if loaded.menu is not None and not found:
            found = keys.unanswered(loaded, file, account.name)
        if not found:
            return loaded
        return replace(loaded, menu=None, findings=tuple(sorted({*loaded.findings, *found})))


def wanted_of_selected(
    project: Project, settings: Settings, world: World
) -> tuple[WantedAccount, ...]:
    """Read what the selected accounts want at the moment of the run, or that of its settings.

    Raises InvalidFiles with all findings, those of the project file too; Usage.
    """
    accounts = select(project, settings.accounts)
    moment_s = world.clock() if settings.at_s is None else settings.at_s
    menus = MenuFiles(settings.variables, settings.directory)
    wanted = tuple(wanted_at(accounts, moment_s, menus, project.file))
    require_valid(wanted, project.findings)
    return wanted


def wanted_at(
    accounts: Iterable[Account], moment_s: float, menus: MenuFiles, project_file: str
) -> list[WantedAccount]:
    """Read what is in force at a moment; an account for which nothing is has a finding of it.

    `project_file` is the name under which that finding stands.
    """
    wanted = []
    for account in accounts:
        window = in_force(account.menus, moment_s)
        if window is None:
            loaded = LoadedMenu(None, (_nothing_in_force(account, moment_s, project_file),))
            wanted.append(WantedAccount(account, project_file, loaded))
        else:
            switch = _next_switch(account, moment_s, menus)
            wanted.append(replace(menus.wanted(account, window), next_switch=switch))
    return wanted


def _next_switch(account: Account, moment_s: float, menus: MenuFiles) -> NextSwitch | None:
    if len(account.menus) == 1 and account.menus[0].ends_s is None:
        return None
    switch = next_switch(account.menus, moment_s)
    if switch is None:
        return None
    return NextSwitch(utc(switch.at_s), None if switch.to is None else menus.shown(switch.to))


def _nothing_in_force(account: Account, moment_s: float, file: str) -> Finding:
    place = account.place or Place(1, 1)
    message = (
        f"no menu of {account.name} is in force at {utc(moment_s)}; end its list with one that has"
        " neither `from` nor `until`, or leave the account out"
    )
    return Finding(file, place.line, place.column, "nothing-in-force", "error", message)


def import_command(account: Account, file: str) -> str:
    """Write the command that makes a menu file out of what is live."""
    return f"menuops import{typed(['-a', account.name, '--out', file])}"


def _missing(loaded: LoadedMenu, account: Account, file: str) -> tuple[Finding, ...]:
    """Say of a menu file that isn't there who wants it, and how it can be made."""
    take = import_command(account, file)
    fix = f"it is a menu of {account.name}: write it, or take what is live: {take}"
    return tuple(
        replace(finding, message=f"{finding.message}; {fix}")
        if finding.rule == "unreadable"
        else finding
        for finding in loaded.findings
    )


def findings_of(wanted: Sequence[WantedAccount]) -> tuple[Finding, ...]:
    """List the findings of all files, each once, by file and place.

    A comment that silences a warning for one account is idle for none of those with the file.
    """
    found = {finding for each in wanted for finding in each.loaded.findings}
    idle = {finding for finding in found if finding.rule == IDLE_IGNORE}
    if idle:
        for each in wanted:
            used = {finding for finding in idle if finding.file == each.file}
            found -= used.difference(each.loaded.findings)
    return tuple(sorted(found))


def require_valid(wanted: Sequence[WantedAccount], others: Iterable[Finding] = ()) -> None:
    """Raise InvalidFiles with all findings if there is an error among them."""
    findings = (*others, *findings_of(wanted))
    if errors_of(findings):
        raise InvalidFiles(findings)
