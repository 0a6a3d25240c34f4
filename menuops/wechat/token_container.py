"""The token container: the one object that owns every account's token."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from menuops.core.account import Account, ClassicToken, EnvToken, StableToken
from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.secret import Secret
from menuops.locks import LockKey, Locks
from menuops.locks.lock import TOKEN_WAIT_S
from menuops.transport import Http
from menuops.wechat.app_secret import read_secret
from menuops.wechat.errors import is_transient
from menuops.wechat.pace import Pace
from menuops.wechat.token_call import fetch_token
from menuops.wechat.token_store import StoredToken, TokenKey, TokenStore


class NoToken(CannotStart):
    """The environment variable that should hold a token doesn't."""


class TokenVoid(CannotStart):
    """WeChat refuses the token, and asking for another can't help."""


@dataclass(frozen=True, slots=True)
class TokenStatus:
    """What is known of an account's token without a call; never the token itself.

    Times are in seconds since 1970; None where no token is kept (or it isn't ours to know:
    `env`). `present` says that there is a token, `fresh` that the next use will take it.
    """

    source: Literal["stable", "classic", "env"]
    store: str
    present: bool
    fresh: bool
    issued_at_s: float | None = None
    age_s: float | None = None
    renew_at_s: float | None = None
    expires_at_s: float | None = None


_SOURCES: Final[Mapping[type, Literal["stable", "classic", "env"]]] = {
    StableToken: "stable",
    ClassicToken: "classic",
    EnvToken: "env",
}


class TokenContainer:
    """Fetches lazily, keeps, renews early, and once for all threads and processes.

    A token goes by (`account.api`, `account.appid`). `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        http: Http,
        store: TokenStore,
        locks: Locks,
        *,
        clock: Callable[[], float] = time.time,
        pace: Pace | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._http = http
        self._store = store
        self._locks = locks
        self._clock = clock
        self._pace = pace or Pace()
        self._environ = environ
        self._guard = threading.Lock()
        self._registered: set[TokenKey] = set()
        self._known: dict[TokenKey, StoredToken] = {}
        self._failed: dict[TokenKey, tuple[int, MenuopsError]] = {}
        self._attempts = 0

    def register(self, account: Account) -> None:
        """Take an account in; makes no call and reads nothing."""
        if not account.api.startswith(("https://", "http://")):
            raise ValueError(f"{account.name}: {account.api!r} is no base URL")
        with self._guard:
            self._registered.add(_key(account))

    def is_registered(self, account: Account) -> bool:
        """Whether the container answers for this account."""
        return _key(account) in self._registered

    def token(self, account: Account) -> Secret:
        """Give a token that is good for now, fetching one if need be.

        Raises NoSecret, NoToken, StoreUnusable, Locked, WeChatError, Unreachable, BadAnswer.
        """
        if isinstance(account.token, EnvToken):
            return self._from_env(account.name, account.token.name)
        key = self._own(account)
        now_s = self._clock()
        token = self._known.get(key)
        if token is None or not token.is_fresh(now_s):
            token = self._store.get(key)
            if token is None or not token.is_fresh(now_s):
                token = self._renewed(account, account.token, key, refused=None)
            self._known[key] = token
        return token.value

    def refused(self, account: Account, token: Secret) -> Secret:
        """Give the token to repeat a call with, after WeChat refused `token`.

        If another thread, process or machine has put a newer one in the store meanwhile, that
        one is given and nothing is fetched. A stable token is asked for again in plain mode:
        where somebody voided it by a forced refresh, WeChat now gives the new one. Where it
        gives the refused one back, this raises TokenVoid: only a forced refresh could help, it
        voids the token that the account's other programs hold and is limited to 20 a day, so
        a person has to decide that.
        """
        if isinstance(account.token, EnvToken):
            name = account.token.name
            now = self._from_env(account.name, name)
            if now != token:
                return now
            raise TokenVoid(
                f"{account.name}: WeChat refuses the token in the environment variable {name}: "
                "it is void, expired or of another account",
                fix=f"put a new token of {account.appid} into {name}; menuops can't renew it",
            )
        key = self._own(account)
        renewed = self._renewed(account, account.token, key, refused=token)
        self._known[key] = renewed
        return renewed.value

    def renew(self, account: Account) -> None:
        """Fetch a token now, whatever is kept; a stable one may come back as it was."""
        if isinstance(account.token, EnvToken):
            self._from_env(account.name, account.token.name)
            return
        key = self._own(account)
        with self._locks.held(_lock_key(key), TOKEN_WAIT_S + account.retry_s):
            self._known[key] = self._fetched(account, account.token, key)

    def status(self, account: Account) -> TokenStatus:
        """Say what is kept; makes no call and renews nothing."""
        if isinstance(account.token, EnvToken):
            name = account.token.name
            there = bool(self._environ.get(name, "").strip())
            return TokenStatus("env", f"variable {name}", present=there, fresh=there)
        source = _SOURCES[type(account.token)]
        now_s = self._clock()
        token = self._store.get(_key(account))
        if token is None:
            return TokenStatus(source, self._store.description, present=False, fresh=False)
        return TokenStatus(
            source,
            self._store.description,
            present=True,
            fresh=token.is_fresh(now_s),
            issued_at_s=token.issued_at_s,
            age_s=now_s - token.issued_at_s,
            renew_at_s=token.renew_at_s,
            expires_at_s=token.expires_at_s,
        )

    def _own(self, account: Account) -> TokenKey:
        key = _key(account)
        if key not in self._registered:
            raise LookupError(f"{account.name} isn't registered")
        return key

    def _from_env(self, account_name: str, variable: str) -> Secret:
        value = self._environ.get(variable, "").strip()
        if not value:
            raise NoToken(
                f"{account_name}: no token: the environment variable {variable} "
                f"{'is empty' if variable in self._environ else 'is not set'}",
                fix=f"put the account's access_token into {variable}",
            )
        return Secret(value)

    def _renewed(
        self,
        account: Account,
        source: StableToken | ClassicToken,
        key: TokenKey,
        *,
        refused: Secret | None,
    ) -> StoredToken:
        """Wait for the turn, look again, and fetch if nobody else did meanwhile."""
        asked_at = self._attempts
        with self._locks.held(_lock_key(key), TOKEN_WAIT_S + account.retry_s):
            stored = self._store.get(key)
            if stored is not None and stored.is_fresh(self._clock()) and stored.value != refused:
                return stored
            attempt, error = self._failed.get(key, (0, None))
            if error is not None and attempt > asked_at:
                # Another thread of ours failed while this one waited: what it met, a wrong
                # AppSecret or an IP that an administrator has to confirm, only gets worse by
                # being asked again at once.
                raise error
            try:
                token = self._fetched(account, source, key)
            except MenuopsError as problem:
                with self._guard:
                    self._attempts += 1
                    self._failed[key] = (self._attempts, problem)
                raise
        if refused is not None and token.value == refused:
            raise TokenVoid(
                f"{account.name}: WeChat refuses the token and gives the same one again",
                fix="wait a few minutes and try again; check that the AppSecret and the appid "
                f"{account.appid} are of one account. Only a forced refresh makes a new one, and "
                "it voids the token of the account's other programs, so menuops never does it",
            )
        return token

    def _fetched(
        self, account: Account, source: StableToken | ClassicToken, key: TokenKey
    ) -> StoredToken:
        self._store.ready()
        app_secret = read_secret(account.name, source.secret, self._environ)
        grant = self._pace.repeat(
            lambda: fetch_token(self._http, account, source, app_secret),
            budget_s=account.retry_s,
            when=is_transient,
        )
        # The answer's time, not the question's: so our last 5 minutes don't begin before
        # WeChat's, in which alone it gives a new stable token.
        now_s = self._clock()
        token = StoredToken(grant.value, _SOURCES[type(source)], now_s, now_s + grant.expires_in_s)
        self._store.put(key, token)
        return token


def _key(account: Account) -> TokenKey:
    return TokenKey(account.api, account.appid)


def _lock_key(key: TokenKey) -> LockKey:
    return LockKey(key.api, key.appid, "token")
