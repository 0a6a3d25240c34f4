"""What a preview draws: of the menu files at a moment, or of a saved plan; no request is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from menuops.core.asked import Asked
from menuops.core.errors import InvalidFiles, Usage
from menuops.core.finding import Finding
from menuops.core.patterns import is_chosen
from menuops.core.plan import AccountPlan, Plan, PlannedAccount
from menuops.core.preview import AccountPreview, preview_file, preview_plan
from menuops.files.plan_file import read_plan
from menuops.files.project.project import PROJECT_FILE
from menuops.run.selection import open_project, real_path
from menuops.run.settings import Settings, World
from menuops.run.wanted import findings_of, wanted_of_selected

_MANY = 10


def preview_files(
    settings: Settings, world: World, asked: Asked, *, every: bool
) -> tuple[tuple[AccountPreview, ...], tuple[Finding, ...]]:
    """Choose what is drawn of the selected accounts' files; their warnings beside.

    With `every` all menus of an account are drawn, else the default one. Raises InvalidFiles,
    Usage.
    """
    project = open_project(settings, world)
    wanted = wanted_of_selected(project, settings, world)
    previews = tuple(
        preview_file(each.account.name, each.account.appid, each.menu, asked, every=every)
        for each in wanted
    )
    return previews, tuple(sorted({*project.findings, *findings_of(wanted)}))


def preview_saved_plan(settings: Settings, path: Path, asked: Asked) -> tuple[AccountPreview, ...]:
    """Choose what is drawn of a saved plan, of all its accounts or those of the settings.

    Raises InvalidFiles, CannotStart, and Usage where a pattern chooses nothing.
    """
    plan = read_plan(settings.directory / path, str(path))
    return tuple(_of(account, asked) for account in _chosen(plan, settings.accounts, str(path)))


def _of(account: PlannedAccount, asked: Asked) -> AccountPreview:
    if isinstance(account, AccountPlan):
        return preview_plan(account, asked)
    ref = account.ref
    return AccountPreview(ref.name, ref.appid, unreadable=account.error.message)


def _chosen(plan: Plan, patterns: Sequence[str], shown_as: str) -> list[PlannedAccount]:
    names = [account.ref.name for account in plan.accounts]
    for pattern in patterns:
        if not any(is_chosen(name, [pattern]) for name in names):
            listed = ", ".join(names[:_MANY]) + (" …" if len(names) > _MANY else "")
            raise Usage(f"no account {pattern!r} in {shown_as}", fix=f"it has: {listed or 'none'}")
    if not patterns:
        return list(plan.accounts)
    return [account for account in plan.accounts if is_chosen(account.ref.name, patterns)]


def require_no_source(target: Path, shown_as: str, settings: Settings, world: World) -> None:
    """Raise Usage where a picture would take the place of the project file or of a menu file."""
    fix = "name a file for the picture: --out preview.html"
    if target.suffix.lower() in (".yaml", ".yml"):
        what = "the project file" if target.name == PROJECT_FILE else "a name for a menu file"
        raise Usage(f"{shown_as} is {what}, and no place for a preview", fix=fix)
    real = real_path(target)
    if settings.config is not None and real == real_path(settings.config):
        raise Usage(f"{shown_as} is the project file, and no place for a preview", fix=fix)
    try:
        project = open_project(settings, world)
    except (Usage, InvalidFiles):  # a plan can be drawn without one
        return
    menus = {real_path(Path(window.menu)) for each in project.accounts for window in each.menus}
    if real in menus:
        raise Usage(f"{shown_as} is a menu file, and no place for a preview", fix=fix)
    if project.file and real == real_path(settings.directory / project.file):
        raise Usage(f"{shown_as} is the project file, and no place for a preview", fix=fix)
