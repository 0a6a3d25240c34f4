"""Puts each client into an environment of its own: wechatpy's two versions exclude one another.

What a driver needs stands in it (Python: inline script metadata) or in node/package.json. Kept in
pytest's cache, so that a machine installs once; a change of what is needed installs anew.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock

DRIVERS: Final = Path(__file__).parent / "drivers"
NODE: Final = Path(__file__).parent / "node"
_METADATA: Final = re.compile(r"^# /// script\n((?:# .*\n)+)# ///$", re.MULTILINE)
_INSTALL_S: Final = 180


class NotInstalled(Exception):
    """A client can't be had here: without network, say."""


@dataclass(frozen=True)
class Driver:
    """A program that drives one client: `title` is "name version"."""

    path: Path

    @property
    def in_node(self) -> bool:
        return self.path.suffix == ".cjs"

    @property
    def needs(self) -> list[str]:
        """What pip or npm installs for it, pinned; the client itself first."""
        if self.in_node:
            name = self.path.stem
            return [
                f"{name}=={json.loads((NODE / 'package.json').read_text())['dependencies'][name]}"
            ]
        found = _METADATA.search(self.path.read_text(encoding="utf-8"))
        assert found is not None, f"{self.path.name} doesn't say what it needs"
        metadata = tomllib.loads(re.sub(r"^# ?", "", found[1], flags=re.MULTILINE))
        needs: list[str] = metadata["dependencies"]
        return needs

    @property
    def title(self) -> str:
        name, _, version = self.needs[0].partition("==")
        return f"{name.partition('[')[0]} {version}"


def drivers() -> list[Driver]:
    """Give all drivers, Python's first: those of drivers/ that name a client."""
    python = [path for path in DRIVERS.glob("*.py") if _METADATA.search(path.read_text("utf-8"))]
    node = [path for path in DRIVERS.glob("*.cjs") if path.stem != "protocol"]
    return [Driver(path) for path in (*sorted(python), *sorted(node))]


def install_python(driver: Driver, cache: Path) -> list[str]:
    """Make an environment with a driver's client, and give the command that runs the driver."""
    folder = cache / driver.path.stem
    python = folder / "bin" / "python"

    def make() -> None:
        _run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(folder)], cache)
        quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-compile"]
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", *quiet]
        _run([*pip, *driver.needs], cache)

    _once(folder, "\n".join([sys.version, *driver.needs]), make)
    return [str(python), "-W", "ignore", str(driver.path)]


def install_node(cache: Path) -> Path:
    """Install what node/ names, and give its node_modules."""
    folder = cache / "node"
    files = [NODE / name for name in ("package.json", "package-lock.json")]

    def make() -> None:
        folder.mkdir(exist_ok=True)
        for file in files:
            shutil.copy(file, folder)
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    _once(folder, "".join(file.read_text(encoding="utf-8") for file in files), make)
    return folder / "node_modules"


def _once(folder: Path, wanted: str, make: Callable[[], None]) -> None:
    """Make a folder unless what is wanted is there, whoever else wants it at the same time."""
    done = folder.with_name(f"{folder.name}.installed")  # written last
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if done.is_file() and done.read_text(encoding="utf-8") == wanted:
            return
        done.unlink(missing_ok=True)
        make()
        done.write_text(wanted, encoding="utf-8")


def _run(command: Sequence[str], cwd: Path) -> None:
    try:
        subprocess.run(command, cwd=cwd, capture_output=True, timeout=_INSTALL_S, check=True)
    except (OSError, subprocess.SubprocessError) as why:
        said = (getattr(why, "stderr", None) or b"").decode("utf-8", "replace")
        raise NotInstalled(f"{why}: {' '.join(said.split())[:300]}") from None
