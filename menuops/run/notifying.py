"""Telling chat groups and webhooks how a run came out; a dead one changes nothing of the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from menuops.core.applied import Applied
from menuops.core.asked import Asked
from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.notice import Notice, Occasion
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, Plan
from menuops.core.preview import preview_plan
from menuops.core.sent import Sent
from menuops.core.told import Result, ToldApply, ToldDrift, ToldFailure
from menuops.post.robot import MARKDOWN_BYTES, PICTURE_BYTES, Robot
from menuops.render.chat_text import chat_markdown
from menuops.render.webhook_json import webhook_json
from menuops.run.ci_place import run_url_of
from menuops.run.ended import Ended, result_of
from menuops.run.robot_url import robot_url
from menuops.run.settings import World

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
        robot.post(webhook_json(news, run_url))
    else:
        robot.send_markdown(chat_markdown(news, MARKDOWN_BYTES, run_url))
        for png in pictures or _pictures(plan, notice):
            robot.send_picture(png)
    return Sent("message", "sent", f"{notice.to} in {notice.url_env}")


def news_for(notice: Notice, result: Result) -> Result | None:
    """Keep what is about the accounts of a place; None where there is nothing to tell of them."""
    kept = _only(result, notice)
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


def _only(result: Result, notice: Notice) -> Result | None:
    """Keep what is about some accounts; None if that is nothing. What failed as a whole stays."""
    if not notice.accounts:
        return result
    match result:
        case Plan():
            planned = tuple(each for each in result.accounts if notice.is_about(each.ref.name))
            return replace(result, accounts=planned) if planned else None
        case ToldApply():
            applied = tuple(each for each in result.accounts if notice.is_about(each.name))
            return replace(result, accounts=applied) if applied else None
        case ToldDrift():
            drifted = tuple(each for each in result.accounts if notice.is_about(each.name))
            return replace(result, accounts=drifted) if drifted else None
        case ToldFailure():
            return result


def _pictures(plan: Plan | None, notice: Notice) -> Iterator[bytes]:
    """Draw before and after of the first accounts that change; nothing where nothing can draw."""
    changed = () if plan is None else plan.changed
    kept = [account for account in changed if notice.is_about(account.ref.name)]
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
