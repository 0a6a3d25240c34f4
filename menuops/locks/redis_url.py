"""The URL that says where a Redis is, taken apart by rules that no password slips through."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from menuops.core.secret import Secret

_PORT: Final = 6379
_SCHEMES: Final = ("redis", "rediss", "unix")
_HOST: Final = re.compile(r"[\w.-]{1,253}|[0-9A-Fa-f:.]{2,45}(%\w{1,32})?")
_DB: Final = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """A Redis, one of its databases and the login; `path` is that of a Unix socket, else ""."""

    tls: bool
    host: str
    port: int
    path: str
    db: int
    username: Secret
    password: Secret

    def __str__(self) -> str:
        """Give what people may read: no user and no password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.path or f'{host}:{self.port}'}/{self.db}"


def parse_url(url: Secret) -> RedisUrl | str:
    """Take `redis://user:password@host:port/db` apart, or say what is wrong, with none of it.

    `rediss://` is the same with TLS, `unix://user:password@/path/of/socket?db=0` a socket. A
    password with a bare `/`, `?`, `#` or `@` would make another part of the URL of itself, so
    anything odd in any part is an error.
    """
    from urllib.parse import parse_qsl, unquote, urlsplit

    try:
        parts = urlsplit(url.reveal().strip())
        port = parts.port
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
        username, password = (unquote(text or "") for text in (parts.username, parts.password))
        (username + password).encode()
    except ValueError:
        return "it can't be taken apart"
    if parts.scheme not in _SCHEMES:
        return "it doesn't begin with redis://, rediss:// or unix://"
    dbs = [query.pop("db")] if "db" in query else []
    if query or parts.fragment:
        return "only db may stand after a `?`; certificates are always verified"
    if "@" in parts.path:
        return "a part of the password stands in its path"
    path = ""
    if parts.scheme == "unix":
        path = unquote(parts.path)
        if parts.hostname or port is not None or not path.startswith("/") or "\0" in path:
            return "unix:// takes the whole path of a socket: unix:///run/redis.sock"
    elif parts.path.strip("/"):
        dbs.append(parts.path.strip("/"))
    host = parts.hostname or ("" if path else "localhost")
    if len(dbs) > 1 or not all(_DB.fullmatch(db) for db in dbs):
        return "the number of its database is no number"
    if host and not _HOST.fullmatch(host):
        return "its host can't be one"
    return RedisUrl(
        parts.scheme == "rediss",
        host,
        port or _PORT,
        path,
        int(*dbs),
        Secret(username),
        Secret(password),
    )
