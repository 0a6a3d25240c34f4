"""What wechatpy's two versions share: the calls have the same names in both."""

from __future__ import annotations

from typing import Any

from protocol import serve
from wechatpy import WeChatClient


class Client(WeChatClient):  # type: ignore[misc]  # an Any to mypy
    """Moved to another address by two names: the one of the token call stands in the method."""

    def __init__(self, url: str, appid: str, secret: str) -> None:
        self.API_BASE_URL = f"{url}/cgi-bin/"
        self._token_url = f"{url}/cgi-bin/token"
        super().__init__(appid, secret)

    def fetch_access_token(self) -> Any:
        asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(url=self._token_url, params=asked)


class Calls:
    def __init__(self, url: str, appid: str, secret: str) -> None:
        self._client = client = Client(url, appid, secret)
        self.create = client.menu.create
        self.get = client.menu.get
        self.delete = client.menu.delete
        self.selfmenu = client.menu.get_menu_info
        self.addconditional = client.menu.add_conditional
        self.delconditional = client.menu.del_conditional
        self.trymatch = client.menu.try_match
        self.tags = client.tag.get
        self.tags_of = client.tag.get_user_tag
        self.create_tag = client.tag.create
        self.rename_tag = client.tag.update
        self.delete_tag = client.tag.delete
        self.put_tag = client.tag.tag_user
        self.take_tag = client.tag.untag_user
        self.tagged = client.tag.get_tag_users

    def token(self) -> Any:
        return self._client.access_token


def code(error: Exception) -> object:
    return getattr(error, "errcode", None)


def main() -> None:
    serve(Calls, code, {"stable_token": "no such call"})
