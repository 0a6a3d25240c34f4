"""The accounts of a project file that fits the schema, `defaults` merged under each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from menuops.core.account import (
    EMULATOR,
    WECHAT_HOST,
    Account,
    ClassicToken,
    EnvToken,
    SecretEnv,
    SecretFile,
    SecretSource,
    StableToken,
    TokenSource,
)
from menuops.core.finding import Finding, Place
from menuops.files.api_url import base_url
from menuops.files.node import Node, key_place_at

ACCOUNT_NAME: Final = "an account's name has letters, digits, `.`, `_` and `-`, 100 at most"
_NAME: Final = re.compile(r"[\w.-]{1,100}\Z")
_SECRET_KEYS: Final = ("secret_env", "secret_file")
_TIMES: Final = {"connect": "connect_timeout_s", "read": "read_timeout_s"}


def build_accounts(
    data: Mapping[str, Any], tree: Node, root: Path, host: str | None, file: str
) -> tuple[tuple[Account, ...], tuple[Finding, ...]]:
    """Build all accounts in the order of the file, and find what the schema can't see.

    `host` takes the place of every `api` but `emulator`; paths go from `root`.
    """
    defaults = data.get("defaults", {})
    findings: list[Finding] = []

    def report(rule: str, message: str, place: Place) -> None:
        findings.append(Finding(file, place.line, place.column, rule, "error", message))

    merged = {name: merge(defaults, own) for name, own in data["accounts"].items()}
    accounts = []
    for name, keys in merged.items():
        place = key_place_at(tree, ("accounts", name))
        if not _NAME.match(name) or not name.strip("."):
            report("account-name", ACCOUNT_NAME, place)
        if (api := keys.get("api", EMULATOR)) != EMULATOR and base_url(api) is None:
            report("api-url", "`api` is no URL: its address or its port can't be one", place)
        accounts.append(_account(name, keys, root, host, place))
    for account, rule, message in (
        *_twins(accounts),
        *_one_secret(accounts, merged),
        *_stray_token_keys(accounts, merged),
    ):
        assert account.place is not None
        report(rule, message, account.place)
    return tuple(accounts), tuple(findings)


def merge(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay an account's keys over the defaults.

    `vars` go together name by name. So does `token`, unless the account names a source of its
    own: another source takes other keys.
    """
    merged = {**defaults, **own}
    if "vars" in defaults and "vars" in own:
        merged["vars"] = {**defaults["vars"], **own["vars"]}
    if "token" in defaults and "token" in own and "source" not in own["token"]:
        under = dict(defaults["token"])
        if any(key in own["token"] for key in _SECRET_KEYS):
            under = {key: value for key, value in under.items() if key not in _SECRET_KEYS}
        merged["token"] = {**under, **own["token"]}
    return merged


def path_from(root: Path, text: str) -> Path:
    """Read a path of the file: `~` is the user's home, all else goes from `root`."""
    try:
        return root / Path(text).expanduser()
    except RuntimeError:  # nobody's home is known by that name
        return root / text


def default_secret_env(account: str) -> str:
    """Name the variable of an account's AppSecret where the file names none."""
    return "MENUOPS_SECRET_" + re.sub(r"[^A-Za-z0-9]", "_", account).upper()


def _account(
    name: str, keys: Mapping[str, Any], root: Path, host: str | None, place: Place
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
        menu=path_from(root, keys["menu"]),
        token=_token(name, keys.get("token", {}), root),
        variables=tuple(keys.get("vars", {}).items()),
        protected=keys.get("protected", False),
        place=place,
        **given,
    )


def _token(name: str, keys: Mapping[str, Any], root: Path) -> TokenSource:
    source = keys.get("source", "stable")
    if source == "env":
        return EnvToken(keys["env"])
    secret: SecretSource = SecretEnv(keys.get("secret_env", default_secret_env(name)))
    if "secret_file" in keys:
        secret = SecretFile(path_from(root, keys["secret_file"]))
    return ClassicToken(secret) if source == "classic" else StableToken(secret)


def _line(account: Account) -> int:
    assert account.place is not None
    return account.place.line


def _twins(accounts: list[Account]) -> Iterator[tuple[Account, str, str]]:
    """Find accounts that are one to WeChat: two menus for it would undo one another."""
    first: dict[tuple[str, str], Account] = {}
    for account in accounts:
        twin = first.setdefault((account.api, account.appid), account)
        if twin is not account:
            message = (
                f"`{account.name}` has the api and appid of `{twin.name}` in line {_line(twin)};"
                " one account stands here once"
            )
            yield account, "duplicate-account", message


def _one_secret(
    accounts: list[Account], merged: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[Account, str, str]]:
    """Find accounts whose secret would stand in one variable, by default."""
    first: dict[str, Account] = {}
    for account in accounts:
        keys = merged[account.name].get("token", {})
        if account.api == EMULATOR or "secret_env" in keys or "secret_file" in keys:
            continue
        if keys.get("source") == "env":
            continue
        variable = default_secret_env(account.name)
        other = first.setdefault(variable, account)
        if other is not account:
            message = (
                f"the secret of `{account.name}` would be {variable}, as that of `{other.name}`"
                f" in line {_line(other)}; give `secret_env` under `token`"
            )
            yield account, "same-secret", message


def _stray_token_keys(
    accounts: list[Account], merged: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[Account, str, str]]:
    """Find keys of `token` that its source doesn't read, once the defaults lie under it."""
    for account in accounts:
        keys = merged[account.name].get("token", {})
        source = keys.get("source", "stable")
        for key in _SECRET_KEYS if source == "env" else ("env",):
            if key in keys:
                message = f"with `source: {source}` the token of `{account.name}` has no `{key}`"
                yield account, "stray-field", message
