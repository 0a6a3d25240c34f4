"""Which menu followers get: by the files, offline, and what WeChat says of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from menuops.core.account import Account
from menuops.core.asked import Asked, Tag
from menuops.core.errors import CannotStart, InvalidFiles, MenuopsError, Usage
from menuops.core.finding import Finding
from menuops.core.jsonform import parse_buttons
from menuops.core.labels import label_menus
from menuops.core.model import Menus
from menuops.core.trial import AccountTrial, Known, judge
from menuops.core.who import AccountOutlook, look_out
from menuops.run.reading import Answers, Reader
from menuops.run.remote import Remote
from menuops.run.selection import open_project
from menuops.run.settings import Settings, World
from menuops.run.tags import NO_TAGS, Tags, names_tags, unreadable_tags, wanted_menus
from menuops.run.wanted import WantedAccount, findings_of, wanted_of_selected
from menuops.wechat.api import MenuApi
from menuops.wechat.errors import WeChatError

_INVALID_OPENID: Final = "40003"


def who_offline(
    settings: Settings, world: World, asked: Asked
) -> tuple[tuple[AccountOutlook, ...], tuple[Finding, ...]]:
    """Work out who gets what of the selected accounts' files; no request is made.

    The warnings of the files stand beside. Raises InvalidFiles, Usage.
    """
    project = open_project(settings, world)
    wanted = wanted_of_selected(project, settings, world)
    found = tuple(
        AccountOutlook(each.account, each.file, look_out(each.menu, asked)) for each in wanted
    )
    return found, tuple(sorted({*project.findings, *findings_of(wanted)}))


def who_online(
    settings: Settings, world: World, user: str, asked: Asked
) -> tuple[AccountTrial, tuple[Finding, ...]]:
    """Ask WeChat what one follower of one account gets, and hold the rules against it.

    `user` is an openid, or a WeChat id, whose tags can't be read then; `asked` is what somebody
    knows of the follower. Raises InvalidFiles, Usage for several accounts or a tag that the
    follower hasn't, and what the client raises.
    """
    project = open_project(settings, world)
    wanted = _only(wanted_of_selected(project, settings, world))
    with Remote(project, world, parallel=1) as remote, Reader(1) as reader:
        api = remote.api(wanted.account)
        (answers,) = reader.read([api])
        if isinstance(answers, MenuopsError):
            raise answers
        answer = parse_buttons(_try_match(api, wanted.account, user))
        ids = _tag_ids(api, user)
        read = _tags(api, wanted, answers, ids or (), asked.tag)
    after = wanted_menus(wanted, read)
    if isinstance(after, tuple):
        raise InvalidFiles(after)
    live, made = answers.live, _made(answers)
    labels = label_menus(made, after, read.names)
    last = _last(asked.tag, ids, read, wanted.account, user)
    known = Known(user, ids, last, asked.platform)
    trial = judge(known, answer, live, made, after, labels)
    found = AccountTrial(wanted.account, wanted.file, trial)
    return found, tuple(sorted({*project.findings, *findings_of([wanted])}))


def _only(wanted: Sequence[WantedAccount]) -> WantedAccount:
    if len(wanted) != 1:
        raise Usage(
            f"an openid is of one account, and {len(wanted)} are chosen",
            fix="name the account with -a",
        )
    return wanted[0]


def _try_match(api: MenuApi, account: Account, user: str) -> list[dict[str, Any]]:
    try:
        return api.try_match(user)
    except WeChatError as error:
        if error.errcode not in _STRANGERS:
            raise
        raise CannotStart(
            f"WeChat names no menu of {account.name} for {user!r}: "
            f"{_STRANGERS[error.errcode]} ({error.errcode})",
            fix="give the openid of a follower of this very account: each account has its own",
            code=error.code,
        ) from None


_STRANGERS: Final[Mapping[int, str]] = {
    40003: "there is no such openid",
    40132: "this is neither an openid nor a WeChat id",
    65302: "there is no such user",
    65315: "the user doesn't follow the account",
}


def _tag_ids(api: MenuApi, user: str) -> tuple[str, ...] | None:
    """Read the follower's tags; None for a WeChat id, with which WeChat tells no tags."""
    try:
        return api.get_tag_ids(user)
    except WeChatError as error:
        if error.code != _INVALID_OPENID:
            raise
        return None


def _tags(
    api: MenuApi,
    wanted: WantedAccount,
    answers: Answers,
    ids: Sequence[str],
    typed: Tag | None,
) -> Tags:
    """Read the names of the tags where there is any tag to be named."""
    rules = [menu.matchrule for menu in answers.live.menus.conditionalmenu]
    needed = names_tags(wanted) or (typed is not None and typed.by == "name")
    if not needed and not ids and not any(rule.tag_id for rule in rules):
        return NO_TAGS
    try:
        return Tags.of(api.get_tags())
    except WeChatError as error:
        if needed:
            raise unreadable_tags(error, wanted) from None
        return NO_TAGS


def _last(
    typed: Tag | None, ids: Sequence[str] | None, tags: Tags, account: Account, user: str
) -> str | None:
    """Find the tag that somebody says was put on last; raises Usage where it can't be."""
    if typed is None:
        return None
    text = typed.text
    found = tags.ids(text) or ((text,) if typed.by == "id" else ())
    if not found:
        raise Usage(
            f"{account.name} has no tag {text!r}",
            fix=f"it has: {', '.join(list(tags.names.values())[:10]) or 'none'}",
        )
    if ids is not None and found[0] not in ids:
        has = ", ".join(tags.names.get(id_, id_) for id_ in ids) or "none"
        raise Usage(
            f"{user!r} doesn't have the tag {text!r}: WeChat tells {has}",
            fix="name with --tag the one of them that was put on last, or leave it out",
        )
    return found[0]


def _made(answers: Answers) -> Menus:
    """Give what the API made: that is what `menu/trymatch` chooses from."""
    menu = (answers.menu or {}).get("menu")
    button = menu.get("button") if isinstance(menu, Mapping) else None
    return Menus(parse_buttons(button), answers.live.menus.conditionalmenu)
