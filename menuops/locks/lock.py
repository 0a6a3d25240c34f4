"""What a lock is to those who take one, whatever keeps it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Protocol, Self

from menuops.core.errors import CannotStart, Locked

TOKEN_WAIT_S: Final = 60.0
"""How long to wait for another's renewal of a token; an apply doesn't wait at all."""

LEASE_S: Final = 60.0
"""How long a lock outlives a holder that can't be watched, where nothing longer is asked for."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+")

Confirm = Callable[[], None]
"""Makes sure that the lock is still ours, for a whole lease more; raises LockLost."""


class LockUnusable(CannotStart):
    """The lock can't be taken for a reason other than that somebody holds it."""


class LockLost(CannotStart):
    """The lock was ours and isn't any more: its lease ended before it was renewed."""


@dataclass(frozen=True, slots=True)
class LockKey:
    """What is locked: the account (API host, appid) and for what."""

    api: str
    appid: str
    purpose: Literal["token", "apply"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, as they wrote it down; `since` is in UTC."""

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        return f"{self.command}, process {self.pid} on {self.host}, since {self.since}"

    def to_json(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self | None:
        """Read what `to_json` wrote; None where it isn't whole."""
        try:
            said = json.loads(text)
            return cls(
                int(said["pid"]), str(said["host"]), str(said["command"]), str(said["since"])
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            return None

    @classmethod
    def this_process(cls, command: str) -> Self:
        """Say who we are, as of now."""
        import socket

        since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return cls(os.getpid(), socket.gethostname(), command, since)


class Locks(Protocol):
    """Locks over all threads, and over processes or machines as far as they reach."""

    def held(
        self, key: LockKey, timeout_s: float = 0.0, *, lease_s: float = LEASE_S
    ) -> AbstractContextManager[Confirm]:
        """Hold the lock of `key`; gives the call that makes sure it still is held.

        Not re-entrant: a thread that asks twice is refused like any other. `lease_s` is to be
        longer than what is done between two calls of Confirm. Raises Locked when somebody else
        has it for longer than `timeout_s`, and LockUnusable when it can't be taken at all; the
        lock is never done without.
        """
        ...

    def holder(self, key: LockKey) -> Holder | None:
        """Read who holds the lock of `key`, or held it when they died; None if nobody wrote."""
        ...


def file_stem(api: str, appid: str) -> str:
    """Name the files, or keys, of one account: its appid made safe, and a hash of both."""
    import hashlib  # 5 ms that only who touches the files pays for

    digest = hashlib.sha256(f"{api}\n{appid}".encode()).hexdigest()[:16]
    return f"{_UNSAFE.sub('_', appid)[:40]}-{digest}"


def locked(key: LockKey, holder: Holder | None, fix: str) -> Locked:
    """Make the error that says who has the lock."""
    return Locked(
        f"{key.appid}: another run holds the {key.purpose} lock: "
        f"{holder or 'it has not said who it is'}",
        fix=fix,
    )
