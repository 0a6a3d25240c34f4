"""What the menu files come to at a moment, account by account; no request is made."""

from __future__ import annotations

from menuops.core.finding import Finding
from menuops.core.rendered import Rendered, texts_in, wanted_to_json
from menuops.files.menu.origins import AccountOrigins, value_origins
from menuops.files.project.project import Project, project_tree
from menuops.files.reader.node import Node
from menuops.run.selection import open_project
from menuops.run.settings import Settings, World
from menuops.run.wanted import WantedAccount, findings_of, wanted_of_selected


def render(
    settings: Settings, world: World, *, origins: bool
) -> tuple[tuple[Rendered, ...], tuple[Finding, ...]]:
    """Render the selected accounts, with or without origins; the warnings of their files beside.

    Raises InvalidFiles, Usage.
    """
    project = open_project(settings, world)
    wanted = wanted_of_selected(project, settings, world)
    if origins:
        tree = project_tree(project)
        rendered = tuple(_with_origins(each, project, tree, settings) for each in wanted)
    else:
        rendered = tuple(
            Rendered(each.account, each.file, wanted_to_json(each.menu)) for each in wanted
        )
    return rendered, tuple(sorted({*project.findings, *findings_of(wanted)}))


def _with_origins(
    wanted: WantedAccount, project: Project, tree: Node | None, settings: Settings
) -> Rendered:
    menus = wanted_to_json(wanted.menu)
    root = wanted.loaded.tree()
    assert root is not None
    given = AccountOrigins(
        root, wanted.file, tree, project.file, wanted.account.name, settings.variables
    )
    values = texts_in(menus)
    origins = value_origins(values, root, wanted.file, given.of, given.miniprogram_as())
    return Rendered(wanted.account, wanted.file, menus, origins)
