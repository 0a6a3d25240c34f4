"""A menu as values: what a file wants and what an account has, once parsed.

Names are the remote's own. Source of the types and their fields:
https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does when it is tapped; each subclass is one `type` of the remote.

    `name` is what a follower reads; `id` is ours, never sent, and no part of equality, as are
    `unknown`: fields of a live button that its type isn't known to have.
    `FIELDS` are the fields beside `type` and `name`, all of them required, in the order in
    which the remote lists them.
    """

    TYPE: ClassVar[str]
    FIELDS: ClassVar[tuple[str, ...]]

    name: str
    id: str | None = field(default=None, compare=False, kw_only=True)
    unknown: tuple[tuple[str, Any], ...] = field(default=(), compare=False, kw_only=True)


# The classes below without a decorator have the fields and the methods of their base, which
# tell classes apart; making each of them a dataclass would cost every start 5 ms.


@dataclass(frozen=True, slots=True)
class _Keyed(Action):
    FIELDS: ClassVar[tuple[str, ...]] = ("key",)

    key: str


class Click(_Keyed):
    """Sends `key` to the account's server."""

    __slots__ = ()
    TYPE: ClassVar[str] = "click"


class ScancodePush(_Keyed):
    """Scans a code and opens what it says."""

    __slots__ = ()
    TYPE: ClassVar[str] = "scancode_push"


class ScancodeWaitmsg(_Keyed):
    """Scans a code and waits for the account's server."""

    __slots__ = ()
    TYPE: ClassVar[str] = "scancode_waitmsg"


class PicSysphoto(_Keyed):
    """Takes a photo and sends it."""

    __slots__ = ()
    TYPE: ClassVar[str] = "pic_sysphoto"


class PicPhotoOrAlbum(_Keyed):
    """Takes a photo or picks one, and sends it."""

    __slots__ = ()
    TYPE: ClassVar[str] = "pic_photo_or_album"


class PicWeixin(_Keyed):
    """Picks from the WeChat album and sends."""

    __slots__ = ()
    TYPE: ClassVar[str] = "pic_weixin"


class LocationSelect(_Keyed):
    """Picks a place and sends it."""

    __slots__ = ()
    TYPE: ClassVar[str] = "location_select"


@dataclass(frozen=True, slots=True)
class View(Action):
    """Opens a page."""

    TYPE: ClassVar[str] = "view"
    FIELDS: ClassVar[tuple[str, ...]] = ("url",)

    url: str


@dataclass(frozen=True, slots=True)
class MiniProgram(Action):
    """Opens a page of a mini program; clients too old for that open `url`."""

    TYPE: ClassVar[str] = "miniprogram"
    FIELDS: ClassVar[tuple[str, ...]] = ("url", "appid", "pagepath")

    url: str
    appid: str
    pagepath: str


@dataclass(frozen=True, slots=True)
class _Media(Action):
    FIELDS: ClassVar[tuple[str, ...]] = ("media_id",)

    media_id: str


class MediaId(_Media):
    """Sends a permanent material: picture, voice, video."""

    __slots__ = ()
    TYPE: ClassVar[str] = "media_id"


class ViewLimited(_Media):
    """Opened an article by its material id; of no use for new articles."""

    __slots__ = ()
    TYPE: ClassVar[str] = "view_limited"


@dataclass(frozen=True, slots=True)
class _Article(Action):
    FIELDS: ClassVar[tuple[str, ...]] = ("article_id",)

    article_id: str


class ArticleId(_Article):
    """Sends a published article as a card."""

    __slots__ = ()
    TYPE: ClassVar[str] = "article_id"


class ArticleViewLimited(_Article):
    """Opens a published article."""

    __slots__ = ()
    TYPE: ClassVar[str] = "article_view_limited"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A live button that the API can't make as it stands: kept whole, shown, never sent.

    `type` may be a type of the web console (`text`, `news`, …), one that is newer than this
    program, or a known one with a field missing. `fields` holds all else that the remote
    answered, name apart.
    """

    name: str
    type: str
    fields: tuple[tuple[str, Any], ...] = field(hash=False, default=())
    id: str | None = field(default=None, compare=False, kw_only=True)


Button: TypeAlias = Action | Foreign


@dataclass(frozen=True, slots=True)
class Parent:
    """A top-level entry that opens a sub-menu of 1 to 5 buttons; `unknown` as of an Action."""

    name: str
    sub_button: tuple[Button, ...]
    id: str | None = field(default=None, compare=False, kw_only=True)
    unknown: tuple[tuple[str, Any], ...] = field(default=(), compare=False, kw_only=True)


Entry: TypeAlias = Button | Parent
Buttons: TypeAlias = tuple[Entry, ...]
"""The 1 to 3 top-level entries of one menu, left to right; empty where there is no menu."""


def each_entry(buttons: Buttons) -> Iterator[Entry]:
    """List the entries of a menu, a parent before what it opens."""
    for entry in buttons:
        yield entry
        if isinstance(entry, Parent):
            yield from entry.sub_button


ACTIONS: Final[Mapping[str, type[Action]]] = {
    action.TYPE: action
    for action in (
        Click,
        View,
        MiniProgram,
        ScancodePush,
        ScancodeWaitmsg,
        PicSysphoto,
        PicPhotoOrAlbum,
        PicWeixin,
        LocationSelect,
        MediaId,
        ViewLimited,
        ArticleId,
        ArticleViewLimited,
    )
}

PLATFORMS: Final[Mapping[str, str]] = {"1": "ios", "2": "android", "3": "other"}
"""`client_platform_type` as the remote writes it, and as a file may."""


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Whom a conditional menu is for; a field that is None says nothing.

    `tag_id` and `client_platform_type` ("1" iOS, "2" Android, "3" others) are the remote's
    own, as text: it answers numbers in its documentation and strings in life.
    """

    tag_id: str | None = None
    client_platform_type: str | None = None


@dataclass(frozen=True, slots=True)
class ConditionalMenu:
    """A menu for the followers that `matchrule` names; `id` as that of an entry."""

    matchrule: MatchRule
    button: Buttons
    id: str | None = field(default=None, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Menus:
    """All menus of an account in normal form, comparable by value.

    `button` is the default menu (empty: none). `conditionalmenu` stands in the order in which
    the remote tries them: the first that matches wins.
    """

    button: Buttons = ()
    conditionalmenu: tuple[ConditionalMenu, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedConditional:
    """A conditional menu as a file writes it: the tag by id, or by a name still to look up."""

    button: Buttons
    tag: str | None = None
    tag_id: str | None = None
    client_platform_type: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one menu file wants of one account, its variables filled in.

    `allow` are guards that the file lifts: "remove-conditional", "remove-conditional:tag:spring".
    """

    button: Buttons
    conditionalmenu: tuple[WantedConditional, ...] = ()
    allow: tuple[str, ...] = ()
