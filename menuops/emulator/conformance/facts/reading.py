"""Sections 3.4, 3.5, 6: what menu/get makes of what was posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from menuops.emulator.conformance.bench import Bench, at, many, record, text
from menuops.emulator.conformance.fact import Facts, Finding
from menuops.emulator.conformance.wire import Exchange

facts = Facts()

MENU: dict[str, Any] = {
    "button": [
        {"type": "click", "name": "今日👍🏻", "key": "CONFORMANCE_1"},
        {
            "name": "菜单",
            "sub_button": [
                {"type": "view", "name": "搜索", "url": "https://example.com/a/b?c=1&d=2"},
                {"type": "click", "name": "赞一下我们", "key": "CONFORMANCE_2"},
                {"type": "scancode_push", "name": "扫码", "key": "CONFORMANCE_3"},
            ],
        },
        {"type": "view", "name": "首页", "url": "https://example.com/"},
    ]
}
NAMES = ["今日👍🏻", "菜单", "搜索", "赞一下我们", "扫码", "首页"]
KEY_TYPES = (
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A default menu alone: what came of posting it, and of reading it by both ways."""

    create: Exchange
    get: Exchange
    selfmenu: Exchange


def plain(bench: Bench) -> Plain:
    """Post MENU to an account without conditional menus, and read it."""
    bench.fresh()
    created = bench.call("menu/create", MENU)
    bench.ok("menu/get")
    return Plain(created, bench.call("menu/get"), bench.call("get_current_selfmenu_info"))


def slashes(exchange: Exchange) -> Finding:
    """Find how an answer that holds MENU spells the slashes of its addresses."""
    escaped = "https:\\/\\/example.com\\/" in exchange.text
    return Finding("\\/" if escaped else "/", escaped)


def foreign(bench: Bench) -> tuple[Any, Any]:
    """Post fields of another type, and read both ways: the entries, and selfmenu's."""
    view = {"type": "view", "name": "页", "url": "https://example.com/", "key": "FOREIGN"}
    leaf = {"type": "click", "name": "点", "key": "CONFORMANCE"}
    parent = {"type": "click", "name": "菜单", "key": "FOREIGN", "sub_button": [leaf]}
    bench.ok("menu/create", {"button": [view, parent], "x_unknown": 1})
    got = bench.ok("menu/get")
    return at(got, "menu", "button"), bench.ok("get_current_selfmenu_info")


def _entries(bench: Bench) -> list[dict[str, Any]]:
    return many(bench.once(plain).get.value(), "menu", "button")


def _leaves(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [leaf for entry in entries for leaf in (many(entry.get("sub_button", [])) or [entry])]


@facts.stated("1", "D", 'a write that succeeds answers {"errcode":0,"errmsg":"ok"}')
def write_is_ok(bench: Bench) -> Finding:
    exchange = bench.once(plain).create
    return Finding(exchange.text, exchange.value() == {"errcode": 0, "errmsg": "ok"})


@facts.stated("3.5", "D", "menu/get wraps the menu in `menu`, with no errcode")
def menu_is_wrapped(bench: Bench) -> Finding:
    keys = sorted(bench.once(plain).get.value())
    return Finding(", ".join(keys), keys == ["menu"])


@facts.stated("3.5", "D", "without conditional menus there is no conditionalmenu, and no menuid")
def no_menuid_alone(bench: Bench) -> Finding:
    value = bench.once(plain).get.value()
    found = sorted(set(value) - {"menu"} | set(record(value, "menu")) - {"button"})
    return Finding(", ".join(found) or "neither", not found)


@facts.stated("3.5", "D", "every leaf gains sub_button: []")
def leaves_gain_sub_button(bench: Bench) -> Finding:
    leaves = _leaves(_entries(bench))
    having = sum(leaf.get("sub_button") == [] for leaf in leaves)
    return Finding(f"{having} of {len(leaves)}", having == len(leaves))


@facts.stated("3.5", "D", "a parent has name and sub_button only")
def parents_have_two_fields(bench: Bench) -> Finding:
    keys = list(record(_entries(bench), 1))
    return Finding(", ".join(keys), sorted(keys) == ["name", "sub_button"])


@facts.stated("3.5", "R", "fields stand in the order type, name, key or url, sub_button")
def fields_have_an_order(bench: Bench) -> Finding:
    orders = sorted({", ".join(leaf) for leaf in _leaves(_entries(bench))})
    wanted = ["type, name, key, sub_button", "type, name, url, sub_button"]
    return Finding("; ".join(orders), orders == wanted)


@facts.stated("3.5", "R", "/ comes back as \\/")
def slashes_are_escaped(bench: Bench) -> Finding:
    return slashes(bench.once(plain).get)


@facts.stated("3.5", "R", "Chinese comes back as raw UTF-8")
def chinese_is_raw(bench: Bench) -> Finding:
    raw = "菜单" in bench.once(plain).get.text
    return Finding("raw" if raw else "escaped, or otherwise", raw)


@facts.stated("6", "R", "an emoji with a skin tone comes back as posted")
def emoji_come_back(bench: Bench) -> Finding:
    name = text(_entries(bench), 0, "name")
    return Finding(name, name == NAMES[0])


@facts.stated("3.5", "D", "the order of entries is kept")
def order_is_kept(bench: Bench) -> Finding:
    names = [
        text(one, "name")
        for entry in _entries(bench)
        for one in (entry, *many(entry.get("sub_button", [])))
    ]
    return Finding(", ".join(names), names == NAMES)


@facts.stated("3.5", "D", "keys and urls come back as posted, & as &")
def values_come_back(bench: Bench) -> Finding:
    url = text(_entries(bench), 1, "sub_button", 0, "url")
    return Finding(url, url == "https://example.com/a/b?c=1&d=2")


@facts.stated("3.3", "D", "click, view and the six types that scan, take and locate are taken")
def types_are_taken(bench: Bench) -> Finding:
    leaves = [{"type": kind, "name": kind, "key": "CONFORMANCE"} for kind in KEY_TYPES]
    parents = [{"name": name, "sub_button": leaves[at:][:3]} for name, at in (("a", 0), ("b", 3))]
    found = bench.errcode("menu/create", {"button": parents})
    if found:
        return Finding(f"errcode {found}", agrees=False)
    entries = many(bench.ok("menu/get"), "menu", "button")
    kinds = [str(leaf.get("type")) for leaf in _leaves(entries)]
    return Finding(", ".join(kinds), kinds == list(KEY_TYPES))


@facts.stated("3.2", "R", "fields of another type, and unknown ones, are ignored")
def foreign_fields_are_ignored(bench: Bench) -> Finding:
    entries, _ = bench.once(foreign)
    view, parent = sorted(record(entries, 0)), sorted(record(entries, 1))
    agrees = "key" not in view and parent == ["name", "sub_button"]
    return Finding(f"a view has {', '.join(view)}; a parent {', '.join(parent)}", agrees)


@facts.stated("3.1", "R", "POST on menu/get works too")
def menu_get_by_post(bench: Bench) -> Finding:
    bench.default()
    found = bench.errcode("menu/get", {}, telling=())
    return Finding("taken" if not found else f"errcode {found}", found == 0)
