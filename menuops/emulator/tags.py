"""The calls about tags and who carries them. Source: WeChat's page of user tags, old and new.

A follower's tags stand in the order they were put on, which decides over the menu; one that is put
on again keeps its place (a choice). A tag's count follows, beginning with what it was set up with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .account import Account, Follower, Tag
from .answers import OK, Answer, refused
from .asked import Asked, Reply
from .buttons import JsonObject
from .refusal import Refusal
from .request import read_object
from .rules import SYSTEM_TAGS
from .state import AccountState

MOST_TAGS = 100
FIRST_TAG = 100  # ids of tags that accounts made begin here
NAME_LENGTH = 30
MOST_FANS = 100_000  # a tag with more can't be deleted
MOST_OPENIDS = 50


def listed(asked: Asked) -> Reply:
    """List the account's tags."""
    shown = [
        {"id": tag.id, "name": tag.name, "count": tag.count} for tag in asked.state.account.tags
    ]
    return asked.state, Answer({"tags": shown})


def create(asked: Asked) -> Reply:
    """Make a tag. Ids grow, and that of a deleted tag isn't given again."""
    account = asked.state.account
    name = checked_name(account, posted_tag(asked).get("name"))
    made = [tag for tag in account.tags if str(tag.id) not in SYSTEM_TAGS]
    if len(made) >= MOST_TAGS:
        raise Refusal(45056)
    known = (*(tag.id for tag in account.tags), *account.deleted_tags, FIRST_TAG - 1)
    tag = Tag(max(known) + 1, name)
    answer = Answer({"tag": {"id": tag.id, "name": tag.name}})
    return changed(asked, tags=(*account.tags, tag)), answer


def update(asked: Asked) -> Reply:
    """Give a tag another name."""
    account = asked.state.account
    posted = posted_tag(asked)
    found = own_tag(account, posted.get("id"))
    renamed = replace(found, name=checked_name(account, posted.get("name"), but=found))
    tags = tuple(renamed if tag is found else tag for tag in account.tags)
    return changed(asked, tags=tags), OK


def delete(asked: Asked) -> Reply:
    """Delete a tag, off its followers too.

    What becomes of conditional menus that name it isn't documented; they stay, and match nobody.
    """
    account = asked.state.account
    found = own_tag(account, posted_tag(asked).get("id"))
    if found.count > MOST_FANS:
        raise Refusal(45057)
    state = changed(
        asked,
        tags=tuple(tag for tag in account.tags if tag is not found),
        followers=tuple(without(one, found.id) for one in account.followers),
        deleted_tags=(*account.deleted_tags, found.id),
    )
    return state, OK


def posted_tag(asked: Asked) -> JsonObject:
    """Give the body's `tag`."""
    tag = read_object(asked.request).get("tag")
    if not isinstance(tag, dict):
        raise Refusal(47001)
    return tag


def checked_name(account: Account, name: Any, but: Tag | None = None) -> str:
    """Give a name that is free: no empty one (a choice), none of over 30, none twice."""
    if not isinstance(name, str) or not name.strip():
        raise Refusal(45157)
    counted = name if account.switches.tag_name == "characters" else name.encode("utf-8", "replace")
    if len(counted) > NAME_LENGTH:
        raise Refusal(45158)
    if any(tag.name == name for tag in account.tags if tag is not but):
        raise Refusal(45157)
    return name


def own_tag(account: Account, value: Any) -> Tag:
    """Give a tag that the account may change: none of the system's."""
    tag_id = known_tag(account, value)
    if str(tag_id) in SYSTEM_TAGS:
        raise Refusal(45058)
    return next(tag for tag in account.tags if tag.id == tag_id)


def known_tag(account: Account, value: Any) -> int:
    """Give the id of a tag that exists. A number; as in rules, digits as text are taken for one."""
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if text in (*SYSTEM_TAGS, *(str(tag.id) for tag in account.tags)):
        return int(text)
    raise Refusal(45159)


# Who carries a tag


def of_follower(asked: Asked) -> Reply:
    """List the tags of one follower, numbers, the highest first as in the page's sample.

    The order in which they were put on, which decides over the menu, isn't said to be told here.
    """
    openid = read_object(asked.request).get("openid")
    errcode = trouble(asked, openid)
    if errcode:
        raise Refusal(errcode)
    follower = next(one for one in asked.state.account.followers if one.openid == openid)
    return asked.state, Answer({"tagid_list": sorted(follower.tags, reverse=True)})


def put_on(asked: Asked) -> Reply:
    """Answer batchtagging: put a tag on followers, behind those they carry."""
    tag_id, openids, answer = posted_openids(asked)
    most = int(asked.state.account.switches.tags_a_follower)
    for one in asked.state.account.followers:
        if one.openid in openids and tag_id not in one.tags and len(one.tags) >= most:
            raise Refusal(45059)
    return carried(asked, tag_id, openids, on=True), answer


def take_off(asked: Asked) -> Reply:
    """Answer batchuntagging: take a tag off followers. Who doesn't carry it is left alone."""
    tag_id, openids, answer = posted_openids(asked)
    return carried(asked, tag_id, openids, on=False), answer


def posted_openids(asked: Asked) -> tuple[int, set[str], Answer]:
    """Give the tag, who it is for, and the answer; raise the Refusal of a list that isn't taken.

    One openid that isn't good refuses the whole list, or, on newer pages, is told with 45171 while
    the others are done: a switch. 45169, two calls at once for one follower, can't happen here.
    """
    account = asked.state.account
    body = read_object(asked.request)
    openids = body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= MOST_OPENIDS:
        raise Refusal(40032)
    tag_id = known_tag(account, body.get("tagid"))
    failed = {
        index: errcode for index, one in enumerate(openids) if (errcode := trouble(asked, one))
    }
    if failed and account.switches.bad_openid == "40003":
        raise Refusal(next(iter(failed.values())))
    good = {one for index, one in enumerate(openids) if index not in failed}
    if not failed:
        return tag_id, good, OK
    answer = refused(Refusal(45171), asked.now_s)
    listed_failed = [openids[index] for index in failed]
    return tag_id, good, Answer({**answer.value, "fail_openid_list": listed_failed})


def trouble(asked: Asked, openid: Any) -> int:
    """0 for a follower's openid; 49003 for one of another account, else 40003.

    That who no longer follows is refused like a stranger is a choice.
    """
    account = asked.state.account
    if any(one.openid == openid and one.subscribed for one in account.followers):
        return 0
    elsewhere = (
        one.openid
        for state in asked.world.states
        if state.account.appid != account.appid
        for one in state.account.followers
    )
    known = any(one.openid == openid for one in account.followers)
    return 49003 if not known and openid in elsewhere else 40003


def carried(asked: Asked, tag_id: int, openids: Iterable[str], on: bool) -> AccountState:
    """Give the state in which these followers carry a tag, or don't; its count follows."""
    account = asked.state.account
    chosen = set(openids)
    followers = []
    more = 0
    for one in account.followers:
        moved = one
        if one.openid in chosen and (tag_id in one.tags) is not on:
            moved = replace(one, tags=(*one.tags, tag_id)) if on else without(one, tag_id)
            more += 1 if on else -1
        followers.append(moved)
    tags = tuple(
        replace(tag, count=max(0, tag.count + more)) if tag.id == tag_id else tag
        for tag in account.tags
    )
    return changed(asked, tags=tags, followers=tuple(followers))


def without(follower: Follower, tag_id: int) -> Follower:
    """Take a tag off somebody."""
    if tag_id not in follower.tags:
        return follower
    return replace(follower, tags=tuple(one for one in follower.tags if one != tag_id))


def changed(asked: Asked, **settings: Any) -> AccountState:
    """Give the account's state with other tags and followers."""
    return replace(asked.state, account=replace(asked.state.account, **settings))
