"""Keeping the answers of accounts as they are, for `plan --live`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from menuops.core.account import Account
from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.moments import utc
from menuops.core.plan import AccountRef
from menuops.files.answers.answers import SavedAnswers, answers_to_json
from menuops.run.reading import Answers, Reader
from menuops.run.remote import Remote
from menuops.run.selection import open_project, select
from menuops.run.settings import Settings, World
from menuops.wechat.api import TagCount
from menuops.wechat.errors import NotAllowed


def save_answers(settings: Settings, world: World) -> dict[str, Any]:
    """Read the selected accounts; gives the one document that holds all their answers.

    Tags are read of each, since a file may name one at any time. Raises InvalidFiles, Usage,
    and CannotStart for the first account that can't be read.
    """
    project = open_project(settings, world)
    accounts = select(project, settings.accounts)
    read_at = utc(world.clock())
    with (
        Remote(project, world, parallel=settings.parallel) as remote,
        Reader(settings.parallel) as reader,
    ):
        apis = [remote.api(account) for account in accounts]
        answers, tags = reader.read(apis), reader.read_tags(apis)
    return answers_to_json(
        [_saved(*each) for each in zip(accounts, answers, tags, strict=True)], read_at
    )


def _saved(
    account: Account, answers: Answers | MenuopsError, tags: Sequence[TagCount] | MenuopsError
) -> SavedAnswers:
    if isinstance(answers, MenuopsError):
        raise _unread(account, answers)
    told = readable_tags(account, tags)
    return SavedAnswers(
        AccountRef(account.name, account.appid, account.api),
        answers.menu,
        answers.selfmenu,
        None if told is None else {"tags": [_tag(tag) for tag in told]},
    )


def readable_tags(
    account: Account, tags: Sequence[TagCount] | MenuopsError
) -> Sequence[TagCount] | None:
    """Give the tags that were read; None where the account has no right to read them.

    Raises CannotStart for any other failure.
    """
    if isinstance(tags, NotAllowed):
        return None
    if isinstance(tags, MenuopsError):
        raise _unread(account, tags)
    return tags


def _tag(tag: TagCount) -> dict[str, Any]:
    number = int(tag.id) if tag.id.isdecimal() else tag.id
    return {"id": number, "name": tag.name, "count": tag.count}


def _unread(account: Account, error: MenuopsError) -> CannotStart:
    return CannotStart(f"{account.name}: {error.message}", fix=error.fix, code=error.code)
