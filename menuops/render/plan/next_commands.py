"""What a view tells its reader to type next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NextCommands:
    """What to type after a plan, whole: what applies it, and what makes it again.

    `spent` says why a saved plan can't be applied any more; None: it can.
    """

    apply: str = "menuops apply"
    plan: str = "menuops plan"
    spent: str | None = None
