"""Reports to the chat groups and webhooks that the project file names."""

from __future__ import annotations

import json
from collections.abc import Sequence

from menuops.core.errors import Usage
from menuops.core.plan import Plan
from menuops.core.sent import Sent
from menuops.core.told import Result
from menuops.post.robot import MARKDOWN_BYTES
from menuops.render.chat_text import chat_markdown
from menuops.render.webhook_json import webhook_json
from menuops.run.ci_place import run_url_of
from menuops.run.notifying import news_for, send_news
from menuops.run.selection import open_project
from menuops.run.settings import Settings, World


def report_to_robots(
    settings: Settings,
    world: World,
    destination: str,
    results: Sequence[Result],
    pictures: Sequence[bytes],
    *,
    dry_run: bool,
) -> list[Sent]:
    """Send each document to each `notify` of this kind, whatever its `on`; its `accounts` count.

    Raises Usage where there is none, CannotStart, NotSent.
    """
    project = open_project(settings, world)
    notices = [notice for notice in project.notices if notice.to == destination]
    if not notices:
        raise Usage(
            f"{project.file} names no {destination} under `notify`",
            fix=f"add it: notify: [{{to: {destination}, url_env: NAME_OF_VARIABLE}}]",
        )
    if pictures and destination == "webhook":
        raise Usage("a webhook takes no picture", fix="leave --image out")
    sent = []
    for notice in notices:
        where = f"{notice.to} in {notice.url_env}"
        for number, result in enumerate(results):
            news = news_for(notice, result)
            if news is None:
                done = Sent("message", "nothing", f"{where}: there is nothing to tell")
            elif dry_run:
                text = _text(news, destination, run_url_of(world.environ))
                done = Sent("message", "would be sent", where, text=text)
            else:
                first = pictures if number == 0 else ()
                plan = news if isinstance(news, Plan) else None
                done = send_news(notice, news, world, plan=plan, pictures=first)
            sent.append(done)
    return sent


def _text(result: Result, destination: str, run_url: str) -> str:
    if destination == "wecom":
        return chat_markdown(result, MARKDOWN_BYTES, run_url)
    return json.dumps(webhook_json(result, run_url), ensure_ascii=False)
