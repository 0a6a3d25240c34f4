"""An earlier state that live is held against, as people name it."""

from __future__ import annotations

from typing import Literal

from menuops.render.short_commit import short_commit


def past_text(source: Literal["commit", "applied"], revision: str) -> str:
    """Name it behind `since` or `as of`; the two are those of `Past`."""
    return f"the files at {short_commit(revision)}" if source == "commit" else f"run {revision}"
