"""Every rule that a finding can name: what it is about, why, and what to do.

`docs/rules.md` is made of it; so are the rules of a SARIF report.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from menuops.core.notes.doubt import DOUBT
from menuops.core.notes.menu import MENU
from menuops.core.notes.note import RuleNote
from menuops.core.notes.project import PROJECT
from menuops.core.notes.reading import READING
from menuops.core.notes.run import RUN

__all__ = ["PAGE", "RULEBOOK", "RuleNote", "docs_anchor"]

PAGE: Final = "docs/rules.md"
"""Where the rules are described, from the root of the repository."""

RULEBOOK: Final[Mapping[str, RuleNote]] = MappingProxyType(
    {note.rule: note for note in (*READING, *MENU, *DOUBT, *PROJECT, *RUN)}
)
"""The note of each rule, by its name."""


def docs_anchor(rule: str) -> str:
    """Give the place of a rule on the page: `docs/rules.md#name-too-long`."""
    return f"{PAGE}#{rule}"
