"""The commit that the files are from, for plans and the journal."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

_LIMIT_S: Final = 10.0
_COMMAND: Final = (
    "git",
    "-c",
    "core.fsmonitor=false",  # no daemon is left behind
    "describe",
    "--always",
    "--dirty",
    "--abbrev=64",  # the whole name, also of SHA-256
    "--exclude=*",  # no tag's name in its place
)


def head_commit(root: Path) -> str | None:
    """Give the commit of the checkout that `root` is in, with `-dirty` if tracked files differ.

    None without git, outside a repository, before the first commit, and where git doesn't
    answer within 10 seconds. Nothing is asked of the user and no lock is taken.
    """
    environ = {
        **os.environ,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, no shell
            _COMMAND,
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("ascii", "replace").strip() or None
