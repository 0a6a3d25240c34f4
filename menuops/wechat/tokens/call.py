"""The two calls to WeChat that give a token.

Source: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html and
https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken (reference, 2).
"""

from __future__ import annotations

from typing import Final

from menuops.core.account import ClassicToken, OfficialAccount, StableToken
from menuops.core.secret import Secret
from menuops.transport import BadAnswer, Http
from menuops.wechat.errors import raise_for_code
from menuops.wechat.tokens.grant import Grant, NoGrant, grant_from_json

_GRANT: Final = "client_credential"  # no s at its end, unlike OAuth's


def call_for_token(
    http: Http,
    account: OfficialAccount,
    source: StableToken | ClassicToken,
    app_secret: Secret,
    *,
    force_refresh: bool = False,
) -> Grant:
    """Ask once. Raises WeChatError, Unreachable, BadAnswer.

    A stable token is asked for in plain mode, which never voids one that others hold, unless
    `force_refresh` says so; the classic call always voids the classic token before.
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
                "force_refresh": force_refresh,
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
    raise_for_code(call, answer.body, api=account.api, secrets=[app_secret], token_call=True)
    try:
        grant = grant_from_json(answer.body)
    except NoGrant as problem:
        reason = str(problem)
    else:
        if grant.expires_in_s is not None:
            return grant
        reason = "it holds no expires_in"
    raise BadAnswer(call, f"the answer gives no token: {reason}")
