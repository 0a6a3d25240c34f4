"""What is known of an account's past: what was applied last, and the files at a commit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from menuops.core.account import Account
from menuops.core.basis import Past
from menuops.core.errors import InvalidFiles, Usage
from menuops.core.finding import errors_of
from menuops.core.model import Menus
from menuops.core.schedule import in_force
from menuops.files.git import Revision, resolve
from menuops.files.project.project import Project, load_project, menus_named
from menuops.render.short_commit import short_commit
from menuops.run.selection import api_url_of, real_path
from menuops.run.settings import Settings, World
from menuops.run.tags import Tags, wanted_menus
from menuops.run.wanted import MenuFiles, WantedAccount
from menuops.state.last_applied import LastApplied


@dataclass(frozen=True, slots=True)
class BaseFiles:
    """What the files of a commit want, by (api, appid), or why that can't be told.

    `untold` is the reason for the accounts that don't stand there.
    """

    commit: str
    wanted: Mapping[tuple[str, str], WantedAccount | str]
    untold: str = "the project file doesn't have the account"

    def of(self, account: Account) -> WantedAccount | str:
        """Give what they want of one account, or why that can't be told."""
        return self.wanted.get((account.api, account.appid), self.untold)


@dataclass(frozen=True, slots=True)
class PastOfAccounts:
    """Where to look up what is known of the past of accounts."""

    applied: LastApplied | None = None
    base: BaseFiles | None = None

    def applied_to(self, account: Account) -> Past | None:
        """Give what menuops applied last; None where that isn't known."""
        return None if self.applied is None else self.applied.read(account.api, account.appid)

    def names_tags(self, account: Account) -> bool:
        """Tell whether the files of the commit name tags, which have to be looked up."""
        wanted = None if self.base is None else self.base.of(account)
        return isinstance(wanted, WantedAccount) and any(
            menu.tag is not None for menu in wanted.menu.conditionalmenu
        )

    def at_base(self, account: Account, tags: Tags) -> tuple[Past | None, str | None]:
        """Give what the files of the commit want, or why that can't be told; or neither."""
        if self.base is None:
            return None, None
        wanted = self.base.of(account)
        menus = wanted if isinstance(wanted, str) else wanted_menus(wanted, tags)
        if isinstance(menus, Menus):
            return Past("commit", self.base.commit, menus), None
        why = menus if isinstance(menus, str) else menus[0].message
        return None, f"nothing is known of the files at {short_commit(self.base.commit)}: {why}"


def read_base(project: Project, settings: Settings, world: World, revision: str) -> BaseFiles:
    """Read what the files of a commit want. Raises Usage where there is no such commit.

    Files that have errors, or weren't there yet, tell nothing.
    """
    root = real_path(project.root if project.path is not None else settings.directory)
    at = resolve(root, revision)
    if at is None:
        raise Usage(
            f"--base {revision!r} is no commit of the repository that {project.file} is in",
            fix="name a commit or a branch that was fetched: git fetch, then --base origin/main",
        )
    with TemporaryDirectory(prefix="menuops-") as scratch:
        there = real_path(Path(scratch))
        moment_s = world.clock() if settings.at_s is None else settings.at_s
        menus = MenuFiles(settings.variables, there)
        wanted: dict[tuple[str, str], WantedAccount | str] = {}
        accounts = _accounts_at(project, settings, world, at, there)
        if isinstance(accounts, str):
            return BaseFiles(at.commit, {}, accounts)
        for account in accounts:
            window = in_force(account.menus, moment_s)
            wanted[account.api, account.appid] = (
                "no menu of the account was in force"
                if window is None
                else _wanted_or_why(menus.wanted(replace(account, click_keys=None), window))
            )
        return BaseFiles(at.commit, wanted)


def _wanted_or_why(wanted: WantedAccount) -> WantedAccount | str:
    if wanted.loaded.menu is not None:
        return wanted
    finding = errors_of(wanted.loaded.findings)[0]
    return f"{wanted.file} has errors, or isn't there: {finding.message}"


def _accounts_at(
    project: Project, settings: Settings, world: World, at: Revision, there: Path
) -> tuple[Account, ...] | str:
    """Lay the files of a commit out in a folder; gives the accounts that they make, or why not."""
    if project.path is None:
        files = [real_path(Path(w.menu)) for account in project.accounts for w in account.menus]
        at.lay_out(files, there)
        return tuple(_moved(account, at.top, there) for account in project.accounts)
    path = real_path(project.path)
    at.lay_out([path], there)
    laid = _inside(path, at.top, there)
    if not laid.exists():
        return f"{project.file} isn't there"
    at.lay_out([_inside(each, there, at.top) for each in menus_named(laid)], there)
    try:
        return load_project(laid, project.file, api_url_of(settings, world)).accounts
    except InvalidFiles as error:
        return f"{project.file} has errors: {error.findings[0].message}"


def _moved(account: Account, top: Path, there: Path) -> Account:
    windows = (
        replace(window, menu=_inside(real_path(Path(window.menu)), top, there))
        for window in account.menus
    )
    return replace(account, menus=tuple(windows))


def _inside(path: Path, of: Path, folder: Path) -> Path:
    """Give the place in `folder` of what stands in `of`; a path elsewhere stays as it is."""
    name = os.path.relpath(path, of)
    return path if Path(name).parts[0] == os.pardir else folder / name
