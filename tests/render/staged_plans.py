"""Plans with values set by hand: what a view must show, whatever makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from menuops.core.audience import Unreachable
from menuops.core.basis import Basis, Past, QuotaLeft
from menuops.core.diff import Change
from menuops.core.fields import FieldChange
from menuops.core.guards import Guard
from menuops.core.labels import Labels
from menuops.core.live import Console, DeadMenu, Live
from menuops.core.model import Foreign, MediaId, Menus, MiniProgram
from menuops.core.plan import (
    AccountPlan,
    AccountRef,
    ErrorNote,
    Plan,
    UnreadableAccount,
    make_account_plan,
)

from ..core.strategies import click, ids_of, live_of, menu_for, parent, view  # noqa: TID252  # tests are no package on the path
from .plans import (
    DEMO,
    HELP,
    MENU,
    NEW,
    ORDERS,
    SHOP,
    SPRING,
    STAFF,
    THREE,
    VIP,
    change,
    numbered,
    plan,
)

PAST = Past("commit", "3f2a9c1", Menus(MENU))
RUN = Past("applied", "20261102T094100Z-4f1c", Menus(MENU))


def staged(account: AccountPlan, *changes: dict[str, Any], **more: Any) -> AccountPlan:
    """Set fields of an account's changes, one dict each in order; and of the account."""
    listed = [
        replace(each, **fields) for each, fields in zip(account.changes, changes, strict=False)
    ]
    return replace(account, changes=(*listed, *account.changes[len(listed) :]), **more)


def with_people(account: AccountPlan, *numbers: int | None) -> AccountPlan:
    audience = tuple(
        replace(switch, up_to=number)
        for switch, number in zip(account.audience, numbers, strict=True)
    )
    return replace(account, audience=audience)


def equal_account(number: int) -> AccountPlan:
    """One of many shops: the same change, with other ids of tags and menus, other followers."""
    before = Menus(MENU, (VIP, STAFF))
    live = Live(before, (str(7000 + number), str(6000 + number)))
    made = change(
        before,
        Menus(MENU, (VIP,)),
        live,
        numbered(number),
        basis=Basis(followers=(("100", 40 + number), ("101", number))),
    )
    return with_people(made, number)


HOSTILE = [
    "`</code>|**x**",
    "<script>alert(1)</script>",
    "![x](https://evil.example/p.png)",
    "[a](javascript:alert(1))",
    "@octocat #123 GH-7 !9 :smile: ~bug",
    '"><img src=x onerror=alert(1)>',
    "--> <!-- x",
    "# head\n\n- list\n\n| a | b |",
    "&lt;b&gt; &amp; &#60;",
    "www.evil.example a@evil.example",
    "~~~\ncode\n~~~ $x^2$ {{ x }}",
    "' onclick='x",
    "\u202eevil\u200b\u0007\x1b[31m",
    "<!--", "]]>", "\\|\\`", "```", "=====", "    four", "1. one", "> quote", "+ plus",
]  # fmt: skip


def hostile() -> AccountPlan:
    before = Menus(
        tuple(
            parent(HOSTILE[i], *(click(name, HOSTILE[-1 - i]) for name in HOSTILE[i + 1 : i + 6]))
            for i in (0, 6, 12)
        ),
        (menu_for(HOSTILE[5], view(HOSTILE[6], HOSTILE[2])),),
    )
    after = Menus(
        (
            parent(
                HOSTILE[1], *(view(name, f"{name}?{i}") for i, name in enumerate(HOSTILE[7:12]))
            ),
            click(HOSTILE[4], HOSTILE[3]),
        ),
        (menu_for(HOSTILE[4], view(HOSTILE[9], HOSTILE[9])),),
    )
    ref = AccountRef('shop --> <b> `x` | @all "', "wx'><script>", "https://api.weixin.qq.com")
    made = change(before, after, ref=ref, ids=[HOSTILE[8]])
    guard = Guard("remove-dead", HOSTILE[1], lifted=False, message=f"{HOSTILE[0]} {HOSTILE[6]}")
    return replace(made, guards=(*made.guards, guard))


_MINI = MiniProgram("我的订单", ORDERS.url, ORDERS.appid, "pages/orders/list")
_BEFORE = (
    parent("服务", HELP, view("门店"), view("关于", "https://shop.example.com/about")),
    parent("我的", ORDERS, MediaId("海报", "MEDIA_1")),
    click("签到", "SIGN"),
)
_AFTER = (
    parent("服务", click("客服", "CONTACT"), view("附近门店", "https://shop.example.com/门店"),
           view("关于", "https://shop.example.com/about-us")),
    parent("我的", _MINI, MediaId("新海报", "MEDIA_1")),
    click("每日签到", "SIGN"),
)  # fmt: skip

STAGED: dict[str, Plan] = {
    "same-by": plan(
        staged(
            change(_BEFORE, _AFTER),
            {"same_by": "action"},
            {"same_by": "action"},
            {"same_by": "name"},
            {"same_by": "likeness"},
            {"same_by": "action"},
            {"same_by": "id"},
        )
    ),
    "origins": plan(
        staged(
            change(
                _BEFORE,
                _AFTER[:2],
                basis=Basis(base=PAST),
            ),
            {"origin": "yours"},
            {"origin": "reverts"},
            {"origin": "both"},
            {"origin": "yours"},
            {"origin": "reverts", "same_by": "action"},
            {"origin": "yours"},
        )
    ),
    "origin-of-a-run": plan(
        staged(
            change(
                THREE,
                Menus(MENU[:2], (SPRING, STAFF)),
                basis=Basis(applied=RUN),
                lifts=["remove-conditional"],
            ),
            {"origin": "yours"},
            {"origin": "reverts"},
            {"origin": "both"},
        ),
        change(MENU, MENU[:2], ref=DEMO, basis=Basis(applied=RUN)),
    ),
    "renamed-and-changed": plan(
        replace(
            change(MENU, (view("上新", "https://shop.example.com/v2"), *MENU[1:])),
            changes=(
                Change(
                    "rename", "1", "default", None, (FieldChange("name", "新品", "上新"),), "id"
                ),
                Change(
                    "change",
                    "1",
                    "default",
                    None,
                    (
                        FieldChange(
                            "url",
                            "https://shop.example.com/新品",
                            "https://shop.example.com/v2",
                        ),
                    ),
                    "id",
                ),
            ),
        )
    ),
    "moved-renamed-and-changed": plan(
        replace(
            change(
                MENU,
                (parent("服务", *MENU[1].sub_button, view("上新", "https://x.cn/v2")), MENU[2]),
            ),
            changes=(
                Change("move", "1.4", "default", "1", (), "id", "yours"),
                Change(
                    "rename",
                    "1.4",
                    "default",
                    "1",
                    (FieldChange("name", "新品", "上新"),),
                    "id",
                    "yours",
                ),
                Change(
                    "change",
                    "1.4",
                    "default",
                    "1",
                    (FieldChange("url", "https://shop.example.com/新品", "https://x.cn/v2"),),
                    "id",
                    "both",
                ),
            ),
            basis=Basis(base=PAST),
        )
    ),
    "conditional-rule-change": plan(
        replace(
            make_account_plan(
                SHOP,
                live_of(Menus(MENU, (menu_for("100", *VIP.button), SPRING))),
                Menus(MENU, (menu_for("101+ios", *VIP.button), SPRING)),
                Labels(
                    ("club", "tag:spring"),
                    ("club", "tag:spring"),
                    (("100", "VIP"), ("101", "店员"), ("102", "spring")),
                ),
                basis=Basis(followers=(("100", 2310), ("101", 64), ("102", 12480))),
                lifts=["remove-conditional"],
            ),
            changes=(
                Change(
                    "change",
                    "#1",
                    "club",
                    None,
                    (
                        FieldChange("tag_id", "100", "101"),
                        FieldChange("client_platform_type", None, "1"),
                    ),
                    "id",
                ),
            ),
        )
    ),
    "conditional-all": plan(
        change(
            Menus(MENU, (VIP, STAFF, SPRING, menu_for("android", NEW))),
            Menus(
                (*MENU[:2], click("每日签到", "SIGN")),
                (
                    menu_for("android", NEW),
                    VIP,
                    menu_for("other", view("下载", "https://shop.example.com/app")),
                    menu_for("101", click("打卡", "CLOCK2"), HELP),
                ),
            ),
            ids=[None, "vip", None, None],
            basis=Basis(followers=(("100", 2310), ("101", 1), ("102", 12480))),
        )
    ),
    "equal-accounts": plan(
        *(equal_account(n) for n in range(1, 4)),
        change(MENU, MENU[:2], ref=numbered(7)),
        change(MENU, MENU[:1], ref=numbered(8)),
    ),
    "many-equal-accounts": plan(
        *(change(MENU, MENU[:2], ref=numbered(n)) for n in range(1, 64)),
        *(equal_account(n) for n in range(64, 68)),
        most=500,
    ),
    "too-many-to-name": plan(
        *(
            change(MENU, MENU[:2], ref=AccountRef(f"acme-{n:04}", f"wx{n:016}", "emulator"))
            for n in range(1, 251)
        ),
        most=500,
    ),
    "watched": plan(
        change(MENU, MENU[:2], basis=Basis(mode="watch")),
        change(MENU, MENU, ref=DEMO, basis=Basis(mode="watch")),
    ),
    "watched-and-changed": plan(
        change(MENU, (*MENU[:2], click("每日签到", "SIGN"))),
        *(
            change(THREE, Menus(MENU[:2], (VIP,)), ref=numbered(n), basis=Basis(mode="watch"))
            for n in (1, 2)
        ),
    ),
    "unreadable-many": plan(
        *(
            UnreadableAccount(
                numbered(n),
                ErrorNote(
                    "40164",
                    f"city-{n:02}: WeChat refused the token: 40164 invalid ip 203.0.113.7, not in "
                    "whitelist",
                    "add 203.0.113.7 to the IP whitelist (IP白名单) of each account",
                ),
            )
            for n in range(1, 27)
        ),
        UnreadableAccount(DEMO, ErrorNote("48001", "demo: 48001 api unauthorized", "verify it")),
        change(MENU, MENU, ref=numbered(30)),
    ),
    "quota": plan(
        *(
            change(
                Menus(MENU, (VIP,)),
                Menus(MENU[:2], (STAFF, VIP)),
                ref=numbered(n),
                basis=Basis(
                    quotas=(
                        QuotaLeft("menu/addconditional", 2000, 1200 + n),
                        QuotaLeft("menu/create", 1000, 999),
                    )
                ),
            )
            for n in (1, 2)
        )
    ),
    "unreachable": plan(
        change(
            Menus(MENU, (STAFF,)),
            Menus(
                MENU,
                (
                    STAFF,
                    menu_for("101+ios", NEW),
                    menu_for("101+android", click("打卡", "CLOCK_A")),
                ),
            ),
        ),
        staged(
            change(THREE, THREE, ref=DEMO),
            unreachable=(Unreachable("tag:spring", ("tag:VIP+ios", "tag:店员")),),
        ),
    ),
    "kept": plan(
        change(
            THREE,
            Menus((*MENU[:2], click("每日签到", "SIGN")), THREE.conditionalmenu),
            basis=Basis(unmanaged="keep", kept=("tag:spring",)),
        ),
        change(THREE, THREE, ref=DEMO, basis=Basis(unmanaged="keep", kept=("tag:店员",))),
    ),
    "unknown-things": plan(
        change(
            Menus(
                (
                    Foreign("全息", "hologram", (("depth", 3), ("scene", {"a": [1, None, "x"]}))),
                    Foreign("无类型", "", (("future", True),)),
                    parent("混合", Foreign("半个", "miniprogram", (("appid", "wx1"),)), HELP),
                ),
                (menu_for("9", Foreign("新玩法", "live_room", (("room", "r-1"),))),),
            ),
            Menus((click("全息", "HOLO"), parent("混合", HELP))),
            Live(
                Menus(
                    (
                        Foreign(
                            "全息", "hologram", (("depth", 3), ("scene", {"a": [1, None, "x"]}))
                        ),
                        Foreign("无类型", "", (("future", True),)),
                        parent("混合", Foreign("半个", "miniprogram", (("appid", "wx1"),)), HELP),
                    ),
                    (menu_for("9", Foreign("新玩法", "live_room", (("room", "r-1"),))),),
                ),
                ids_of(1),
                Console.NONE,
                (DeadMenu("1", (("mood", {"x": "y"}),), (Foreign("旧玩法", "hologram"),)),),
            ),
        )
    ),
    "hostile": plan(hostile()),
    "remove-the-default-menu": plan(change(MENU, ())),
    "everything": plan(
        staged(
            change(
                THREE,
                Menus(
                    (
                        parent(
                            "服务", view("门店"), click("客服", "CONTACT"), click("评价", "RATE")
                        ),
                        view("新品", "https://shop.example.com/v2"),
                    ),
                    (SPRING, VIP, menu_for("ios", NEW)),
                ),
                live_of(THREE),
                basis=Basis(
                    base=PAST,
                    applied=Past("applied", "0187", THREE),
                    followers=(("100", 2310), ("101", 64), ("102", 12480)),
                    quotas=(QuotaLeft("menu/addconditional", 2000, 1998),),
                ),
                lifts=["remove-conditional:tag:店员"],
            ),
            {"origin": "yours"},
            {"origin": "yours", "same_by": "action"},
            {"origin": "reverts", "same_by": "action"},
            {"origin": "yours"},
            {"origin": "both", "same_by": "name"},
        ),
        change(THREE, THREE, ref=DEMO),
        change(MENU, MENU[:2], ref=numbered(1), basis=Basis(mode="watch")),
        UnreadableAccount(numbered(2), ErrorNote("-1", "city-02: system busy", "try again later")),
    ),
}
