"""The calls about calls: quotas, refusals, addresses. Every account may make them."""

from __future__ import annotations

from dataclasses import replace

from . import answers, rids
from .account import Account
from .answers import OK, Answer
from .asked import Asked, Reply
from .quotas import DAILY, clear_all, clear_one, take_clear, take_one_clear
from .refusal import Refusal
from .request import ROOT, read_object
from .rights import has_right
from .state import AccountState

# The addresses are documentation's own (RFC 5737): nobody must open a firewall for them.
API_ADDRESSES = ("203.0.113.10", "203.0.113.11")
CALLBACK_ADDRESSES = ("198.51.100.7", "198.51.100.64/26")  # entries may be ranges
CALLBACK_HOSTS = ("192.0.2.10",)  # what an account's callback URL is said to resolve to
OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")
CHANNELS = "/channels/ec/"


def quota_get(asked: Asked) -> Reply:
    """Answer POST openapi/quota/get.

    Its page says that cloud calls aren't supported, but not what a container's own token is told;
    here that token is as good as any.
    """
    state = asked.state
    path = asked_path(state.account, read_object(asked.request).get("cgi_path"))
    return state, answers.quota(state.account, state.used, path, asked.now_s)


def quota_clear(asked: Asked) -> Reply:
    """Set one interface's count of the day back; 50 a month.

    Its page asks for a path under /channels/ec/, and yet is for official accounts: a switch. No
    code is published for the 51st, nor for another path; 48006 and 76021 are choices.
    """
    state = asked.state
    cgi_path = read_object(asked.request).get("cgi_path")
    if state.account.switches.quota_clear == "channels" and isinstance(cgi_path, str):
        if not cgi_path.startswith("/"):
            raise Refusal(76003)
        if not cgi_path.startswith(CHANNELS):
            raise Refusal(76021)
        path = cgi_path  # none of those are played, so that nothing is to be set back
    else:
        path = asked_path(state.account, cgi_path)
    used = take_one_clear(state.used, asked.now_s)
    return replace(state, used=clear_one(used, path)), OK


def asked_path(account: Account, cgi_path: object) -> str:
    """Give the path that is asked about, as the keys of DAILY are spelt.

    A cgi_path that is missing, or no text, is one without the slash at its start: a choice. 76022
    for an interface that the account has no right to is from one public report.
    """
    if not isinstance(cgi_path, str) or not cgi_path.startswith("/"):
        raise Refusal(76003)
    path = cgi_path.removeprefix(ROOT)
    if "/sns/" in cgi_path:  # not supported, says the page
        raise Refusal(76022)
    if path not in DAILY:
        raise Refusal(76021)
    if not has_right(account, path):
        raise Refusal(76022)
    return path


def clear_quota(asked: Asked) -> Reply:
    """Set all counts of the day back; the body names the token's own account."""
    if read_object(asked.request).get("appid") != asked.state.account.appid:
        raise Refusal(40013)
    return cleared(asked.state, asked.now_s), OK


def cleared(state: AccountState, now_s: float) -> AccountState:
    """Give the account with its day's counts at nothing, unless it did so too often this month."""
    return replace(state, used=clear_all(take_clear(state.used, now_s)))


def rid_get(asked: Asked) -> Reply:
    """Tell what a refused call of this account was."""
    rid = read_object(asked.request).get("rid")
    found = rids.find(asked.world, asked.state, rid, asked.now_s)
    return asked.state, Answer({**OK.value, "request": found})


def api_addresses(asked: Asked) -> Reply:
    """List where api.weixin.qq.com is."""
    return asked.state, Answer({"ip_list": list(API_ADDRESSES)})


def callback_addresses(asked: Asked) -> Reply:
    """List where WeChat calls from."""
    return asked.state, Answer({"ip_list": list(CALLBACK_ADDRESSES)})


def callback_check(asked: Asked) -> Reply:
    """Answer callback/check as if the account's URL were found and answered.

    Nothing is looked up. Which of several faults is told isn't published: the URL is the last here.
    """
    body = read_object(asked.request)
    action, operator = body.get("action"), body.get("check_operator")
    if action not in ("dns", "ping", "all"):
        raise Refusal(40202)
    if operator not in OPERATORS:
        raise Refusal(40203)
    if asked.state.account.callback_url is None:
        raise Refusal(40201)
    seen_by = "CAP" if operator == "DEFAULT" else operator
    dns = [{"ip": ip, "real_operator": "UNICOM"} for ip in CALLBACK_HOSTS]
    ping = [
        {"ip": ip, "from_operator": seen_by, "package_loss": "0%", "time": "23.079ms"}
        for ip in CALLBACK_HOSTS
    ]
    parts = {"dns": dns, "ping": ping}
    return asked.state, Answer({k: v for k, v in parts.items() if action in (k, "all")})
