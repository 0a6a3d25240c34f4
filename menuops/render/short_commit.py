"""The name of a commit, as people read it."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = 10


def short_commit(commit: str) -> str:
    """Shorten the name of a commit for people; whether files differ from it stays."""
    digits, dash, dirty = commit.partition("-")
    return f"{digits[:_DIGITS]}{dash}{dirty}"
