"""Tokens that are asked for, kept in a store, and asked for again before they end.

One renewal at a time for each account, as far as the locks reach; whoever waited for its turn looks
again. What a store or a lock can't do in the end costs nobody a token that was fetched already.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from menuops.core.account import FetchedToken, OfficialAccount, request_time_s
from menuops.core.errors import Locked, MenuopsError
from menuops.core.secret import Secret
from menuops.locks import Confirm, LockKey, LockLost, Locks, LockUnusable
from menuops.locks.lock import LEASE_S, TOKEN_WAIT_S
from menuops.wechat.tokens.sources import Sources
from menuops.wechat.tokens.status import source_word
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey, TokenStore

_log = logging.getLogger(__name__)

UNKNOWN_LIFE_S: Final = 300.0
"""A token whose source doesn't say how long it lives is asked for again after this time."""

LOOK_AGAIN_S: Final = 60.0
"""For how long a token is used without a look at the store.

Well under the five minutes for which WeChat lets a classic token work that another took the place
of, so who asks the container doesn't meet its end. Source: reference, 2.1.
"""

_TRIES_AFTER_A_LOST_LOCK: Final = 2


@dataclass(frozen=True, slots=True)
class _Known:
    """A token that this process uses, and when it last looked whether the store has it too.

    One that the store couldn't take is `unkept`; it was to take the place of `over`.
    """

    token: StoredToken
    looked_at_s: float
    unkept: bool = False
    over: StoredToken | None = None

    def yields_to(self, stored: StoredToken) -> bool:
        """Whether what the store holds is the account's token, and not this one."""
        return not self.unkept or self.over is None or stored.value != self.over.value


def key_of(account: OfficialAccount) -> TokenKey:
    """Tell under what an account's token is kept."""
    return TokenKey(account.api, account.appid)


class Keeper:
    """Gives the one token of each account, for any number of threads."""

    def __init__(
        self, store: TokenStore, locks: Locks, sources: Sources, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._locks = locks
        self._sources = sources
        self._clock = clock
        self._guard = threading.Lock()
        self._known: dict[TokenKey, _Known] = {}
        self._failed: dict[TokenKey, tuple[int, MenuopsError]] = {}
        self._attempts = 0

    def current(self, account: OfficialAccount, source: FetchedToken) -> StoredToken:
        """Give a token that is good for now. Raises what `renewed` raises."""
        key = key_of(account)
        known = self._fresh_known(key)
        if known is not None and abs(self._clock() - known.looked_at_s) < LOOK_AGAIN_S:
            return known.token
        return self._looked_up(account, source, key)

    def renewed(
        self,
        account: OfficialAccount,
        source: FetchedToken,
        *,
        refused: Secret | None = None,
        ask_anyway: bool = False,
        force_refresh: bool = False,
    ) -> StoredToken:
        """Wait for the turn, look again, and fetch if nobody else did meanwhile.

        `refused` is a token that won't do; with `ask_anyway` only one will do that came while this
        call waited; `force_refresh` asks WeChat for a new stable token in any case.
        """
        key = key_of(account)
        asked_at = self._attempts
        before = self._store.get(key) if ask_anyway else None

        def will_do(stored: StoredToken) -> bool:
            if force_refresh or not stored.is_fresh(self._clock()):
                return False
            return stored != before if ask_anyway else stored.value != refused

        def at_our_turn(confirm: Confirm) -> StoredToken:
            stored = self._store.get(key)
            if not ask_anyway:
                stored = self._caught_up(key, stored, refused)
            if stored is not None and will_do(stored):
                return self._knows(key, stored)
            self._raise_what_others_met(key, asked_at)
            with self._noting_failure(key):
                return self._fetched(
                    account, source, key, stored, confirm, force_refresh=force_refresh
                )

        lock = LockKey(key.api, key.appid, "token")
        wait_s = TOKEN_WAIT_S + account.retry_s
        lease_s = max(LEASE_S, 2 * request_time_s(account))
        try:
            for _ in range(_TRIES_AFTER_A_LOST_LOCK):
                try:
                    with self._locks.held(lock, wait_s, lease_s=lease_s) as confirm:
                        return at_our_turn(confirm)
                except LockLost as lost:
                    # Somebody else has, or had, the turn: what they fetched may be there.
                    _log.info("%s", lost.message)
            with self._locks.held(lock, wait_s, lease_s=lease_s) as confirm:
                return at_our_turn(confirm)
        except (Locked, LockUnusable, StoreUnusable) as error:
            known = self._fresh_known(key)
            if ask_anyway or known is None or known.token.value == refused:
                raise
            _log.info("%s", error.message)
            return self._goes_on_with(key, known)

    def forget(self, key: TokenKey) -> None:
        """Drop what is known and what is kept."""
        with self._guard:
            self._known.pop(key, None)
            self._failed.pop(key, None)
        self._store.drop(key)

    def _fresh_known(self, key: TokenKey) -> _Known | None:
        known = self._known.get(key)
        return known if known is not None and known.token.is_fresh(self._clock()) else None

    def _knows(self, key: TokenKey, token: StoredToken) -> StoredToken:
        self._known[key] = _Known(token, self._clock())
        return token

    def _goes_on_with(self, key: TokenKey, known: _Known) -> StoredToken:
        self._known[key] = replace(known, looked_at_s=self._clock())
        return known.token

    def _looked_up(
        self, account: OfficialAccount, source: FetchedToken, key: TokenKey
    ) -> StoredToken:
        """Give what the store holds; what is known, where that holds nothing; else fetch."""
        known = self._fresh_known(key)
        try:
            stored = self._store.get(key)
        except StoreUnusable as error:
            if known is None:
                raise
            _log.info("%s", error.message)
            return self._goes_on_with(key, known)
        if (
            stored is not None
            and stored.is_fresh(self._clock())
            and (known is None or known.yields_to(stored))
        ):
            return self._knows(key, stored)
        if known is None or known.unkept:
            return self.renewed(account, source)
        return self._goes_on_with(key, known)

    def _caught_up(
        self, key: TokenKey, stored: StoredToken | None, refused: Secret | None
    ) -> StoredToken | None:
        """Let the store take a token that it couldn't take before; give what it holds then."""
        known = self._fresh_known(key)
        if known is None or not known.unkept or known.token.value == refused:
            return stored
        if stored is not None and stored.is_fresh(self._clock()) and known.yields_to(stored):
            return stored
        is_kept = self._store.put(key, known.token, over=stored)
        return known.token if is_kept else self._store.get(key)

    def _fetched(
        self,
        account: OfficialAccount,
        source: FetchedToken,
        key: TokenKey,
        stored: StoredToken | None,
        confirm: Confirm,
        *,
        force_refresh: bool,
    ) -> StoredToken:
        self._store.ready()
        if stored is None:
            # What stands in its place and is no token, a directory or what isn't ours to replace,
            # has to go now: once WeChat was asked it is too late.
            confirm()
            self._store.drop(key)
        grant = self._sources.fetch(account, source, confirm, force_refresh=force_refresh)
        # The answer's time, not the question's: so our last 5 minutes don't begin before
        # WeChat's, in which alone it gives a new stable token.
        now_s = self._clock()
        life_s = UNKNOWN_LIFE_S if grant.expires_in_s is None else grant.expires_in_s
        token = StoredToken(grant.value, source_word(source), now_s, now_s + life_s)
        try:
            confirm()  # who took the lock in the meantime asked after us: theirs will count
            is_kept = self._store.put(key, token, over=stored)
        except (StoreUnusable, LockUnusable, LockLost) as error:
            # It was ready a moment ago. The token is good, and to throw it away helps nobody:
            # a classic one has already voided the one before. The store is to take it later.
            self._known[key] = _Known(token, now_s, unkept=True, over=stored)
            if isinstance(error, LockLost):
                raise
            _log.warning("%s; the token serves this process alone for now", error.message)
            return token
        if not is_kept:
            raise LockLost(
                f"{account.name}: while this token was fetched another run took the lock and "
                "fetched one too; theirs counts",
                fix="try again",
            )
        return self._knows(key, token)

    def _raise_what_others_met(self, key: TokenKey, asked_at: int) -> None:
        """Raise what another thread met while this one waited for its turn.

        A wrong AppSecret, or an IP that an administrator has to confirm, only gets worse by
        being asked again at once.
        """
        attempt, error = self._failed.get(key, (0, None))
        if error is not None and attempt > asked_at:
            raise error

    @contextmanager
    def _noting_failure(self, key: TokenKey) -> Iterator[None]:
        try:
            yield
        except LockLost:
            raise
        except MenuopsError as error:
            with self._guard:
                self._attempts += 1
                self._failed[key] = (self._attempts, error)
            raise
