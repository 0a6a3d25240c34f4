"""A fixture for the tests of whoever talks to WeChat's menu API. pytest finds it by itself.

    def test_my_bot_sets_its_menu(wechat_emulator):
        bot = MyBot(api=wechat_emulator.url, appid=wechat_emulator.appid,
                    secret=wechat_emulator.secret)
        bot.set_menu()
        assert ("POST", "/cgi-bin/menu/create", 0) in wechat_emulator.calls

`-p no:menuops` switches it off. Nothing is served, and next to nothing imported, until a test asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .account import Account
    from .emulator import Emulator
    from .faults import Fault


@dataclass(frozen=True, slots=True)
class WechatEmulator:
    """WeChat at `url`, for one test; `emulator` has all that can be done to it.

    The demo account is there, with its tags VIP and spring: `appid`, `secret`.
    """

    url: str
    emulator: Emulator
    appid: str
    secret: str

    def add_account(self, *accounts: Account) -> None:
        """See Emulator.add_account."""
        self.emulator.add_account(*accounts)

    def fail_next(self, path: str, fault: Fault, times: int | None = 1, after: int = 0) -> None:
        """See Emulator.fail_next."""
        self.emulator.fail_next(path, fault, times, after)

    @property
    def calls(self) -> list[tuple[str, str, int | None]]:
        """See Emulator.calls."""
        return self.emulator.calls


@pytest.fixture
def wechat_emulator() -> Iterator[WechatEmulator]:
    """Give WeChat's menu API, played on loopback for this test alone."""
    from .demo import APPID, SECRET, demo_account
    from .emulator import Emulator

    emulator = Emulator()
    emulator.add_account(demo_account())
    with emulator.serve() as url:
        yield WechatEmulator(url, emulator, APPID, SECRET)
