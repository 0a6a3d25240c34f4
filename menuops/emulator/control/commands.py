"""What is asked of the emulator through the control interface, read from JSON."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, TypeVar

from menuops.emulator.account import Account, Follower, Tag
from menuops.emulator.buttons import JsonObject
from menuops.emulator.console import check_console
from menuops.emulator.document import Damaged, read_settings, settings_json
from menuops.emulator.faults import GATEWAY_PAGE, KINDS, Fault

from .reply import Asked, Refused

if TYPE_CHECKING:
    from menuops.emulator.emulator import Emulator

T = TypeVar("T")
LONGEST_S = 3600.0  # a delay, or a port that is closed
URL_BYTES = 8_000  # no client reads longer headers
FARTHEST_S = 366 * 86_400.0
CODES = range(-(1 << 31), 1 << 31)


def read_json(asked: Asked) -> JsonObject:
    """Read the body: an object."""
    if asked.body is None:
        raise Refused(413, "the body is too long")
    try:
        value = json.loads(asked.body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body isn't JSON") from None
    if not isinstance(value, dict):
        raise Refused(400, "the body isn't a JSON object")
    return value


def plan_fault(emulator: Emulator, body: JsonObject) -> None:
    """Plan {path, fault, times?, after?, …}, with the fields of its kind."""
    times = given(body, "times", int, 1)
    after = given(body, "after", int, 0)
    fault = read_fault(body)
    try:
        emulator.fail_next(given(body, "path", str), fault, times or None, after)
    except ValueError as exc:
        raise Refused(400, str(exc)) from None


def read_fault(body: JsonObject) -> Fault:
    """Read a fault; a field of another kind is refused."""
    kind = given(body, "fault", str)
    if kind not in KINDS:
        raise Refused(400, f"no such fault: {kind}; known are {', '.join(KINDS)}")
    fields_of = set(KINDS[kind].__annotations__)
    stray = sorted(set(body) - fields_of - {"path", "fault", "times", "after"})
    if stray:
        raise Refused(400, f"the fault {kind} has no {stray[0]}")
    done = given(body, "done", bool, False)
    match kind:
        case "errcode":
            text = None if body.get("text") is None else given(body, "text", str)
            return Fault.errcode(within(given(body, "code", int), CODES, "code"), text)
        case "status":
            code = within(given(body, "code", int, 502), range(200, 600), "code")
            return Fault.status(code, given(body, "html", str, GATEWAY_PAGE), done)
        case "answer":
            return Fault.answer(given(body, "value", dict), done)
        case "body":
            return Fault.body(given(body, "content", str).encode("utf-8", "replace"), done)
        case "encoding":
            return encoding(given(body, "name", str))
        case "redirect":
            url = given(body, "url", str)
            if not url.isascii() or not url.isprintable() or len(url) > URL_BYTES:
                raise Refused(400, f"url isn't printable ASCII, at most {URL_BYTES} bytes")
            code = within(given(body, "code", int, 302), range(300, 400), "code")
            return Fault.redirect(url, code)
        case "refused":
            return Fault.refused(seconds(body, "seconds"))
        case "delay":
            return Fault.delay(seconds(body, "seconds"))
        case _:
            return KINDS[kind]()


def encoding(name: str) -> Fault:
    """Read the name of an encoding of text."""
    try:
        "好".encode(name, "replace")  # as an answer will be
    except (LookupError, ValueError):
        raise Refused(400, "no such encoding of text; for example utf-16, gbk") from None
    return Fault.encoding(name)


def set_clock(emulator: Emulator, body: JsonObject) -> None:
    """Do {advance_s} or {next_day: true}; back in time is refused."""
    try:
        pass_time(emulator, body)
    except ValueError as exc:
        raise Refused(400, str(exc)) from None


def pass_time(emulator: Emulator, body: JsonObject) -> None:
    """Let time pass. Raises ValueError where there is no such time."""
    match body:
        case {"next_day": True, **others} if not others:
            emulator.next_day()
        case {"advance_s": int() | float() as ahead_s, **others} if (
            not others and not isinstance(ahead_s, bool) and 0 <= ahead_s <= FARTHEST_S
        ):
            emulator.advance(float(ahead_s))
        case _:
            raise Refused(400, "send {advance_s: seconds, up to a year} or {next_day: true}")


def set_latency(emulator: Emulator, body: JsonObject) -> None:
    """Do {latency_s}."""
    latency_s = body.get("latency_s")
    if type(latency_s) not in (int, float) or not 0 <= latency_s <= 60:  # type: ignore[operator]
        raise Refused(400, "latency_s is a number of seconds, 0 to 60")
    emulator.set_latency(float(latency_s))  # type: ignore[arg-type]


def end_tokens(emulator: Emulator, body: JsonObject) -> str:
    """Do {appid, do: "expire" | "void"}, and give the appid."""
    appid = known_appid(emulator, body.get("appid"))
    match body.get("do"):
        case "expire":
            emulator.expire_tokens(appid)
        case "void":
            emulator.void_tokens(appid)
        case _:
            raise Refused(400, 'do is "expire" or "void"')
    return appid


def publish(emulator: Emulator, body: JsonObject) -> str:
    """Do {appid, selfmenu_info?, is_open?} as somebody in the console, and give the appid.

    What is left out stays as it is.
    """
    account = known_account(emulator, body.get("appid"))
    appid = account.appid
    is_open = body.get("is_open", 1)
    if not isinstance(is_open, int) or is_open not in (0, 1):
        raise Refused(400, "is_open is 0 or 1")
    if "selfmenu_info" in body:
        info = body["selfmenu_info"]
        if info is not None:
            try:
                check_console(account, info)
            except ValueError as exc:
                raise Refused(400, str(exc)) from None
        emulator.put_console(appid, info, is_open)
    elif is_open:
        emulator.open_menu(appid)
    else:
        emulator.close_menu(appid)
    return appid


def change_account(emulator: Emulator, body: JsonObject) -> str:
    """Do {appid, …settings}: what is given replaces what there was, all else stays.

    A new account has the defaults of Account. Gives the appid.
    """
    appid = body.get("appid")
    if not isinstance(appid, str) or not appid:
        raise Refused(400, "appid is missing")
    known = {field.name for field in fields(Account)}
    for name in body:
        if name not in known:
            raise Refused(400, f"an account has no {name}; it has {', '.join(sorted(known))}")
    given_settings: JsonObject = {
        **body,
        **{
            name: filled_list(body[name], kind)
            for name, kind in (("tags", Tag), ("followers", Follower))
            if name in body
        },
    }

    def changed(account: Account) -> Account:
        settings = settings_json(account)
        for name, value in given_settings.items():
            nested = isinstance(settings[name], dict) and isinstance(value, dict)
            settings[name] = {**settings[name], **value} if nested else value
        return read_settings(settings)

    try:
        emulator.change_account(appid, changed)
    except KeyError as exc:
        raise Refused(400, f"the account can't be set up so: {exc.args[0]} is missing") from None
    except (Damaged, ValueError) as exc:
        raise Refused(400, f"the account can't be set up so: {exc}") from None
    return appid


def filled_list(listed: Any, kind: type[Any]) -> Any:
    """Give objects with the fields that they leave out, as the values of `kind` have them."""
    if not isinstance(listed, list):
        return listed  # what reads it says what is wrong
    usual = {
        field.name: list(field.default) if isinstance(field.default, tuple) else field.default
        for field in fields(kind)
        if field.default is not MISSING
    }
    return [{**usual, **one} if isinstance(one, dict) else one for one in listed]


def known_appid(emulator: Emulator, appid: object) -> str:
    """Give the appid of an account that is there."""
    return known_account(emulator, appid).appid


def known_account(emulator: Emulator, appid: object) -> Account:
    """Give an account that is there."""
    state = emulator.state_of(appid) if isinstance(appid, str) else None
    if state is None:
        raise Refused(404, "the emulator has no such account")
    return state.account


def seconds(body: JsonObject, name: str) -> float:
    """Read a number of seconds, up to an hour."""
    value = body.get(name)
    if type(value) not in (int, float) or not 0 <= value <= LONGEST_S:  # type: ignore[operator]
        raise Refused(400, f"{name} is a number of seconds, 0 to {LONGEST_S:.0f}")
    return float(value)  # type: ignore[arg-type]


def within(value: int, allowed: range, name: str) -> int:
    """Give a number that may be had."""
    if value not in allowed:
        raise Refused(400, f"{name} is a number from {allowed[0]} to {allowed[-1]}")
    return value


def given(body: JsonObject, name: str, kind: type[T], usual: T | None = None) -> T:
    """Read a field of exactly one type; true is no number."""
    value = body.get(name, usual)
    if type(value) is not kind:
        raise Refused(400, f"{name} is missing, or isn't of type {kind.__name__}")
    return value
