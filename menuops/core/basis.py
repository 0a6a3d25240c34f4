"""What an account's plan rests on, beside what is live and what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from menuops.core.identity import ids_of, with_ids
from menuops.core.jsonform import menus_from_json, menus_to_json
from menuops.core.model import Menus
from menuops.core.schedule import NextSwitch

Mode: TypeAlias = Literal["manage", "watch"]
"""Whether an account is written to, or read and reported only."""
Unmanaged: TypeAlias = Literal["remove", "keep", "error"]
"""What becomes of live conditional menus that no file has."""


@dataclass(frozen=True, slots=True)
class QuotaLeft:
    """Calls of one interface (`menu/addconditional`) that an account has left today."""

    call: str
    daily_limit: int
    remain: int


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier state that was wanted, which tells one's own changes from those of others.

    `source` is "commit" for the files at `revision`, a commit, and "applied" for what the run
    `revision` applied last.
    """

    source: Literal["commit", "applied"]
    revision: str
    menus: Menus


@dataclass(frozen=True, slots=True)
class Basis:
    """Facts and settings of one account at the time of its plan.

    `kept` are labels of live conditional menus that no file has and that stay. `followers` are
    pairs of a tag's id and its number of followers, as far as they were read. `applied` is what
    menuops applied last, and `base` the files at a commit that was named; None: not known, for
    a commit with the reason in `base_missing`.
    `next_switch` is when another file of the account takes over. With `goes_back` an earlier state
    is wanted, and not what a file says.
    """

    mode: Mode = "manage"
    unmanaged: Unmanaged = "remove"
    kept: tuple[str, ...] = ()
    delete_first: bool = False
    followers: tuple[tuple[str, int], ...] = ()
    quotas: tuple[QuotaLeft, ...] = ()
    applied: Past | None = None
    base: Past | None = None
    base_missing: str | None = None
    next_switch: NextSwitch | None = field(default=None)
    goes_back: bool = False

    @property
    def past(self) -> Past | None:
        """What changes are told apart by: the commit that was named, else what was applied.

        None where no file has a say: a restore takes back what changed, whoever changed it.
        """
        return None if self.goes_back else self.base or self.applied


NOTHING_KNOWN: Final = Basis()


def past_to_json(past: Past | None) -> dict[str, Any] | None:
    """Give `{source, revision, button, conditionalmenu, ids}`; null where nothing is known."""
    if past is None:
        return None
    head = {"source": past.source, "revision": past.revision}
    return {**head, **menus_to_json(past.menus), "ids": ids_of(past.menus)}


def past_from_json(value: Mapping[str, Any] | None) -> Past | None:
    """Read back what `past_to_json` gave."""
    if value is None:
        return None
    menus = with_ids(menus_from_json(value), value["ids"])
    return Past(value["source"], value["revision"], menus)
