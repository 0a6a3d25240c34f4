"""What a rule says of one text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from menuops.core.finding import Severity


class Broken(NamedTuple):
    """A rule that a text breaks. `at` is the index of the character that does, if one does."""

    rule: str
    severity: Severity
    message: str
    at: int | None = None


Rule: TypeAlias = Callable[[str], Iterable[Broken]]
"""Gives what is wrong with a text; for most texts, quickly, nothing."""
