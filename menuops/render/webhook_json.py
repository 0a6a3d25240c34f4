"""A run's outcome for a webhook: a text for people, and for programs what they look at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from menuops.core.document import FORMAT_VERSION
from menuops.core.plan import Plan
from menuops.core.told import Result, ToldApply, ToldDrift, ToldFailure
from menuops.render.chat_text import chat_text

_TEXT_BYTES: Final = 8_000


def webhook_json(result: Result, run_url: str) -> dict[str, Any]:
    """Give `{format_version, command, outcome, digest, commit, accounts, text, url}`.

    `accounts` are `{name, appid}`, with the `outcome` of an apply, else with the `status`; what
    isn't known is null.
    """
    command, outcome, digest, commit = _head(result)
    return {
        "format_version": FORMAT_VERSION,
        "command": command,
        "outcome": outcome,
        "digest": digest,
        "commit": commit,
        "accounts": list(_accounts(result)),
        "text": chat_text(result, _TEXT_BYTES, run_url),
        "url": run_url or None,
    }


def _head(result: Result) -> tuple[str, str, str | None, str | None]:
    match result:
        case Plan():
            return "plan", result.outcome.word, result.digest, result.commit
        case ToldApply():
            return "apply", result.outcome, result.digest, result.commit
        case ToldDrift():
            return "drift", result.outcome, None, result.commit
        case ToldFailure():
            return result.command, "error", None, None


def _accounts(result: Result) -> Iterator[Mapping[str, str]]:
    match result:
        case Plan():
            for each in result.accounts:
                yield {"name": each.ref.name, "appid": each.ref.appid, "status": each.status}
        case ToldApply():
            for applied in result.accounts:
                named = {"name": applied.name, "appid": applied.appid}
                yield {**named, "outcome": applied.outcome}
        case ToldDrift():
            for drifted in result.accounts:
                named = {"name": drifted.name, "appid": drifted.appid}
                yield {**named, "status": drifted.status}
