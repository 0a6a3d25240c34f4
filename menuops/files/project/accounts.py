"""The accounts of a project file that fits the schema, `defaults` merged under each."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from menuops.core.account import EMULATOR, WECHAT_HOST, Account, SecretEnv, StableToken, TokenSource
from menuops.core.finding import DataPath, Finding, Place, Severity
from menuops.core.schedule import Window
from menuops.files.fault import Fault
from menuops.files.project.api_url import base_url
from menuops.files.project.paths import path_from
from menuops.files.project.token_keys import SECRET_KEYS, STORE_KEYS, token_source
from menuops.files.project.token_twins import Registered, Twin, secret_twins, token_twins
from menuops.files.project.windows import Doubt, read_windows
from menuops.files.reader.node import Node, key_place_at, place_at
from menuops.files.wording import named

ACCOUNT_NAME: Final = "an account's name has letters, digits, `.`, `_` and `-`, 100 at most"
_NAME: Final = re.compile(r"[\w.-]{1,100}\Z")
_TIMES: Final = {"connect": "connect_timeout_s", "read": "read_timeout_s"}
_NO_TOKEN: Final = StableToken(SecretEnv(""))
"""Stands in an account whose `token` makes no source; its file is refused."""


def build_accounts(
    data: Mapping[str, Any], tree: Node, root: Path, host: str | None, file: str
) -> tuple[tuple[Account, ...], tuple[Finding, ...]]:
    """Build all accounts in the order of the file, and find what the schema can't see.

    `host` takes the place of every `api` but `emulator`; paths go from `root`.
    """
    defaults = data.get("defaults", {})
    findings: dict[Finding, None] = {}  # what is wrong with `defaults` is said once

    def report(rule: str, message: str, place: Place, severity: Severity = "error") -> None:
        findings[Finding(file, place.line, place.column, rule, severity, message)] = None

    @functools.cache  # a long list for 10,000 accounts would be compared within itself so often
    def by_default() -> tuple[tuple[Window, ...], list[Doubt]]:
        return read_windows(defaults["menu"], root, tree, ("defaults", "menu"))

    accounts, sound = [], []
    for name, own in data["accounts"].items():
        keys = merge(defaults, own)
        place = key_place_at(tree, ("accounts", name))
        if "menu" in own:
            menus, doubts = read_windows(own["menu"], root, tree, ("accounts", name, "menu"))
        else:
            menus, doubts = by_default()
        for rule, severity, message, at in doubts:
            report(rule, message, at, severity)
        if not _NAME.match(name) or not name.strip("."):
            report("account-name", ACCOUNT_NAME, place)
        if (api := keys.get("api", EMULATOR)) != EMULATOR and base_url(api) is None:
            report("api-url", "`api` is no URL: its address or its port can't be one", place)
        token = keys.get("token", {})
        source, faults = token_source(name, keys["appid"], token, root)
        account = _account(name, keys, source or _NO_TOKEN, menus, root, host, place)
        accounts.append(account)
        if source is not None:
            sound.append(Registered(account, own.get("token", {}), token))
        for fault in faults:
            report(fault.rule, fault.message, _token_place(tree, name, own, fault))
    for rule, message, at in (
        *_twins(accounts),
        *token_twins(sound, tree),
        *secret_twins(sound, tree),
    ):
        report(rule, message, at)
    return tuple(accounts), tuple(findings)


def merge(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay an account's keys over the defaults.

    `vars` go together name by name. So does `token`, unless the account names a source of its
    own: another source takes other keys. Of keys that rule one another out the account's count.
    """
    merged = {**defaults, **own}
    if "vars" in defaults and "vars" in own:
        merged["vars"] = {**defaults["vars"], **own["vars"]}
    if "token" in defaults and "token" in own and "source" not in own["token"]:
        under = dict(defaults["token"])
        for one_of in (SECRET_KEYS, STORE_KEYS):
            if any(key in own["token"] for key in one_of):
                under = {key: value for key, value in under.items() if key not in one_of}
        merged["token"] = {**under, **own["token"]}
    return merged


def _token_place(tree: Node, name: str, own: Mapping[str, Any], fault: Fault) -> Place:
    """Find what is wrong with a merged token: under the account, or in `defaults`.

    What is missing could stand in either; the account is where it is missing.
    """
    account: DataPath = ("accounts", name)
    if fault.path:
        above = account if fault.path[0] in own.get("token", {}) else ("defaults",)
        return (key_place_at if fault.at_key else place_at)(tree, (*above, "token", *fault.path))
    if "token" in own:
        return place_at(tree, (*account, "token"))
    return key_place_at(tree, account)


def _account(
    name: str,
    keys: Mapping[str, Any],
    token: TokenSource,
    menus: tuple[Window, ...],
    root: Path,
    host: str | None,
    place: Place,
) -> Account:
    api = keys.get("api", WECHAT_HOST)
    if api != EMULATOR:
        api = host or base_url(api) or api
    times = keys.get("timeout_s", {})
    if not isinstance(times, dict):
        times = dict.fromkeys(_TIMES, times)
    given = {_TIMES[key]: float(value) for key, value in times.items()}
    if "retry_s" in keys:
        given["retry_s"] = float(keys["retry_s"])
    return Account(
        name=name,
        appid=keys["appid"],
        api=api,
        menus=menus,
        token=token,
        variables=tuple(keys.get("vars", {}).items()),
        click_keys=path_from(root, keys["click_keys"]) if "click_keys" in keys else None,
        skip_conditional=keys.get("skip_conditional", False),
        miniprogram_as_view=keys.get("miniprogram_as") == "view",
        mode=keys.get("mode", "manage"),
        unmanaged=keys.get("unmanaged", "remove"),
        protected=keys.get("protected", False),
        place=place,
        **given,
    )


def _twins(accounts: list[Account]) -> Iterator[Twin]:
    """Find accounts that are one to WeChat: two menus for it would undo one another."""
    first: dict[tuple[str, str], Account] = {}
    for account in accounts:
        twin = first.setdefault((account.api, account.appid), account)
        if twin is not account:
            assert account.place is not None
            assert twin.place is not None
            message = (
                f"{named(account.name)} has the api and appid of {named(twin.name)} in line"
                f" {twin.place.line}; one account stands here once"
            )
            yield Twin("duplicate-account", message, account.place)
