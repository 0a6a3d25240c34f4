"""The state of tokens, as text and as JSON; never a token itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from menuops.core.account import Account
from menuops.core.document import FORMAT_VERSION
from menuops.render.terminal import cells, pad, safe
from menuops.state.runs import utc
from menuops.wechat.token_container import TokenStatus


class AccountToken(Protocol):
    """An account with the state of its token; None for an emulated one, which keeps none."""

    @property
    def account(self) -> Account:
        """The account."""

    @property
    def status(self) -> TokenStatus | None:
        """What is known without a call."""


def tokens_text(report: Iterable[AccountToken]) -> str:
    """Render a line for each account."""
    rows = [(safe(each.account.name), each.account.appid, *_words(each.status)) for each in report]
    widths = [max((cells(row[i]) for row in rows), default=0) for i in range(4)]
    lines = (
        "   ".join((*(pad(row[i], widths[i]) for i in range(4)), row[4])).rstrip() for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def _words(status: TokenStatus | None) -> tuple[str, str, str]:
    if status is None:
        return "emulator", "memory", "made anew by each run"
    if not status.present:
        return status.source, safe(status.store), "none yet; fetched when it is needed"
    if status.expires_at_s is None or status.age_s is None:
        return status.source, safe(status.store), "there; whoever made it knows its life"
    state = "good" if status.fresh else "to be renewed at the next use"
    age = f"{round(status.age_s / 60)} min old, expires {utc(status.expires_at_s)}"
    return status.source, safe(status.store), f"{state}, {age}"


def tokens_to_json(report: Iterable[AccountToken]) -> dict[str, Any]:
    """Give `{accounts: [{name, appid, source, store, present, fresh, age_s, expires_at}]}`."""
    return {
        "format_version": FORMAT_VERSION,
        "outcome": "done",
        "accounts": [_to_json(each.account, each.status) for each in report],
    }


def _to_json(account: Account, status: TokenStatus | None) -> dict[str, Any]:
    head = {"name": account.name, "appid": account.appid}
    if status is None:
        return {**head, "source": "emulator", "store": "memory", "present": False, "fresh": False}
    times = {
        "age_s": status.age_s,
        "expires_at": None if status.expires_at_s is None else utc(status.expires_at_s),
    }
    return {
        **head,
        "source": status.source,
        "store": status.store,
        "present": status.present,
        "fresh": status.fresh,
        **times,
    }
