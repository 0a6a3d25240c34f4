"""Section 3.9: get_current_selfmenu_info, the menu in force."""

from __future__ import annotations

from typing import Any

from menuops.emulator.conformance.bench import Bench, at, many, record
from menuops.emulator.conformance.errors import CannotTell
from menuops.emulator.conformance.fact import Facts, Finding

from .reading import foreign, plain, slashes

facts = Facts()


def _entries(bench: Bench) -> list[dict[str, Any]]:
    return many(bench.once(plain).selfmenu.value(), "selfmenu_info", "button")


@facts.stated("3.9", "D", "it answers is_menu_open 1 and selfmenu_info{button}")
def selfmenu_shape(bench: Bench) -> Finding:
    value = bench.once(plain).selfmenu.value()
    keys = [f"is_menu_open {value.get('is_menu_open')!r}", *sorted(set(value) - {"is_menu_open"})]
    info = sorted(record(value, "selfmenu_info"))
    agrees = keys == ["is_menu_open 1", "selfmenu_info"] and info == ["button"]
    return Finding(f"{', '.join(keys)}; in it {', '.join(info)}", agrees)


@facts.stated("3.9", "D", "sub_button is {list: […]}")
def selfmenu_lists(bench: Bench) -> Finding:
    found = at(_entries(bench), 1, "sub_button")
    if not isinstance(found, dict):
        return Finding(f"{type(found).__name__}", agrees=False)
    return Finding(
        f"{{{', '.join(found)}}}", list(found) == ["list"] and len(many(found, "list")) == 3
    )


@facts.stated("3.9", "D", "leaves have no sub_button")
def selfmenu_leaves(bench: Bench) -> Finding:
    entries = _entries(bench)
    leaves = [at(entries, 0), at(entries, 2), *many(entries, 1, "sub_button", "list")]
    having = sum("sub_button" in leaf for leaf in leaves)
    return Finding(f"{having} of {len(leaves)} have one", having == 0)


@facts.stated("3.9", "D", "entries made through the API keep their key and url")
def selfmenu_values(bench: Bench) -> Finding:
    entries = _entries(bench)
    key, url = at(entries, 0, "key"), at(entries, 2, "url")
    return Finding(f"{key}, {url}", (key, url) == ("CONFORMANCE_1", "https://example.com/"))


@facts.stated("3.9", "R", "/ comes back as \\/ here too")
def selfmenu_escapes_slashes(bench: Bench) -> Finding:
    return slashes(bench.once(plain).selfmenu)


@facts.stated("3.2", "R", "a view posted with a key, a parent with a type, are shown without")
def selfmenu_hides_foreign_fields(bench: Bench) -> Finding:
    entries = many(bench.once(foreign)[1], "selfmenu_info", "button")
    view, parent = sorted(record(entries, 0)), sorted(record(entries, 1))
    agrees = "key" not in view and parent == ["name", "sub_button"]
    return Finding(f"a view has {', '.join(view)}; a parent {', '.join(parent)}", agrees)


@facts.stated("3.9", "D", "it shows the default menu alone: no menuid, rule or conditional menu")
def selfmenu_shows_the_default(bench: Bench) -> Finding:
    bench.add({"client_platform_type": "2"}, key="SELFMENU")
    body = bench.call("get_current_selfmenu_info").text
    found = [
        word for word in ("menuid", "matchrule", "conditionalmenu", "SELFMENU") if word in body
    ]
    return Finding(", ".join(found) or "none of these", not found)


@facts.question("10", "Does menu/get give 46003 while only a console menu exists?", writes=False)
def console_menu_alone(bench: Bench) -> Finding:
    if not bench.before.console_alone:
        raise CannotTell(
            "the account has no menu of the web console alone; publish one there, and ask again "
            "with --read-only --only console-menu-alone"
        )
    exchange = bench.caller.call("menu/get")
    return Finding(f"errcode {exchange.errcode}" if exchange.errcode else "a menu")
