"""The plans behind tests/render/cases: one of each kind that a person may have to read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from menuops.core.basis import Basis
from menuops.core.labels import label_menus
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Click, Foreign, Menus, MiniProgram, View
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    ErrorNote,
    Plan,
    UnreadableAccount,
    make_account_plan,
    make_plan,
)
from menuops.core.schedule import NextSwitch

from ..core.strategies import click, live_of, menu_for, parent, view  # noqa: TID252  # tests are no package on the path

SHOP = AccountRef("shop", "wx0123456789abcdef", "https://api.weixin.qq.com")
DEMO = AccountRef("demo", "wxdemo000000000001", "emulator")
TAGS = {"100": "VIP", "101": "店员", "102": "spring"}
NEW, HELP = view("新品"), click("人工客服", "CONTACT")
ORDERS = MiniProgram(
    "我的订单", "https://shop.example.com/o", "wx286b93c14bbf93aa", "pages/orders/index?from=menu"
)
MENU = (NEW, parent("服务", ORDERS, HELP, view("门店")), click("签到", "SIGN"))


def change(
    before: Any, after: Any, live: Live | None = None, ref: AccountRef = SHOP, **more: Any
) -> AccountPlan:
    old = before if isinstance(before, Menus) else Menus(before)
    new = after if isinstance(after, Menus) else Menus(after)
    live = live or live_of(old)
    if ids := more.pop("ids", None):
        named = zip(new.conditionalmenu, ids, strict=True)
        new = Menus(new.button, tuple(replace(menu, id=id_) for menu, id_ in named))
    return make_account_plan(ref, live, new, label_menus(live.menus, new, TAGS), **more)


def plan(
    *accounts: AccountPlan | UnreadableAccount,
    most: int = 20,
    commit: str | None = "3f2a9c1",
    lifts: tuple[str, ...] = (),
) -> Plan:
    return make_plan(
        accounts,
        max_accounts=most,
        lifts=lifts,
        head={
            "menuops_version": "0.1.0",
            "created_at": "2026-11-22T10:41:00Z",
            "expires_at": "2026-11-29T10:41:00Z",
            "commit": commit,
        },
    )


def numbered(number: int) -> AccountRef:
    return AccountRef(f"city-{number:02}", f"wx{number:016}", "https://api.weixin.qq.com")


VIP = menu_for("100+ios", view("会员中心"), HELP)
STAFF = menu_for("101", click("打卡", "CLOCK"))
SPRING = menu_for("102", view("春节"))
THREE = Menus(MENU, (VIP, STAFF, SPRING))
EVIL = (
    Click("新\u202e品\n", "K\x1b[31m\u200b"),
    View("a\tb\u2066\ud83d", "https://shop.example.com/\u0000\r\nFake: line"),
    parent("👩‍👩‍👧", Click("\u00ad\ufeff", "x")),
)
LONG = "https://shop.example.com/landing?" + "&".join(f"utm_{i}=spring-sale" for i in range(8))

PLANS: dict[str, Plan] = {
    "add": plan(change(MENU[:2], MENU)),
    "remove": plan(change(MENU, MENU[:2])),
    "change-url": plan(change(MENU, (view("新品", "https://shop.example.com/v2"), *MENU[1:]))),
    "rename": plan(change(MENU, (*MENU[:2], click("每日签到", "SIGN")))),
    "move": plan(change(MENU, (MENU[2], *MENU[:2]))),
    "move-to-another-parent": plan(
        change(MENU, (NEW, parent("服务", ORDERS, view("门店")), parent("更多", HELP)))
    ),
    "pushed-along": plan(change(MENU[1:], MENU)),
    "leaf-becomes-parent": plan(change(MENU, (parent("新品", NEW, view("折扣")), *MENU[1:]))),
    "mixed": plan(
        change(
            MENU,
            (
                parent("服务", view("门店"), click("客服", "CONTACT"), click("评价", "RATE")),
                view("新品", "https://shop.example.com/v2"),
            ),
        ),
        change(MENU, MENU, ref=DEMO),
    ),
    "first-menu": plan(change((), MENU), commit=None),
    "conditional-add": plan(change(MENU, Menus(MENU, (VIP,)), ids=["vip"])),
    "conditional-remove": plan(change(THREE, Menus(MENU, (VIP, SPRING)))),
    "conditional-remove-lifted": plan(
        change(THREE, Menus(MENU, (VIP, SPRING)), lifts=["remove-conditional:tag:店员"])
    ),
    "conditional-move": plan(change(THREE, Menus(MENU, (SPRING, VIP, STAFF)))),
    "conditional-change": plan(
        change(
            THREE,
            Menus(
                (*MENU[:2], click("每日签到", "SIGN")),
                (VIP, menu_for("101", click("打卡", "CLOCK2"), HELP), SPRING),
            ),
            ids=["vip", None, None],
        )
    ),
    "equal-conditional-menus": plan(change(Menus(MENU, (STAFF, STAFF)), Menus(MENU, (STAFF,)))),
    "gap": plan(
        change(
            Menus(MENU, (menu_for("100", view("a", "https://a.cn"), view("b", "https://b.cn")),)),
            Menus(MENU, (menu_for("100", view("c", "https://c.cn"), view("d", "https://d.cn")),)),
        )
    ),
    "gap-nobody-warned": plan(
        change(THREE, Menus(MENU, (STAFF, VIP)), basis=Basis(delete_first=True))
    ),
    "console-menu": plan(
        change(
            (),
            MENU,
            Live(
                Menus(
                    (
                        Foreign("联系我们", "text", (("value", "拨打 400-000-0000"),)),
                        parent("往期", Foreign("合集", "news", (("value", "MEDIA"),))),
                    )
                ),
                console=Console.OVERRIDES,
            ),
        )
    ),
    "console-closed": plan(change((), MENU, Live(console=Console.CLOSED), lifts=["console-menu"])),
    "console-same-menu": plan(change((), MENU, Live(Menus(MENU), console=Console.MADE))),
    "console-unread-and-dead": plan(
        change(
            (),
            MENU[:2],
            Live(
                Menus(MENU),
                (),
                Console.UNREADABLE,
                (DeadMenu("208396993", (("group_id", 2), ("sex", 1)), MENU),),
            ),
        )
    ),
    "many-accounts": plan(
        *(change(MENU, MENU, ref=numbered(n)) for n in range(1, 24)),
        *(change(MENU, MENU[:2], ref=numbered(n)) for n in (24, 25)),
        most=1,
    ),
    "in-sync-console-unread": plan(
        change((), MENU, Live(Menus(MENU), console=Console.UNREADABLE)),
        change((), MENU, Live(Menus(MENU)), ref=DEMO),
    ),
    "many-in-sync-console-unread": plan(
        *(change(MENU, MENU, ref=numbered(n)) for n in range(1, 22)),
        *(
            change((), MENU, Live(Menus(MENU), console=Console.UNREADABLE), ref=numbered(n))
            for n in (22, 23)
        ),
    ),
    "in-sync": plan(
        change(THREE, THREE),
        change(
            (),
            MENU,
            Live(Menus(MENU), dead=(DeadMenu("208396993", (("sex", 1),), MENU),)),
            ref=DEMO,
        ),
    ),
    "next-switch": plan(
        change(
            (click("签到", "SIGN"), click("旧", "OLD")),
            (click("签到", "SIGN_2"), click("旧", "OLD")),
            basis=Basis(next_switch=NextSwitch("2026-12-31T16:00:00Z", "menus/new-year.yaml")),
        ),
        change(
            MENU,
            MENU,
            ref=DEMO,
            basis=Basis(next_switch=NextSwitch("2026-12-31T15:59:30Z", None)),
        ),
    ),
    "unreadable": plan(
        UnreadableAccount(
            SHOP,
            ErrorNote(
                "48001",
                "shop: WeChat refused menu/get: 48001 api unauthorized; the account may not use it",
                "verify the account (微信认证), or take it out of menuops.yaml",
            ),
        ),
        UnreadableAccount(DEMO, ErrorNote("unreachable", "no answer from\n127.0.0.1", "")),
        change(MENU, MENU[:2], ref=numbered(1)),
    ),
    "empty": plan(commit=None),
    "unsafe-names": plan(
        change(
            Menus(EVIL, (menu_for("evil\u202e"),)),
            Menus((Click("新\u202e品\n", "K2\x1b[0m"),)),
            ref=AccountRef("sh\u202eop\n", SHOP.appid, SHOP.api),
        )
    ),
    "long-url": plan(
        change(
            (view("新品", LONG), view("旧", LONG), HELP),
            (view("新品", LONG + "&v=2"), view("旧", LONG), HELP),
        )
    ),
    "wide-names": plan(
        change(
            (click("🎁🎁", "GIFT"), parent("📦 订单", click("ｆｕｌｌ", "F"), click("abc", "A"))),
            (
                click("🎁礼物🎁", "GIFT"),
                parent(
                    "📦 订单", click("全角全角全角全角全角全角全角全角全角", "F"), click("ab", "A")
                ),
            ),
        )
    ),
    "all-types-new": plan(
        change(
            (),
            (
                parent("一", click("a"), view("b"), ORDERS),
                parent("二", *(Foreign(n, "miniprogram", (("url", "u"),)) for n in "xy")),
            ),
        )
    ),
}
