"""The calls under /cgi-bin/: who may make them, and in what order WeChat checks that.

Pure but for the world that is passed in. An unknown path is 40066. The order token, method,
rights, quota, body is a choice; WeChat doesn't publish one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from . import followers, menus, operations, rids, tags
from .answers import OK, Answer, refused
from .asked import Asked, Reply
from .quotas import FORCED, count_call, day_of, take_call, take_minute, used_calls
from .refusal import LONG_40001, Refusal
from .request import Request, read_object
from .rights import has_right
from .state import AccountState, World
from .switches import Switches
from .tokens import (
    FORCE_GAP_S,
    FORCES_A_DAY,
    OVERLAP_S,
    SHAPE,
    Grant,
    grant_classic,
    grant_forced,
    grant_stable,
)

Handler: TypeAlias = Callable[[Asked], Reply]


@dataclass(frozen=True, slots=True)
class Call:
    """One interface: which method reaches it. Some SDKs post to a `lenient` one, and it works."""

    handler: Handler
    method: str
    lenient: bool = False


def of_menus(handler: Callable[[AccountState, Request], Reply]) -> Handler:
    """Let a handler see its own account alone."""
    return lambda asked: handler(asked.state, asked.request)


CALLS = {
    "menu/create": Call(of_menus(menus.create), "POST"),
    "menu/get": Call(of_menus(menus.get), "GET", lenient=True),
    "menu/delete": Call(of_menus(menus.delete), "GET", lenient=True),
    "menu/addconditional": Call(of_menus(menus.add_conditional), "POST"),
    "menu/delconditional": Call(of_menus(menus.delete_conditional), "POST"),
    "menu/trymatch": Call(of_menus(menus.trymatch), "POST"),
    "get_current_selfmenu_info": Call(of_menus(menus.selfmenu), "GET"),
    "tags/get": Call(tags.listed, "GET"),
    "tags/create": Call(tags.create, "POST"),
    "tags/update": Call(tags.update, "POST"),
    "tags/delete": Call(tags.delete, "POST"),
    "tags/getidlist": Call(tags.of_follower, "POST"),
    "tags/members/batchtagging": Call(tags.put_on, "POST"),
    "tags/members/batchuntagging": Call(tags.take_off, "POST"),
    "user/tag/get": Call(followers.carriers, "POST"),
    "user/get": Call(followers.everybody, "GET"),
    "openapi/quota/get": Call(operations.quota_get, "POST"),
    "openapi/quota/clear": Call(operations.quota_clear, "POST"),
    "openapi/rid/get": Call(operations.rid_get, "POST"),
    "clear_quota": Call(operations.clear_quota, "POST"),
    "get_api_domain_ip": Call(operations.api_addresses, "GET"),
    "getcallbackip": Call(operations.callback_addresses, "GET"),
    "callback/check": Call(operations.callback_check, "POST"),
}


def respond(world: World, request: Request, now_s: float) -> Answer:
    """Answer a call, and put what it changed into `world`. Raises nothing."""
    try:
        answer = answered(world, request, now_s)
    except Refusal as refusal:
        answer = refused(refusal, now_s)
    if answer.errcode:
        rids.remember(world, request, answer, now_s)
    return answer


def answered(world: World, request: Request, now_s: float) -> Answer:
    """Answer a call that isn't refused."""
    if request.path in CALLS:
        return call(world, request, CALLS[request.path], now_s)
    if request.path in WITHOUT_TOKEN:
        return WITHOUT_TOKEN[request.path](world, request, now_s)
    raise Refusal(40066)


def call(world: World, request: Request, called: Call, now_s: float) -> Answer:
    """Answer a call that needs a token."""
    state = authorised(world, request.query, now_s)
    check_method(request, called, state.account.switches)
    if not has_right(state.account, request.path):
        raise Refusal(48001)
    counted = replace(state, used=take_call(state.account, state.used, request.path, now_s))
    world.put(counted)
    changed, answer = called.handler(Asked(world, counted, request, now_s))
    world.put(changed)
    return answer


def authorised(world: World, query: Mapping[str, str], now_s: float) -> AccountState:
    """Find the account that a call's token stands for.

    A token of Cloud Run is 40001 as `access_token` (its page). The other way round isn't published,
    nor what comes of both parameters at once: here it is 40001 too, and `access_token` counts.
    """
    by_cloudbase = "access_token" not in query and "cloudbase_access_token" in query
    token_value = query.get("cloudbase_access_token" if by_cloudbase else "access_token")
    if not token_value:
        raise Refusal(41001)
    if not SHAPE.fullmatch(token_value):
        raise Refusal(40014)
    state = world.owner(token_value)
    if state is None:
        raise Refusal(40001)
    token = next(one for one in state.tokens if one.value == token_value)
    errcode = token.errcode(now_s) if (token.kind == "cloudbase") is by_cloudbase else 40001
    if errcode:
        long = errcode == 40001 and state.account.switches.text_40001 == "long"
        raise Refusal(errcode, LONG_40001 if long else None)
    return state


def check_method(request: Request, called: Call, switches: Switches) -> None:
    """Refuse GET where POST is asked for, and the other way round, as far as a switch says so."""
    if called.method == "POST":
        require(request, "POST")
        return
    lenient = {"never": False, "always": True}.get(switches.post_on_get, called.lenient)
    if not (lenient and request.method == "POST"):
        require(request, "GET")


def require(request: Request, method: str) -> None:
    """Refuse a call by any other method."""
    if request.method != method:
        raise Refusal(43001 if method == "GET" else 43002)


def token(world: World, request: Request, now_s: float) -> Answer:
    """Answer GET token."""
    require(request, "GET")
    asked = request.query
    state = authenticated(
        world, asked.get("grant_type"), asked.get("appid"), asked.get("secret"), request.client_ip
    )
    counted = replace(state, used=take_call(state.account, state.used, "token", now_s))
    return granted(world, counted, grant_classic(counted.tokens, now_s))


def stable_token(world: World, request: Request, now_s: float) -> Answer:
    """Answer POST stable_token.

    A forced refresh that comes too soon or too often is answered as the plain mode is: "no refresh
    happens".
    """
    require(request, "POST")
    asked = read_object(request)
    state = authenticated(
        world, asked.get("grant_type"), asked.get("appid"), asked.get("secret"), request.client_ip
    )
    used = take_call(state.account, state.used, "stable_token", now_s)
    counted = replace(state, used=take_minute(used, now_s))
    if asked.get("force_refresh") is True and may_force(counted, now_s):
        forced = replace(
            counted,
            used=count_call(counted.used, FORCED, day_of(now_s)),
            forced_at_s=now_s,
        )
        overlap_s = 0 if forced.account.switches.forced_refresh == "at_once" else OVERLAP_S
        return granted(world, forced, grant_forced(forced.tokens, now_s, overlap_s))
    return granted(world, counted, grant_stable(counted.tokens, now_s))


def may_force(state: AccountState, now_s: float) -> bool:
    """Tell whether a forced refresh would happen now."""
    rested = state.forced_at_s is None or now_s - state.forced_at_s >= FORCE_GAP_S
    return rested and used_calls(state.used, FORCED, day_of(now_s)) < FORCES_A_DAY


def granted(world: World, state: AccountState, grant: Grant) -> Answer:
    """Keep a grant and give its answer."""
    world.put(replace(state, tokens=grant.tokens))
    return Answer({"access_token": grant.value, "expires_in": grant.expires_in_s})


def authenticated(
    world: World, grant_type: object, appid: object, secret: object, client_ip: str
) -> AccountState:
    """Find the account of a token call: appid, then secret, then the IP whitelist.

    That order is from one public test log. Not being on the list is 40164 with the live text.
    """
    if grant_type != "client_credential":
        raise Refusal(40002)
    state = identified(world, appid, secret)
    listed = state.account.ip_whitelist
    if listed is not None and client_ip not in listed:
        errcode = int(state.account.switches.not_whitelisted)
        text = f"invalid ip {client_ip} ipv6 ::ffff:{client_ip}, not in whitelist"
        raise Refusal(errcode, text if errcode == 40164 else None)
    return state


def identified(world: World, appid: object, secret: object) -> AccountState:
    """Find the account that an appid and a secret are of: appid first, then secret.

    An appid that isn't known here has no switches: those of any account count.
    """
    if appid is None or appid == "":
        raise Refusal(41002)
    if secret is None or secret == "":
        raise Refusal(41004)
    state = world.get(appid) if isinstance(appid, str) else None
    if state is None:
        old = any(one.account.switches.wrong_appid == "40001" for one in world.states)
        raise Refusal(40001 if old else 40013)
    if secret != state.account.secret and state.account.secret is not None:
        raise Refusal(int(state.account.switches.wrong_secret))
    return state


def given(world: World, request: Request) -> Mapping[str, object]:
    """Give clear_quota/v2's parameters from where the account named in them takes them."""
    query = request.query
    state = world.get(query.get("appid", ""))
    if state is not None and state.account.switches.clear_quota_v2 in ("query", "either"):
        return query
    asked = read_object(request)
    appid = asked.get("appid")
    state = world.get(appid) if isinstance(appid, str) else None
    if state is not None and state.account.switches.clear_quota_v2 == "query":
        raise Refusal(41002)
    return asked


def clear_quota_v2(world: World, request: Request, now_s: float) -> Answer:
    """Answer POST clear_quota/v2: by secret, so that it works when there are no token calls left.

    Its page has the parameters in the body and its sample in the query: a switch. The whitelist is
    for token calls alone. It isn't counted itself, but for its share of the month's ten.
    """
    require(request, "POST")
    asked = given(world, request)
    state = identified(world, asked.get("appid"), asked.get("appsecret"))
    world.put(operations.cleared(state, now_s))
    return OK


WITHOUT_TOKEN: dict[str, Callable[[World, Request, float], Answer]] = {
    "token": token,
    "stable_token": stable_token,
    "clear_quota/v2": clear_quota_v2,
}
PATHS = frozenset({*WITHOUT_TOKEN, *CALLS})
