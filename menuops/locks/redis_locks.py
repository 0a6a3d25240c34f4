"""Locks over threads, processes and machines, kept in Redis with a lease.

A lease is renewed at a third of its time for as long as its lock is held, so it ends soon after
the process that held the lock, however that died. A process that sleeps through its lease, or a
Redis that is restarted empty, can lose a lock that is held: only `Confirm` tells, and it asks.
"""

from __future__ import annotations

import json
import logging
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from menuops.locks.lock import (
    LEASE_S,
    Confirm,
    Holder,
    LockKey,
    LockLost,
    LockUnusable,
    file_stem,
    locked,
)
from menuops.locks.redis_failure import RedisUnusable
from menuops.locks.redis_server import NOTHING, Kept, RedisServer

_log = logging.getLogger(__name__)

_POLL_S: Final = (0.05, 0.15)
"""From and to: a wait between two looks is anywhere between, so that many don't come at once."""

_SILENT_S: Final = 10.0
"""After Redis didn't answer a release, for how long no other is tried: an apply may hold 1,000."""

_RETRY_S: Final = 1.0
"""How soon a renewal that failed is tried again, at most."""

_WAIT: Final = "wait until it is done, or end it"


@dataclass(slots=True, eq=False)
class _Lease:
    """A lock of ours: its key, the text in it, and when it was last made to live `lease_s`."""

    key: str
    lease_s: float
    nonce: str = field(default_factory=lambda: os.urandom(16).hex())
    raw: bytes = b""
    pid: int = field(default_factory=os.getpid)
    asked: bool = False
    lost: bool = False
    renew_at_s: float = math.inf

    @property
    def kept(self) -> Kept:
        return Kept(self.key, self.raw, max(1, round(self.lease_s * 1000)))

    def write(self, command: str) -> None:
        """Put down who asks, as of now."""
        said = json.loads(Holder.this_process(command).to_json()) | {"nonce": self.nonce}
        self.raw = json.dumps(said, ensure_ascii=False).encode(errors="replace")

    def lives_from(self, sent_s: float) -> None:
        """Take note of a lease that was asked for at `sent_s` and given."""
        self.renew_at_s = sent_s + self.lease_s / 3


class RedisLocks:
    """Locks in one Redis, over all that use it.

    `command` is what the others read while we hold one: the command, and the run where there
    is one. It must hold no secret.
    """

    def __init__(self, server: RedisServer, *, command: str = "menuops") -> None:
        self._server = server
        self._command = command
        self._silent_until_s = -math.inf
        # By process: one that was forked begins with nothing held, and what it was born with isn't
        # its own. No lock guards these, since a fork may find it held; setdefault is one step.
        self._of_threads: dict[tuple[int, str], threading.Lock] = {}
        self._renewals: dict[int, _Renewal] = {}

    @property
    def _renewal(self) -> _Renewal:
        return self._renewals.setdefault(os.getpid(), _Renewal(self._server))

    @contextmanager
    def held(
        self, key: LockKey, timeout_s: float = 0.0, *, lease_s: float = LEASE_S
    ) -> Iterator[Confirm]:
        """Hold the lock of `key`, over all that use this Redis.

        Raises Locked, and LockUnusable when Redis is out of reach or can't be used; so does
        Confirm, and LockLost.
        """
        until_s = time.monotonic() + timeout_s
        lease = _Lease(_name(key), lease_s)
        of_threads = self._of_threads.setdefault((lease.pid, lease.key), threading.Lock())
        if not of_threads.acquire(timeout=max(timeout_s, 0.0)):
            raise locked(key, self.holder(key), _WAIT)
        try:
            try:
                self._acquire(key, lease, until_s)
                self._renewal.add(lease)
                yield partial(self._confirm, key, lease)
            finally:
                if lease.pid == os.getpid():  # else it was forked, and the lease is its parent's
                    self._renewal.remove(lease)
                    if lease.asked:
                        self._release(lease)
        finally:
            of_threads.release()

    def holder(self, key: LockKey) -> Holder | None:
        """Read who holds the lock of `key`; None if nobody does, or Redis doesn't say."""
        try:
            return Holder.from_json(self._server.get(_name(key)).raw)
        except RedisUnusable:
            return None

    def _acquire(self, key: LockKey, lease: _Lease, until_s: float) -> None:
        import random  # 5 ms that only who locks pays for

        while True:
            lease.write(self._command)
            lease.asked = True  # from here on it may be ours, also if we never hear of it
            sent_s = time.monotonic()
            try:
                there = self._server.replace(NOTHING, lease.kept)
            except RedisUnusable as error:
                lease.asked = False  # to ask once more would only take as long again
                raise _unusable(key, "taken", error) from None
            if there is None:
                lease.lives_from(sent_s)
                return
            lease.asked = False
            if there.kind != "string":
                raise LockUnusable(
                    f"{key.appid}: the {key.purpose} lock can't be taken: Redis at "
                    f"{self._server.address}: {lease.key} is no lock but a {there.kind}",
                    fix=f"see what else uses this key, and delete it: DEL {lease.key}",
                )
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                raise locked(key, Holder.from_json(there.raw), self._way_out(lease.key))
            time.sleep(min(left_s, random.uniform(*_POLL_S)))  # noqa: S311  # no secret

    def _confirm(self, key: LockKey, lease: _Lease) -> None:
        if not lease.lost:
            sent_s = time.monotonic()
            try:
                (kept,) = self._server.renew([lease.kept])
            except RedisUnusable as error:
                raise _unusable(key, "confirmed", error) from None
            if kept:
                lease.lives_from(sent_s)
                return
            lease.lost = True
        other = self.holder(key)
        raise LockLost(
            f"{key.appid}: the {key.purpose} lock was lost: this process slept through its lease "
            f"of {lease.lease_s:g} s, or Redis at {self._server.address} forgot it"
            + (f"; now {other} holds it" if other else ""),
            fix="another run may have gone on in the meantime, so look at what is live before the "
            "next try; if Redis was restarted or evicts keys, let it keep those of menuops:*",
        )

    def _release(self, lease: _Lease) -> None:
        """Delete it if it is ours; a failure is no reason to fail, for the lease ends by itself."""
        problem = "Redis did not answer a moment ago"
        if time.monotonic() >= self._silent_until_s:
            try:
                if not self._server.delete_if(lease.key, lease.raw):
                    _log.info("%s was lost before it was released", lease.key)
                return
            except RedisUnusable as error:
                self._silent_until_s = time.monotonic() + _SILENT_S
                problem = error.message
        _log.info("%s isn't released, its lease will end: %s", lease.key, problem)

    def _way_out(self, name: str) -> str:
        """Say what to do about a lock that somebody else has, and when it ends by itself."""
        try:
            left_ms = self._server.pttl(name)
        except RedisUnusable:
            return _WAIT
        if left_ms is None:
            return f"{_WAIT}; if none does, see what else uses {name} in Redis"
        return f"{_WAIT}; if its process is dead, the lock ends in {math.ceil(left_ms / 1000)} s"


class _Renewal:
    """Renews all leases in one thread, which is there for as long as a lock is held."""

    def __init__(self, server: RedisServer) -> None:
        self._server = server
        self._changed = threading.Condition()
        self._leases: dict[str, _Lease] = {}
        self._thread: threading.Thread | None = None
        self._wakes_at_s = math.inf
        self._failing = False

    def add(self, lease: _Lease) -> None:
        """Begin to renew it."""
        with self._changed:
            self._leases[lease.key] = lease
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="menuops-leases", daemon=True)
                thread.start()
                self._thread = thread
            elif lease.renew_at_s < self._wakes_at_s:
                self._changed.notify()

    def remove(self, lease: _Lease) -> bool:
        """Renew it no more; False if that was so already."""
        with self._changed:
            if self._leases.get(lease.key) is not lease:
                return False  # another turn of the same lock may stand there
            del self._leases[lease.key]
            if not self._leases:
                self._changed.notify()
            return True

    def _run(self) -> None:
        try:
            while due := self._next_due():
                self._renew(due)
        except BaseException:
            with self._changed:
                self._thread = None
            raise

    def _next_due(self) -> list[_Lease]:
        """Wait for the leases that are to be renewed now; none are left when it gives none."""
        with self._changed:
            while self._leases:
                now_s = time.monotonic()
                self._wakes_at_s = min(lease.renew_at_s for lease in self._leases.values())
                if self._wakes_at_s <= now_s:
                    # Those that are due soon come along, so that many go in few exchanges.
                    return [
                        lease
                        for lease in self._leases.values()
                        if lease.renew_at_s <= now_s + lease.lease_s / 12
                    ]
                self._changed.wait(self._wakes_at_s - now_s)
            self._thread = None
            return []

    def _renew(self, due: list[_Lease]) -> None:
        sent_s = time.monotonic()
        try:
            kept = self._server.renew([lease.kept for lease in due])
        except RedisUnusable as error:
            if not self._failing:
                _log.warning("locks aren't renewed, which is tried again: %s", error.message)
            self._failing = True
            for lease in due:
                lease.renew_at_s = time.monotonic() + min(lease.lease_s / 10, _RETRY_S)
            return
        self._failing = False
        for lease, ours in zip(due, kept, strict=True):
            if ours:
                lease.lives_from(sent_s)
            elif self.remove(lease):  # else it was released while it was asked for
                lease.lost = True
                _log.warning("%s was lost while it was held", lease.key)


def _name(key: LockKey) -> str:
    # The braces let a cluster keep all keys of one account in one place.
    return f"menuops:{{{file_stem(key.api, key.appid)}}}:{key.purpose}-lock"


def _unusable(key: LockKey, what: str, error: RedisUnusable) -> LockUnusable:
    return LockUnusable(
        f"{key.appid}: the {key.purpose} lock can't be {what}: {error.message}", fix=error.fix
    )
