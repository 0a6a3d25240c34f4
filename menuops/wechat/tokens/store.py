"""A token that is kept, and what the container needs of the place where it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.locks import Locks

_FORMAT: Final = 1
_SKEW_S: Final = 60.0
_EARLY_S: Final = ((3600, 600.0), (1800, 300.0), (300, 30.0))
"""A life longer than this many seconds, and how long before its end it is renewed.

The steps are those of Senparc's ApiUtility; WeChat's own advice is five minutes of 7200 s.
"""


class StoreUnusable(CannotStart):
    """Tokens can't be kept where they should be."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Whose token: the API's base URL and the appid, so a stand-in never gets a live one."""

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
        """When to fetch the next one: 10 minutes, 5 minutes or 30 s before its end.

        It depends on the life that it was given: over an hour, over 30 minutes, over 5 minutes;
        a shorter one is renewed after nine tenths. A stable token that is asked for again before
        its last 5 minutes comes back with what is left of its life, and is then used until 30 s
        before its end, when WeChat gives the next one.
        """
        life_s = self.expires_at_s - self.issued_at_s
        early_s = next((early_s for over_s, early_s in _EARLY_S if life_s > over_s), life_s / 10)
        return self.expires_at_s - early_s

    def is_fresh(self, now_s: float) -> bool:
        """Whether it can be used; one from the future says that a clock was wrong."""
        return self.issued_at_s - _SKEW_S <= now_s < self.renew_at_s

    def to_json(self, key: TokenKey) -> str:
        """Write it down, the token itself too: for a store alone."""
        return json.dumps(
            {
                "format": _FORMAT,
                "api": key.api,
                "appid": key.appid,
                "source": self.source,
                "issued_at": self.issued_at_s,
                "expires_at": self.expires_at_s,
                "access_token": self.value.reveal(),
            }
        )


def token_from_json(raw: str | bytes, key: TokenKey) -> StoredToken | None:
    """Read what `to_json` wrote; None for what is damaged or of another account."""
    try:
        said: Any = json.loads(raw)
        if (said["format"], said["api"], said["appid"]) != (_FORMAT, key.api, key.appid):
            return None
        value, source = said["access_token"], said["source"]
        issued_at_s, expires_at_s = float(said["issued_at"]), float(said["expires_at"])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None
    if not (isinstance(value, str) and value and value.isprintable() and isinstance(source, str)):
        return None
    if not issued_at_s < expires_at_s <= issued_at_s + 86400:
        return None
    return StoredToken(Secret(value), source, issued_at_s, expires_at_s)


class TokenStore(Protocol):
    """Tokens by account. Every call may raise StoreUnusable."""

    @property
    def description(self) -> str:
        """What and where, for people; no secret."""
        ...

    def ready(self) -> None:
        """Fail now if `put` would: a classic token fetched in vain voids another's."""
        ...

    def get(self, key: TokenKey) -> StoredToken | None:
        """Give what is kept, fresh or not."""
        ...

    def put(self, key: TokenKey, token: StoredToken, over: StoredToken | None) -> bool:
        """Keep it in place of `over`, what `get` gave when the account's lock was taken.

        False, and nothing is kept, where another stands there by now: only a lock that can be
        lost lets that happen.
        """
        ...

    def clear(self, key: TokenKey) -> None:
        """Take away what stands in a token's place, is none, and would be in the way of `put`.

        A token stays: another may have put it there since `get` found none.
        """
        ...

    def drop(self, key: TokenKey) -> None:
        """Forget what is kept, if anything is."""
        ...


@runtime_checkable
class NamesLocks(Protocol):
    """A store that knows which locks reach as far as it does."""

    def locks(self) -> Locks:
        """Make the locks for a container that is given none."""
        ...
