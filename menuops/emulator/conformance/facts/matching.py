"""Sections 3.7 and 3.8: which menu a follower sees. Needs a follower of the account."""

from __future__ import annotations

from typing import Any

from menuops.emulator.conformance.bench import UNTELLING, Bench, at, many
from menuops.emulator.conformance.errors import CannotTell
from menuops.emulator.conformance.fact import Facts, Finding, said

from .conditional import RULES

facts = Facts()

STRANGER = "menuops_conformance_nobody"


def matched(bench: Bench) -> dict[str, Any]:
    """Ask what a follower sees of the default menu alone."""
    openid = bench.openid()
    bench.fresh()
    return _asked(bench, openid)


def _asked(bench: Bench, openid: str) -> dict[str, Any]:
    return bench.ok("menu/trymatch", {"user_id": openid})


def entries(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the entries of an answer of either shape."""
    return many(answer.get("menu", answer), "button")


def _key(bench: Bench, openid: str) -> str:
    return str(at(entries(_asked(bench, openid)), 0).get("key"))


@facts.question("9.8", "Does trymatch answer {button} or {menu: {button}}?")
def trymatch_shape(bench: Bench) -> Finding:
    answer = bench.once(matched)
    return Finding("{menu: {button}}" if "menu" in answer else f"{{{', '.join(answer)}}}")


@facts.stated("3.8", "R", "leaves carry sub_button: []")
def trymatch_leaves(bench: Bench) -> Finding:
    leaf = at(entries(bench.once(matched)), 0)
    return Finding(", ".join(leaf), leaf.get("sub_button") == [])


@facts.stated("3.8", "D", "trymatch of somebody unknown is 65302, 65315 or 40132")
def trymatch_of_a_stranger(bench: Bench) -> Finding:
    bench.default()
    found = bench.errcode("menu/trymatch", {"user_id": STRANGER})
    return Finding(said(found), found in (65302, 65315, 40132))


@facts.stated("3.7", "D", "of the menus that match the newest wins")
def newest_wins(bench: Bench) -> Finding:
    openid = bench.openid()
    bench.fresh()
    for age in ("OLD", "NEW"):
        for rule in RULES:
            bench.add(rule, key=f"{age}_{rule['client_platform_type']}")
    key = _key(bench, openid)
    return Finding(key, key.startswith("NEW_"))


@facts.stated("3.7", "D", "where none matches the default menu is shown")
def default_is_shown(bench: Bench) -> Finding:
    openid = bench.openid()
    bench.fresh()
    bench.add({"tag_id": str(bench.new_tag())}, key="NOT_THEIRS")
    key = _key(bench, openid)
    return Finding(key, key == "CONFORMANCE")


@facts.stated("3.7", "D", "of several tags the one put on last counts", hazard="tag-a-follower")
def last_tag_wins(bench: Bench) -> Finding:
    openid = bench.openid()
    bench.fresh()
    first, last = bench.new_tag(), bench.new_tag()
    bench.add({"tag_id": str(last)}, key="LAST")
    bench.add({"tag_id": str(first)}, key="FIRST")  # the newest: it would win by its age
    for tag in (first, last):
        exchange = bench.call("tags/members/batchtagging", {"openid_list": [openid], "tagid": tag})
        if exchange.errcode:
            why = UNTELLING.get(exchange.errcode, "refused")
            raise CannotTell(f"batchtagging answered {exchange.errcode}: {why}")
    key = _key(bench, openid)
    for tag in (first, last):
        bench.call("tags/members/batchuntagging", {"openid_list": [openid], "tagid": tag})
    return Finding(key, key == "LAST")
