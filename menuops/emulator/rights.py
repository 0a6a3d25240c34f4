"""Which interfaces are for verified accounts alone. Source: the table of rights, the pages."""

from __future__ import annotations

from .account import Account

NEED_RIGHTS = frozenset(
    {
        "menu/create",
        "menu/get",
        "menu/delete",
        "menu/addconditional",
        "menu/delconditional",
        "menu/trymatch",
        "tags/get",
        "tags/create",
        "tags/update",
        "tags/delete",
        "tags/getidlist",
        "tags/members/batchtagging",
        "tags/members/batchuntagging",
        "user/tag/get",
        "user/get",
    }
)


def has_right(account: Account, path: str) -> bool:
    """Tell whether an account may use an interface at all.

    One without conditional menus may: it answers 65306, and so has a quota.
    """
    return account.rights or path not in NEED_RIGHTS
