"""What an emulated account is set up with: values that a test or the command line writes down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from .switches import Switches

# 65305 exists, its figure is not published. 100 is a guess: an account has at most 100 tags, so
# this leaves room for one conditional menu a tag.
GUESSED_MENU_LIMIT = 100
JOINED = ("tags", "followers", "deleted_tags")  # fields in which two settings add up


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as `tags/get` lists it; `count` is the number of followers who carry it."""

    id: int
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody whom `trymatch` can be asked about.

    `tags` are in the order they were put on: WeChat matches by the last one. `platform` is WeChat's
    text: "1" iOS, "2" Android, "3" others. Who no longer follows (`subscribed` false) is 65315.
    """

    openid: str
    tags: tuple[int, ...] = ()
    platform: str = "3"
    wechat_id: str | None = None
    subscribed: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """One Official Account, as the emulator is to play it.

    Where a field is None nothing is checked: any `secret`, any caller (`ip_whitelist`), any mini
    program (`linked_apps`), any material (`media_ids`), any published article (`article_ids`).
    """

    appid: str
    secret: str | None = field(default=None, repr=False)
    tags: tuple[Tag, ...] = ()
    followers: tuple[Follower, ...] = ()
    rights: bool = True  # False: an unverified account; menus and tags answer 48001
    conditional: bool = True  # False: conditional menus answer 65306
    ip_whitelist: tuple[str, ...] | None = None
    menu_limit: int = GUESSED_MENU_LIMIT  # conditional menus; one more answers 65305
    linked_apps: tuple[str, ...] | None = None
    media_ids: tuple[str, ...] | None = None
    article_ids: tuple[str, ...] | None = None
    barred_types: tuple[str, ...] = ()  # button types this account may not use: 40119, 40120
    test_account: bool = False  # 测试号: about a tenth of the daily quotas
    quotas: Mapping[str, int] = field(default_factory=dict)  # "menu/create" -> calls a day
    switches: Switches = field(default_factory=Switches)
    callback_url: str | None = None  # None: there is none, and callback/check answers 40201
    deleted_tags: tuple[int, ...] = ()  # ids of tags that a call deleted: they stay away

    def joined(self, stored: Account) -> Account:
        """Give this setting with what a state file already holds for the account.

        A stored tag or follower wins over one of the same id; new ones are added, save tags that a
        call deleted.
        """
        gone = {*self.deleted_tags, *stored.deleted_tags}
        tags = {tag.id: tag for tag in (*self.tags, *stored.tags) if tag.id not in gone}
        followers = {one.openid: one for one in (*self.followers, *stored.followers)}
        return replace(
            self,
            tags=tuple(tags.values()),
            followers=tuple(
                replace(one, tags=tuple(tag for tag in one.tags if tag not in gone))
                for one in followers.values()
            ),
            deleted_tags=tuple(sorted(gone)),
        )

    def settings_unlike(self, other: Account) -> list[str]:
        """Name the settings and switches that differ; tags and followers can be joined."""
        return [
            *(
                each.name
                for each in fields(self)
                if each.name not in (*JOINED, "switches")
                and getattr(self, each.name) != getattr(other, each.name)
            ),
            *(
                each.name
                for each in fields(self.switches)
                if getattr(self.switches, each.name) != getattr(other.switches, each.name)
            ),
        ]
