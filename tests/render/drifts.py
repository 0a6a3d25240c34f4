"""The drifts behind tests/render/drift_cases: one of each kind that a person may have to read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from menuops.core.basis import Basis, Past
from menuops.core.drift import Drift, make_drift
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Click, Foreign, Menus, View
from menuops.core.plan import AccountPlan, AccountRef, ErrorNote, UnreadableAccount

from ..core.strategies import click, live_of, menu_for, parent, view  # noqa: TID252  # tests are no package on the path
from .plans import DEMO, EVIL, HELP, LONG, MENU, NEW, SHOP, STAFF, VIP, change, numbered, plan

RUN = "20261120T081200Z-4f2a"
COMMIT = "3f2a9c1d5e6f708192a3b4c5d6e7f8091a2b3c4d"
DEAD = DeadMenu("208396993", (("group_id", 2), ("sex", 1)), MENU)
UNREAD = UnreadableAccount(
    numbered(7),
    ErrorNote(
        "40164",
        "city-07: WeChat refused menu/get: 40164 invalid ip 203.0.113.7; it isn't on the whitelist",
        "add 203.0.113.7 to the IP whitelist of the account (公众号后台 > 设置与开发 > 基本配置)",
    ),
)


def told(
    past: Any, live: Any, files: Any, *, commit: str | None = None, **more: Any
) -> AccountPlan:
    """Give the plan of an account; `past` is None where nothing is known of it."""
    known = None if past is None else past if isinstance(past, Menus) else Menus(past)
    basis = Basis(mode=more.pop("mode", "manage"))
    if known is not None and commit is None:
        basis = replace(basis, applied=Past("applied", RUN, known))
    elif known is not None and commit is not None:
        basis = replace(basis, base=Past("commit", commit, known))
    now = (
        live
        if isinstance(live, Live)
        else live_of(live if isinstance(live, Menus) else Menus(live))
    )
    return change((), files, now, basis=basis, **more)


def drift(*accounts: AccountPlan | UnreadableAccount, commit: str | None = COMMIT) -> Drift:
    return make_drift(plan(*accounts, commit=commit))


RENAMED = (NEW, MENU[1], click("每日签到", "SIGN"))
MOVED = (
    click("每日签到", "SIGN"),
    NEW,
    parent("服务", HELP, view("门店", "https://shop.example.com/map")),
)
CONSOLE = (
    Foreign("联系我们", "text", (("value", "拨打 400-000-0000"),)),
    parent("往期", Foreign("合集", "news", (("value", "MEDIA"),))),
)
HOSTILE = (
    Click("|a|b|<br>\n# 题", "</code></table><script>alert(1)</script>"),
    Click("`x` **b** _i_ ~s~", "@octocat #1 !2 $x$ :tada: GH-3"),
    parent(
        "<img src=x onerror=y>",
        View("[a](https://evil.example)", "https://evil.example/?a=1&lt;|`"),
        View("![i](https://evil.example/i.png)", "www.evil.example"),
        Click("&amp; \\| \\` <!-- -->", "```\n~~~"),
        Click("\u202eabc\u200b", "\x1b[31m"),
    ),
)

DRIFTS: dict[str, Drift] = {
    "in-sync": drift(told(MENU, MENU, MENU), told(None, MENU, MENU, ref=DEMO), commit=None),
    "live-moved": drift(told(MENU, MOVED, MENU)),
    "files-moved": drift(told(MENU, MENU, RENAMED)),
    "both-meet": drift(
        told(
            MENU,
            Menus((NEW, MENU[1], click("打卡", "SIGN")), (STAFF,)),
            (*RENAMED[:2], click("每日签到", "SIGN_2")),
        )
    ),
    "both-apart": drift(
        told(MENU, RENAMED, (view("新品", "https://shop.example.com/v2"), *MENU[1:]), commit=COMMIT)
    ),
    "conditional": drift(
        told(
            Menus(MENU, (VIP, STAFF)),
            Menus(MENU, (STAFF, menu_for("100+ios", view("会员日")), menu_for("102"))),
            Menus(MENU, (VIP, STAFF)),
            ids=["vip", None],
        ),
        told(Menus(MENU, (VIP, STAFF)), Menus(MENU, (STAFF,)), Menus(MENU, (VIP, STAFF)), ref=DEMO),
    ),
    "unknown-past": drift(told(None, RENAMED, MENU)),
    "console": drift(
        told(MENU, Live(Menus(CONSOLE), console=Console.OVERRIDES), MENU),
        told(MENU, Live(Menus(MENU), console=Console.MADE), MENU, ref=DEMO),
        told(MENU, Live(console=Console.CLOSED), MENU, ref=numbered(1)),
    ),
    "unseen-and-dead": drift(
        told(MENU, Live(Menus(MENU), (), Console.UNREADABLE, (DEAD,)), MENU),
        told(MENU, Live(Menus(RENAMED), (), Console.UNREADABLE, (DEAD,)), MENU, ref=DEMO),
    ),
    "watched": drift(
        told(MENU, RENAMED, MENU, mode="watch", commit=COMMIT),
        told(MENU, MENU, RENAMED, mode="watch", commit=COMMIT, ref=DEMO),
    ),
    "unreadable": drift(UNREAD, told(MENU, RENAMED, MENU), told(MENU, MENU, MENU, ref=DEMO)),
    "many-accounts": drift(
        *(told(MENU, RENAMED, MENU, ref=numbered(n)) for n in range(1, 13)),
        *(told(MENU, MENU, RENAMED, ref=numbered(n)) for n in (13, 14)),
        told(MENU, MOVED, MENU, ref=numbered(15)),
        *(told(MENU, MENU, MENU, ref=numbered(n)) for n in range(16, 38)),
        told(
            MENU,
            Live(Menus(MENU), (), Console.UNREADABLE, (DEAD,)),
            MENU,
            ref=numbered(38),
        ),
    ),
    "unsafe-names": drift(
        told(
            Menus(HOSTILE),
            Menus(EVIL, (menu_for("x|`y`"),)),
            Menus(EVIL[:1], (menu_for("x|`y`", click("<b>", "|")),)),
            ids=["a|b`c"],
            ref=AccountRef("sh`|op\u202e", SHOP.appid, SHOP.api),
        ),
        told(MENU, Menus(HOSTILE), MENU, ref=AccountRef("@team", DEMO.appid, DEMO.api)),
    ),
    "long-values": drift(
        told(
            (view("新品", LONG), click("全角全角全角全角全角全角全角全角全角", "F")),
            (view("新品", LONG + "&v=2"), view("加" * 20, LONG)),
            (view("新品", LONG), click("全角全角全角全角全角全角全角全角全角", "F")),
        )
    ),
    "empty": drift(commit=None),
}
