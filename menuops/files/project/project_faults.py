"""What is wrong with the structure of a project file.

No message holds a value: it could be a secret that somebody put where none belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from menuops.core.finding import DataPath
from menuops.core.moments import MOMENT_FORM
from menuops.files.fault import (
    Fault,
    SchemaError,
    kind_of,
    lacks,
    schema_errors,
    strays,
    unknown_key,
    wrong_type,
)
from menuops.files.menu.menu_faults import variable_name_fault
from menuops.files.project.token_keys import TOKEN_KEYS, URL_FORM, key_faults
from menuops.files.schema import gate, schema
from menuops.files.wording import did_you_mean, named, nearest

_MANY: Final = 1000
"""Faults after which no more are looked for: jsonschema takes 1 ms for each."""
API_FORM: Final = (
    "`api` is `emulator` or an https URL without user, query and fragment"
    " (plain http only on loopback)"
)
_APPSECRET: Final = "`secret_env`, `secret_file` or `secret_command` under `token`"
_TOKEN: Final = "another `source` under `token`, such as `env` or `file`"  # noqa: S105
_VARIABLE: Final = "a variable of the environment, which a key ending in `_env` names"
_SECRETS: Final = {
    "secret": _APPSECRET,
    "appsecret": _APPSECRET,
    "app_secret": _APPSECRET,
    "access_token": _TOKEN,
    "headers": "`headers_env`, which names variables",
    "authorization": "`headers_env`, which names variables",
    "password": _VARIABLE,
    "passwd": _VARIABLE,
    "redis_url": _VARIABLE,
    "store_url": _VARIABLE,
    "token_store_url": _VARIABLE,
}
_VARIABLES: Final = ("secret_env", "env", "store_env", "token_store_env", "url_env")
_FORMS: Final = {
    "appid": "`appid` has 1 to 64 letters, digits, `_` and `-`",
    "api": API_FORM,
    "menu": "`menu` is empty; give the path of a menu file",
    "click_keys": "`click_keys` is empty; give the path of a file with a key on each line",
    "secret_file": "`secret_file` is empty; give the path of a file",
    "path": "`path` is empty; give the path of a file",
    "url": URL_FORM,
    "command": "`command` names no program; it is the first word",
    "secret_command": "`secret_command` names no program; it is the first word",
    "field": "`field` is the way to the token in JSON, keys with dots between: data.access_token",
    "store_key": "`store_key` is empty; give a key of Redis",
    "state_dir": "`state_dir` is empty; give a path",
}
_SECRET_ITSELF: Final = {
    "appid": "`appid` is the public number of an account; this looks like its AppSecret",
    "menu": "`menu` takes the path of a menu file; this looks like a secret itself",
    "state_dir": "`state_dir` takes the path of a folder; this looks like a secret itself",
    "path": "`path` takes the path of a file; this looks like a secret itself",
    "command": "`command` names a program first; this looks like a secret itself",
    "secret_command": "`secret_command` names a program first; this looks like a secret itself",
    "secret_file": "`secret_file` takes the path of a file; this looks like a secret itself",
    "store_key": "the AppSecret is in this `store_key`; delete it, and give `secret_env`",
}
_OUR_HEADERS: Final = ("host", "content-length", "transfer-encoding", "connection")
_HEADER: Final = "this can't be the name of a header"
_OUR_HEADER: Final = "this header is ours to send; delete it"
_SECRET_FORM: Final = re.compile(r"[0-9a-f]{32}\Z|[a-z][a-z0-9+.-]*://|(?:bearer|basic)\s", re.I)
"""An AppSecret, a URL that may hold a password, what goes into a header `Authorization`."""
ACCOUNT_NAME: Final = "an account's name has letters, digits, `.`, `_` and `-`, up to 100"


def project_faults(data: Any) -> list[Fault]:
    """Explain why the schema refuses `data`."""
    judged = _without_valid_accounts(data)
    faults: list[Fault] = []
    for error in schema_errors(schema("project"), judged):
        token = _token_of(error)
        if token is None:
            faults += _explain(error)
        else:
            faults += _token(token, _value_at(judged, token))
        if len(faults) > _MANY:
            break
    return faults


def _without_valid_accounts(data: Any) -> Any:
    """Leave out what the compiled gate passes: jsonschema takes 5 s for 10,000 accounts."""
    accounts = data.get("accounts") if isinstance(data, dict) else None
    if not isinstance(accounts, dict) or not accounts:
        return data
    defaults = {"defaults": data["defaults"]} if "defaults" in data else {}
    if not gate("project")({"accounts": {"valid": {"appid": "x", "menu": "x"}}, **defaults}):
        defaults = {}
    accepts = gate("project")
    bad = {
        name: own
        for name, own in accounts.items()
        if not accepts({"accounts": {name: own}, **defaults})
    }
    one = dict(list(accounts.items())[:1])  # an empty mapping would be a fault of its own
    return {**data, "accounts": bad or one}


def _value_at(data: Any, path: DataPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _explain(error: SchemaError) -> Iterator[Fault]:
    path, keyword, value = error.path, error.keyword, error.value
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    if keyword == "type":
        hint = "; it begins with `accounts:`" if not path else ""
        yield wrong_type(path, value, error.expected, hint)
    elif path[-2:-1] == ("headers_env",):
        yield _not_a_name(path, value)
    elif keyword == "additionalProperties":
        for key in strays(error):
            yield _unknown((*path, key), error.schema["properties"])
    elif error.schema is False:
        message = "`token_store_env` goes with `token_store: redis`; delete it, or choose that"
        yield Fault(("token_store_env",), "stray-field", message, at_key=True)
    elif keyword == "required":
        yield from _missing(error)
    elif name == "vars" and isinstance(value, str):
        yield variable_name_fault(path, value)
    elif path[:1] == ("notify",) and keyword in ("minItems", "minLength", "maxItems"):
        what = "lists nothing" if keyword == "minItems" else "lists too much"
        what = "has an empty name" if keyword == "minLength" else what
        yield Fault(path, "notify-form", f"`{name}` {what}; mend it, or leave it out")
    elif name == "accounts":
        if isinstance(value, str):
            yield Fault((*path, value), "account-name", ACCOUNT_NAME, at_key=True)
        else:
            yield Fault(path, "no-account", "`accounts` is empty; name one account")
    elif name == "headers_env":
        yield from _header(path, error)
    elif name in _VARIABLES:
        yield _not_a_name(path, value)
    elif keyword == "pattern" and name in _SECRET_ITSELF and not _is_plain_appid(name, value):
        yield Fault(path, "no-secret-here", _SECRET_ITSELF[str(name)])
    elif keyword == "enum":
        words = ", ".join(error.expected)
        near = nearest(value, error.expected) if isinstance(value, str) else None
        message = f"`{name}` is {words}; this is {kind_of(value)}"
        if near:
            message = f"`{name}` is {words}; did you mean {named(near)}?"
        yield Fault(path, f"unknown-{str(name).replace('_', '-')}", message)
    elif name in ("from", "until"):
        yield Fault(path, "moment", f"`{name}` is {MOMENT_FORM}")
    elif keyword == "maxItems":
        yield Fault(path, "out-of-range", f"`{name}` lists {error.expected} files at most")
    elif keyword in ("minimum", "exclusiveMinimum"):
        message = f"`{name}` must be more than {error.expected}"
        if keyword == "minimum":
            message = f"`{name}` must be at least {error.expected}"
        yield Fault(path, "out-of-range", message)
    elif keyword == "minProperties":
        yield Fault(path, "missing-field", f"`{name}` needs `connect`, `read`, or both")
    elif name in _FORMS:
        rule = "api-url" if name == "api" else f"{str(name).replace('_', '-')}-form"
        yield Fault(path, rule, _FORMS[str(name)])


def _is_plain_appid(name: str, value: str) -> bool:
    """Whether an AppID is misspelt, and no AppSecret: its pattern says both."""
    return name == "appid" and not _looks_secret(value)


def _token_of(error: SchemaError) -> DataPath | None:
    """Find the token whose keys don't go together; None where the error is another.

    Where a key is ruled out by `false`, jsonschema may give the path to what holds the key.
    """
    path = error.path
    if error.schema is False and path[-1:] != ("token",):
        path = path[:-1]
    match path:
        case ("defaults", "token") | ("accounts", _, "token") if error.keyword != "type":
            return path
    return None


def _token(path: DataPath, token: dict[str, Any]) -> Iterator[Fault]:
    """Explain a token's keys. jsonschema can't: where a `then` fails, all its keys are strays."""
    for key in token:
        if key not in TOKEN_KEYS:
            yield _unknown((*path, key), TOKEN_KEYS)
    whole = path[0] == "accounts" and "source" in token
    yield from key_faults(path, token, token.get("source"), whole=whole)


def _unknown(path: DataPath, known: Iterable[str]) -> Fault:
    key = str(path[-1])
    instead = _SECRETS.get(key.lower().replace("-", "_"))
    if path[0] == "notify" and key in ("url", "webhook", "webhook_url"):
        instead = "`url_env`, which names a variable"
    if instead is None:
        return unknown_key(path, did_you_mean(key, known))
    message = (
        f"no secret stands in this file: use {instead}, delete {named(key)} and renew the secret"
    )
    return Fault(path, "no-secret-here", message, at_key=True)


def _missing(error: SchemaError) -> Iterator[Fault]:
    if error.expected == ["token_store_env"]:
        known = schema("project")["properties"]
        for field in lacks(error.expected, error.value, known):
            message = f"`token_store: redis` needs `{field}`, the variable with its URL"
            yield Fault(("token_store",), "missing-field", message, at_key=True)
        return
    # An account's needs are declared apart from its keys, since `defaults` may give them.
    is_account = error.path[:1] == ("accounts",) and len(error.path) == 2
    own = schema("project")["$defs"]["account"] if is_account else error.schema
    what = "an account" if error.path else "a project file"
    what = (
        f"an item of `{error.path[-2]}`" if error.path[-2:-1] in (("menu",), ("notify",)) else what
    )
    for field in lacks(error.expected, error.value, own["properties"]):
        message = f"{what} needs `{field}`"
        # An account is known by its name, the key.
        yield Fault(error.path, "missing-field", message, at_key=is_account)


def _header(path: DataPath, error: SchemaError) -> Iterator[Fault]:
    if error.keyword == "minProperties":
        yield Fault(path, "missing-field", "`headers_env` is empty; give a header, or delete it")
    elif isinstance(error.value, str):
        message = _OUR_HEADER if error.value.lower() in _OUR_HEADERS else _HEADER
        yield Fault((*path, error.value), "header-name", message, at_key=True)


def _not_a_name(path: DataPath, value: str) -> Fault:
    name = str(path[-1])
    if not _looks_secret(value):
        if path[-2:-1] == ("headers_env",):
            message = f"{named(name)} takes the name of an environment variable, not what is sent"
            return Fault(path, "headers-env-form", message)
        message = f"{named(name)} is the name of an environment variable"
        return Fault(path, f"{name.replace('_', '-')}-form", message)
    message = (
        f"{named(name)} takes the name of an environment variable; this looks like a secret itself"
    )
    return Fault(path, "no-secret-here", message)


def _looks_secret(value: str) -> bool:
    return len(value) > 100 or _SECRET_FORM.match(value) is not None
