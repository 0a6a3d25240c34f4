"""The remote's limits on a menu, in the units that it counts.

Source: https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu
(read 2026-11), and .../api_addconditionalmenu for the hosts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ENTRIES: Final = 3
"""Top-level entries of a menu, at most; at least one."""
SUB_BUTTONS: Final = 5
"""Entries of a sub-menu, at most; at least one."""
TOP_NAME_BYTES: Final = 16
"""UTF-8 bytes of a top-level name: five Chinese characters and one ASCII letter.

Longer ones were reported as taken; 16 is the documented figure and the safe side.
"""
SUB_NAME_BYTES: Final = 60
"""UTF-8 bytes of a name in a sub-menu."""
KEY_BYTES: Final = 128
URL_BYTES: Final = 1024
CONDITIONAL_HOSTS: Final = 3
"""Different hosts that all conditional menus together may link to (65316)."""
TOP_NAME_COLUMNS: Final = 8
"""Columns of a top-level name that a phone shows before `…`: 4 Chinese characters.

That a Latin letter takes half of one is inferred.
"""
SUB_NAME_COLUMNS: Final = 16
"""The same in a sub-menu: 8 Chinese characters; older pages of WeChat say 7."""
SUB_NAME_SAFE_BYTES: Final = 40
"""What older pages of WeChat, and programs after them, let a name in a sub-menu have."""
CALLS_A_DAY: Final[Mapping[str, int]] = MappingProxyType(
    {
        "menu/create": 1000,
        "menu/addconditional": 2000,
        "menu/delconditional": 2000,
        "menu/delete": 1000,
    }
)
"""Calls a day of a new account; a larger one has more. Source: reference, 1.1."""
MUCH_OF_A_DAY: Final = 0.1
"""The part of a day's calls from which on a plan asks how many are left."""
