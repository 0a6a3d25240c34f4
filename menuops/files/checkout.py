"""The checkout that a directory is in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_VARIABLES: Final = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def repository_root(directory: Path, environ: Mapping[str, str]) -> Path:
    """Give the directory that a forge sees paths from; `directory` is absolute, without links.

    It is the nearest one upwards with a `.git`; without any, where the CI job says that it put
    the files, if they are there; else `directory` itself. Git isn't asked: it may be missing,
    and in a container it may refuse a checkout that belongs to another user.
    """
    upwards = (directory, *directory.parents)
    for each in upwards:
        # A directory, or a file in a worktree and a submodule; never an error, unlike Path.exists.
        if os.path.exists(each / ".git"):  # noqa: PTH110
            return each
    for variable in _VARIABLES:
        value = environ.get(variable)
        if value and (root := Path(os.path.realpath(value))) in upwards:
            return root
    return directory
