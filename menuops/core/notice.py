"""Who is told how a run came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from menuops.core.patterns import is_chosen

Occasion: TypeAlias = Literal["plan", "apply", "drift"]

DEFAULT_ON: Final[tuple[Occasion, ...]] = ("apply", "drift")
"""A plan is seen where it is made: by whoever typed it, or in the pull request."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One place: a group robot of WeCom, or a webhook, whose URL stands in the variable `url_env`.

    `on` are the commands whose outcome is told; `accounts` are names or wildcards, none for all.
    """

    to: Literal["wecom", "webhook"]
    url_env: str
    on: tuple[Occasion, ...] = DEFAULT_ON
    accounts: tuple[str, ...] = ()

    def is_about(self, account: str) -> bool:
        """Whether what becomes of an account is told here."""
        return not self.accounts or is_chosen(account, self.accounts)
