"""Names and wildcards by which somebody chooses accounts."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase


def is_chosen(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a name is one of those, or fits one of the wildcards: `*`, `?`, `[a-z]`."""
    return any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)
