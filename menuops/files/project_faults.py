"""What is wrong with the structure of a project file.

No message holds a value: it could be a secret that somebody put where none belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from menuops.core.finding import DataPath
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
from menuops.files.menu_faults import variable_name_fault
from menuops.files.schema import gate, schema
from menuops.files.wording import did_you_mean, named

API_FORM: Final = (
    "`api` is `emulator` or an https URL without user, query and fragment"
    " (plain http only on loopback)"
)
_SECRETS: Final = {
    "secret": "`secret_env` or `secret_file` under `token`",
    "appsecret": "`secret_env` or `secret_file` under `token`",
    "app_secret": "`secret_env` or `secret_file` under `token`",
    "access_token": "`source: env` and `env` under `token`",
}
_FORMS: Final = {
    "appid": "`appid` has 1 to 64 letters, digits, `_` and `-`",
    "api": API_FORM,
    "secret_env": "`secret_env` is the name of an environment variable",
    "env": "`env` is the name of an environment variable",
    "menu": "`menu` is empty; give the path of a menu file",
    "secret_file": "`secret_file` is empty; give the path of a file",
    "state_dir": "`state_dir` is empty; give a path",
}
ACCOUNT_NAME: Final = "an account's name has letters, digits, `.`, `_` and `-`, up to 100"


def project_faults(data: Any) -> list[Fault]:
    """Explain why the schema refuses `data`."""
    errors = schema_errors(schema("project"), _without_valid_accounts(data))
    return [fault for error in errors for fault in _explain(error)]


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


def _explain(error: SchemaError) -> Iterator[Fault]:
    path, keyword, value = error.path, error.keyword, error.value
    name = path[-1] if path else None
    if keyword == "type":
        hint = "; it begins with `accounts:`" if not path else ""
        yield wrong_type(path, value, error.expected, hint)
    elif keyword == "additionalProperties":
        for key in strays(error):
            yield _unknown((*path, key), error.schema["properties"])
    elif keyword == "required":
        yield from _missing(error)
    elif name == "vars" and isinstance(value, str):
        yield variable_name_fault(path, value)
    elif name == "accounts":
        if isinstance(value, str):
            yield Fault((*path, value), "account-name", ACCOUNT_NAME, at_key=True)
        else:
            yield Fault(path, "no-account", "`accounts` is empty; name one account")
    elif name in ("secret_env", "env") and keyword in ("pattern", "not", "maxLength"):
        yield _not_a_name(path, str(name), keyword, value)
    elif name == "token":
        yield from _token(path, error)
    elif keyword == "enum":
        words = ", ".join(error.expected)
        hint = did_you_mean(value, error.expected) if isinstance(value, str) else ""
        hint = hint or f"; this is {kind_of(value)}"
        yield Fault(path, f"unknown-{str(name).replace('_', '-')}", f"`{name}` is {words}{hint}")
    elif keyword in ("minimum", "exclusiveMinimum"):
        least = "at least" if keyword == "minimum" else "more than"
        yield Fault(path, "out-of-range", f"`{name}` must be {least} {error.expected}")
    elif keyword == "minProperties":
        yield Fault(path, "missing-field", f"`{name}` needs `connect`, `read`, or both")
    elif name in _FORMS:
        rule = "api-url" if name == "api" else f"{str(name).replace('_', '-')}-form"
        yield Fault(path, rule, _FORMS[str(name)])


def _unknown(path: DataPath, known: dict[str, Any]) -> Fault:
    key = str(path[-1])
    instead = _SECRETS.get(key.lower().replace("-", "_"))
    if instead is None:
        return unknown_key(path, did_you_mean(key, known))
    message = (
        f"no secret stands in this file: use {instead}, delete {named(key)} and renew the secret"
    )
    return Fault(path, "no-secret-here", message, at_key=True)


def _missing(error: SchemaError) -> Iterator[Fault]:
    # An account's needs are declared apart from its keys, since `defaults` may give them.
    own = schema("project")["$defs"]["account"] if len(error.path) == 2 else error.schema
    what = "an account" if error.path else "a project file"
    if error.path[-1:] == ("token",):
        own, what = schema("project")["$defs"]["token"], "`source: env`"
    for field in lacks(error.expected, error.value, own["properties"]):
        at_key = len(error.path) == 2  # an account is known by its name, the key
        yield Fault(error.path, "missing-field", f"{what} needs `{field}`", at_key=at_key)


def _not_a_name(path: DataPath, name: str, keyword: str, value: str) -> Fault:
    if keyword == "pattern" and not _looks_secret(value):
        return Fault(path, f"{name.replace('_', '-')}-form", _FORMS[name])
    message = f"`{name}` takes the name of an environment variable; this looks like a secret itself"
    return Fault(path, "no-secret-here", message)


def _token(path: DataPath, error: SchemaError) -> Iterator[Fault]:
    token = error.value
    if error.keyword != "not" or not isinstance(token, dict):
        return
    source = token.get("source", "stable")
    if source == "env":
        for key in ("secret_env", "secret_file"):
            if key in token:
                message = f"`source: env` takes a token, not a secret; delete `{key}`"
                yield Fault((*path, key), "stray-field", message, at_key=True)
    elif "env" in token and "required" in error.expected and error.expected["required"] == ["env"]:
        message = "`env` goes with `source: env`; delete it, or choose that source"
        yield Fault((*path, "env"), "stray-field", message, at_key=True)
    else:
        message = "`secret_env` or `secret_file`, not both; delete one"
        yield Fault((*path, "secret_file"), "two-secrets", message, at_key=True)


def _looks_secret(value: str) -> bool:
    return len(value) > 100 or re.fullmatch("[0-9a-f]{32}", value) is not None
