"""WeChat's menu and tag calls for one account: JSON in, JSON out.

Source: https://developers.weixin.qq.com/doc/service/api/custommenu/ (reference, 3 and 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from menuops.core.account import Account
from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.transport import BadAnswer, Http, Unreachable
from menuops.wechat.errors import (
    LostAnswer,
    NoMenu,
    TokenRefused,
    is_transient,
    raise_for_code,
)
from menuops.wechat.pace import Pace
from menuops.wechat.token_container import TokenContainer

T = TypeVar("T")
_Body = dict[str, Any]

GET_MENU: Final = "menu/get"
GET_SELFMENU: Final = "get_current_selfmenu_info"
CREATE_MENU: Final = "menu/create"
ADD_CONDITIONAL: Final = "menu/addconditional"
DELETE_CONDITIONAL: Final = "menu/delconditional"
DELETE_MENU: Final = "menu/delete"
TRY_MATCH: Final = "menu/trymatch"
GET_TAGS: Final = "tags/get"


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag (标签) of the account; `count` is its followers."""

    id: str
    name: str
    count: int


class MenuApi:
    """The calls, each with a token from the container.

    A refused token is renewed once and the call repeated once, also for a write, since a
    refused token means that nothing was done. Reads are repeated while WeChat is busy or out of
    reach, for at most `account.retry_s`. A write that may have gone out is never repeated: it
    raises LostAnswer where the answer was lost and Busy for -1, and only reading the menu tells
    what became of it. A write that surely didn't go out is repeated like a read, and at last
    raises Unreachable.

    Every method may also raise WeChatError of any kind, what the container raises, and BadAnswer
    for an answer of a shape that WeChat doesn't document.
    """

    def __init__(
        self, http: Http, container: TokenContainer, account: Account, *, pace: Pace | None = None
    ) -> None:
        self._http = http
        self._container = container
        self._account = account
        self._pace = pace or Pace()
        container.register(account)

    @property
    def account(self) -> Account:
        """The account that the calls go to."""
        return self._account

    def get_menu(self) -> _Body | None:
        """Read the menus made through the API; None if there are none.

        Gives `{"menu": {"button": […], "menuid"?}, "conditionalmenu"?: [{…}]}` as answered.
        """
        try:
            return self._read("GET", GET_MENU, None, _with_menu)
        except NoMenu:
            return None

    def get_selfmenu(self) -> _Body:
        """Read the menu in force, whoever made it: `{"is_menu_open": 0|1, "selfmenu_info"?}`."""
        return self._read("GET", GET_SELFMENU, None, _with_openness)

    def create_menu(self, button: Sequence[Mapping[str, Any]]) -> None:
        """Replace the default menu whole."""
        self._write("POST", CREATE_MENU, {"button": list(button)}, _done)

    def add_conditional(
        self, button: Sequence[Mapping[str, Any]], matchrule: Mapping[str, str]
    ) -> str:
        """Add a conditional menu, before all others in precedence; gives its menuid."""
        body = {"button": list(button), "matchrule": dict(matchrule)}
        return self._write("POST", ADD_CONDITIONAL, body, _menuid)

    def delete_conditional(self, menuid: str) -> None:
        """Delete one conditional menu; raises UnknownConditional if there is no such."""
        # The key is all lower case: spelt menuId, WeChat answers 65301.
        self._write("POST", DELETE_CONDITIONAL, {"menuid": menuid}, _done)

    def delete_menu(self) -> None:
        """Delete the default menu and every conditional one; that there is none is no error."""
        try:
            self._write("GET", DELETE_MENU, None, _done)
        except NoMenu:
            return

    def try_match(self, user_id: str) -> list[_Body]:
        """Ask which menu a follower gets, by openid or WeChat id; gives its `button` list.

        Empty where the account has no menu. WeChat's page shows `{"button"}`, its service was
        seen to answer `{"menu": {"button"}}`: both are read.
        """
        try:
            return self._read("POST", TRY_MATCH, {"user_id": user_id}, _buttons)
        except NoMenu:
            return []

    def get_tags(self) -> tuple[TagCount, ...]:
        """Read the account's tags, in WeChat's order."""
        return self._read("GET", GET_TAGS, None, _tags)

    def _read(
        self,
        method: str,
        name: str,
        body: Mapping[str, Any] | None,
        parse: Callable[[str, _Body], T],
    ) -> T:
        def call(token: Secret) -> T:
            return self._pace.repeat(
                lambda: parse(name, self._call(method, name, body, token)),
                budget_s=self._account.retry_s,
                when=is_transient,
            )

        return self._with_token(call)

    def _write(
        self,
        method: str,
        name: str,
        body: Mapping[str, Any] | None,
        parse: Callable[[str, _Body], T],
    ) -> T:
        def call(token: Secret) -> T:
            return self._pace.repeat(
                lambda: self._write_once(method, name, body, token, parse),
                budget_s=self._account.retry_s,
                when=lambda error: _unsent(error) and is_transient(error),
            )

        return self._with_token(call)

    def _write_once(
        self,
        method: str,
        name: str,
        body: Mapping[str, Any] | None,
        token: Secret,
        parse: Callable[[str, _Body], T],
    ) -> T:
        try:
            return parse(name, self._call(method, name, body, token))
        except (Unreachable, BadAnswer) as error:
            if _unsent(error):
                raise
            # Any answer but WeChat's own, such as a gateway's 502, leaves it open whether the
            # call got through.
            lost = LostAnswer(name, error)
        raise lost

    def _with_token(self, call: Callable[[Secret], T]) -> T:
        token = self._container.token(self._account)
        try:
            return call(token)
        except TokenRefused:
            pass
        return call(self._container.refused(self._account, token))

    def _call(self, method: str, name: str, body: Mapping[str, Any] | None, token: Secret) -> _Body:
        answer = self._http.call(
            method,
            self._account.api,
            f"/cgi-bin/{name}",
            query={"access_token": token},
            body=body,
            connect_timeout_s=self._account.connect_timeout_s,
            read_timeout_s=self._account.read_timeout_s,
        )
        raise_for_code(name, answer.body, secrets=[token])
        return answer.body


def _unsent(error: MenuopsError) -> bool:
    return isinstance(error, Unreachable) and not error.sent


def _done(name: str, body: _Body) -> None:
    # A write says so in so many words; the codes other than 0 were raised before.
    if "errcode" not in body:
        raise BadAnswer(name, "the answer doesn't say that it was done")


def _with_menu(name: str, body: _Body) -> _Body:
    menu = body.get("menu")
    if not isinstance(menu, dict) or not _is_list_of_dicts(menu.get("button")):
        raise BadAnswer(name, "the answer holds no menu.button list")
    if not _is_list_of_dicts(body.get("conditionalmenu", [])):
        raise BadAnswer(name, "the answer's conditionalmenu is no list")
    return body


def _with_openness(name: str, body: _Body) -> _Body:
    if body.get("is_menu_open") not in (0, 1):
        raise BadAnswer(name, "the answer's is_menu_open is neither 0 nor 1")
    if not isinstance(body.get("selfmenu_info", {}), dict):
        raise BadAnswer(name, "the answer's selfmenu_info is no object")
    return body


def _menuid(name: str, body: _Body) -> str:
    menuid = body.get("menuid")
    if isinstance(menuid, bool) or not isinstance(menuid, str | int) or not str(menuid):
        raise BadAnswer(name, "the answer holds no menuid")
    return str(menuid)


def _buttons(name: str, body: _Body) -> list[_Body]:
    menu = body.get("menu", body)
    buttons = menu.get("button") if isinstance(menu, dict) else None
    if not _is_list_of_dicts(buttons):
        raise BadAnswer(name, "the answer holds no button list")
    return list(buttons or ())


def _tags(name: str, body: _Body) -> tuple[TagCount, ...]:
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


def _is_list_of_dicts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
