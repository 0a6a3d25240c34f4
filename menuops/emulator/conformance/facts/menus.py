"""Sections 3.4, 3.6, 3.10: replacing and deleting."""

from __future__ import annotations

from menuops.emulator.conformance.bench import BASIC, Bench, at, number, text
from menuops.emulator.conformance.errors import CannotTell
from menuops.emulator.conformance.fact import Facts, Finding, said

facts = Facts()

OTHER = {"button": [{"type": "click", "name": "other", "key": "OTHER"}]}
FOUR = {"button": [{"type": "click", "name": str(n), "key": str(n)} for n in range(4)]}


@facts.stated("3.10", "D", "menu/create replaces the default menu whole")
def create_replaces(bench: Bench) -> Finding:
    bench.fresh()
    bench.ok("menu/create", OTHER)
    entries = at(bench.ok("menu/get"), "menu", "button")
    names = [text(entry, "name") for entry in entries]
    return Finding(", ".join(names), names == ["other"])


@facts.stated("3.10", "I", "a refused menu/create changes nothing")
def create_is_atomic(bench: Bench) -> Finding:
    bench.default()
    before = bench.ok("menu/get")
    if not bench.errcode("menu/create", FOUR):
        raise CannotTell("a menu of four entries was taken")
    same = bench.ok("menu/get") == before
    return Finding("nothing changed" if same else "the menu changed", same)


@facts.stated("3.10", "I", "conditional menus survive menu/create")
def create_keeps_conditional(bench: Bench) -> Finding:
    menuid = bench.add({"client_platform_type": "1"})
    bench.ok("menu/create", BASIC)
    there = menuid in [str(menu.get("menuid")) for menu in bench.listed()]
    return Finding("they do" if there else "they are gone", there)


@facts.stated("3.10", "I", "with conditional menus, menu/create gives the default a higher menuid")
def create_gives_a_new_menuid(bench: Bench) -> Finding:
    menuid = bench.add({"client_platform_type": "1"})
    bench.ok("menu/create", BASIC)
    found = number(bench.ok("menu/get"), "menu", "menuid")
    return Finding(f"{found} after {menuid}", menuid.isdigit() and found > int(menuid))


@facts.stated("3.6", "D", "menu/delete drops the default menu and every conditional one")
def delete_drops_all(bench: Bench) -> Finding:
    bench.add({"client_platform_type": "1"})
    bench.ok("menu/delete")
    found = bench.errcode("menu/get")
    bench.ok("menu/create", BASIC)
    left = len(bench.listed())
    return Finding(f"{said(found)}; {left} left after the next create", found != 0 and left == 0)


@facts.stated("3.1", "R", "POST on menu/delete works too")
def delete_by_post(bench: Bench) -> Finding:
    bench.default()
    found = bench.errcode("menu/delete", {})
    return Finding(said(found), found == 0)


@facts.stated("3.1", "D", "GET on menu/create is 43002")
def create_by_get(bench: Bench) -> Finding:
    found = bench.errcode("menu/create")
    return Finding(said(found), found == 43002)
