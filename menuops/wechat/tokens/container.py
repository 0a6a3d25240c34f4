"""The token container: the one object that owns every account's token."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from menuops.core.account import (
    OfficialAccount,
    ReadToken,
    StableToken,
    TokenSource,
)
from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.files.project.api_url import base_url
from menuops.locks import Locks
from menuops.transport import Http
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.grant import Grant
from menuops.wechat.tokens.keeper import Keeper, key_of
from menuops.wechat.tokens.sources import Sources
from menuops.wechat.tokens.status import (
    TokenStatus,
    place_of,
    shared_with,
    source_word,
    why_unread,
)
from menuops.wechat.tokens.store import NamesLocks, StoreUnusable, TokenKey, TokenStore
from menuops.wechat.tokens.void import void_token


class NotRegistered(LookupError):
    """The container was never told of this account."""


class TokenContainer:
    """Fetches lazily, keeps, renews early, and once for all threads, processes and machines.

    A token goes by (`account.api`, `account.appid`). How far it is shared, and how far one
    renewal at a time holds, depends on `store` and `locks`: by default the files of this user,
    and so all processes of this user on this machine. A store brings the locks that reach as far
    as it does, so `locks` is for a store that can't (else ValueError), or for other directories.
    `clock` gives seconds since 1970. A container without an `http` opens its own connections;
    leave its context, or close it.
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
        self._own_http: Http | None = None
        if http is None:
            http = self._own_http = Http()
        self._store: TokenStore = FileStore() if store is None else store
        self._clock = clock
        self._sources = Sources(http, Pace() if pace is None else pace, environ, clock)
        if locks is None:
            locks = _locks_of(self._store)
        self._keeper = Keeper(self._store, locks, self._sources, clock)
        self._registered: set[TokenKey] = set()

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
        """Take an account in; makes no call, reads nothing, and leaves its token as it is.

        Raises ValueError where `api` is no base URL, or would show the token to the network.
        """
        if base_url(account.api) is None:
            raise ValueError(
                f"{account.name}: `api` is no base URL that a token can be sent to: write https:// "
                "and a host, or http:// and this machine (127.0.0.1, localhost), with no user, "
                "query or fragment"
            )
        self._registered.add(key_of(account))

    def unregister(self, account: OfficialAccount) -> bool:
        """Forget an account and, here and in the store, its token; False if it wasn't there.

        The token itself lives on: WeChat has no call to end one. Where somebody else renews the
        token, what the store holds isn't this account's and stays. Raises StoreUnusable.
        """
        key = key_of(account)
        if key not in self._registered:
            return False
        self._registered.discard(key)
        self._keeper.forget(key)
        if not isinstance(account.token, ReadToken):
            self._store.drop(key)
        return True

    def is_registered(self, account: OfficialAccount) -> bool:
        """Whether the container answers for this account; never a call."""
        return key_of(account) in self._registered

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
        source = self._source(account)
        if isinstance(source, ReadToken):
            return self._sources.read(account, source)
        token = self._keeper.current(account, source)
        return Grant(token.value, token.expires_at_s - self._clock())

    def try_token(self, account: OfficialAccount) -> Secret:
        """Give a token of an account, which is registered first unless it is already."""
        self.register(account)
        return self.token(account)

    def renew(self, account: OfficialAccount, *, force_refresh: bool = False) -> bool:
        """Ask for a token now, whatever is kept; tell whether another came than was kept.

        A stable token comes back as it was until its last five minutes, for WeChat keeps one for
        all who ask. `force_refresh` makes WeChat give a new one and **voids the one that the
        account's other programs hold**; it is meant for a token that leaked, and done at most 20
        times a day, 30 s apart: sooner or oftener the old one comes back. It is asked for once,
        also by many threads at a time; after an answer that was lost the token is asked for as it
        is, which gives the new one if WeChat heard of the first call. A token that somebody else
        renews is only looked at. Raises ValueError for `force_refresh` where the source isn't
        `stable`, else as `token`.
        """
        source = self._source(account)
        if force_refresh and not isinstance(source, StableToken):
            raise ValueError("only a stable token can be refreshed by force")
        if isinstance(source, ReadToken):
            self._sources.read(account, source)
            return False
        before = self._store.get(key_of(account))
        token = self._keeper.renewed(account, source, ask_anyway=True, force_refresh=force_refresh)
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
        source = self._source(account)
        if isinstance(source, ReadToken):
            again = self._sources.read(account, source).value
        else:
            again = self._keeper.renewed(account, source, refused=token).value
        if again == token:
            raise void_token(account)
        return again

    def status(self, account: OfficialAccount) -> TokenStatus:
        """Say what is kept; asks neither WeChat nor a token server, runs and renews nothing.

        Redis is asked where it holds the token.
        """
        source = account.token
        word, others = source_word(source), shared_with(source)
        now_s = self._clock()
        if isinstance(source, ReadToken):
            where = place_of(source)
            unread = why_unread(source)
            if unread:
                return TokenStatus(
                    word, where, present=False, fresh=False, problem=unread, shared_with=others
                )
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
            token = self._store.get(key_of(account))
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

    def _source(self, account: OfficialAccount) -> TokenSource:
        if key_of(account) not in self._registered:
            raise NotRegistered(f"{account.name} ({account.appid}) isn't registered")
        return account.token


def _locks_of(store: TokenStore) -> Locks:
    """Make locks that reach as far as a store. Raises ValueError where it names none."""
    if isinstance(store, NamesLocks):
        return store.locks()
    raise ValueError(
        f"a token container with a {type(store).__name__} needs `locks`: FileLocks() where one "
        "user of one machine uses that store, RedisLocks(server) where several share it; or give "
        "it a method locks()"
    )
