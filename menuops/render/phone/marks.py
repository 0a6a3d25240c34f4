"""What is said of an entry on a drawn phone, beside its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign with its word: `+ added`. `style`: added, removed, changed, moved or warned."""

    symbol: str
    word: str
    style: str


Marks: TypeAlias = Mapping[str, Mark]
"""Marks by place: "2" is the second entry, "2.1" the first button that it opens."""

NO_MARKS: Final[Marks] = MappingProxyType({})
