"""A call that WeChat would refuse, and the text that goes with each of its numbers.

Texts are WeChat's own (global return codes, read through the sample error table); a client must
match on the number, never on the text. Numbers whose cause isn't published (40028, 65317, 65319 and
others) or lies outside the menu (40243, 895xx) are here for `Fault.errcode`.
"""

from __future__ import annotations

import os

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40013: "invalid appid",
    40014: "invalid access_token",
    40015: "invalid menu type",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40021: "invalid menu version",
    40022: "invalid sub_menu level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40028: "invalid menu api user",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40032: "invalid openid list size",
    40035: "invalid args size",
    40048: "invalid url domain",
    40054: "invalid sub button url domain",
    40055: "invalid button url domain",
    40066: "invalid url",
    40117: "invalid button media_id size",
    40118: "invalid sub button media_id size",
    40119: "invalid use button type",
    40120: "invalid use sub button type",
    40121: "invalid media type in view_limited",
    40125: "invalid appsecret",
    40128: "invalid media id! must be uploaded by api(cgi-bin/material/add_material)",
    40132: "invalid username",
    40155: "please don't contain other home page url",
    40164: "invalid ip, not in whitelist",
    40165: "invalid weapp pagepath",
    40166: "invalid weapp appid",
    40201: "invalid check url",
    40202: "invalid check action",
    40203: "invalid check operator",
    40243: "AppSecret已被冻结，请登录MP解冻后再次调用。",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41007: "sub_menu data missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43003: "require https",
    44002: "empty post data",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45010: "create menu limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45048: "menu use invalid type",
    45056: "too many tag now, no need to add new",
    45057: "can't delete the tag that has too many fans",
    45058: "can't modify sys tag",
    45059: "can not tagging one user too much",
    45064: "no permission to use weapp in menu",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag id",
    46002: "menu version no exist",
    46003: "menu no exist",
    47001: "data format error",
    47002: "data format error, do NOT use json unicode encode (\\uxxxx\\uxxxx), "
    "please use utf8 encoded text!",
    48001: "api unauthorized",
    48004: "api forbidden for irregularities, view detail on mp.weixin.qq.com",
    48006: "forbid to clear quota because of reaching the limit",
    49003: "not match openid with appid",
    50002: "user limited",
    50004: "user not allow to use accesstoken, maybe for punishment",
    50007: "账号已冻结",
    53600: "Article ID 无效",
    61004: "access clientip is not registered",
    65301: "this menu is not conditionalmenu",
    65302: "no such user",
    65303: "there is no selfmenu, please create selfmenu first",
    65304: "match rule empty",
    65305: "menu count limit",
    65306: "conditional menu not support",
    65307: "conditional menu is empty",
    65308: "exist empty button act",
    65309: "conditional menu switch is closed",
    65310: "region info: country is empty",
    65311: "region info: province is empty",
    65312: "invalid country info",
    65313: "invalid province info",
    65314: "invalid city info",
    65315: "not fans",
    65316: "domain count reach limit",
    65317: "contain invalid url",
    65318: "must use utf-8 charset",
    65319: "not allow to create menu",
    65320: "match rule violates privacy",
    76001: "rid not found",
    76002: "rid is error",
    # This text is rid/get's; quota/get has the same number, and its text isn't published.
    76003: "could not query this rid,no permission",
    76004: "rid time is error",
    76021: "cgi_path not found, please check",
    76022: "could not use this cgi_path，no permission",  # WeChat's own comma
    89501: "公众号有未处理的确认请求，请稍候重试",
    89502: "请耐心等待管理员确认",
    89503: "此次调用需要管理员确认，请耐心等候",
    89504: "正在等管理员确认，请耐心等待",
    89505: "正在等管理员确认，请稍候重试",
    89506: "该IP调用求请求已被公众号管理员拒绝，请24小时后再试，建议调用前与管理员沟通确认",
    89507: "该IP调用求请求已被公众号管理员拒绝，请1小时后再试，建议调用前与管理员沟通确认",
}

# The same with advice, as some accounts are answered since stable_token came (reported).
LONG_40001 = (
    f"{TEXTS[40001]}, could get access_token by getStableAccessToken, "
    "more details at https://mmbizurl.cn/s/JtxxFh33r"
)


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
