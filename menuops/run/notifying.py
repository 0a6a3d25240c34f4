"""Telling chat groups and webhooks how a run came out; a dead one changes nothing of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, Final

from menuops.core.applied import Applied
from menuops.core.asked import Asked
from menuops.core.document import FORMAT_VERSION
from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.notice import Notice, Occasion
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, Plan
from menuops.core.preview import preview_plan
from menuops.core.sent import Sent
from menuops.core.told import Result, ToldApply, ToldDrift, ToldFailure
from menuops.post.robot import MARKDOWN_BYTES, PICTURE_BYTES, Robot
from menuops.render.chat_text import chat_markdown, chat_text
from menuops.run.ci_place import run_url_of
from menuops.run.ended import Ended, result_of
from menuops.run.robot_url import robot_url
from menuops.run.settings import World

_TEXT_BYTES: Final = 8_000
_PICTURES: Final = 2
"""Of how many accounts a picture is sent: a robot takes 20 messages a minute."""


def notify(
    notices: Sequence[Notice],
    world: World,
    occasion: Occasion,
    ended: Ended,
) -> Iterator[str]:
    """Tell each place; gives a line for each that couldn't be told.

    Nothing is told of what changed nothing.
    """
    result = result_of(ended, occasion)
    if result is None:
        return
    plan = ended if isinstance(ended, Plan) else None
    if isinstance(ended, Applied):
        plan = ended.plan
    for notice in notices:
        news = news_for(notice, result)
        if news is None:
            continue
        try:
            send_news(notice, news, world, plan=plan, patient=False)
        except MenuopsError as error:
            yield f"not told: {error.message}. The result stands"


def send_news(
    notice: Notice,
    news: Result,
    world: World,
    *,
    plan: Plan | None = None,
    pictures: Sequence[bytes] = (),
    patient: bool = True,
) -> Sent:
    """Tell one place what `news_for` kept for it. Raises CannotStart, NotSent.

    Pictures are those that are given, or those of a plan's first accounts. With `patient` a robot
    that was asked too often is asked again after a minute.
    """
    url = robot_url(notice, world.environ)
    robot = Robot(url, notice.url_env, world.sleep if patient else None)
    run_url = run_url_of(world.environ)
    if notice.to == "webhook":
        robot.post(message_of(news, run_url))
    else:
        robot.send_markdown(chat_markdown(news, MARKDOWN_BYTES, run_url))
        for png in pictures or _pictures(plan, notice.accounts):
            robot.send_picture(png)
    return Sent("message", "sent", f"{notice.to} in {notice.url_env}")


def message_of(result: Result, run_url: str) -> dict[str, Any]:
    """Build what a webhook gets: a `text`, and for programs the kind, outcome and accounts."""
    kind, outcome, digest, commit = _head(result)
    return {
        "format_version": FORMAT_VERSION,
        "command": kind,
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
            for account in result.accounts:
                yield {
                    "name": account.name,
                    "appid": account.appid,
                    "outcome": account.outcome,
                }
        case ToldDrift():
            for drifted in result.accounts:
                yield {
                    "name": drifted.name,
                    "appid": drifted.appid,
                    "status": drifted.status,
                }
        case ToldFailure():
            return


def news_for(notice: Notice, result: Result) -> Result | None:
    """Keep what is about the accounts of a place; None where there is nothing to tell of them."""
    kept = _only(result, notice.accounts)
    return kept if kept is not None and _is_news(kept) else None


def _is_news(result: Result) -> bool:
    """Whether there is anything to tell: a change, a drift, or a failure."""
    match result:
        case Plan():
            return result.outcome is not Outcome.NO_CHANGES
        case ToldApply():
            return result.outcome != "no_changes"
        case ToldDrift():
            return result.outcome in ("drift", "error")
    return True


def _only(result: Result, patterns: Sequence[str]) -> Result | None:
    """Keep what is about some accounts; None if that is nothing. What failed as a whole stays."""

    def chosen(name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in patterns)

    if not patterns or isinstance(result, ToldFailure):
        return result
    if isinstance(result, Plan):
        kept = tuple(each for each in result.accounts if chosen(each.ref.name))
        return replace(result, accounts=kept) if kept else None
    match result:
        case ToldApply():
            applied = tuple(each for each in result.accounts if chosen(each.name))
            return replace(result, accounts=applied) if applied else None
        case ToldDrift():
            drifted = tuple(each for each in result.accounts if chosen(each.name))
            return replace(result, accounts=drifted) if drifted else None


def _pictures(plan: Plan | None, patterns: Sequence[str]) -> Iterator[bytes]:
    """Draw before and after of the first accounts that change; nothing where nothing can draw."""
    changed = () if plan is None else plan.changed
    kept = [
        each
        for each in changed
        if not patterns or any(fnmatchcase(each.ref.name, pattern) for pattern in patterns)
    ]
    for account in kept[:_PICTURES]:
        png = _drawn(account)
        if png is not None and len(png) <= PICTURE_BYTES:
            yield png


def _drawn(account: AccountPlan) -> bytes | None:
    from menuops.render.phone.svg import preview_svg
    from menuops.run.drawing import draw

    try:
        return draw(preview_svg(preview_plan(account, Asked())))
    except CannotStart:  # without menuops[preview], or without fonts
        return None
