"""Lists of followers, a page at a time: all of an account, or those who carry a tag.

Sources: the pages of user/get and user/tag/get.
"""

from __future__ import annotations

from .account import Account
from .answers import Answer
from .asked import Asked, Reply
from .refusal import Refusal
from .request import read_object
from .tags import known_tag

PAGE_OPENIDS = 10_000


def everybody(asked: Asked) -> Reply:
    """List a page of all who follow; `total` is how many these are."""
    account = asked.state.account
    openids = [one.openid for one in account.followers if one.subscribed]
    value = page(account, openids, asked.request.query.get("next_openid"))
    return asked.state, Answer({"total": len(openids), **value})


def carriers(asked: Asked) -> Reply:
    """List a page of those who carry a tag."""
    account = asked.state.account
    body = read_object(asked.request)
    tag_id = known_tag(account, body.get("tagid"))
    openids = [one.openid for one in account.followers if one.subscribed and tag_id in one.tags]
    return asked.state, Answer(page(account, openids, body.get("next_openid")))


def page(account: Account, openids: list[str], last: object) -> dict[str, object]:
    """Give {count, data: {openid}, next_openid}: those behind `last`, from the first on without it.

    `count` is how many this page has. An empty page has no `data`, as SDKs expect.
    """
    if last not in (None, ""):
        known = [one.openid for one in account.followers]
        if last not in known:
            raise Refusal(40003)
        passed = set(known[: known.index(last) + 1])
        openids = [openid for openid in openids if openid not in passed]
    listed = openids[:PAGE_OPENIDS]
    if not listed:
        return {"count": 0, "next_openid": ""}
    return {"count": len(listed), "data": {"openid": listed}, "next_openid": listed[-1]}
