"""The account that the emulator has where nobody sets one up: a few tags, and followers to try."""

from __future__ import annotations

from .account import Account, Follower, Tag

APPID = "wxdemo000000000001"
SECRET = "demo"  # noqa: S105  it opens nothing but an emulator

TAGS = (Tag(100, "VIP", 2), Tag(101, "spring", 1))
FOLLOWERS = (
    Follower("oDemoPlain"),
    Follower("oDemoIos", platform="1"),
    Follower("oDemoAndroid", platform="2"),
    Follower("oDemoVipIos", tags=(100,), platform="1"),
    Follower("oDemoVipAndroid", tags=(100,), platform="2"),
    Follower("oDemoSpring", tags=(101,), platform="2"),
)


def demo_account(appid: str = APPID, secret: str = SECRET) -> Account:
    """Give an account with the tags of the README's examples."""
    return Account(appid=appid, secret=secret, tags=TAGS, followers=FOLLOWERS)
