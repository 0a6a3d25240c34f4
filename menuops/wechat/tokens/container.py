"""The token container: the one object that owns every account's token."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Self, assert_never

from menuops.core.account import (
    ClassicToken,
    CommandToken,
    EnvToken,
    FetchedToken,
    FileToken,
    GivenToken,
    OfficialAccount,
    SdkToken,
    ServerToken,
    StableToken,
    request_time_s,
)
from menuops.core.errors import CannotStart, Locked, MenuopsError
from menuops.core.secret import Secret
from menuops.locks import Confirm, FileLocks, LockKey, LockLost, Locks, LockUnusable
from menuops.locks.lock import LEASE_S, TOKEN_WAIT_S
from menuops.transport import Http
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.grant import Grant
from menuops.wechat.tokens.sources import Sources
from menuops.wechat.tokens.status import TokenStatus, place_of, shared_with, source_word
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


class NotRegistered(LookupError):
    """The container was never told of this account."""


class TokenVoid(CannotStart):
    """WeChat refuses the token, and asking for another can't help."""


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


class TokenContainer:
    """Fetches lazily, keeps, renews early, and once for all threads, processes and machines.

    A token goes by (`account.api`, `account.appid`). How far it is shared, and how far one
    renewal at a time holds, depends on `store` and `locks`: by default the files of this user,
    and so all processes of this user on this machine. `clock` gives seconds since 1970. A
    container without an `http` opens its own connections; leave its context, or close it.
    """

    def __init__(
        self,
        http: Http | None = None,
        store: TokenStore | None = None,
        locks: Locks | None = None,
        *,
        clock: Callable[[], float] = time.time,
        pace: Pace | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._own_http = None if http else Http()
        self._store: TokenStore = store or FileStore()
        self._locks: Locks = locks or FileLocks()
        self._clock = clock
        self._sources = Sources(http or self._own_http or Http(), pace or Pace(), environ, clock)
        self._guard = threading.Lock()
        self._registered: set[TokenKey] = set()
        self._known: dict[TokenKey, _Known] = {}
        self._failed: dict[TokenKey, tuple[int, MenuopsError]] = {}
        self._attempts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that the container opened itself."""
        self._sources.close()
        if self._own_http is not None:
            self._own_http.close()

    # Accounts

    def register(self, account: OfficialAccount) -> None:
        """Take an account in; makes no call, reads nothing, and leaves its token as it is."""
        if not account.api.startswith(("https://", "http://")):
            raise ValueError(f"{account.name}: {account.api!r} is no base URL")
        with self._guard:
            self._registered.add(_key(account))

    def unregister(self, account: OfficialAccount) -> bool:
        """Forget an account and, here and in the store, its token; False if it wasn't there.

        The token itself lives on: WeChat has no call to end one. Raises StoreUnusable.
        """
        key = _key(account)
        with self._guard:
            was_there = key in self._registered
            self._registered.discard(key)
            self._known.pop(key, None)
            self._failed.pop(key, None)
        if was_there:
            self._store.drop(key)
        return was_there

    def is_registered(self, account: OfficialAccount) -> bool:
        """Whether the container answers for this account; never a call."""
        return _key(account) in self._registered

    # Tokens

    def token(self, account: OfficialAccount) -> Secret:
        """Give a token that is good for now, fetching one if need be.

        Raises NotRegistered, NoSecret, NoToken, StoreUnusable, Locked, LockUnusable, LockLost,
        WeChatError, Unreachable, BadAnswer, ProgramFailed.
        """
        return self.token_and_life(account).value

    def token_and_life(self, account: OfficialAccount) -> Grant:
        """Give a token and the seconds that are left of its life; None where nobody says.

        Raises as `token`.
        """
        key = self._own(account)
        source = account.token
        if isinstance(source, EnvToken | FileToken | SdkToken | GivenToken):
            return self._sources.read(account, source)
        now_s = self._clock()
        known = self._fresh_known(key)
        if known is not None and abs(now_s - known.looked_at_s) < LOOK_AGAIN_S:
            token = known.token
        else:
            token = self._looked_up(account, source, key)
        return Grant(token.value, token.expires_at_s - now_s)

    def try_token(self, account: OfficialAccount) -> Secret:
        """Give a token of an account, which is registered first unless it is already."""
        self.register(account)
        return self.token(account)

    def renew(self, account: OfficialAccount, *, force_refresh: bool = False) -> bool:
        """Ask for a token now, whatever is kept; tell whether another came than was kept.

        A stable token comes back as it was until its last five minutes, for WeChat keeps one for
        all who ask. `force_refresh` makes WeChat give a new one and **voids the one that the
        account's other programs hold**; it is meant for a token that leaked, and done at most 20
        times a day, 30 s apart. A token that somebody else renews is only looked at. Raises
        ValueError for `force_refresh` where the source isn't `stable`, else as `token`.
        """
        key = self._own(account)
        source = account.token
        if force_refresh and not isinstance(source, StableToken):
            raise ValueError("only a stable token can be refreshed by force")
        if isinstance(source, EnvToken | FileToken | SdkToken | GivenToken):
            self._sources.read(account, source)
            return False
        before = self._store.get(key)
        token = self._renewed(account, source, key, ask_anyway=True, force_refresh=force_refresh)
        return before is None or before.value != token.value

    def refused(self, account: OfficialAccount, token: Secret) -> Secret:
        """Give the token to repeat a call with, after WeChat refused `token`.

        If another thread, process or machine has put a newer one in the store meanwhile, that
        one is given and nothing is fetched. A stable token is asked for again in plain mode:
        where somebody voided it by a forced refresh, WeChat now gives the new one. Where it
        gives the refused one back, this raises TokenVoid: only a forced refresh could help, it
        voids the token that the account's other programs hold and is limited to 20 a day, so
        a person has to decide that. A token that somebody else renews is read again, once.
        """
        key = self._own(account)
        source = account.token
        if isinstance(source, EnvToken | FileToken | SdkToken | GivenToken):
            again = self._sources.read(account, source).value
        else:
            again = self._renewed(account, source, key, refused=token).value
        if again == token:
            raise _void(account)
        return again

    def status(self, account: OfficialAccount) -> TokenStatus:
        """Say what is kept; asks neither WeChat nor a token server, runs and renews nothing."""
        source = account.token
        word, others = source_word(source), shared_with(source)
        now_s = self._clock()
        if isinstance(source, EnvToken | FileToken | SdkToken | GivenToken):
            where = place_of(source)
            try:
                life_s = self._sources.read(account, source).expires_in_s
            except MenuopsError as error:
                return TokenStatus(
                    word,
                    where,
                    present=False,
                    fresh=False,
                    problem=error.message,
                    shared_with=others,
                )
            return TokenStatus(
                word,
                where,
                present=True,
                fresh=True,
                expires_at_s=None if life_s is None else now_s + life_s,
                shared_with=others,
            )
        where = self._store.description
        problem = ""
        token = None
        try:
            token = self._store.get(_key(account))
        except StoreUnusable as error:
            problem = error.message
        if token is None:
            return TokenStatus(
                word, where, present=False, fresh=False, problem=problem, shared_with=others
            )
        return TokenStatus(
            word,
            where,
            present=True,
            fresh=token.is_fresh(now_s),
            issued_at_s=token.issued_at_s,
            age_s=now_s - token.issued_at_s,
            renew_at_s=token.renew_at_s,
            expires_at_s=token.expires_at_s,
            shared_with=others,
        )

    def _own(self, account: OfficialAccount) -> TokenKey:
        key = _key(account)
        if key not in self._registered:
            raise NotRegistered(f"{account.name} ({account.appid}) isn't registered")
        return key

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
            return self._renewed(account, source, key)
        return self._goes_on_with(key, known)

    def _renewed(
        self,
        account: OfficialAccount,
        source: FetchedToken,
        key: TokenKey,
        *,
        refused: Secret | None = None,
        ask_anyway: bool = False,
        force_refresh: bool = False,
    ) -> StoredToken:
        """Wait for the turn, look again, and fetch if nobody else did meanwhile."""
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


def _key(account: OfficialAccount) -> TokenKey:
    return TokenKey(account.api, account.appid)


def _void(account: OfficialAccount) -> TokenVoid:
    source, name, appid = account.token, account.name, account.appid
    match source:
        case StableToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token and gives the same one again",
                fix="wait a few minutes and try again; check that the AppSecret and the appid "
                f"{appid} are of one account. Only a forced refresh makes a new one, and it voids "
                "the token of the account's other programs, so menuops does it for nobody unasked",
            )
        case ClassicToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token that it has just given",
                fix=f"check that the AppSecret and the appid {appid} are of one account",
            )
        case CommandToken() | ServerToken():
            who = "the program" if isinstance(source, CommandToken) else "the token server"
            return TokenVoid(
                f"{name}: WeChat refuses the token, and {who} gives the same one again",
                fix=f"{who} holds a token that is void, expired or of another account than "
                f"{appid}: let it fetch a new one",
            )
        case GivenToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token that was brought",
                fix="it is void, expired or of another account; bring a new one",
            )
        case EnvToken() | FileToken() | SdkToken():
            return TokenVoid(
                f"{name}: WeChat refuses the token that stands in {_place(source)}: it is void, "
                "expired or of another account",
                fix=f"let whoever fetches it put a new token of {appid} there; menuops reads it "
                "and never renews it",
            )
        case _:
            assert_never(source)


def _place(source: EnvToken | FileToken | SdkToken) -> str:
    match source:
        case EnvToken(variable):
            return f"the environment variable {variable}"
        case FileToken(path):
            return f"the file {path}"
        case SdkToken(sdk):
            return f"the Redis of {sdk}"
        case _:
            assert_never(source)
