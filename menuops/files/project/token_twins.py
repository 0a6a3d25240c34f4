"""Accounts that would take one token, or one AppSecret, though each has its own."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from menuops.core.account import (
    EMULATOR,
    Account,
    ClassicToken,
    CommandToken,
    EnvToken,
    FileToken,
    SdkToken,
    SecretEnv,
    SecretSource,
    ServerToken,
    StableToken,
    TokenSource,
)
from menuops.core.finding import DataPath, Place
from menuops.files.project.token_keys import SECRET_KEYS
from menuops.files.reader.node import Node, key_place_at
from menuops.files.wording import named

_FIXES = {
    "env": "name a variable under each account",
    "secret_env": "name a variable under each account",
    "as": "give all but one another `source`",
}
_FIX = "put `${appid}` into it"


class Registered(NamedTuple):
    """An account, the `token` that stands under it, and that with the defaults under it."""

    account: Account
    own: Mapping[str, Any]
    merged: Mapping[str, Any]


class Twin(NamedTuple):
    """What is wrong with an account that has what another has, and where."""

    rule: str
    message: str
    place: Place


def token_twins(accounts: Iterable[Registered], tree: Node) -> Iterator[Twin]:
    """Find accounts whose token would be that of another; an emulated one asks for none.

    Of one appid there may be several, on several hosts: those do have one token.
    """
    first: dict[Hashable, Registered] = {}
    said: set[str] = set()
    for each in accounts:
        known = _token_of(each.account.token)
        if known is None or each.account.api == EMULATOR:
            continue
        other = first.setdefault(known, each)
        if other.account.appid == each.account.appid:
            continue
        key, others_key = (known[0] if known[0] in x.merged else "as" for x in (each, other))
        if key in each.own or others_key in other.own:
            message = (
                f"{named(each.account.name)} would have the token of {named(other.account.name)}"
                f" in line {_place(other, others_key, tree).line}, by the same `{known[0]}`;"
                " a token belongs to one account"
            )
            yield Twin("same-token", message, _place(each, key, tree))
        elif key not in said:
            said.add(key)
            message = (
                f"{_both(other, each, tree)} would have one token by this `{key}`, and it belongs"
                f" to one account: {_FIXES.get(key, _FIX)}"
            )
            yield Twin("same-token", message, key_place_at(tree, ("defaults", "token", key)))


def secret_twins(accounts: Iterable[Registered], tree: Node) -> Iterator[Twin]:
    """Find accounts that would have one AppSecret without saying so themselves."""
    first: dict[SecretSource, Registered] = {}
    said: set[str] = set()
    for each in accounts:
        secret = _secret_of(each.account.token)
        stated = any(key in each.own for key in SECRET_KEYS)
        if secret is None or stated or each.account.api == EMULATOR:
            continue
        other = first.setdefault(secret, each)
        if other.account.appid == each.account.appid:
            continue
        key = next((key for key in SECRET_KEYS if key in each.merged), None)
        if key is None:
            assert isinstance(secret, SecretEnv)
            message = (
                f"the secret of {named(each.account.name)} would be {secret.name}, as that of"
                f" {named(other.account.name)} in line {_place(other, None, tree).line};"
                " give `secret_env` under `token`"
            )
            yield Twin("same-secret", message, _place(each, None, tree))
        elif key not in said:
            said.add(key)
            message = (
                f"{_both(other, each, tree)} would have one AppSecret by this `{key}`, and it"
                f" belongs to one account: {_FIXES.get(key, _FIX)}"
            )
            yield Twin("same-secret", message, key_place_at(tree, ("defaults", "token", key)))


def _token_of(source: TokenSource) -> tuple[str, Hashable] | None:
    """Say by which key a token is found, and what it is there; None where the AppID decides."""
    match source:
        case EnvToken(name):
            return "env", name
        case FileToken(path):
            return "path", path
        case CommandToken(argv):
            return "command", argv
        case ServerToken():
            return "url", source
        case SdkToken(store_env=store, key=str(key)):
            return "store_key", (store, key)
    return None


def _secret_of(source: TokenSource) -> SecretSource | None:
    match source:
        case StableToken(secret) | ClassicToken(secret) | SdkToken(secret=secret):
            return secret
    return None


def _both(first: Registered, second: Registered, tree: Node) -> str:
    lines = (_place(account, None, tree).line for account in (first, second))
    names = (account.account.name for account in (first, second))
    return " and ".join(
        f"{named(name)} in line {line}" for name, line in zip(names, lines, strict=True)
    )


def _place(account: Registered, key: str | None, tree: Node) -> Place:
    """Find the key under the account, or the account where `defaults` give it."""
    path: DataPath = ("accounts", account.account.name)
    return key_place_at(tree, (*path, "token", key) if key in account.own and key else path)
