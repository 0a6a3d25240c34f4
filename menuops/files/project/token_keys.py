"""The keys of `token`: which source takes which, and the source that they make."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from urllib.parse import quote

from menuops.core.account import (
    CLOUDBASE_FILE,
    ClassicToken,
    CommandToken,
    EnvToken,
    FileToken,
    Sdk,
    SdkToken,
    SecretCommand,
    SecretEnv,
    SecretFile,
    SecretSource,
    ServerToken,
    StableToken,
    TokenSource,
)
from menuops.core.finding import DataPath
from menuops.files.fault import Fault, lacks
from menuops.files.menu.variables import fill
from menuops.files.project.api_url import base_url
from menuops.files.project.paths import path_from, program_from
from menuops.files.wording import named

SECRET_KEYS: Final = ("secret_env", "secret_file", "secret_command")
STORE_KEYS: Final = ("store_prefix", "store_key")
URL_FORM: Final = "`url` is an https URL without user and fragment (plain http only on loopback)"
_KNOWN_VARIABLES: Final = (
    "only `${appid}` and `${account}` stand for something here; write `$${` for a literal `${`"
)


class _Takes(NamedTuple):
    """What a source needs, and what it takes beside that."""

    needs: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


_SOURCES: Final[dict[str, _Takes]] = {
    "stable": _Takes((), SECRET_KEYS),
    "classic": _Takes((), SECRET_KEYS),
    "command": _Takes(("command",)),
    "url": _Takes(("url",), ("headers_env", "field")),
    "file": _Takes(("path",), ("as",)),
    "env": _Takes(("env",)),
    "sdk": _Takes(("sdk", "store_env"), (*STORE_KEYS, *SECRET_KEYS)),
}
_OWNERS: Final = {
    key: tuple(name for name, takes in _SOURCES.items() if key in (*takes.needs, *takes.more))
    for each in _SOURCES.values()
    for key in (*each.needs, *each.more)
}
"""The sources that take a key."""
TOKEN_KEYS: Final = ("source", *_OWNERS)


def key_faults(
    path: DataPath, token: Mapping[str, Any], source: Any, *, whole: bool
) -> Iterator[Fault]:
    """Find keys that `source` doesn't take, and what it lacks.

    `source` is None where it isn't known yet; without `whole` something may still lack, since
    other keys are to lie over these.
    """
    takes = _SOURCES.get(source) if isinstance(source, str) else None
    if takes is not None:
        strays = [key for key in token if key in _OWNERS and source not in _OWNERS[key]]
        missing = _missing(token, takes) if whole else []
        if missing:
            has = f"; its `{strays[0]}` goes with {_owners(strays[0])}" if strays else ""
            names = " and ".join(f"`{key}`" for key in missing)
            names += ", or `as: cloudbase`" if "path" in missing else ""
            yield Fault(path, "missing-field", f"`source: {source}` needs {names}{has}")
            return
        if strays:
            yield from _strays(path, token, strays, source)
            return
    for key in [key for key in SECRET_KEYS if key in token][1:]:
        message = (
            "an account has one AppSecret: `secret_env`, `secret_file` or `secret_command`;"
            " delete all but one"
        )
        yield Fault((*path, key), "two-secrets", message, at_key=True)


def _missing(token: Mapping[str, Any], takes: _Takes) -> list[str]:
    if "path" in takes.needs and "as" in token:
        return []
    return lacks(takes.needs, dict(token), TOKEN_KEYS)


def _strays(
    path: DataPath, token: Mapping[str, Any], strays: Sequence[str], source: str
) -> Iterator[Fault]:
    said: set[str] = set()
    for key in strays:
        owners = _owners(key)
        message = (
            f"`source: {source}` takes no `{key}`, which goes with {owners};"
            " delete it, or choose another source"
        )
        if "source" not in token:
            if owners in said:  # one slip: the keys of a source, but not its name
                continue
            said.add(owners)
            message = (
                f"without `source` this token is {source}, which takes no `{key}`;"
                f" add {owners}, or delete it"
            )
        yield Fault((*path, key), "stray-field", message, at_key=True)


def _owners(key: str) -> str:
    first, *others = _OWNERS[key]
    names = [f"`source: {first}`", *(f"`{other}`" for other in others)]
    return f"{', '.join(names[:-1])} or {names[-1]}" if others else names[0]


def default_secret_env(account: str) -> str:
    """Name the variable of an account's AppSecret where the file names none."""
    return "MENUOPS_SECRET_" + re.sub(r"[^A-Za-z0-9]", "_", account).upper()


def token_source(
    account: str, appid: str, keys: Mapping[str, Any], root: Path
) -> tuple[TokenSource | None, list[Fault]]:
    """Make the source that the merged `keys` of an account say; paths go from `root`.

    The schema has passed each key by itself. Where something is wrong, it is said with its path
    under `token`, and there is no source.
    """
    if not keys:
        return StableToken(SecretEnv(default_secret_env(account))), []
    kind = keys.get("source", "stable")
    faults = list(key_faults((), keys, kind, whole=True))
    if faults:
        return None, faults
    reader = _Reader(keys, {"appid": appid, "account": account}, root)
    source = reader.source(kind)
    return (None if reader.faults else source), reader.faults


class _Reader:
    """Reads keys that go together, and collects what is wrong with their values."""

    def __init__(self, keys: Mapping[str, Any], values: Mapping[str, str], root: Path) -> None:
        self.faults: list[Fault] = []
        self._keys = keys
        self._values = values
        self._root = root

    def source(self, kind: str) -> TokenSource:
        """Make the source; all that it needs is there."""
        keys = self._keys
        match kind:
            case "command":
                return CommandToken(self._command("command"))
            case "url":
                return ServerToken(self._url(), self._headers(), self._field())
            case "file":
                path = self._path("path") if "path" in keys else Path(CLOUDBASE_FILE)
                return FileToken(path, "as" in keys or path == CLOUDBASE_FILE)
            case "env":
                return EnvToken(keys["env"])
            case "sdk":
                return self._sdk()
        secret = self._secret() or SecretEnv(default_secret_env(self._values["account"]))
        return ClassicToken(secret) if kind == "classic" else StableToken(secret)

    def _sdk(self) -> SdkToken:
        keys, secret = self._keys, self._secret()
        prefix, key = (
            self._fill(name, keys[name]) if name in keys else None for name in STORE_KEYS
        )
        if key is not None and prefix is not None:
            message = "`store_key` is the whole key, so a `store_prefix` says nothing; delete one"
            self._refuse("store_prefix", "stray-field", message)
        elif keys["sdk"] == "easywechat" and key is None and secret is None:
            message = "easywechat has the AppSecret in its key: give `secret_env`, or `store_key`"
            self._refuse("sdk", "missing-field", message)
        return SdkToken(cast(Sdk, keys["sdk"]), keys["store_env"], key, secret, prefix)

    def _secret(self) -> SecretSource | None:
        if "secret_file" in self._keys:
            return SecretFile(self._path("secret_file"))
        if "secret_command" in self._keys:
            return SecretCommand(self._command("secret_command"))
        return SecretEnv(self._keys["secret_env"]) if "secret_env" in self._keys else None

    def _path(self, key: str) -> Path:
        return path_from(self._root, self._fill(key, self._keys[key]))

    def _command(self, key: str) -> tuple[str, ...]:
        given: str | Sequence[str] = self._keys[key]
        try:
            program, *arguments = split(given) if isinstance(given, str) else given
        except ValueError as problem:
            self._refuse(key, f"{key.replace('_', '-')}-form", f"`{key}` {problem}")
            return ()
        program = program_from(self._root, self._fill(key, program))
        return program, *(self._fill(key, word) for word in arguments)

    def _url(self) -> str:
        # An account's name may be Chinese; what an AppID is made of stays as it is.
        quoted = {name: quote(value, safe="") for name, value in self._values.items()}
        url = self._fill("url", self._keys["url"], quoted)
        if not self.faults and (base_url(url.partition("?")[0]) is None or not url.isprintable()):
            self._refuse("url", "url-form", "`url` is no URL: its address or its port can't be one")
        return url

    def _headers(self) -> tuple[tuple[str, str], ...]:
        first: dict[str, str] = {}
        for header in self._keys.get("headers_env", {}):
            other = first.setdefault(header.lower(), header)
            if other != header:
                message = f"{named(header)} is {named(other)} again, whatever its case; delete one"
                path = ("headers_env", header)
                self.faults.append(Fault(path, "duplicate-header", message, at_key=True))
        return tuple(self._keys.get("headers_env", {}).items())

    def _field(self) -> tuple[str, ...]:
        # Split first: an account's name may have dots.
        names = self._keys.get("field", "access_token").split(".")
        return tuple(self._fill("field", name) for name in names)

    def _fill(self, key: str, text: str, values: Mapping[str, str] | None = None) -> str:
        if "${" not in text:
            return text
        filled, slips = fill(text, values or self._values)
        for slip in slips:
            known = slip.rule == "unknown-variable"
            self._refuse(key, slip.rule, _KNOWN_VARIABLES if known else slip.message)
        return filled

    def _refuse(self, key: str, rule: str, message: str) -> None:
        self.faults.append(Fault((key,), rule, message))


@functools.lru_cache(maxsize=64)
def split(command: str) -> tuple[str, ...]:
    """Split a command as a POSIX shell would. Raises ValueError, which says what is wrong with it.

    Kept, since one recipe in `defaults` is split for 10,000 accounts.
    """
    import shlex

    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        if "quotation" in str(error):
            raise ValueError("has a quote that is never closed") from None
        raise ValueError("ends in a lone `\\`; write `\\\\`, or delete it") from None
    if not words or not words[0]:
        raise ValueError("names no program; it is the first word")
    return words
