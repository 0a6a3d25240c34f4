"""Paths as the project file writes them."""

from __future__ import annotations

from pathlib import Path


def path_from(root: Path, text: str) -> Path:
    """Read a path of the file: `~` is the user's home, all else goes from `root`."""
    try:
        return root / Path(text).expanduser()
    except RuntimeError:  # nobody's home is known by that name
        return root / text


def program_from(root: Path, word: str) -> str:
    """Name a program as a system call takes it: without a `/` it is looked up in PATH."""
    if "/" not in word:
        return word
    path = str(path_from(root, word))
    return path if "/" in path else f"./{path}"
