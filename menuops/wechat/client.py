"""Calls to WeChat for one account, each with a token from the container."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from menuops.core.account import FileToken, GivenToken, OfficialAccount
from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.transport import BadAnswer, Http, Unreachable
from menuops.wechat.errors import LostAnswer, TokenRefused, is_transient, raise_for_code
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.keeper import key_of

_WRITING_GETS: Final = frozenset({"menu/delete"})
"""GETs that change something. Source: reference, 3.6."""

T = TypeVar("T")
Body = dict[str, Any]


def _as_it_is(_name: str, body: Body) -> Body:
    return body


class Client:
    """GET and POST for one account: JSON in, JSON out.

    A refused token is renewed once and the call repeated once, also for a write, since a
    refused token means that nothing was done; a token that the caller brought is never replaced.
    Reads are repeated while WeChat is busy or out of reach, for at most `account.retry_s`. A
    write that may have gone out is never repeated: it raises LostAnswer where the answer was
    lost and Busy for -1, and only reading tells what became of it. A write that surely didn't go
    out is repeated like a read, and at last raises Unreachable.

    Every method may also raise WeChatError of any kind, what the container's `token` and `refused`
    raise, Unreachable, and BadAnswer for an answer of a shape that WeChat doesn't document. A
    client that is made registers its account, and so raises ValueError for an `api` that is no
    base URL. `name` is the path below /cgi-bin/: "menu/get".
    """

    def __init__(
        self,
        http: Http,
        container: TokenContainer,
        account: OfficialAccount,
        *,
        pace: Pace | None = None,
    ) -> None:
        self._http = http
        self._container = container
        self._account = replace(account, api=key_of(account).api)
        self._pace = pace or Pace()
        container.register(account)

    @property
    def account(self) -> OfficialAccount:
        """The account that the calls go to."""
        return self._account

    def get(self, name: str) -> Body:
        """GET what only reads; gives the whole answer.

        `menu/delete`, a GET that deletes every menu, goes by the rules of a write.
        """
        if name.strip("/") in _WRITING_GETS:
            return self.write("GET", name, None, _as_it_is)
        return self.read("GET", name, None, _as_it_is)

    def post(self, name: str, body: Mapping[str, Any]) -> Body:
        """POST what may write; gives the whole answer."""
        return self.write("POST", name, body, _as_it_is)

    def read(
        self,
        method: str,
        name: str,
        body: Mapping[str, Any] | None,
        parse: Callable[[str, Body], T],
    ) -> T:
        """Make a call that changes nothing; `parse` makes the result of name and answer."""

        def call(token: Secret) -> T:
            return self._pace.repeat(
                lambda: parse(name, self._call(method, name, body, token)),
                budget_s=self._account.retry_s,
                when=is_transient,
            )

        return self._with_token(call)

    def write(
        self,
        method: str,
        name: str,
        body: Mapping[str, Any] | None,
        parse: Callable[[str, Body], T],
    ) -> T:
        """Make a call that may change something; `parse` makes the result of name and answer."""

        def call(token: Secret) -> T:
            return self._pace.repeat(
                lambda: self._write_once(method, name, body, token, parse),
                budget_s=self._account.retry_s,
                when=lambda error: _unsent(error) and is_transient(error),
            )

        return self._with_token(call)

    def _write_once(
        self,
        method: str,
        name: str,
        body: Mapping[str, Any] | None,
        token: Secret,
        parse: Callable[[str, Body], T],
    ) -> T:
        try:
            return parse(name, self._call(method, name, body, token))
        except (Unreachable, BadAnswer) as error:
            if _unsent(error):
                raise
            # Any answer but WeChat's own, such as a gateway's 502, leaves it open whether the
            # call got through.
            lost = LostAnswer(name, error)
        raise lost

    def _with_token(self, call: Callable[[Secret], T]) -> T:
        token = self._container.token(self._account)
        try:
            return call(token)
        except TokenRefused:
            if isinstance(self._account.token, GivenToken):
                raise
        return call(self._container.refused(self._account, token))

    def _call(self, method: str, name: str, body: Mapping[str, Any] | None, token: Secret) -> Body:
        answer = self._http.call(
            method,
            self._account.api,
            f"/cgi-bin/{name}",
            query={_parameter(self._account): token},
            body=body,
            connect_timeout_s=self._account.connect_timeout_s,
            read_timeout_s=self._account.read_timeout_s,
        )
        raise_for_code(name, answer.body, api=self._account.api, secrets=[token])
        return answer.body


def _parameter(account: OfficialAccount) -> str:
    """Name the parameter that takes the token: Cloud Run's has its own. Source: reference, 2.5."""
    match account.token:
        case FileToken(cloudbase=True):
            return "cloudbase_access_token"
        case _:
            return "access_token"


def _unsent(error: MenuopsError) -> bool:
    return isinstance(error, Unreachable) and not error.sent
