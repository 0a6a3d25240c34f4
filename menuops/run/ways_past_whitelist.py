"""What to do where WeChat doesn't list an address: the ways that docs/ci.md shows whole."""

from __future__ import annotations

from typing import Final

from menuops.wechat.errors import NotWhitelisted

_OTHERS: Final = (
    (
        "a machine with a fixed address: `runs-on: [self-hosted, wechat]` on GitHub, "
        "`tags: [wechat]` on GitLab"
    ),
    "a proxy with a fixed address: `HTTPS_PROXY=http://user:password@proxy.example.com:3128`",
    "a token server of the company: `source: url`, `url: https://tokens.example.com/shop`",
    "a program that gets the token where it is known: `source: command`, `command: get-token`",
    (
        "the token of a running bot, from its Redis: `source: sdk`, `sdk: wechatpy`, "
        "`store_env: BOT_REDIS_URL`"
    ),
    "within WeChat Cloud Run (云托管), where no address counts: `source: file`, `as: cloudbase`",
)


def ways_past_whitelist(error: NotWhitelisted) -> str:
    """Give the fix of 40164, a line for each way; the first names the address that WeChat saw."""
    address = error.ip or "the address that WeChat names"
    lines = (
        (
            f"add {address} under 基本配置 > IP白名单 in 公众号后台 or 微信开发者平台, "
            "and wait about half a minute"
        ),
        "where the address changes, as on hosted CI runners, one of these:",
        *(f"- {way}" for way in _OTHERS),
        "docs/ci.md shows each of them whole",
    )
    return "\n".join(lines)
