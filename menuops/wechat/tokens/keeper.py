"""Tokens that are asked for, kept in a store, and asked for again before they end.

One renewal at a time for each account, as far as the locks reach; whoever waited for its turn looks
again. What a store or a lock can't do in the end costs nobody a token that was fetched already.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from menuops.core.account import FetchedToken, OfficialAccount, request_time_s
from menuops.core.errors import Locked
from menuops.core.secret import Secret
from menuops.files.project.api_url import base_url
from menuops.locks import Confirm, LockKey, LockLost, Locks, LockUnusable
from menuops.locks.lock import LEASE_S, TOKEN_WAIT_S
from menuops.wechat.tokens.attempts import Attempts
from menuops.wechat.tokens.known import Known, KnownTokens
from menuops.wechat.tokens.sources import Force, Sources
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


@dataclass(slots=True)
class _Renewal:
    """What one call of `renewed` is to give, and the token that it has fetched so far.

    `before` is what the store held when it began, where that matters; `since` counts the
    attempts of this process until then.
    """

    account: OfficialAccount
    source: FetchedToken
    key: TokenKey
    refused: Secret | None
    ask_anyway: bool
    force: Force
    since: int
    before: StoredToken | None
    by_force: bool = field(init=False)
    fetched: StoredToken | None = None

    def __post_init__(self) -> None:
        self.by_force = self.force.wanted


def key_of(account: OfficialAccount) -> TokenKey:
    """Tell under what an account's token is kept; a slash at the end of `api` makes no other."""
    return TokenKey(base_url(account.api) or account.api, account.appid)


class Keeper:
    """Gives the one token of each account, for any number of threads."""

    def __init__(
        self, store: TokenStore, locks: Locks, sources: Sources, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._locks = locks
        self._sources = sources
        self._clock = clock
        self._known = KnownTokens()
        self._attempts = Attempts()

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
        """Wait for the turn, look again, and fetch if nobody else did meanwhile: once at most.

        `refused` is a token that won't do; with `ask_anyway` only one will do that came while this
        call waited; `force_refresh` asks WeChat for a new stable token, unless one came by force
        while this call waited.
        """
        key = key_of(account)
        since = self._attempts.count
        before = self._store.get(key) if ask_anyway or force_refresh else None
        renewal = _Renewal(
            replace(account, api=key.api),
            source,
            key,
            refused,
            ask_anyway or force_refresh,
            Force(force_refresh),
            since,
            before,
        )
        lock = LockKey(key.api, key.appid, "token")
        wait_s = TOKEN_WAIT_S + account.retry_s
        lease_s = max(LEASE_S, 2 * request_time_s(account))
        try:
            for _ in range(_TRIES_AFTER_A_LOST_LOCK):
                try:
                    with self._locks.held(lock, wait_s, lease_s=lease_s) as confirm:
                        return self._at_our_turn(renewal, confirm)
                except LockLost as lost:
                    # Somebody else has, or had, the turn: what they fetched may be there.
                    _log.info("%s", lost.message)
            with self._locks.held(lock, wait_s, lease_s=lease_s) as confirm:
                return self._at_our_turn(renewal, confirm)
        except (Locked, LockUnusable, LockLost, StoreUnusable) as error:
            known = self._fresh_known(key)
            if known is None or known.token.value == refused:
                raise
            if renewal.ask_anyway and renewal.fetched is None:
                raise
            _log.info("%s", error.message)
            return self._goes_on_with(key, known)

    def forget(self, key: TokenKey) -> None:
        """Drop what is known here; the store keeps what it has."""
        self._known.forget(key)
        self._attempts.forget(key)

    def _at_our_turn(self, renewal: _Renewal, confirm: Confirm) -> StoredToken:
        key = renewal.key
        known = self._known.get(key)
        stored = self._caught_up(renewal, self._store.get(key))
        if stored is not None and self._will_do(renewal, stored):
            self._known.replace(key, known, Known(stored, self._clock()))
            return stored
        self._attempts.raise_what_others_met(key, renewal.since)
        with self._attempts.counted(key, forced=renewal.by_force):
            return self._fetched(renewal, stored, confirm)

    def _will_do(self, renewal: _Renewal, stored: StoredToken) -> bool:
        """Tell whether what the store holds is what the call waits for."""
        known = self._known.get(renewal.key)
        if not stored.is_fresh(self._clock()) or (known and not known.yields_to(stored)):
            return False
        if renewal.fetched is not None:
            return True  # it is that one, or another's, which counts
        if renewal.by_force:
            before = renewal.before
            return self._attempts.forced_since(renewal.key, renewal.since) or (
                before is not None and stored.value != before.value
            )
        return stored != renewal.before if renewal.ask_anyway else stored.value != renewal.refused

    def _fresh_known(self, key: TokenKey) -> Known | None:
        known = self._known.get(key)
        return known if known is not None and known.token.is_fresh(self._clock()) else None

    def _goes_on_with(self, key: TokenKey, known: Known) -> StoredToken:
        self._known.replace(key, known, replace(known, looked_at_s=self._clock()))
        return known.token

    def _looked_up(
        self, account: OfficialAccount, source: FetchedToken, key: TokenKey
    ) -> StoredToken:
        """Give what the store holds; what is known, where that holds nothing; else fetch."""
        was = self._known.get(key)
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
            and (was is None or was.yields_to(stored))
        ):
            self._known.replace(key, was, Known(stored, self._clock()))
            return stored
        if known is None or known.unkept:
            return self.renewed(account, source)
        return self._goes_on_with(key, known)

    def _caught_up(self, renewal: _Renewal, stored: StoredToken | None) -> StoredToken | None:
        """Let the store take a token that it couldn't take before; give what it holds then.

        Who asks anyway has no use for one, but for that which it has fetched itself.
        """
        key = renewal.key
        known = self._fresh_known(key)
        if known is None or not known.unkept or known.token.value == renewal.refused:
            return stored
        if renewal.ask_anyway and renewal.fetched is None:
            return stored
        if stored is not None and stored.is_fresh(self._clock()) and known.yields_to(stored):
            return stored
        is_kept = self._store.put(key, known.token, over=stored)
        return known.token if is_kept else self._store.get(key)

    def _fetched(
        self, renewal: _Renewal, stored: StoredToken | None, confirm: Confirm
    ) -> StoredToken:
        account, source, key = renewal.account, renewal.source, renewal.key
        self._store.ready()
        if stored is None:
            # What stands in its place and is no token, a directory or what isn't ours to replace,
            # has to go now: once WeChat was asked it is too late.
            confirm()
            self._store.clear(key)
        grant = self._sources.fetch(account, source, confirm, force=renewal.force)
        # The answer's time, not the question's: so our last 5 minutes don't begin before
        # WeChat's, in which alone it gives a new stable token.
        now_s = self._clock()
        life_s = UNKNOWN_LIFE_S if grant.expires_in_s is None else grant.expires_in_s
        token = StoredToken(grant.value, source_word(source), now_s, now_s + life_s)
        # It is good, and to throw it away helps nobody: a classic one has already voided the one
        # before. What the store can't take now it is to take later.
        renewal.fetched = token
        self._known.put(key, Known(token, now_s, unkept=True, over=stored))
        try:
            confirm()  # who took the lock in the meantime asked after us: theirs will count
            is_kept = self._store.put(key, token, over=stored)
        except (StoreUnusable, LockUnusable) as error:
            _log.warning("%s; the token serves this process alone for now", error.message)
            return token
        if not is_kept:
            raise LockLost(
                f"{account.name}: while this token was fetched another run took the lock and "
                "fetched one too; theirs counts",
                fix="try again",
            )
        self._known.put(key, Known(token, now_s))
        return token
