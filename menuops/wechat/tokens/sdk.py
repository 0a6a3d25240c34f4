"""Reads the token that the SDK of a running bot keeps in Redis; never writes, never renews."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from menuops.core.account import OfficialAccount, SdkToken, request_time_s
from menuops.core.secret import Secret
from menuops.locks.redis_server import RedisServer
from menuops.wechat.tokens.app_secret import read_secret
from menuops.wechat.tokens.grant import Grant
from menuops.wechat.tokens.handed import NoToken
from menuops.wechat.tokens.sdk_forms import SDKS, KeptToken, SdkForm, Slot


class SdkReader:
    """Reads the tokens of any number of accounts; keeps connections, and neither token nor secret.

    `clock` gives seconds since 1970.
    """

    def __init__(self, environ: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._environ = environ
        self._clock = clock
        self._guard = threading.Lock()
        self._servers: dict[str, RedisServer] = {}

    def read(self, account: OfficialAccount, source: SdkToken) -> Grant:
        """Read the account's token and what is left of its life, as far as the SDK says.

        Raises NoToken, RedisUnusable, and NoSecret and ProgramFailed where the AppSecret is a part
        of the key.
        """
        form = SDKS[source.sdk]
        server = self._server(account, source)
        slots = self._slots(account, source, form)
        for slot in slots:
            there = (
                server.get(slot.key) if slot.field is None else server.hget(slot.key, slot.field)
            )
            kept = form.read(there.raw)
            if kept is not None:
                life_s = self._life_s(server, slot, kept)
                if life_s is None or life_s > 0:
                    return Grant(kept.value, life_s)
        looked = ", ".join(dict.fromkeys(slot.shown for slot in slots))
        raise NoToken(
            f"{account.name}: no token of {form.title} in Redis at {server.address}, "
            f"looked at {looked}",
            fix=f"is the bot running, and for {account.appid}? Where it has its own, give "
            f"{form.prefix_is} as `store_prefix`, or the whole key as `store_key`. "
            f"What can't be read: {form.unread}",
        )

    def close(self) -> None:
        """Close all connections."""
        with self._guard:
            servers, self._servers = list(self._servers.values()), {}
        for server in servers:
            server.close()

    def _slots(self, account: OfficialAccount, source: SdkToken, form: SdkForm) -> tuple[Slot, ...]:
        if source.key is not None:
            return form.slots_at(source.key)
        app_secret = None
        if form.needs_secret and source.secret is not None:
            app_secret = read_secret(
                account.name, source.secret, self._environ, timeout_s=request_time_s(account)
            )
        return form.slots(account.appid, prefix=source.prefix, app_secret=app_secret)

    def _life_s(self, server: RedisServer, slot: Slot, kept: KeptToken) -> float | None:
        if kept.expires_at_s is not None:
            return kept.expires_at_s - self._clock()
        left_ms = server.pttl(slot.key)
        return None if left_ms is None else left_ms / 1000

    def _server(self, account: OfficialAccount, source: SdkToken) -> RedisServer:
        variable = source.store_env
        url = self._environ.get(variable, "").strip()
        if not url:
            raise NoToken(
                f"{account.name}: no token: the environment variable {variable} "
                f"{'is empty' if variable in self._environ else 'is not set'}",
                fix=f"put the URL of the bot's Redis into {variable}: redis://:PASSWORD@HOST:6379/0",
            )
        with self._guard:
            if variable not in self._servers:
                named_by = f"the environment variable {variable}"
                self._servers[variable] = RedisServer(Secret(url), named_by=named_by)
            return self._servers[variable]
