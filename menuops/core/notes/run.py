"""Rules that need an account's answers, or another file than these two."""

from __future__ import annotations

from typing import Final

from menuops.core.notes.note import RuleNote, error, warning

RUN: Final[tuple[RuleNote, ...]] = (
    error(
        "unknown-tag",
        "The account has no tag of this name.",
        "Tags belong to an account: create it in the web console, or mend the name. The message "
        "lists those that are most like it.",
    ),
    error(
        "not-a-plan",
        "The file is no plan that menuops made.",
        "Plans come from `menuops plan --out FILE`.",
    ),
    warning(
        "idle-allow",
        "A guard that the file lifts refuses nothing.",
        "A guard that stays lifted would let the next such change through unseen. Take it out of "
        "`allow`.",
    ),
    warning(
        "classic-token",
        "An account takes classic tokens.",
        "Each token that menuops fetches voids the classic token that other servers of the "
        "account hold. `source: stable` voids none.",
    ),
    warning(
        "dead-menu",
        "A live conditional menu matches nobody any more.",
        "WeChat withdrew what its rule asks for. It can't be made again; it stands as a comment "
        "and is left alone until `--allow remove-dead`.",
    ),
)
