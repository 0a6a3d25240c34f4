"""Whom a question about menus is for: a tag by its name or its id, a platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from menuops.core.labels import rule_name
from menuops.core.model import PLATFORMS, MatchRule


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag by its name or by its id, as somebody wrote it."""

    by: Literal["name", "id"]
    text: str

    @classmethod
    def typed(cls, text: str) -> Tag:
        """Read what a person types: WeChat's ids are digits."""
        return cls("id" if text.isascii() and text.isdigit() else "name", text)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a question is about; None is whoever there is.

    `tag` is the one put on last, `platform` "1" iOS, "2" Android, "3" others.
    """

    tag: Tag | None = None
    platform: str | None = None

    @classmethod
    def typed(cls, tags: Sequence[str], platform: str | None) -> Asked:
        """Read what a person types: tags in the order in which they were put on, `ios`."""
        number = next((number for number, name in PLATFORMS.items() if name == platform), None)
        return cls(Tag.typed(tags[-1]) if tags else None, number)

    @property
    def name(self) -> str:
        """Name those who are meant as a rule is named: `tag:VIP+ios`; `everyone`."""
        tag = None if self.tag is None else self.tag.text
        return rule_name(MatchRule(tag, self.platform), {}) or "everyone"
