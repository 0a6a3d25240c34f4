"""How a run came out, in one line, said already; as it came: whoever writes it escapes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from menuops.core.plan import Plan
from menuops.core.told import (
    Result,
    ToldApply,
    ToldDrift,
    ToldDriftAccount,
    ToldFailure,
)
from menuops.render.drift_view import standings
from menuops.render.language.speech import is_english, labelled, listed, said
from menuops.render.past_text import past_text
from menuops.render.plan.view import plan_view
from menuops.render.terminal import count

_COMMANDS: Final = ("plan", "apply", "restore", "drift", "validate")
_DONE: Final[Mapping[str, str]] = {
    "add": "added",
    "remove": "removed",
    "change": "changed",
    "move": "moved",
    "rename": "renamed",
}


def verdict_of(result: Result) -> str:
    """Say in one line how anything came out, with the command's name."""
    match result:
        case Plan():
            view = plan_view(result)
            refused = said("; refused by a guard") if view.outcome.word == "refused" else ""
            return said("plan: {told}").format(told=f"{said(view.totals.accounts)}{refused}")
        case ToldApply():
            return said("apply: {told}").format(told=apply_verdict(result))
        case ToldDrift():
            return said("drift: {told}").format(told=drift_verdict(result))
        case ToldFailure():
            name = result.command if result.command in _COMMANDS else "menuops"
            return labelled(name, failure_verdict(result))


def apply_verdict(told: ToldApply) -> str:
    """Agree with the last line of `apply`."""
    done = sum(account.outcome == "done" for account in told.accounts)
    left = sum(account.is_left_out for account in told.accounts)
    rest = ""
    if left:
        are = count(left, "account")
        rest = said(f"; {are} left as {'it is' if left == 1 else 'they are'}")
    match told.outcome:
        case "no_changes":
            return said("nothing left to do")
        case "done":
            return said(f"applied on {count(done, 'account')}, and read back as planned") + rest
        case "partial" | "unknown":
            return said("partly applied; look at the accounts") + rest
        case "refused":
            return said("refused by a guard") + _written(done) + rest
    return said("failed") + _written(done) + rest


def _written(done: int) -> str:
    return said(f"; {count(done, 'account')} written" if done else "; nothing was written")


def drift_verdict(told: ToldDrift) -> str:
    """Count the accounts by how they stand."""
    statuses = [account.status for account in told.accounts]
    if not statuses:
        return said("no accounts")
    return labelled(said(count(len(statuses), "account")), listed(standings(statuses)))


def drift_headline(account: ToldDriftAccount) -> str:
    """Say who moved, on one account."""
    console = {
        "made": "; the menu in force was made in the web console (公众号后台)",
        "overrides": "; the web console (公众号后台) published another menu over that of the API",
        "closed": "; the menu is switched off (停用) in the web console (公众号后台)",
    }.get(account.console or "", "")
    past = account.past
    since = "the last apply" if past is None else past_text(past.source, past.revision)
    match account.status:
        case "drift":
            told = f"drift (线上改动): live moved since {since}, and the files didn't"
        case "both":
            told = f"drift (线上改动): live moved since {since}, and so did the files"
        case "pending":
            told = f"no drift: live is as of {since}, and the files moved"
        case _:
            told = "live isn't as the files say, and who moved can't be told"
    return said(told) + said(console)


def failure_verdict(told: ToldFailure) -> str:
    """Say that it ended before there was anything to tell."""
    errors = sum(finding.severity == "error" for finding in told.findings)
    return said(f"{count(errors, 'error')} in the files" if errors else "failed")


def kind_word(kind: str) -> str:
    """Name a kind of change as JSON has it, or by a word that the language has."""
    return kind if is_english() else _DONE.get(kind, kind)
