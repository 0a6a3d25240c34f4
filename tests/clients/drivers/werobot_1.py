# /// script
# dependencies = ["werobot==1.13.1"]
# ///
"""WeRoBot, which has no setting for the address: requests that it makes are sent elsewhere."""

from __future__ import annotations

from typing import Any

import requests
from protocol import serve
from werobot.client import Client

REAL = "https://api.weixin.qq.com"


class Redirected(requests.Session):
    """What requests.request makes for each call; takes all that is for WeChat to the emulator."""

    url = REAL

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        assert url.startswith(REAL), url
        return super().request(method, self.url + url.removeprefix(REAL), *args, **kwargs)


requests.sessions.Session = Redirected  # type: ignore[misc]


class Calls:
    def __init__(self, url: str, appid: str, secret: str) -> None:
        Redirected.url = url
        self._client = client = Client({"APP_ID": appid, "APP_SECRET": secret})
        self.create = client.create_menu
        self.get = client.get_menu
        self.delete = client.delete_menu
        self.selfmenu = client.get_custom_menu_config
        self.delconditional = client.delete_custom_menu
        self.trymatch = client.match_custom_menu
        self.token = client.get_access_token
        self.tags = client.get_tags
        self.tags_of = client.get_tags_by_user
        self.create_tag = client.create_tag
        self.rename_tag = client.update_tag
        self.delete_tag = client.delete_tag
        self.tagged = client.get_users_by_tag

    def addconditional(self, menu: dict[str, Any]) -> Any:
        return self._client.create_custom_menu(menu["button"], menu["matchrule"])

    def put_tag(self, tag: int, openid: str) -> Any:
        return self._client.tag_users(tag, [openid])

    def take_tag(self, tag: int, openid: str) -> Any:
        return self._client.untag_users(tag, [openid])


serve(Calls, lambda _: None, {"stable_token": "no such call"})
