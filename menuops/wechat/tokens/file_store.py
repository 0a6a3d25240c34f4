"""Tokens kept in files, one for each account, that only their user can read."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Final

from menuops.files.private import make_private, write_private
from menuops.locks import FileLocks, Locks, file_stem
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey, token_from_json

_log = logging.getLogger(__name__)

_FILE_BYTES: Final = 16 * 1024
_READ_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
)


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
        """Make the directory and write a file as large as a token's; leaves none behind."""
        import tempfile  # imports random and shutil, 5 ms that only a renewal pays for

        try:
            make_private(self.directory)
            descriptor, probe = tempfile.mkstemp(dir=self.directory, prefix=".probe-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(bytes(1024))
            finally:
                Path(probe).unlink()
        except OSError as error:
            raise self._unusable(error) from None

    def get(self, key: TokenKey) -> StoredToken | None:
        """Read the account's file; None if there is none that can be used."""
        path = self._path(key)
        token, problem = _looked_at(path, key)
        if problem:
            _log.warning("%s isn't used as a token: %s; it will be replaced", path, problem)
        return token

    def put(
        self,
        key: TokenKey,
        token: StoredToken,
        over: StoredToken | None,  # noqa: ARG002  # an OS lock is never lost: no other writes
    ) -> bool:
        """Replace the account's file in one step, so that no reader sees half of it."""
        path = self._path(key)
        try:
            make_private(self.directory)
            write_private(path, token.to_json(key).encode())
        except IsADirectoryError:
            raise self._occupied(path) from None
        except OSError as error:
            raise self._unusable(error) from None
        return True

    def clear(self, key: TokenKey) -> None:
        """Delete the account's file if it holds no token."""
        if _looked_at(self._path(key), key)[0] is None:
            self.drop(key)

    def drop(self, key: TokenKey) -> None:
        """Delete the account's file."""
        path = self._path(key)
        try:
            if path.is_dir() and not path.is_symlink():
                raise self._occupied(path)
            path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from None

    def locks(self) -> Locks:
        """Those of this user on this machine, whose files these are too."""
        return FileLocks()

    def _path(self, key: TokenKey) -> Path:
        return self.directory / f"{file_stem(key.api, key.appid)}.json"

    def _occupied(self, path: Path) -> StoreUnusable:
        return StoreUnusable(
            f"{path}: the token can't be kept here: a directory stands in its place",
            fix=f"move it away: rmdir {path}",
        )

    def _unusable(self, error: OSError) -> StoreUnusable:
        return StoreUnusable(
            f"{self.directory}: tokens can't be kept here: {error.strerror or error}",
            fix="let this user write the directory, or set `token_store: memory`",
        )


def _looked_at(path: Path, key: TokenKey) -> tuple[StoredToken | None, str]:
    """Give the token in a file; or none, and what is wrong with the file if there is one."""
    try:
        raw, problem = _read(path)
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, error.strerror or "it can't be read"
    if problem:
        return None, problem
    token = token_from_json(raw, key)
    return token, "" if token else "it is damaged, or of another account"


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
