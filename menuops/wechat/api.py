"""WeChat's menu and tag calls for one account: JSON in, JSON out.

Source: https://developers.weixin.qq.com/doc/service/api/custommenu/ (reference, 3 and 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from menuops.transport import BadAnswer
from menuops.wechat.client import Body, Client
from menuops.wechat.errors import NoMenu
from menuops.wechat.quota import Quota, read_quota

GET_MENU: Final = "menu/get"
GET_SELFMENU: Final = "get_current_selfmenu_info"
CREATE_MENU: Final = "menu/create"
ADD_CONDITIONAL: Final = "menu/addconditional"
DELETE_CONDITIONAL: Final = "menu/delconditional"
DELETE_MENU: Final = "menu/delete"
TRY_MATCH: Final = "menu/trymatch"
GET_TAGS: Final = "tags/get"
GET_TAG_IDS: Final = "tags/getidlist"


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag (标签) of the account; `count` is its followers."""

    id: str
    name: str
    count: int


class MenuApi(Client):
    """The menu and tag calls, with the rules of Client for refused tokens and repeated calls.

    What the methods raise stands there too: LostAnswer by those that write alone.
    """

    def get_menu(self) -> Body | None:
        """Read the menus made through the API; None if there are none.

        Gives `{"menu": {"button": […], "menuid"?}, "conditionalmenu"?: [{…}]}` as answered.
        """
        try:
            return self.read("GET", GET_MENU, None, _with_menu)
        except NoMenu:
            return None

    def get_selfmenu(self) -> Body:
        """Read the menu in force, whoever made it: `{"is_menu_open": 0|1, "selfmenu_info"?}`."""
        return self.read("GET", GET_SELFMENU, None, _with_openness)

    def create_menu(self, button: Sequence[Mapping[str, Any]]) -> None:
        """Replace the default menu whole."""
        self.write("POST", CREATE_MENU, {"button": list(button)}, _done)

    def add_conditional(
        self, button: Sequence[Mapping[str, Any]], matchrule: Mapping[str, str]
    ) -> str:
        """Add a conditional menu, before all others in precedence; gives its menuid."""
        body = {"button": list(button), "matchrule": dict(matchrule)}
        return self.write("POST", ADD_CONDITIONAL, body, _menuid)

    def delete_conditional(self, menuid: str) -> None:
        """Delete one conditional menu; raises UnknownConditional if there is no such."""
        # The key is all lower case: spelt menuId, WeChat answers 65301.
        self.write("POST", DELETE_CONDITIONAL, {"menuid": menuid}, _done)

    def delete_menu(self) -> None:
        """Delete the default menu and every conditional one; that there is none is no error."""
        try:
            self.write("GET", DELETE_MENU, None, _done)
        except NoMenu:
            return

    def try_match(self, user_id: str) -> list[Body]:
        """Ask which menu a follower gets, by openid or WeChat id; gives its `button` list.

        Empty where the account has no menu. WeChat's page shows `{"button"}`, its service was
        seen to answer `{"menu": {"button"}}`: both are read.
        """
        try:
            return self.read("POST", TRY_MATCH, {"user_id": user_id}, _buttons)
        except NoMenu:
            return []

    def get_tags(self) -> tuple[TagCount, ...]:
        """Read the account's tags, in WeChat's order."""
        return self.read("GET", GET_TAGS, None, _tags)

    def get_quota(self, call: str) -> Quota:
        """Ask how many calls of one interface, "menu/create", are left today."""
        return read_quota(self, call)

    def get_tag_ids(self, openid: str) -> tuple[str, ...]:
        """Read the ids of a follower's tags; in which order they were put on isn't told.

        It takes an openid alone: a WeChat id, which `try_match` takes too, is 40003.
        """
        return self.read("POST", GET_TAG_IDS, {"openid": openid}, _tag_ids)


def _done(name: str, body: Body) -> None:
    # A write says so in so many words; the codes other than 0 were raised before.
    if "errcode" not in body:
        raise BadAnswer(name, "the answer doesn't say that it was done")


def _with_menu(name: str, body: Body) -> Body:
    menu = body.get("menu")
    if not isinstance(menu, dict) or not _is_list_of_dicts(menu.get("button")):
        raise BadAnswer(name, "the answer holds no menu.button list")
    if not _is_list_of_dicts(body.get("conditionalmenu", [])):
        raise BadAnswer(name, "the answer's conditionalmenu is no list")
    return body


def _with_openness(name: str, body: Body) -> Body:
    if body.get("is_menu_open") not in (0, 1):
        raise BadAnswer(name, "the answer's is_menu_open is neither 0 nor 1")
    if not isinstance(body.get("selfmenu_info", {}), dict):
        raise BadAnswer(name, "the answer's selfmenu_info is no object")
    return body


def _menuid(name: str, body: Body) -> str:
    menuid = body.get("menuid")
    if isinstance(menuid, bool) or not isinstance(menuid, str | int) or not str(menuid):
        raise BadAnswer(name, "the answer holds no menuid")
    return str(menuid)


def _buttons(name: str, body: Body) -> list[Body]:
    menu = body.get("menu", body)
    buttons = menu.get("button") if isinstance(menu, dict) else None
    if not _is_list_of_dicts(buttons):
        raise BadAnswer(name, "the answer holds no button list")
    return list(buttons or ())


def _tags(name: str, body: Body) -> tuple[TagCount, ...]:
    tags = body.get("tags")
    if not _is_list_of_dicts(tags):
        raise BadAnswer(name, "the answer holds no tags list")
    found = []
    for tag in tags or ():
        match tag:
            case {"id": int() | str() as number, "name": str(text)}:
                count = tag.get("count")
                found.append(TagCount(str(number), text, count if isinstance(count, int) else 0))
            case _:
                raise BadAnswer(name, "a tag of the answer has no id or no name")
    return tuple(found)


def _tag_ids(name: str, body: Body) -> tuple[str, ...]:
    ids = body.get("tagid_list")
    if not isinstance(ids, list) or any(type(each) not in (int, str) for each in ids):
        raise BadAnswer(name, "the answer holds no tagid_list of ids")
    return tuple(str(each) for each in ids)


def _is_list_of_dicts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
