"""Refused calls, found again by the id (rid) at the end of their text. Source: page of rid/get.

Only refusals carry a rid, so only these are kept: an account's last ones, as the page's sample
shows them, the token shortened. Bodies that hold a secret aren't kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .buttons import JsonObject
from .refusal import Refusal
from .request import Request, read_object

if TYPE_CHECKING:
    from .answers import Answer
    from .state import AccountState, World

RID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")
RID_AT_END = re.compile(rf" rid: ({RID.pattern})\Z")
KEPT = 50
KEPT_DAYS = 7
SHOWN_CHARACTERS = 2_000
SHORTENED = 6  # characters of a token in the sample, before "xxxx"
WITH_SECRET = ("token", "stable_token", "clear_quota/v2")
SECRETS = ("secret", "appsecret")
TOKENS = ("access_token", "cloudbase_access_token")


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A call that was refused: what rid/get tells of it."""

    rid: str
    at_s: int
    query: str
    body: str
    answer: str
    client_ip: str


def remember(world: World, request: Request, answer: Answer, now_s: float) -> None:
    """Keep a refusal with the account that it concerns, if it has a rid and there is one."""
    found = RID_AT_END.search(str(answer.value.get("errmsg", "")))
    state = concerned(world, request)
    if found is None or state is None:
        return
    refused = RefusedCall(
        rid=found[1],
        at_s=int(now_s),
        query=shown_query(request),
        body="" if request.path in WITH_SECRET else shown_body(request),
        answer=answer.encode().decode("utf-8"),
        client_ip=request.client_ip,
    )
    world.put(replace(state, refusals=(*state.refusals[1 - KEPT :], refused)))


def concerned(world: World, request: Request) -> AccountState | None:
    """Find the account whose token, or appid, a call carries."""
    for name in TOKENS:
        if name in request.query:
            return world.owner(request.query[name])
    if request.path not in WITH_SECRET:
        return None
    appid: object = request.query.get("appid")
    if appid is None and request.body:
        try:
            appid = read_object(request).get("appid")
        except Refusal:
            return None
    return world.get(appid) if isinstance(appid, str) else None


def shown_query(request: Request) -> str:
    """Give the query, token and secret shortened: "access_token=50_Im7xxxx"."""
    shown = {
        name: f"{value[:SHORTENED] if name in TOKENS else ''}xxxx"
        if name in (*TOKENS, *SECRETS)
        else value
        for name, value in request.query.items()
    }
    return urlencode(shown, errors="replace")[:SHOWN_CHARACTERS]


def shown_body(request: Request) -> str:
    """Give the body's beginning as text."""
    return (request.body or b"")[: 4 * SHOWN_CHARACTERS].decode("utf-8", "replace")[
        :SHOWN_CHARACTERS
    ]


def find(world: World, state: AccountState, rid: object, now_s: float) -> JsonObject:
    """Give rid/get's `request` for a rid of this account, or raise the Refusal.

    What a call cost isn't measured: 1 ms.
    """
    if not isinstance(rid, str) or not RID.fullmatch(rid):
        raise Refusal(76002)
    found = next((one for one in state.refusals if one.rid == rid), None)
    if found is None:
        others = (one.rid for other in world.states for one in other.refusals)
        raise Refusal(76003 if rid in others else 76001)
    if now_s - found.at_s > KEPT_DAYS * 86_400:
        raise Refusal(int(state.account.switches.old_rid))
    return {
        "invoke_time": found.at_s,
        "cost_in_ms": 1,
        "request_url": found.query,
        "request_body": found.body,
        "response_body": found.answer,
        "client_ip": found.client_ip,
    }
