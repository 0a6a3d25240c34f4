"""How many calls of an interface an account has left today, as WeChat counts them.

Source: https://developers.weixin.qq.com/doc/channels/api/basic/api_getapiquota.md (reference,
1.2). The page says that cloud calls aren't supported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from menuops.transport import BadAnswer
from menuops.wechat.client import Body, Client

GET_QUOTA: Final = "openapi/quota/get"
NO_RIGHT_TO_PATH: Final = 76022
"""The token doesn't fit the interface, or the account has no right to it."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls of one interface a day; `used` may lag behind what was called just now."""

    daily_limit: int
    used: int
    remain: int


def read_quota(client: Client, call: str) -> Quota:
    """Ask for the quota of `call`, the path below /cgi-bin/: "menu/create".

    Changes nothing, and costs one call of a quota of its own. Raises as Client does: WeChatError
    76022 where the account has no right to the interface, 76021 where WeChat knows none.
    """
    return client.read("POST", GET_QUOTA, {"cgi_path": f"/cgi-bin/{call}"}, _quota)


def _quota(name: str, body: Body) -> Quota:
    match body.get("quota"):
        case {"daily_limit": int(limit), "used": int(used), "remain": int(remain)}:
            return Quota(limit, used, remain)
    raise BadAnswer(name, "the answer holds no quota of daily_limit, used and remain")
