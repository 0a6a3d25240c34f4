"""An editor without a window: documents that a real language server judges and completes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from .documents import Editor
from .lsp import language_server

HERE: Final = Path(__file__).parent
SCHEMAS: Final = HERE.parents[1] / "schemas"
_INSTALL_S: Final = 180


@pytest.fixture(scope="session")
def node_modules(pytestconfig: pytest.Config, requires: Callable[[str], None]) -> Path:
    """Install what tests/editors/node names, once for all runs: pytest keeps it in its cache."""
    requires("node")
    requires("npm")
    lock = (HERE / "node" / "package-lock.json").read_bytes()
    folder = pytestconfig.cache.mkdir("editors")
    installed = folder / "installed"  # written last: what is there without it is half of it
    if not installed.is_file() or installed.read_bytes() != lock:
        installed.unlink(missing_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "node" / name, folder)
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        command = ["npm", "ci", *flags]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, timeout=_INSTALL_S, check=True)
        except subprocess.SubprocessError as why:  # no network, say
            said = getattr(why, "stderr", None) or b""
            pytest.skip(f"npm can't install the language server: {why}: {said[-300:]!r}")
        installed.write_bytes(lock)
    return folder / "node_modules"


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
