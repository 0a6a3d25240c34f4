"""The two calls that give a token.

Source: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html and
https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken (reference, 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from menuops.core.account import Account, ClassicToken, StableToken
from menuops.core.secret import Secret
from menuops.transport import BadAnswer, Http
from menuops.wechat.errors import raise_for_code

_GRANT: Final = "client_credential"  # no s at its end, unlike OAuth's


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as WeChat gives it, with what is left of its life."""

    value: Secret
    expires_in_s: float


def fetch_token(
    http: Http, account: Account, source: StableToken | ClassicToken, app_secret: Secret
) -> Grant:
    """Ask once. Raises WeChatError, Unreachable, BadAnswer.

    A stable token is asked for in plain mode, which never voids one that others hold; the
    classic call voids the classic token before.
    """
    if isinstance(source, StableToken):
        call = "stable_token"
        answer = http.call(
            "POST",
            account.api,
            "/cgi-bin/stable_token",
            query={},
            body={
                "grant_type": _GRANT,
                "appid": account.appid,
                "secret": app_secret,
                "force_refresh": False,
            },
            connect_timeout_s=account.connect_timeout_s,
            read_timeout_s=account.read_timeout_s,
        )
    else:
        call = "token"
        answer = http.call(
            "GET",
            account.api,
            "/cgi-bin/token",
            query={"grant_type": _GRANT, "appid": account.appid, "secret": app_secret},
            body=None,
            connect_timeout_s=account.connect_timeout_s,
            read_timeout_s=account.read_timeout_s,
        )
    raise_for_code(call, answer.body, secrets=[app_secret], token_call=True)
    value = answer.body.get("access_token")
    expires_in_s = answer.body.get("expires_in")
    if not isinstance(value, str) or not value or not value.isprintable():
        raise BadAnswer(call, "the answer holds no access_token")
    if isinstance(expires_in_s, bool) or not isinstance(expires_in_s, int | float):
        raise BadAnswer(call, "the answer's expires_in isn't a number of seconds")
    if not 0 < expires_in_s <= 86400:
        raise BadAnswer(call, "the answer's expires_in is no life of a token (7200 s at most)")
    return Grant(Secret(value), float(expires_in_s))
