"""Behaviour on which the sources about WeChat disagree, or are silent: a client can try both.

Each default is what the reference recommends, or the safe side. Values are texts, codes included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields


def choice(default: str, *others: str) -> str:
    """Make a switch of its default and its other values."""
    made: str = field(default=default, metadata={"values": (default, *others)})
    return made


@dataclass(frozen=True, slots=True)
class Switches:
    """What one account does where sources disagree. Raises ValueError for an unknown value."""

    # Transport and tokens
    post_on_get: str = choice("menu", "never", "always")  # menu: on menu/get and menu/delete alone
    wrong_appid: str = choice("40013", "40001")  # 40001: tests of 2017. Counts for all accounts
    wrong_secret: str = choice("40125", "40001")  # 40001: the older page, which 40125 followed
    not_whitelisted: str = choice("40164", "61004")  # 61004: the service account's guide
    text_40001: str = choice("short", "long")  # long: with advice to use the stable token
    forced_refresh: str = choice("overlap", "at_once")  # the former token: five minutes, or none

    # Posting menus
    bom: str = choice("40016", "47001", "taken")  # 40016: one report, of a suspicion
    unicode_escape: str = choice("40033", "47002", "65318", "taken")  # taken: one report
    name_bytes: str = choice("16", "60")  # 60: top-level names over 20 were reported as taken
    sub_name_bytes: str = choice("60", "40")  # 40: older pages
    sub_name_code: str = choice("40018", "40025")  # 40025: the table; 40018: reports
    url_bytes: str = choice("1024", "256")  # 256: pages of 2013
    post_group_id: str = choice("ignored", "taken")  # in a rule, the name before tags
    delete_nothing: str = choice("ok", "46003")  # menu/delete without a menu: nobody says

    # Reading menus
    trymatch: str = choice("bare", "wrapped")  # bare: the page; wrapped in `menu`: a report
    rule_tag: str = choice("group_id", "tag_id")  # how a rule's tag is named on reading
    rule_values: str = choice("text", "number")  # text: live answers; number: the page's sample
    menuid_read: str = choice("number", "text", "absent")  # in menu/get; absent: the newer page
    selfmenu_miniprogram: str = choice("full", "url")  # url: no appid and pagepath, as on the page

    # Operations
    old_rid: str = choice("76004", "76001")  # over seven days: the page has both
    clear_quota_v2: str = choice("body", "query", "either")  # the page's table; its sample
    quota_clear: str = choice("any", "channels")  # channels: paths under /channels/ec/ alone

    # Tags
    tag_name: str = choice("bytes", "characters")  # what is counted against 30
    tags_a_follower: str = choice("20", "3")  # 3: older pages
    bad_openid: str = choice("40003", "45171")  # 45171, newer pages: the good ones are tagged

    def __post_init__(self) -> None:
        for name, values in CHOICES.items():
            if getattr(self, name) not in values:
                raise ValueError(
                    f"the switch {name} isn't {getattr(self, name)!r}; it is {' or '.join(values)}"
                )


CHOICES: dict[str, tuple[str, ...]] = {one.name: one.metadata["values"] for one in fields(Switches)}


def switches_from(texts: Sequence[str]) -> Switches:
    """Read switches from texts, each `NAME=VALUE`; of a name that stands twice the last counts.

    Raises ValueError, which names the known switches, or the values of the one that was named.
    """
    chosen: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise ValueError(f"a switch is NAME=VALUE, this isn't: {text!r}; {known_switches()}")
        if name not in CHOICES:
            raise ValueError(f"no such switch: {name!r}; {known_switches()}")
        chosen[name] = value
    return Switches(**chosen)


def known_switches() -> str:
    """Give all switches with their values, the default first."""
    return "known are " + ", ".join(
        f"{name}={'|'.join(values)}" for name, values in CHOICES.items()
    )
