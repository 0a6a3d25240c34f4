"""One account's calls: its token, how many calls were made, and no more than there may be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from .errors import CannotStart, CannotTell, OtherShape
from .wire import Exchange, Wire

TOKEN_REFUSED = frozenset({40001, 40014, 42001})
QUOTA_SPENT = 45009

# The most calls of each kind that a run makes on a real account. A test account has 100 calls of
# menu/create and of menu/delete a day; restoring comes on top, and is never cut short.
REAL_CAPS: Mapping[str, int] = {
    "menu/create": 60,
    "menu/delete": 20,
    "menu/addconditional": 300,
    "menu/delconditional": 60,
    "menu/get": 200,
    "menu/trymatch": 40,
    "get_current_selfmenu_info": 60,
    "token": 4,
    "stable_token": 60,
    "tags/create": 10,
}
# Whatever the caller is asked for, on whatever account: they can't be taken back.
NEVER = frozenset({"clear_quota", "clear_quota/v2", "openapi/quota/clear"})


def encoded(value: Any) -> bytes:
    """Give a body: raw UTF-8, as WeChat refuses escapes."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


class Caller:
    """Calls with the account's stable token, in plain mode: that voids nobody's."""

    def __init__(self, wire: Wire, appid: str, secret: str, caps: Mapping[str, int]) -> None:
        self.wire = wire
        self.appid = appid
        self.used: Counter[str] = Counter()
        self.capped = True
        self._secret = secret
        self._caps = caps
        self._spent: set[str] = set()
        self._token: str | None = None
        self._hidden = {secret}

    def redact(self, text: str) -> str:
        """Give a text without the secret and any token that was seen."""
        for hidden in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(hidden, "***") if hidden else text
        return text

    def send(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Exchange:
        """Send one request as it is, counted. Raises Lost, and CannotTell where it may not."""
        assert path not in NEVER, path
        if self.capped:
            if path in self._spent:
                raise CannotTell(f"the day's quota of {path} is spent (45009)")
            if self.used[path] >= self._caps.get(path, 1 << 30):
                raise CannotTell(f"the run makes no more than {self._caps[path]} calls of {path}")
        self.used[path] += 1
        exchange = self.wire.send(method, path, query, body, headers)
        try:
            value = exchange.value()
        except OtherShape:
            return exchange
        token = value.get("access_token")
        if isinstance(token, str):
            self._hidden.add(token)
        if value.get("errcode") == QUOTA_SPENT:
            self._spent.add(path)
        return exchange

    def call(
        self,
        path: str,
        value: Any = None,
        *,
        raw: bytes | None = None,
        method: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Exchange:
        """Call with the token: POST where there is a body. A refused token is renewed once."""
        body = raw if raw is not None else None if value is None else encoded(value)
        method = method or ("GET" if body is None else "POST")
        exchange = self.send(method, path, {"access_token": self.token()}, body, headers)
        if _errcode(exchange) in TOKEN_REFUSED:
            self._token = None
            exchange = self.send(method, path, {"access_token": self.token()}, body, headers)
        return exchange

    def token(self) -> str:
        """Give the token, fetched when there is none yet."""
        if self._token is None:
            exchange = self.fetch_stable()
            try:
                found = exchange.value().get("access_token")
            except OtherShape as other:
                raise CannotStart(self.redact(f"stable_token answered {other}")) from None
            if not isinstance(found, str) or not found:
                raise CannotStart(self.redact(f"stable_token answered {exchange.excerpt}"))
            self._token = found
        return self._token

    def fetch_stable(self, **changed: Any) -> Exchange:
        """Ask for the stable token, or with fields changed; None leaves one out."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self._secret,
            **changed,
        }
        asked = {name: value for name, value in asked.items() if value is not None}
        assert "force_refresh" not in asked  # it would void what runs in production
        return self.send("POST", "stable_token", body=encoded(asked))

    def fetch_classic(self) -> Exchange:
        """Ask for the other kind of token, which voids the one before."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self._secret,
        }
        return self.send("GET", "token", asked)


def _errcode(exchange: Exchange) -> int:
    try:
        return exchange.errcode
    except OtherShape:
        return 0
