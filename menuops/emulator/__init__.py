"""WeChat's menu interfaces, played locally over real HTTP.

    emulator = Emulator()
    emulator.add_account(Account(appid="wxdemo000000000001", tags=(Tag(100, "VIP"),)))
    with emulator.serve() as url:
        ...  # any client of WeChat, with `url` for https://api.weixin.qq.com

It imports nothing else of this project, so it can't share the project's mistakes about WeChat.
"""

from .account import Account, Follower, Tag
from .demo import demo_account
from .emulator import Emulator
from .errors import EmulatorStateError
from .faults import Fault
from .switches import Switches, switches_from

__all__ = [
    "Account",
    "Emulator",
    "EmulatorStateError",
    "Fault",
    "Follower",
    "Switches",
    "Tag",
    "demo_account",
    "switches_from",
]
