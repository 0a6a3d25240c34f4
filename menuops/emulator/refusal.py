"""A call that WeChat would refuse, and the text that goes with each of its numbers.

Texts are WeChat's own (global return codes, read through the sample error table); a client must
match on the number, never on the text.
"""

from __future__ import annotations

import os

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40007: "invalid media_id",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub_menu level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid args size",
    40054: "invalid sub button url domain",
    40055: "invalid button url domain",
    40066: "invalid url",
    40117: "invalid button media_id size",
    40118: "invalid sub button media_id size",
    40119: "invalid use button type",
    40120: "invalid use sub button type",
    40125: "invalid appsecret",
    40132: "invalid username",
    40164: "invalid ip, not in whitelist",
    40165: "invalid weapp pagepath",
    40166: "invalid weapp appid",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    44002: "empty post data",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45064: "no permission to use weapp in menu",
    45159: "invalid tag id",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
    53600: "Article ID 无效",
    65301: "this menu is not conditionalmenu",
    65302: "no such user",
    65303: "there is no selfmenu, please create selfmenu first",
    65304: "match rule empty",
    65305: "menu count limit",
    65306: "conditional menu not support",
    65307: "conditional menu is empty",
    65308: "exist empty button act",
    65315: "not fans",
    65316: "domain count reach limit",
    65318: "must use utf-8 charset",
    65320: "match rule violates privacy",
}


class Refusal(Exception):
    """WeChat says no: `errcode`, and the text before the rid."""

    def __init__(self, errcode: int, text: str | None = None) -> None:
        self.errcode = errcode
        self.text = TEXTS.get(errcode, str(errcode)) if text is None else text
        super().__init__(f"{errcode} {self.text}")


def refusal_message(text: str, now_s: float) -> str:
    """Put the request's id behind a text: 8-8-8 hexadecimal digits, the first eight the time."""
    noise = os.urandom(8).hex()
    return f"{text} rid: {int(now_s) & 0xFFFFFFFF:08x}-{noise[:8]}-{noise[8:]}"
