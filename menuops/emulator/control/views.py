"""The emulator's state as JSON: all but secrets and the values of tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from menuops.emulator.api import PATHS
from menuops.emulator.buttons import JsonObject
from menuops.emulator.document import settings_json
from menuops.emulator.exchange import HIDDEN
from menuops.emulator.faults import KINDS, Fault, PlannedFault, kind_of
from menuops.emulator.state import AccountState, Menu
from menuops.emulator.tokens import Token

if TYPE_CHECKING:
    from menuops.emulator.emulator import Emulator
    from menuops.emulator.sight import Sight


def state_view(emulator: Emulator) -> JsonObject:
    """Give {now_s, latency_s, last_call, accounts, faults, paths, fault_kinds}."""
    now_s = emulator.now_s()
    return {
        "now_s": now_s,
        "latency_s": emulator.latency_s,
        "last_call": emulator.feed.since(0).last,
        "accounts": [account_view(state, now_s) for state in emulator.states],
        "faults": faults_view(emulator.faults),
        "paths": sorted(PATHS),
        "fault_kinds": list(KINDS),
    }


def account_view(state: AccountState, now_s: float) -> JsonObject:
    """Give an account: its settings, the secret hidden, and what calls made of it."""
    settings = settings_json(state.account)
    return {
        **settings,
        "supports_conditional": settings["conditional"],  # the other name is its menus
        "secret": None if settings["secret"] is None else HIDDEN,
        "default": None if state.default is None else menu_view(state.default),
        "conditional": [{**menu_view(menu), "matchrule": menu.rule} for menu in state.conditional],
        "console": state.console,
        "is_open": state.is_open,
        "tokens": [token_view(token, now_s) for token in state.tokens],
        "switches": settings.get("switches", {}),
    }


def menu_view(menu: Menu) -> JsonObject:
    """Give {menuid, button}."""
    return {"menuid": menu.menuid, "button": list(menu.buttons)}


def token_view(token: Token, now_s: float) -> JsonObject:
    """Give {kind, status, expires_in_s}: seconds of its life that are left, 0 once it is dead."""
    match token.errcode(now_s):
        case 0:
            ends_at_s = min(token.expires_at_s, token.void_at_s or token.expires_at_s)
            return {"kind": token.kind, "status": "works", "expires_in_s": int(ends_at_s - now_s)}
        case 42001:
            status = "expired"
        case _:
            status = "voided"
    return {"kind": token.kind, "status": status, "expires_in_s": 0}


def faults_view(planned: Iterable[PlannedFault]) -> list[JsonObject]:
    """Give [{path, fault, times, after, …}]; `times` of 0 is for ever."""
    return [
        {
            "path": one.path,
            "fault": kind_of(one.fault),
            "times": 0 if one.times is None else one.times,
            "after": one.after,
            **fault_fields(one.fault),
        }
        for one in planned
    ]


def fault_fields(fault: Fault) -> JsonObject:
    """Give a fault's own fields, as they can be sent."""
    return {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        for name, value in vars(fault).items()
    }


def sight_view(sight: Sight) -> JsonObject:
    """Give {menuid, button, rule, source}; button is null where nothing is seen."""
    return {
        "menuid": sight.menuid,
        "button": None if sight.buttons is None else list(sight.buttons),
        "rule": sight.rule,
        "source": sight.source,
    }
