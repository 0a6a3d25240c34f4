"""The state of tokens, as text and as JSON; never a token itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Protocol

from menuops.core.account import Account
from menuops.core.document import FORMAT_VERSION, error_to_json
from menuops.core.errors import MenuopsError
from menuops.core.moments import utc
from menuops.core.outcome import Outcome
from menuops.render.language.speech import said
from menuops.render.local_time import local_time
from menuops.render.terminal import cells, pad, safe
from menuops.wechat.tokens.status import TokenStatus


class AccountToken(Protocol):
    """An account with the state of its token; None for an emulated one, which keeps none."""

    @property
    def account(self) -> Account:
        """The account."""

    @property
    def status(self) -> TokenStatus | None:
        """What is known without a call."""

    @property
    def renewed(self) -> Literal["new", "same"] | None:
        """What came of a renewal that was asked for."""

    @property
    def error(self) -> MenuopsError | None:
        """Why it wasn't renewed."""


def tokens_text(report: Iterable[AccountToken]) -> str:
    """Render each account: a line of its state, one of who else may hold the token."""
    rows = [
        (safe(each.account.name), each.account.appid, *map(said, _words(each))) for each in report
    ]
    widths = [max((cells(row[i]) for row in rows), default=0) for i in range(4)]
    lines = []
    for row in rows:
        lines.append("   ".join((*(pad(row[i], widths[i]) for i in range(4)), row[4])).rstrip())
        lines += [f"{' ' * widths[0]}   {beside}" for beside in row[5:] if beside]
    return "".join(f"{line}\n" for line in lines)


def _words(each: AccountToken) -> tuple[str, ...]:
    status = each.status
    if status is None:
        return "emulator", "memory", "made anew by each run"
    head = status.source, safe(status.store)
    shared = f"shared with: {safe(status.shared_with)}"
    if each.error is not None:
        fix = _lines(f"fix: {each.error.fix}") if each.error.fix else ()
        return *head, "not renewed", *_lines(each.error.message), *fix, shared
    if not status.present:
        if status.problem:
            return *head, "none", *_lines(status.problem), shared
        return *head, "none yet; fetched when it is needed", shared
    expires = (
        "" if status.expires_at_s is None else f"expires {local_time(utc(status.expires_at_s))}"
    )
    if status.age_s is None:
        state = f"there{f', {expires}' if expires else '; whoever renews it knows its life'}"
        return *head, state, shared
    state = "good" if status.fresh else "to be renewed at the next use"
    if each.renewed:
        state = "new" if each.renewed == "new" else "the same as before"
    return *head, f"{state}, {round(status.age_s / 60)} min old, {expires}", shared


def _lines(text: str) -> list[str]:
    return [safe(line) for line in text.splitlines()]


def tokens_to_json(report: Iterable[AccountToken], outcome: Outcome) -> dict[str, Any]:
    """Give `{outcome, accounts: [{name, appid, source, store, present, …}]}`.

    An account has `fresh`, `age_s`, `expires_at` and `shared_with` beside, `problem` where there
    is no token and one can say why, `renewed` and `error` after a renewal.
    """
    return {
        "format_version": FORMAT_VERSION,
        "outcome": outcome.word,
        "accounts": [_to_json(each) for each in report],
    }


def _to_json(each: AccountToken) -> dict[str, Any]:
    status = each.status
    head = {"name": each.account.name, "appid": each.account.appid}
    if status is None:
        return {**head, "source": "emulator", "store": "memory", "present": False, "fresh": False}
    expires_at = None if status.expires_at_s is None else utc(status.expires_at_s)
    return {
        **head,
        "source": status.source,
        "store": status.store,
        "present": status.present,
        "fresh": status.fresh,
        "age_s": status.age_s,
        "expires_at": expires_at,
        "shared_with": status.shared_with,
        **({"problem": status.problem} if status.problem else {}),
        **({"renewed": each.renewed} if each.renewed else {}),
        **({"error": error_to_json(each.error)} if each.error else {}),
    }
