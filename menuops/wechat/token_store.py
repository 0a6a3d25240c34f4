"""Where tokens are kept between uses: in memory, or in a file for each account."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.files.private import make_private, write_private
from menuops.locks import file_stem

_log = logging.getLogger(__name__)

_FORMAT: Final = 1
_FILE_BYTES: Final = 16 * 1024
_READ_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
)
_SKEW_S: Final = 60.0

EARLY_S: Final = 300.0


class StoreUnusable(CannotStart):
    """Tokens can't be kept where they should be."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Whose token: the API's base URL and the appid."""

    api: str
    appid: str


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token and its life, in seconds since 1970; `source` is how it was fetched."""

    value: Secret
    source: str
    issued_at_s: float
    expires_at_s: float

    @property
    def renew_at_s(self) -> float:
        """When to fetch the next one.

        Five minutes before its end: from then on WeChat answers a new stable token, earlier
        the same one with what is left of its life (300 s and more), and the old one works on
        beside the new. But any token is used for a minute, or half of a shorter life, before
        WeChat is asked again, so that no answer whatever makes us ask in a loop.
        """
        life_s = self.expires_at_s - self.issued_at_s
        return max(self.expires_at_s - EARLY_S, self.issued_at_s + min(60.0, life_s / 2))

    def is_fresh(self, now_s: float) -> bool:
        """Whether it can be used; one from the future says that a clock was wrong."""
        return self.issued_at_s - _SKEW_S <= now_s < self.renew_at_s


class TokenStore(Protocol):
    """What the container needs of a store. Both calls may raise StoreUnusable."""

    @property
    def description(self) -> str:
        """What and where, for people."""
        ...

    def ready(self) -> None:
        """Fail now if `put` would: a classic token fetched in vain voids another's."""
        ...

    def get(self, key: TokenKey) -> StoredToken | None:
        """Give what is kept, fresh or not."""
        ...

    def put(self, key: TokenKey, token: StoredToken) -> None:
        """Keep it in place of what was there."""
        ...


class MemoryStore:
    """Tokens of this process; they end with it."""

    description = "memory"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[TokenKey, StoredToken] = {}

    def ready(self) -> None:
        """Memory is always there."""

    def get(self, key: TokenKey) -> StoredToken | None:
        """Give what is kept."""
        with self._lock:
            return self._tokens.get(key)

    def put(self, key: TokenKey, token: StoredToken) -> None:
        """Keep it."""
        with self._lock:
            self._tokens[key] = token


class FileStore:
    """A file of mode 0600 for each account; by default in the user's cache directory.

    A file that is damaged, of another owner, open to others or of another account counts as
    absent, which is said as a warning, and the next `put` replaces it.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory

    @property
    def directory(self) -> Path:
        """Where the files lie."""
        if self._directory is None:
            from platformdirs import user_cache_path

            self._directory = user_cache_path("menuops", appauthor=False) / "tokens"
        return self._directory

    @property
    def description(self) -> str:
        """The word and the directory."""
        return f"file ({self.directory})"

    def ready(self) -> None:
        """Make the directory; raise StoreUnusable where it can't be written."""
        try:
            make_private(self.directory)
        except OSError as error:
            raise self._unusable(error.strerror or "") from None
        if not os.access(self.directory, os.W_OK | os.X_OK):
            raise self._unusable("it can't be written")

    def get(self, key: TokenKey) -> StoredToken | None:
        """Read the account's file; None if there is none that can be used."""
        path = self._path(key)
        try:
            raw, problem = _read(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raw, problem = b"", error.strerror or "it can't be read"
        if problem:
            _warn(path, problem)
            return None
        token = _parsed(raw, key)
        if token is None:
            _warn(path, "it is damaged, or of another account")
        return token

    def put(self, key: TokenKey, token: StoredToken) -> None:
        """Replace the account's file in one step, so that no reader sees half of it."""
        text = json.dumps(
            {
                "format": _FORMAT,
                "api": key.api,
                "appid": key.appid,
                "source": token.source,
                "issued_at": token.issued_at_s,
                "expires_at": token.expires_at_s,
                "access_token": token.value.reveal(),
            }
        )
        try:
            write_private(self._path(key), text.encode())
        except OSError as error:
            raise self._unusable(error.strerror or "") from None

    def _path(self, key: TokenKey) -> Path:
        return self.directory / f"{file_stem(key.api, key.appid)}.json"

    def _unusable(self, problem: str) -> StoreUnusable:
        return StoreUnusable(
            f"{self.directory}: tokens can't be kept here: {problem}",
            fix="let this user write the directory, or set `token_store: memory`",
        )


def _warn(path: Path, problem: str) -> None:
    _log.warning("%s isn't used as a token: %s; it will be replaced", path, problem)


def _read(path: Path) -> tuple[bytes, str]:
    """Read a file through no link and without waiting for a pipe; or say what is wrong with it."""
    descriptor = os.open(path, _READ_FLAGS)
    try:
        problem = _foreign(os.fstat(descriptor))
        return (b"", problem) if problem else (os.read(descriptor, _FILE_BYTES), "")
    finally:
        os.close(descriptor)


def _foreign(status: os.stat_result) -> str:
    if not stat.S_ISREG(status.st_mode):
        return "it is no plain file"
    if not hasattr(os, "geteuid"):
        return ""  # Windows has neither owners nor modes of this kind
    if status.st_uid != os.geteuid():
        return "it belongs to another user"
    if status.st_mode & 0o077:
        return "others may read or write it"
    return ""


def _parsed(raw: bytes, key: TokenKey) -> StoredToken | None:
    try:
        said: Any = json.loads(raw)
        if (said["format"], said["api"], said["appid"]) != (_FORMAT, key.api, key.appid):
            return None
        value, source = said["access_token"], said["source"]
        issued_at_s, expires_at_s = float(said["issued_at"]), float(said["expires_at"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not (isinstance(value, str) and value and isinstance(source, str)):
        return None
    if not issued_at_s < expires_at_s < issued_at_s + 86400:
        return None
    return StoredToken(Secret(value), source, issued_at_s, expires_at_s)
