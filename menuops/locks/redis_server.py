"""The one importer of redis: a server, and the few things that are asked of it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from menuops.core.secret import Secret
from menuops.locks.redis_failure import WRONG_TYPE, Failure, RedisUnusable, explained
from menuops.locks.redis_url import parse_url

if TYPE_CHECKING:
    import redis

T = TypeVar("T")

TIMEOUT_S: Final = 5.0
"""How long to wait for a connection, and for an answer."""

_CONNECTIONS: Final = 8
"""At most so many at once; a thread more waits. Small plans of hosted Redis allow 20 clients."""

_WAITS_S: Final = (0.0, 0.05, 0.2)
"""Before each try: a restart of Redis breaks all connections that are kept. Only what fails
quickly is tried again, within the last of these and a second."""

_QUICK_S: Final = 1.0
_BATCH: Final = 500
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")

# The system then finds out within 45 s, while nothing is sent, that the other end has gone, and
# no firewall forgets the connection.
_KEEPALIVE: Final = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3))

# The scripts may be sent again when an answer was lost: what the first one did counts as done.
# (redis-py's own Lock takes a lock that it got without hearing so for somebody else's.)

# KEYS: the key. ARGV: its type and its text as expected; the new text; its life in milliseconds.
_REPLACE: Final = """
local kind = redis.call('TYPE', KEYS[1]).ok
local text = ''
if kind == 'string' then text = redis.call('GET', KEYS[1]) end
if (kind == ARGV[1] and text == ARGV[2]) or (kind == 'string' and text == ARGV[3]) then
    redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
    return false
end
return {kind, text}
"""

# KEYS: the key. ARGV: its text as expected; its life in milliseconds. Unlike SET, PEXPIRE is
# allowed when the memory is full.
_RENEW: Final = """
if redis.call('TYPE', KEYS[1]).ok == 'string' and redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
"""

# KEYS: the key. ARGV: its text as expected.
_DELETE_IF: Final = """
if redis.call('TYPE', KEYS[1]).ok == 'string' and redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Value:
    """What a key holds: a text where its kind is "string", nothing where it is "none".

    Anything else is foreign to us; its kind is Redis's name for it, or "other".
    """

    kind: str
    raw: bytes = b""


NOTHING: Final = Value("none")


@dataclass(frozen=True, slots=True)
class Kept:
    """A key, the text that it holds, and for how many milliseconds more it is to live."""

    key: str
    raw: bytes
    life_ms: int


class _WrongType(RedisUnusable):
    """The key holds something else than was asked for."""


class RedisServer:
    """One database of one Redis, for any number of threads.

    `url` is redis://, rediss:// (TLS, always verified: by the certificates that the environment
    names, else by the system's) or unix://; `named_by` says in messages where it was found: "the
    environment variable SHOP_REDIS". Nothing connects before the first command. Each call, and a
    URL that can't be one, may raise RedisUnusable, which carries neither the URL nor anything of
    redis-py.
    """

    def __init__(self, url: Secret, *, named_by: str, timeout_s: float = TIMEOUT_S) -> None:
        parsed = parse_url(url)
        if isinstance(parsed, str):
            raise RedisUnusable(
                f"{named_by} holds no URL of a Redis: {parsed}",
                fix="write redis://:PASSWORD@HOST:6379/0, rediss:// for TLS, or "
                "unix:///run/redis.sock; in the password spell / ? # @ % as %2F %3F %23 %40 %25",
            )
        self._url = parsed
        self._named_by = named_by
        self._timeout_s = timeout_s
        self._guard = threading.Lock()
        self._made: redis.Redis | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """Name host, port and database, or socket and database; no secret."""
        return str(self._url)

    def close(self) -> None:
        """Close every connection; a later command opens one anew."""
        with self._guard:
            made, self._made = self._made, None
        if made is not None:
            made.connection_pool.disconnect()

    def ping(self) -> None:
        """See that it answers."""
        self._do("PING")

    def get(self, key: str) -> Value:
        """Read a text; where a key holds something else, its kind says so.

        A key that is a Secret is sent as it is and shown as ***; so in `hget` and `pttl`.
        """
        return self._value("GET", key)

    def hget(self, key: str, field: str) -> Value:
        """Read one field of a hash; where a key holds something else, its kind says so."""
        return self._value("HGET", key, field)

    def pttl(self, key: str) -> int | None:
        """Tell for how many milliseconds more a key lives; None: for ever, or not at all."""
        left_ms = int(self._do("PTTL", key))
        return left_ms if left_ms >= 0 else None

    def replace(self, over: Value, new: Kept) -> Value | None:
        """Set a key in one step if it holds `over`; else give what it holds instead."""
        there = self._run(_REPLACE, new.key, over.kind, over.raw, new.raw, new.life_ms)
        return None if there is None else Value(there[0].decode(), there[1])

    def renew(self, kept: Sequence[Kept]) -> list[bool]:
        """Give each key its life anew if it holds its text still; tell for which it did.

        It takes one exchange for 500 of them.
        """
        done: list[bool] = []
        for start in range(0, len(kept), _BATCH):
            batch = kept[start : start + _BATCH]
            done += self._try(f"EVAL {batch[0].key}", partial(_renewed, batch))
        return done

    def delete_if(self, key: str, raw: bytes) -> bool:
        """Delete a key in one step if it holds this text; tell whether it did."""
        return bool(self._run(_DELETE_IF, key, raw))

    def delete(self, key: str) -> None:
        """Delete a key, whatever it holds."""
        self._do("DEL", key)

    def _value(self, *words: str) -> Value:
        try:
            raw = self._do(*words)
        except _WrongType:
            return Value("other")
        return NOTHING if raw is None else Value("string", raw)

    def _do(self, *words: str) -> Any:
        sent = [word.reveal() if isinstance(word, Secret) else word for word in words]
        return self._try(" ".join(words), lambda client: client.execute_command(*sent))

    def _run(self, script: str, key: str, *arguments: str | bytes | int) -> Any:
        words = ("EVAL", script, 1, key, *arguments)
        return self._try(f"EVAL {key}", lambda client: client.execute_command(*words))

    def _try(self, what: str, call: Callable[[Any], T]) -> T:
        """Make `call`, a few times where the connection breaks; `what` is for the message."""
        client = self._client()
        import redis

        failure = Failure("", "")
        until_s = time.monotonic() + _QUICK_S
        for wait_s in _WAITS_S:
            time.sleep(wait_s)
            try:
                return call(client)
            except (redis.RedisError, OSError, UnicodeError) as error:
                failure = explained(error)
            if not failure.again or time.monotonic() > until_s:
                break
        # Raised out here: the exception above may name the user, or repeat a token in the
        # server's words, and must not be found on the new one, not even as its context.
        raise self._unusable(what, failure)

    def _unusable(self, what: str, failure: Failure) -> RedisUnusable:
        kind = _WrongType if failure is WRONG_TYPE else RedisUnusable
        return kind(
            f"Redis at {self.address}: {failure.problem.replace('{what}', what)}",
            fix=failure.fix.replace("{named_by}", self._named_by),
        )

    def _client(self) -> redis.Redis:
        made = self._made
        if made is not None:
            return made
        with self._guard:
            if self._made is None:
                self._made = self._new_client()
            return self._made

    def _new_client(self) -> redis.Redis:
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError:
            raise RedisUnusable(
                f"Redis at {self.address}: the Python package redis isn't installed",
                fix="pip install 'menuops[redis]'",
            ) from None
        make_pool: Any = redis.BlockingConnectionPool  # it isn't typed
        pool = make_pool(
            max_connections=_CONNECTIONS,
            timeout=self._timeout_s,
            db=self._url.db,
            username=self._url.username.reveal() or None,
            password=self._url.password.reveal() or None,
            socket_timeout=self._timeout_s,
            retry=Retry(NoBackoff(), 0),  # ours know what may be repeated, and say when they end
            protocol=2,  # every Redis and every proxy before one speaks it
            **self._way_there(),
        )
        return redis.Redis(connection_pool=pool)

    def _way_there(self) -> dict[str, Any]:
        import socket

        import redis

        url = self._url
        if url.path:
            return {"connection_class": redis.UnixDomainSocketConnection, "path": url.path}
        way: dict[str, Any] = {
            "host": url.host,
            "port": url.port,
            "socket_connect_timeout": self._timeout_s,
            "socket_keepalive": True,
            "socket_keepalive_options": {
                getattr(socket, name): value for name, value in _KEEPALIVE if hasattr(socket, name)
            },
        }
        if url.tls:
            way |= {
                "connection_class": redis.SSLConnection,
                "ssl_cert_reqs": "required",
                "ssl_check_hostname": True,
                **self._certificates(),
            }
        return way

    def _certificates(self) -> dict[str, str]:
        """Find the certificates that the environment names, as the HTTP transport does."""
        import ssl

        for variable in _CA_VARIABLES:
            path = os.environ.get(variable)
            if not path:
                continue
            if Path(path).is_dir():
                return {"ssl_ca_path": path}
            try:
                ssl.create_default_context(cafile=path)
            except (OSError, ssl.SSLError):
                raise RedisUnusable(
                    f"Redis at {self.address}: no certificates in {path}, named by {variable}",
                    fix=f"name a file of certificates in {variable}, or unset it",
                ) from None
            return {"ssl_ca_certs": path}
        return {}


def _renewed(batch: Sequence[Kept], client: Any) -> list[bool]:
    import redis

    with client.pipeline(transaction=False) as pipeline:
        for kept in batch:
            pipeline.execute_command("EVAL", _RENEW, 1, kept.key, kept.raw, kept.life_ms)
        answers = pipeline.execute(raise_on_error=False)
    for answer in answers:
        if isinstance(answer, redis.RedisError):
            raise answer
    return [bool(answer) for answer in answers]
