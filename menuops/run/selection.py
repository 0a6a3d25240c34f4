"""Which project, and which of its accounts, a command is about."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from menuops.core.errors import Usage
from menuops.files.project.project import Project, find_project, load_project, lone_account
from menuops.run.settings import Settings, World

if TYPE_CHECKING:
    from menuops.core.account import Account


def open_project(settings: Settings, world: World) -> Project:
    """Read the project file, or make a project of the one account that the environment gives.

    Raises InvalidFiles, and Usage where there is neither.
    """
    api_url = api_url_of(settings, world)
    path = settings.config or find_project(settings.directory)
    appid = world.environ.get("MENUOPS_APPID")
    if path is not None and (settings.menu is None or settings.config is not None):
        return load_project(path, shown_path(path, settings.directory), api_url)
    if appid and settings.menu is not None:
        return lone_account(appid, settings.menu, api_url)
    if settings.menu is not None:
        raise Usage(
            "--menu needs an account: MENUOPS_APPID isn't set",
            fix="set MENUOPS_APPID and MENUOPS_SECRET, or name the menu in menuops.yaml",
        )
    raise Usage(
        f"there is no menuops.yaml in {real_path(settings.directory)}",
        fix="go to the directory that has one, name it with -C or --config, make a new project: "
        "menuops init; or give one account by MENUOPS_APPID, MENUOPS_SECRET and --menu FILE",
    )


def api_url_of(settings: Settings, world: World) -> str | None:
    """Give the host that takes the place of every account's, if one is given."""
    return settings.api_url or world.environ.get("MENUOPS_API_URL") or None


def all_or_named(project: Project, patterns: Sequence[str]) -> tuple[Account, ...]:
    """Choose accounts for what is harmless to the protected ones: all, or those of `patterns`."""
    return select(project, patterns) if patterns else project.accounts


def shown_path(path: Path, directory: Path) -> str:
    """Write a path as messages show it: relative to the directory where it lies below."""
    try:
        return str(real_path(path).relative_to(real_path(directory)))
    except ValueError:
        return str(path)


def real_path(path: Path) -> Path:
    """Follow links as far as they lead; a path that can't be one stays as it is."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, a NUL
        return path


def select(project: Project, patterns: Sequence[str]) -> tuple[Account, ...]:
    """Choose accounts by name or wildcard, in the file's order; without any, the unprotected.

    A protected account is chosen by its full name only, a paused one not at all. Raises Usage
    where a pattern chooses nothing.
    """
    paused = {account.name for account in project.accounts if account.mode == "paused"}
    if not patterns:
        chosen = tuple(
            account
            for account in project.accounts
            if not account.protected and account.name not in paused
        )
        if not chosen:
            message = f"all accounts of {project.file} are protected"
            if paused:
                message = f"all accounts of {project.file} are protected or paused"
            raise Usage(message, fix="name one with -a")
        return chosen
    for name in paused.intersection(patterns):
        raise Usage(
            f"{name} is paused (`mode: paused` in {project.file})",
            fix="set its mode to manage, or to watch",
        )
    names = [account.name for account in project.accounts]
    for pattern in patterns:
        if not any(_chooses(pattern, account) for account in project.accounts):
            raise Usage(f"no account {pattern!r} in {project.file}", fix=_nearest(pattern, names))
    return tuple(
        account
        for account in project.accounts
        if account.name not in paused and any(_chooses(pattern, account) for pattern in patterns)
    )


def _chooses(pattern: str, account: Account) -> bool:
    return pattern == account.name or (not account.protected and fnmatchcase(account.name, pattern))


def _nearest(pattern: str, names: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(pattern, names, n=3)
    if near:
        return f"did you mean {', '.join(near)}?"
    return f"it has: {', '.join(names[:10])}{' …' if len(names) > 10 else ''}"
