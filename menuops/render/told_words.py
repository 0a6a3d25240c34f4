"""How a run came out, in one line; as it came: whoever writes it escapes it."""

from __future__ import annotations

from menuops.core.plan import Plan
from menuops.core.told import (
    Told,
    ToldApply,
    ToldDrift,
    ToldDriftAccount,
    ToldFailure,
)
from menuops.render.plan.view import plan_view
from menuops.render.terminal import count

_COMMANDS = ("plan", "apply", "restore", "drift", "validate")


def verdict_of(result: Plan | Told) -> str:
    """Say in one line how anything came out, with the command's name."""
    match result:
        case Plan():
            view = plan_view(result)
            refused = "; refused by a guard" if view.outcome.word == "refused" else ""
            return f"plan: {view.totals.accounts}{refused}"
        case ToldApply():
            return f"apply: {apply_verdict(result)}"
        case ToldDrift():
            return f"drift: {drift_verdict(result)}"
        case ToldFailure():
            name = result.command if result.command in _COMMANDS else "menuops"
            return f"{name}: {failure_verdict(result)}"


def apply_verdict(told: ToldApply) -> str:
    """Agree with the last line of `apply`."""
    done = sum(account.outcome == "done" for account in told.accounts)
    left = sum(account.is_left_out for account in told.accounts)
    rest = f"; {count(left, 'account')} left as it is" if left == 1 else ""
    rest = rest or (f"; {left} accounts left as they are" if left else "")
    match told.outcome:
        case "no_changes":
            return "nothing left to do"
        case "done":
            return f"applied on {count(done, 'account')}, and read back as planned{rest}"
        case "partial" | "unknown":
            return f"partly applied; look at the accounts{rest}"
        case "refused":
            return f"refused by a guard{_written(done)}{rest}"
    return f"failed{_written(done)}{rest}"


def _written(done: int) -> str:
    return f"; {count(done, 'account')} written" if done else "; nothing was written"


def drift_verdict(told: ToldDrift) -> str:
    """Count the accounts by how they stand."""
    statuses = [account.status for account in told.accounts]
    parts = [
        (statuses.count("drift") + statuses.count("both"), "drifted"),
        (statuses.count("unknown_past"), "unlike the files, without a past"),
        (statuses.count("pending"), "with files that moved"),
        (statuses.count("in_sync"), "in sync"),
        (statuses.count("unreadable"), "could not be read"),
    ]
    listed = ", ".join(f"{number} {word}" for number, word in parts if number)
    return f"{count(len(statuses), 'account')}: {listed}" if listed else "no accounts"


def drift_headline(account: ToldDriftAccount) -> str:
    """Say who moved, on one account."""
    console = {
        "made": "; the menu in force was made in the web console (公众号后台)",
        "overrides": "; the web console (公众号后台) published another menu over that of the API",
        "closed": "; the menu is switched off (停用) in the web console (公众号后台)",
    }.get(account.console or "", "")
    since = account.since or "the last apply"
    match account.status:
        case "drift":
            return f"drift (线上改动): live moved since {since}, and the files didn't{console}"
        case "both":
            return f"drift (线上改动): live moved since {since}, and so did the files{console}"
        case "pending":
            return f"no drift: live is as of {since}, and the files moved{console}"
    return f"live isn't as the files say, and who moved can't be told{console}"


def failure_verdict(told: ToldFailure) -> str:
    """Say that it ended before there was anything to tell."""
    errors = sum(finding.severity == "error" for finding in told.findings)
    return f"{count(errors, 'error')} in the files" if errors else "failed"
