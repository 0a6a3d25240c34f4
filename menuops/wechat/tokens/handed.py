"""Tokens that somebody else fetches and renews, read at each use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from menuops.core.account import FileToken
from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.files.disk import Unreadable, read_bytes
from menuops.wechat.tokens.grant import NoGrant, grant_from_text

_FILE_BYTES = 16 * 1024


class NoToken(CannotStart):
    """The token isn't where the project file says."""


def read_env(name: str, variable: str, environ: Mapping[str, str]) -> Secret:
    """Read a token from the environment. Raises NoToken."""
    text = environ.get(variable, "")
    try:
        return grant_from_text(text).value
    except NoGrant as problem:
        reason = str(problem)
    set_at_all = "is not set" if variable not in environ else f"can't be used: {reason}"
    raise NoToken(
        f"{name}: no token: the environment variable {variable} {set_at_all}",
        fix=f"put the account's access_token into {variable}",
    )


def read_file(name: str, source: FileToken) -> Secret:
    """Read a token from a file: alone, or as `access_token` of a JSON object. Raises NoToken."""
    path = Path(source.path)
    reason = ""
    try:
        raw = read_bytes(path.expanduser(), _FILE_BYTES)
        if len(raw) <= _FILE_BYTES:
            return grant_from_text(raw.decode("utf-8-sig")).value
        reason = "it is longer than a token"
    except Unreadable as problem:
        reason = str(problem)
    except NoGrant as problem:
        reason = str(problem)
    except (UnicodeDecodeError, RuntimeError):
        reason = "it isn't text"
    # Outside the handlers, since a decoding error carries what was read.
    raise NoToken(f"{name}: no token: {path}: {reason}", fix=_fix(source))


def _fix(source: FileToken) -> str:
    if source.cloudbase:
        return (
            "the file is there in containers of Cloud Run (微信云托管) whose 开放接口服务 > "
            "云调用 is switched on; elsewhere choose another `source`"
        )
    return "let whoever fetches the token write it there alone, or as JSON with `access_token`"
