"""A company's own token server (中控服务器), asked for the token that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from menuops.core.account import OfficialAccount, ServerToken
from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.transport import BadAnswer, Http
from menuops.wechat.tokens.grant import Grant, NoGrant, grant_from_json
from menuops.wechat.tokens.status import host_of


class NoHeader(CannotStart):
    """What is to be sent to the token server isn't in the environment, or stands in its URL."""


def ask_token_server(
    http: Http, account: OfficialAccount, source: ServerToken, environ: Mapping[str, str]
) -> Grant:
    """Ask once; no error holds more of the URL than its host.

    Raises NoHeader, Unreachable, BadAnswer.
    """
    url = urlsplit(source.url)
    host = host_of(source.url)
    if host != url.netloc:
        raise NoHeader(
            f"{account.name}: no token: the URL of {host} holds a user's name or password before "
            "its @",
            fix="send them in a header: `headers`, with the variable that holds `Basic …`",
        )
    answer = http.call(
        "GET",
        f"{url.scheme}://{host}",
        f"{url.path or '/'}{f'?{url.query}' if url.query else ''}",
        name="token server",
        gives_secret=True,
        query={},
        body=None,
        headers={
            header: _header(account.name, header, variable, environ)
            for header, variable in source.headers
        },
        connect_timeout_s=account.connect_timeout_s,
        read_timeout_s=account.read_timeout_s,
    )
    try:
        return grant_from_json(answer.body, source.field)
    except NoGrant as problem:
        reason = str(problem)
    raise BadAnswer(
        "token server",
        f"the answer of {host} gives no token: {reason}",
        fix="name the way to the token as `field`, such as data.access_token; is "
        f"{account.appid} known there?",
    )


def _header(name: str, header: str, variable: str, environ: Mapping[str, str]) -> Secret:
    text = environ.get(variable, "").strip()
    problem = ""
    if not text:
        problem = "is empty" if variable in environ else "isn't set"
    elif not text.isascii() or not text.isprintable():
        problem = "holds what can't be sent in a header"
    if problem:
        raise NoHeader(
            f"{name}: no token: the environment variable {variable} {problem}",
            fix=f"put what the token server wants as {header} into {variable}",
        )
    return Secret(text)
