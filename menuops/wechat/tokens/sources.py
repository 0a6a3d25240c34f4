"""Asks each kind of source for a token, as the account says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from menuops.core.account import (
    ClassicToken,
    CommandToken,
    EnvToken,
    FetchedToken,
    FileToken,
    GivenToken,
    OfficialAccount,
    ReadToken,
    SdkToken,
    ServerToken,
    StableToken,
    request_time_s,
)
from menuops.core.errors import MenuopsError
from menuops.locks import Confirm
from menuops.transport import Http, Unreachable
from menuops.wechat.errors import WeChatError, is_transient
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.app_secret import read_secret
from menuops.wechat.tokens.call import call_for_token
from menuops.wechat.tokens.grant import Grant, NoGrant, grant_from_text
from menuops.wechat.tokens.handed import read_env, read_file
from menuops.wechat.tokens.program import ProgramFailed, printed_by
from menuops.wechat.tokens.token_server import ask_token_server

if TYPE_CHECKING:
    from menuops.wechat.tokens.sdk import SdkReader


@dataclass(slots=True)
class Force:
    """Whether WeChat is still to be made to give a new stable token, which it does 20 times a day.

    Over by the first request that it may have heard of.
    """

    wanted: bool


class Sources:
    """Keeps nothing of what it is given, neither a token nor a secret; only connections."""

    def __init__(
        self, http: Http, pace: Pace, environ: Mapping[str, str], clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._http = http
        self._pace = pace
        self._environ = environ
        self._guard = threading.Lock()
        self._sdk_reader: SdkReader | None = None

    def fetch(
        self,
        account: OfficialAccount,
        source: FetchedToken,
        confirm: Confirm,
        *,
        force: Force | None = None,
    ) -> Grant:
        """Ask for a token, again while the source is busy or out of reach (`account.retry_s`).

        `confirm` is called before each request. After an answer that was lost a stable token is
        asked for in plain mode, whatever `force` was: what that answer held is given again. Raises
        NoSecret, NoHeader, ProgramFailed, WeChatError, Unreachable, BadAnswer, and what `confirm`
        raises.
        """
        match source:
            case StableToken(secret) | ClassicToken(secret):
                app_secret = read_secret(
                    account.name, secret, self._environ, timeout_s=request_time_s(account)
                )
                once = Force(wanted=False) if force is None else force

                def ask() -> Grant:
                    confirm()
                    forces, once.wanted = once.wanted, False
                    try:
                        return call_for_token(
                            self._http, account, source, app_secret, force_refresh=forces
                        )
                    except MenuopsError as error:
                        once.wanted = forces and _did_nothing(error)
                        raise

            case ServerToken():

                def ask() -> Grant:
                    confirm()
                    return ask_token_server(self._http, account, source, self._environ)

            case CommandToken(argv):
                confirm()
                return self._printed(account, argv)
            case _:
                assert_never(source)
        return self._pace.repeat(ask, budget_s=account.retry_s, when=is_transient)

    def read(self, account: OfficialAccount, source: ReadToken) -> Grant:
        """Read a token that somebody else renews. Raises NoToken, and RedisUnusable for `sdk`."""
        match source:
            case EnvToken(variable):
                return Grant(read_env(account.name, variable, self._environ))
            case FileToken():
                return Grant(read_file(account.name, source))
            case SdkToken():
                return self._reader().read(account, source)
            case GivenToken(token):
                return Grant(token)
            case _:
                assert_never(source)

    def close(self) -> None:
        """Close all connections."""
        with self._guard:
            reader, self._sdk_reader = self._sdk_reader, None
        if reader is not None:
            reader.close()

    def _printed(self, account: OfficialAccount, argv: tuple[str, ...]) -> Grant:
        label = f"{account.name}: no token: `command`"
        text = printed_by(
            argv, label=label, environ=self._environ, timeout_s=request_time_s(account)
        )
        try:
            return grant_from_text(text)
        except NoGrant as problem:
            reason = str(problem)
        raise ProgramFailed(
            f"{label} prints no token: {reason}",
            fix="let it print the access_token alone, or JSON with access_token and expires_in",
        )

    def _reader(self) -> SdkReader:
        with self._guard:
            if self._sdk_reader is None:
                from menuops.wechat.tokens.sdk import SdkReader

                self._sdk_reader = SdkReader(self._environ, self._clock)
            return self._sdk_reader


def _did_nothing(error: MenuopsError) -> bool:
    """Whether a request that ended so surely changed nothing at WeChat."""
    if isinstance(error, Unreachable):
        return not error.sent
    return isinstance(error, WeChatError)
