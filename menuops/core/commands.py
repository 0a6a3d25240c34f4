"""The commands that messages tell to type, in the project that the run was about."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from menuops.core.back_to import BackTo
from menuops.core.guard_names import MANY_ACCOUNTS
from menuops.core.visible import safe

if TYPE_CHECKING:
    from menuops.core.plan import Plan

MOST_NAMED: Final = 20
"""More names, or commands for each, nobody types; a command is then for all accounts."""


def typed(words: Iterable[str]) -> str:
    """Write words behind a command, as a shell takes them."""
    return "".join(f" {safe(shlex.quote(word))}" for word in words)


@dataclass(frozen=True, slots=True)
class Commands:
    """Writes commands that work where the one under way was typed.

    `project` are the words that choose the project (`-C DIR`); `again` is the command itself with
    what it was told, and `out` the file of the saved plan, None without one. Where the run goes
    back to something, a new plan of it is a restore; `lifts` and `delete_first` are what it was
    told then.
    """

    project: tuple[str, ...] = ()
    again: str = "menuops apply"
    out: str | None = None
    back_to: BackTo | None = None
    lifts: tuple[str, ...] = ()
    delete_first: bool = False

    def about(self, plan: Plan) -> Commands:
        """Write those about a plan: one that goes back is made anew by the same restore."""
        if plan.back_to is None:
            return self
        return replace(
            self,
            back_to=plan.back_to,
            lifts=plan.lifts,
            delete_first=any(account.basis.delete_first for account in plan.read),
        )

    def resume(self, run: str) -> str:
        """Finish a run."""
        return f"menuops apply{typed([*self.project, '--resume', run])}"

    def restore(self, snapshot: str, lifts: Iterable[str] = ()) -> str:
        """Go back to a snapshot, or to all those of a run.

        A snapshot is of one account, so the guard over many never stands in its way.
        """
        if "/" in snapshot:
            lifts = [lift for lift in lifts if lift != MANY_ACCOUNTS]
        return f"menuops restore{typed([*self.project, snapshot, *_allowed(lifts)])}"

    def plan(self, accounts: Iterable[str] = (), lifts: Iterable[str] = ()) -> str:
        """Make a new plan, saved like the one before."""
        out = [] if self.out is None else ["--out", self.out]
        back, names = self.back_to, list(accounts)
        if back is not None:
            names = [name for name in names if not back.is_of(name)]
        words = [
            *self.project,
            *(() if back is None else back.words),
            *_named(names),
            *_allowed(dict.fromkeys((*self.lifts, *lifts))),
            *(["--delete-first"] * self.delete_first),
            *out,
        ]
        return f"menuops {'plan' if back is None else 'restore'}{typed(words)}"

    def drift(self, accounts: Iterable[str] = ()) -> str:
        """Tell who moved: live, or the files."""
        return f"menuops drift{typed([*self.project, *_named(accounts)])}"

    def history(self) -> str:
        """List the runs."""
        return f"menuops history{typed(self.project)}"

    def lifting(self, lifts: Iterable[str]) -> str:
        """Type the same again, with guards lifted; a saved plan is made anew."""
        return f"{self.again}{typed(_allowed(lifts))}"


def _named(accounts: Iterable[str]) -> list[str]:
    names = list(accounts)
    return [] if len(names) > MOST_NAMED else [word for name in names for word in ("-a", name)]


def _allowed(lifts: Iterable[str]) -> list[str]:
    return [word for lift in lifts for word in ("--allow", lift)]
