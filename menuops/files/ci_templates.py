"""Files that make a CI system plan, apply and look for drift: the ones this project runs itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from menuops import __version__

CiSystem: TypeAlias = Literal["github", "gitlab", "none"]

_HERE: Final = Path(__file__).resolve()
_FOLDERS: Final = (
    _HERE.parents[1] / "github",  # in a wheel: beside the package's code
    _HERE.parents[2] / ".github",  # in a checkout: the workflow and the actions of this project
)
_GITHUB: Final = (
    "workflows/menus.yml",
    "actions/menuops/action.yml",
    "actions/menuops/report.py",
    "actions/menuops/run.py",
    "actions/reviewed/action.yml",
    "actions/reviewed/reviewed.py",
)
_DEFAULT: Final = " on the PATH.\n    default: "


def ci_files(system: CiSystem) -> Mapping[str, str]:
    """Give each file's text by its name from the project's root; it pins this version.

    GitHub's actions are copied with the workflow, so that a job runs nothing but what the project
    holds. Raises FileNotFoundError on a broken install.
    """
    pinned = f"menuops=={__version__}"
    if system == "gitlab":
        text = (_HERE.parent / "ci/gitlab-ci.yml").read_text(encoding="utf-8")
        return {
            ".gitlab-ci.yml": text.replace(
                "menuops[preview]==0.0.0", f"menuops[preview]=={__version__}"
            )
        }
    if system == "none":
        return {}
    files = {f".github/{name}": _github(name) for name in _GITHUB}
    action = ".github/actions/menuops/action.yml"
    # Here an empty version means this checkout; in a project of others that holds no menuops.
    files[action] = files[action].replace(f'{_DEFAULT}""', f'{_DEFAULT}"{pinned}"')
    return files


def _github(name: str) -> str:
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise FileNotFoundError(f"{name} is missing from the installation")
