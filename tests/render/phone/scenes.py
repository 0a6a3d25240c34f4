"""The previews that are drawn in tests; each is a golden file in every format."""

from __future__ import annotations

from typing import Any

from menuops.core.asked import Asked, Tag
from menuops.core.jsonform import parse_buttons
from menuops.core.model import Click, View, Wanted, WantedConditional
from menuops.core.preview import AccountPreview, Drawn, Scene, compared, preview_file

Json = dict[str, Any]
HOSTILE = (
    "<script>alert(1)</script>",
    "\"' onclick=alert(1) x='\"",
    "]]><img src=x onerror=alert(1)>",
    "`${a}` --> <!-- &lt;",
    "\u202eevil\u2066\u200b\n\x1b[31m\x00",
    "\ud83d half \udc00",
    "</svg></style></title>",
    "\ufffe\uffff\U000e0001",
)


def click(name: str, key: str = "KEY") -> Json:
    return {"name": name, "type": "click", "key": key}


def view(name: str, url: str = "https://shop.example.com/new?x=1&y=2") -> Json:
    return {"name": name, "type": "view", "url": url}


def parent(name: str, *children: Json) -> Json:
    return {"name": name, "sub_button": list(children)}


def one(*button: Json, name: str = "shop") -> AccountPreview:
    scene = Scene("everyone", Drawn("default", parse_buttons(button)))
    return AccountPreview(name, "wx0123456789abcdef", (scene,))


def change(before: list[Json], after: list[Json], name: str = "shop") -> AccountPreview:
    sides = (("default", parse_buttons(before)), ("default", parse_buttons(after)))
    return AccountPreview(name, "wx0123456789abcdef", (compared("everyone", *sides),))


NEW = [
    view("春季新品系列大促销活动专场"),
    click("限时特惠", "SALE"),
    view("会员中心", f"https://shop.example.com/{'a/long/way/' * 12}"),
    click("👨‍👩‍👧‍👦家庭套餐", "FAMILY"),
    click("👋🏽你好❤️", "HELLO"),
]
SERVICE = [
    click("人工客服", "CONTACT"),
    {"name": "扫一扫", "type": "scancode_push", "key": "SCAN"},
    {"name": "发位置", "type": "location_select", "key": "PLACE"},
    {
        "name": "小程序",
        "type": "miniprogram",
        "url": "https://shop.example.com/",
        "appid": "wx0123456789abcdef",
        "pagepath": "pages/index",
    },
    {"name": "文章", "type": "article_id", "article_id": "ARTICLE"},
]
MINE = [
    view("订单查询", "https://shop.example.com/orders"),
    click("优惠券🎁", "COUPON"),
    click("Points & rewards club", "POINTS"),
    click("🇨🇳🇯🇵门店", "SHOPS"),
    {"name": "资料", "type": "media_id", "media_id": "MEDIA"},
]
FULL = [parent("新品上市了", *NEW), parent("服务", *SERVICE), parent("我的", *MINE)]
AFTER = [
    parent("新品上市了", NEW[0], *NEW[2:]),
    parent("客服", *SERVICE[1:]),
    parent(
        "我的",
        view("订单查询", "https://shop.example.com/my/orders"),
        click("优惠券🎉", "COUPON"),
        MINE[2],
        click("客服", "CONTACT"),
        click("新功能", "NEW"),
    ),
]
CONSOLE = [
    {"name": "公告", "type": "text", "value": "您好"},
    parent(
        "更多",
        {"name": "图文", "type": "news", "value": "V", "news_info": {"list": []}},
        {"name": "未来", "type": "hologram_of_tomorrow", "beam": 7},
        {"name": "无", "key": "K"},
        {"name": "缺", "type": "view"},
    ),
]


HELP = (Click("帮助", "KEY"),)
BY_TAG = (View("VIP 专享", "https://shop.example.com/new?x=1&y=2"),)


def _conditional() -> AccountPreview:
    vip = WantedConditional(BY_TAG, tag="VIP", client_platform_type="1", id="vip")
    return preview_file("shop", "wx0123456789abcdef", Wanted(HELP, (vip,)), Asked(), every=True)


def _perhaps() -> AccountPreview:
    wanted = Wanted(HELP, (WantedConditional(BY_TAG, tag_id="100"),))
    asked = Asked(Tag.typed("VIP"))
    return preview_file("shop", "wx0123456789abcdef", wanted, asked, every=True)


PREVIEWS: dict[str, AccountPreview] = {
    "one-button": one(click("帮助", "HELP")),
    "two-buttons": one(view("首页", "https://shop.example.com/"), click("帮助", "HELP")),
    "full": one(*FULL),
    "long-names": one(
        click("一二三四五"), click("abcdefghi"), parent("四个汉字", click("一二三四五六七八九"))
    ),
    "console": one(*CONSOLE),
    "too-many": one(*(click(f"第{n}个") for n in range(1, 6))),
    "no-menu": one(),
    "hostile": one(
        parent(HOSTILE[0], *map(click, HOSTILE[1:6])), *map(view, HOSTILE[6:]), name=HOSTILE[2]
    ),
    "conditional": _conditional(),
    "perhaps": _perhaps(),
    "change": change(FULL, AFTER),
    "new-menu": change([], [click("帮助", "HELP"), parent("更多", click("甲"))]),
    "removed-menu": change([click("帮助", "HELP")], []),
    "unreadable": AccountPreview("shop", "wx0123456789abcdef", unreadable="40164 <invalid> ip"),
}
