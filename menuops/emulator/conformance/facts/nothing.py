"""What is answered while there is no menu at all. Together, so that it is deleted but once."""

from __future__ import annotations

from menuops.emulator.conformance.bench import Bench
from menuops.emulator.conformance.fact import Facts, Finding, said

from .conditional import ADD, RULES, body
from .matching import STRANGER

facts = Facts()


@facts.stated("3.5", "D", "without a menu menu/get is 46003")
def no_menu(bench: Bench) -> Finding:
    bench.none()
    found = bench.errcode("menu/get")
    return Finding(said(found), found == 46003)


@facts.question("10", "Answer of menu/delete with no menu")
def delete_without_a_menu(bench: Bench) -> Finding:
    bench.none()
    exchange = bench.call("menu/delete")
    return Finding("ok" if not exchange.errcode else f"errcode {exchange.errcode}")


@facts.question("3.9", "What does it answer while there is no menu at all?")
def selfmenu_without_a_menu(bench: Bench) -> Finding:
    bench.none()
    return Finding(bench.call("get_current_selfmenu_info").text)


@facts.stated("3.7", "D", "without a default menu addconditional is 65303")
def needs_a_default(bench: Bench) -> Finding:
    bench.none()
    found = bench.errcode(ADD, body(RULES[0]))
    return Finding(said(found), found == 65303)


@facts.stated("3.8", "D", "trymatch without any menu is 46003")
def trymatch_without_a_menu(bench: Bench) -> Finding:
    bench.none()
    user_id = bench.allowance.user or next(iter(bench.before.openids), STRANGER)
    found = bench.errcode("menu/trymatch", {"user_id": user_id})
    return Finding(said(found), found == 46003)
