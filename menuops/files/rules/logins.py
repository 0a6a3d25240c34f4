"""Links to WeChat's login (网页授权), which WeChat matches as a whole and refuses without a word.

Source: https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from menuops.files.broken import Broken
from menuops.files.wording import named

_ORDER: Final = ("appid", "redirect_uri", "response_type", "scope", "state")
_NEEDED: Final = _ORDER[:4]
_SCOPES: Final = frozenset({"snsapi_base", "snsapi_userinfo"})
_FRAGMENT: Final = "#wechat_redirect"
_SAMPLE: Final = re.compile(r"(?!w[wx][0-9a-z])\w+\Z")
"""No AppID, nor an enterprise's id: `APPID`, `YOUR_APPID`. What is a mark is said elsewhere."""
_ENCODED_TWICE: Final = re.compile(r"(?i)https?%253a")


def login(url: str, appid: str | None) -> Iterator[Broken]:
    """Doubt a link to the login; `appid` is that of the account, None where it isn't known."""
    # That an `&amp;` stands there is another rule's to say.
    query = url.replace("&amp;", "&").partition("?")[2].partition("#")[0]
    pairs = [part.partition("=") for part in query.split("&")]
    values = {name: value for name, _, value in reversed(pairs)}
    used = values.get("appid", "")
    if used and used != appid and _SAMPLE.match(used):
        message = f"{named(f'appid={used}')} stands for an AppID; write `appid=${{appid}}`"
        yield Broken("oauth-appid", "warning", message)
    elif appid is not None and values.get("appid", appid) != appid:
        message = "the login is made for another appid than the account's; write `appid=${appid}`"
        yield Broken("oauth-appid", "warning", message)
    yield from _redirect(values.get("redirect_uri", ""))
    yield from _parameters([name for name, _, _ in pairs], values)
    if not url.endswith(_FRAGMENT):
        message = f"the login needs `{_FRAGMENT}` at the end of the link"
        yield Broken("oauth-fragment", "warning", message)


def _redirect(value: str) -> Iterator[Broken]:
    if ":" in value or "/" in value:
        message = "`redirect_uri` must be percent-encoded: https%3A%2F%2F…"
        yield Broken("oauth-redirect", "warning", message)
    elif _ENCODED_TWICE.match(value):
        message = "`redirect_uri` is percent-encoded twice; https%3A%2F%2F… is once"
        yield Broken("oauth-redirect", "warning", message)
    if unquote(value)[:5].lower() == "http:":
        message = "`redirect_uri` goes over http, and the login's code with it; write https"
        yield Broken("http-link", "warning", message)


def _parameters(names: list[str], values: dict[str, str]) -> Iterator[Broken]:
    missing = [f"`{name}`" for name in _NEEDED if not values.get(name)]
    there = [name for name in names if name in _ORDER]
    if missing:
        message = f"the login lacks {' and '.join(missing)}"
    elif values["response_type"] != "code":
        message = "the login takes `response_type=code`"
    elif not _SCOPES.issuperset(unquote(values["scope"]).split(",")):
        message = "the login takes `scope=snsapi_base` or `scope=snsapi_userinfo`"
    elif there != sorted(there, key=_ORDER.index):
        message = f"the login takes its parameters in this order alone: {', '.join(_ORDER)}"
    else:
        return
    yield Broken("oauth-parameters", "warning", message)
