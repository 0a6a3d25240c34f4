"""An editor without a window: documents that a real language server judges and completes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests import npm

from .documents import Editor
from .lsp import language_server

HERE: Final = Path(__file__).parent
SCHEMAS: Final = HERE.parents[1] / "schemas"


@pytest.fixture(scope="session")
def node_modules(pytestconfig: pytest.Config, requires: Callable[[str], None]) -> Path:
    """Install what tests/editors/node names."""
    return npm.node_modules(HERE / "node", pytestconfig.cache.mkdir("editors"), requires)


def settings(section: str) -> Any:
    """Answer what the language server asks its editor for: our schemas, and no others."""
    if section != "yaml":
        return {}
    return {
        "validate": True,
        "hover": True,
        "completion": True,
        "schemaStore": {"enable": False, "url": ""},
        "kubernetesCRDStore": {"enable": False},
        "schemas": {
            (SCHEMAS / "menu.schema.json").as_uri(): ["/mapped/menus/*.yaml"],
            (SCHEMAS / "project.schema.json").as_uri(): ["/mapped/*/menuops.yaml"],
        },
    }


@pytest.fixture(scope="session")
def editor(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One language server for all tests; each opens documents of its own."""
    main = node_modules / "yaml-language-server" / "bin" / "yaml-language-server"
    root = tmp_path_factory.mktemp("editor")
    with language_server(["node", str(main), "--stdio"], root.as_uri(), settings) as server:
        yield Editor(server)
