"""The state file's content: values to JSON and back.

    {"format": 1, "accounts": [{"account": {…}, "default": menu?, "conditional": [menu], …}]}

Reading is strict: what doesn't have the right type raises Damaged, so that nothing half-read is
ever served, or written back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any, TypeVar

from .account import Account, Follower, Tag
from .buttons import JsonObject
from .rids import RefusedCall
from .state import AccountState, Menu
from .switches import Switches
from .tokens import KINDS, Token

FORMAT = 1
T = TypeVar("T")


class Damaged(ValueError):
    """A state file's text isn't what this program writes."""


def write_account(state: AccountState) -> str:
    """Give the text of one account. All ASCII: a menu that was put in may hold anything."""
    return json.dumps(
        {
            "account": settings(state.account),
            "default": None if state.default is None else asdict(state.default),
            "conditional": [asdict(menu) for menu in state.conditional],
            "console": state.console,
            "is_open": state.is_open,
            "tokens": [asdict(token) for token in state.tokens],
            "used": {name: list(calls) for name, calls in state.used.items()},
            "forced_at_s": state.forced_at_s,
            "next_menuid": state.next_menuid,
            "refusals": [asdict(refused) for refused in state.refusals],
        },
        separators=(",", ":"),
    )


def settings(account: Account) -> JsonObject:
    """Give the settings of an account as they are written, the secret among them."""
    return {**asdict(replace(account, quotas={})), "quotas": dict(account.quotas)}


def settings_json(account: Account) -> JsonObject:
    """Give the settings as they are read again: lists, where an account has tuples."""
    read: JsonObject = json.loads(json.dumps(settings(account)))
    return read


def join_accounts(written: Iterable[str]) -> str:
    """Put the texts of accounts into one document."""
    return f'{{"format":{FORMAT},"accounts":[\n' + ",\n".join(written) + "\n]}\n"


def read_accounts(text: str) -> list[AccountState]:
    """Read a document, or raise Damaged with what is wrong."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise Damaged(f"it is not JSON: {exc}") from exc
    top = mapping(document, "the document")
    if top.get("format") != FORMAT:
        raise Damaged(f"its format is {top.get('format')!r}, this version reads {FORMAT}")
    return [read_account(one) for one in listing(top.get("accounts"), "accounts")]


def read_account(value: Any) -> AccountState:
    """Read one account's state."""
    fields = mapping(value, "an account")
    try:
        return AccountState(
            account=read_settings(mapping(fields["account"], "account")),
            default=optional(fields["default"], read_menu),
            conditional=tuple(map(read_menu, listing(fields["conditional"], "conditional"))),
            console=optional(fields["console"], lambda info: mapping(info, "console")),
            is_open=typed(fields["is_open"], bool, "is_open"),
            tokens=tuple(map(read_token, listing(fields["tokens"], "tokens"))),
            used=read_used(mapping(fields["used"], "used")),
            forced_at_s=optional(fields["forced_at_s"], lambda at: number(at, "forced_at_s")),
            next_menuid=typed(fields["next_menuid"], int, "next_menuid"),
            refusals=tuple(
                # Missing from files of before rid/get was played.
                map(read_refused, listing(fields.get("refusals", []), "refusals"))
            ),
        )
    except KeyError as exc:
        raise Damaged(f"an account has no {exc}") from exc


def read_settings(fields: JsonObject) -> Account:
    """Read the settings of an account."""
    return Account(
        appid=text(fields["appid"], "appid"),
        secret=optional(fields["secret"], lambda value: text(value, "secret")),
        tags=tuple(map(read_tag, listing(fields["tags"], "tags"))),
        followers=tuple(map(read_follower, listing(fields["followers"], "followers"))),
        rights=typed(fields["rights"], bool, "rights"),
        conditional=typed(fields["conditional"], bool, "conditional"),
        ip_whitelist=optional(fields["ip_whitelist"], texts),
        menu_limit=typed(fields["menu_limit"], int, "menu_limit"),
        linked_apps=optional(fields["linked_apps"], texts),
        media_ids=optional(fields["media_ids"], texts),
        article_ids=optional(fields["article_ids"], texts),
        barred_types=texts(fields["barred_types"]),
        test_account=typed(fields["test_account"], bool, "test_account"),
        quotas={
            name: typed(limit, int, "a quota")
            for name, limit in mapping(fields["quotas"], "quotas").items()
        },
        switches=read_switches(fields),
        callback_url=optional(fields.get("callback_url"), lambda url: text(url, "callback_url")),
        deleted_tags=tuple(
            typed(tag, int, "a deleted tag")
            for tag in listing(fields.get("deleted_tags", []), "deleted_tags")
        ),
    )


def read_switches(fields: JsonObject) -> Switches:
    """Read the switches. Older files have one of them, under another name."""
    if "switches" not in fields:
        wrapped = typed(fields["trymatch_wrapped"], bool, "trymatch_wrapped")
        return Switches(trymatch="wrapped" if wrapped else "bare")
    chosen = mapping(fields["switches"], "switches")
    try:
        return Switches(**{name: text(value, "a switch") for name, value in chosen.items()})
    except (TypeError, ValueError) as exc:
        raise Damaged(f"a switch is unknown: {exc}") from exc


def read_tag(value: Any) -> Tag:
    """Read a tag."""
    fields = mapping(value, "a tag")
    count = typed(fields["count"], int, "a tag's count")
    return Tag(typed(fields["id"], int, "a tag's id"), text(fields["name"], "a tag's name"), count)


def read_follower(value: Any) -> Follower:
    """Read a follower."""
    fields = mapping(value, "a follower")
    return Follower(
        openid=text(fields["openid"], "openid"),
        tags=tuple(typed(tag, int, "a follower's tag") for tag in listing(fields["tags"], "tags")),
        platform=text(fields["platform"], "platform"),
        wechat_id=optional(fields["wechat_id"], lambda value: text(value, "wechat_id")),
        subscribed=typed(fields["subscribed"], bool, "subscribed"),
    )


def read_menu(value: Any) -> Menu:
    """Read a menu: entries are objects, and so are those of a sub-menu."""
    fields = mapping(value, "a menu")
    buttons = tuple(mapping(entry, "a button") for entry in listing(fields["buttons"], "buttons"))
    for entry in buttons:
        for leaf in listing(entry.get("sub_button", []), "sub_button"):
            mapping(leaf, "a sub-menu's button")
    return Menu(typed(fields["menuid"], int, "menuid"), buttons, mapping(fields["rule"], "a rule"))


def read_token(value: Any) -> Token:
    """Read a token."""
    fields = mapping(value, "a token")
    kind = fields["kind"]
    if kind not in KINDS:
        raise Damaged("a token is of no known kind")
    return Token(
        value=text(fields["value"], "a token's value"),
        kind=kind,
        expires_at_s=number(fields["expires_at_s"], "expires_at_s"),
        void_at_s=optional(fields["void_at_s"], lambda at: number(at, "void_at_s")),
    )


def read_refused(value: Any) -> RefusedCall:
    """Read a call that was refused."""
    fields = mapping(value, "a refused call")
    return RefusedCall(
        rid=text(fields["rid"], "a rid"),
        at_s=typed(fields["at_s"], int, "a refusal's time"),
        query=text(fields["query"], "a refused query"),
        body=text(fields["body"], "a refused body"),
        answer=text(fields["answer"], "a refusal's answer"),
        client_ip=text(fields["client_ip"], "a refused client"),
    )


def read_used(fields: JsonObject) -> dict[str, tuple[int, int]]:
    """Read the calls that were counted."""
    used = {}
    for name, pair in fields.items():
        match pair:
            case [int(period), int(calls)]:
                used[name] = (period, calls)
            case _:
                raise Damaged(f"the count of {name} isn't a pair of numbers")
    return used


def optional(value: Any, read: Callable[[Any], T]) -> T | None:
    """Read a value that may be null."""
    return None if value is None else read(value)


def typed(value: Any, wanted: type[T], what: str) -> T:
    """Give a value of exactly one type: true is no number."""
    if type(value) is not wanted:
        raise Damaged(f"{what} isn't of type {wanted.__name__}")
    return value


def number(value: Any, what: str) -> float:
    """Give a number as float."""
    if type(value) is int or type(value) is float:
        return float(value)
    raise Damaged(f"{what} isn't a number")


def text(value: Any, what: str) -> str:
    """Give a text."""
    return typed(value, str, what)


def texts(value: Any) -> tuple[str, ...]:
    """Give a list of texts."""
    return tuple(text(one, "an entry of a list") for one in listing(value, "a list of texts"))


def mapping(value: Any, what: str) -> JsonObject:
    """Give a JSON object."""
    if not isinstance(value, dict):
        raise Damaged(f"{what} isn't an object")
    return value


def listing(value: Any, what: str) -> list[Any]:
    """Give a JSON list."""
    if not isinstance(value, list):
        raise Damaged(f"{what} isn't a list")
    return value
