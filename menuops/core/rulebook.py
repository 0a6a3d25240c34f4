"""Every rule that a finding can name: what it is about, why, and what to do.

`docs/rules.md` is made of it; so are the rules of a SARIF report.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from menuops.core.notes.accounts import ACCOUNTS
from menuops.core.notes.doubt import DOUBT
from menuops.core.notes.menu import MENU
from menuops.core.notes.note import RuleNote
from menuops.core.notes.project import PROJECT
from menuops.core.notes.reading import READING
from menuops.core.notes.run import RUN

__all__ = ["OF_MENU_FILES", "OF_PROJECT_FILES", "PAGE", "RULEBOOK", "RuleNote", "docs_anchor"]

PAGE: Final = "docs/rules.md"
"""Where the rules are described, from the root of the repository."""

RULEBOOK: Final[Mapping[str, RuleNote]] = MappingProxyType(
    {note.rule: note for note in (*READING, *MENU, *DOUBT, *PROJECT, *ACCOUNTS, *RUN)}
)
"""The note of each rule, by its name."""

_OF_COMMENTS: Final = frozenset({"idle-ignore", "useless-ignore", "ignore-form", "unknown-rule"})


def _warnings(*notes: RuleNote) -> frozenset[str]:
    return frozenset(note.rule for note in notes if note.severity == "warning") - _OF_COMMENTS


OF_MENU_FILES: Final = _warnings(*READING, *MENU, *DOUBT)
"""The warnings that a menu file can have by itself, for one account."""
OF_PROJECT_FILES: Final = _warnings(*READING, *PROJECT, *ACCOUNTS)
"""The warnings that a project file can have by itself."""


def docs_anchor(rule: str) -> str:
    """Give the place of a rule on the page: `docs/rules.md#name-too-long`."""
    return f"{PAGE}#{rule}"
