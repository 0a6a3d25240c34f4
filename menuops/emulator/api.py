"""The calls under /cgi-bin/: who may make them, and in what order WeChat checks that.

Pure but for the world that is passed in. An unknown path is 40066. The order token, method,
rights, quota, body is a choice; WeChat doesn't publish one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from . import answers, menus
from .account import Account
from .answers import Answer, refused
from .quotas import FORCED, count_call, day_of, take_call, take_minute, used_calls
from .refusal import Refusal
from .request import ROOT, Request, read_object
from .state import AccountState, World
from .tokens import (
    FORCE_GAP_S,
    FORCES_A_DAY,
    SHAPE,
    Grant,
    grant_classic,
    grant_forced,
    grant_stable,
)

Handler: TypeAlias = Callable[[AccountState, Request], menus.Reply]


@dataclass(frozen=True, slots=True)
class Call:
    """One interface: which methods reach it, and whether an unverified account may use it."""

    handler: Handler
    methods: tuple[str, ...]
    for_all: bool = False


READ = ("GET",)
LENIENT_READ = ("GET", "POST")  # some SDKs post to these two, and it works (reported)
WRITE = ("POST",)

CALLS = {
    "menu/create": Call(menus.create, WRITE),
    "menu/get": Call(menus.get, LENIENT_READ),
    "menu/delete": Call(menus.delete, LENIENT_READ),
    "menu/addconditional": Call(menus.add_conditional, WRITE),
    "menu/delconditional": Call(menus.delete_conditional, WRITE),
    "menu/trymatch": Call(menus.trymatch, WRITE),
    "get_current_selfmenu_info": Call(menus.selfmenu, READ, for_all=True),
    "tags/get": Call(menus.tags, READ),
    "tags/getidlist": Call(menus.tag_ids, WRITE),
}
QUOTA_GET = "openapi/quota/get"
PATHS = frozenset({"token", "stable_token", QUOTA_GET, *CALLS})


def respond(world: World, request: Request, now_s: float) -> Answer:
    """Answer a call, and put what it changed into `world`. Raises nothing."""
    try:
        if request.path == "token":
            return token(world, request, now_s)
        if request.path == "stable_token":
            return stable_token(world, request, now_s)
        if request.path == QUOTA_GET:
            return quota_get(world, request, now_s)
        if request.path in CALLS:
            return call(world, request, CALLS[request.path], now_s)
        raise Refusal(40066)
    except Refusal as refusal:
        return refused(refusal, now_s)


def call(world: World, request: Request, called: Call, now_s: float) -> Answer:
    """Answer a call that needs a token and works on menus or tags."""
    state = authorised(world, request.query, now_s)
    check_method(request, called.methods)
    if not has_right(state.account, request.path):
        raise Refusal(48001)
    counted = replace(state, used=take_call(state.account, state.used, request.path, now_s))
    world.put(counted)
    changed, answer = called.handler(counted, request)
    world.put(changed)
    return answer


def quota_get(world: World, request: Request, now_s: float) -> Answer:
    """Answer POST openapi/quota/get, which every account may call.

    Its page says that cloud calls aren't supported, but not what a container's own token is told;
    here that token is as good as any.
    """
    state = authorised(world, request.query, now_s)
    check_method(request, WRITE)
    counted = replace(state, used=take_call(state.account, state.used, QUOTA_GET, now_s))
    world.put(counted)
    path = asked_path(counted.account, read_object(request).get("cgi_path"))
    return answers.quota(counted.account, counted.used, path, now_s)


def asked_path(account: Account, cgi_path: object) -> str:
    """Give the path whose quota is asked for, as the keys of CALLS are spelt.

    A cgi_path that is missing, or no text, is one without the slash at its start: a choice. 76022
    for an interface that the account has no right to is from one public report.
    """
    if not isinstance(cgi_path, str) or not cgi_path.startswith("/"):
        raise Refusal(76003)
    path = cgi_path.removeprefix(ROOT)
    if "/sns/" in cgi_path:  # not supported, says the page
        raise Refusal(76022)
    if path not in PATHS:
        raise Refusal(76021)
    if not has_right(account, path):
        raise Refusal(76022)
    return path


def has_right(account: Account, path: str) -> bool:
    """Tell whether an account may use an interface at all.

    One without conditional menus may: it answers 65306, and so has a quota.
    """
    return account.rights or path not in CALLS or CALLS[path].for_all


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
        raise Refusal(errcode)
    return state


def check_method(request: Request, methods: tuple[str, ...]) -> None:
    """Refuse GET where POST is asked for, and the other way round."""
    if request.method not in methods:
        raise Refusal(43001 if "GET" in methods else 43002)


def token(world: World, request: Request, now_s: float) -> Answer:
    """Answer GET token."""
    check_method(request, READ)
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
    check_method(request, WRITE)
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
        return granted(world, forced, grant_forced(forced.tokens, now_s))
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
    if appid is None or appid == "":
        raise Refusal(41002)
    if secret is None or secret == "":
        raise Refusal(41004)
    state = world.get(appid) if isinstance(appid, str) else None
    if state is None:
        raise Refusal(40013)
    if secret != state.account.secret and state.account.secret is not None:
        raise Refusal(40125)
    listed = state.account.ip_whitelist
    if listed is not None and client_ip not in listed:
        raise Refusal(40164, f"invalid ip {client_ip} ipv6 ::ffff:{client_ip}, not in whitelist")
    return state
