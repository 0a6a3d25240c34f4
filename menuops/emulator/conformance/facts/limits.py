"""Sections 3.2, 3.3, 7: what a menu may not be, and the number that says so."""

from __future__ import annotations

from typing import Any, TypeAlias

from menuops.emulator.conformance.bench import Bench, at, many
from menuops.emulator.conformance.errors import CannotTell
from menuops.emulator.conformance.fact import Facts, Finding, Grade, said

from .reading import plain

facts = Facts()

Rejection: TypeAlias = tuple[str, Grade, str, Any, tuple[int, ...]]

CLICK = {"type": "click", "name": "a", "key": "CONFORMANCE"}
URL = "https://example.com/"
UNLINKED = "wx0000000000000000"
LONGEST = (17, 20, 24, 32, 60)  # bytes of a top-level name, tried until one is refused


def top(**entry: Any) -> dict[str, Any]:
    """Give a menu of one entry."""
    return {"button": [{"name": "a", **entry}]}


def sub(*leaves: dict[str, Any]) -> dict[str, Any]:
    """Give a menu of one parent."""
    return {"button": [{"name": "a", "sub_button": [{"name": "a", **leaf} for leaf in leaves]}]}


def view(url: str) -> dict[str, Any]:
    """Give the fields of a link."""
    return {"type": "view", "url": url}


@facts.stated("3.2", "D", "16 bytes of name, 60 below, 128 of key and 1024 of url are taken")
def limits_are_taken(bench: Bench) -> Finding:
    leaves = [
        {"type": "click", "name": "二" * 20, "key": "k" * 128},
        {"type": "view", "name": "b", "url": URL + "u" * (1024 - len(URL))},
    ]
    menu = {"button": [{"name": "一" * 5 + "a", "sub_button": leaves}, {**CLICK, "key": "k" * 128}]}
    found = bench.errcode("menu/create", menu)
    return Finding(said(found), found == 0)


LONG_URL = URL + "u" * (1025 - len(URL))
REJECTIONS: tuple[Rejection, ...] = (
    ("name-too-long", "D", "a top-level name of 17 bytes is 40018",
     top(**{**CLICK, "name": "n" * 17}), (40018,)),
    ("name-empty", "I", "an empty name is 40018 or 40025",
     top(**{**CLICK, "name": ""}), (40018, 40025)),
    ("key-too-long", "D", "a key of 129 bytes is 40019",
     top(type="click", key="k" * 129), (40019,)),
    ("sub-key-too-long", "D", "a key of 129 bytes below an entry is 40026",
     sub({"type": "click", "key": "k" * 129}), (40026,)),
    ("key-missing", "R", "no key is 40019", top(type="click"), (40019,)),
    ("url-too-long", "D", "a url of 1025 bytes is 40020", top(**view(LONG_URL)), (40020,)),
    ("sub-url-too-long", "D", "a url of 1025 bytes below an entry is 40027",
     sub(view(LONG_URL)), (40027,)),
    ("sub-url-missing", "R", "no url in a sub entry is 40027", sub({"type": "view"}), (40027,)),
    ("url-malformed", "D", "a url that is none is 40055", top(**view("example")), (40055,)),
    ("sub-url-malformed", "D", "a url that is none, below an entry, is 40054",
     sub(view("example")), (40054,)),
    ("no-entry", "D", "no entry is 40016", {"button": []}, (40016,)),
    ("four-entries", "D", "four entries are 40016", {"button": [CLICK] * 4}, (40016,)),
    ("six-below", "D", "six entries below one are 40023", sub(*[CLICK] * 6), (40023,)),
    ("three-levels", "D", "a third level is 40022",
     sub({"name": "b", "sub_button": [CLICK]}), (40022,)),
    ("unknown-type", "D", "an unknown type is 40017",
     top(type="no_such_type", key="K"), (40017,)),
    ("unknown-sub-type", "D", "an unknown type below an entry is 40024",
     sub({"type": "no_such_type", "key": "K"}), (40024,)),
    ("upper-case-type", "R", "types are case-sensitive: VIEW is refused",
     top(type="VIEW", url=URL), ()),
)  # fmt: skip
for _name, _grade, _statement, _body, _codes in REJECTIONS:
    facts.refused(_name, "3.2", _grade, _statement, _body, *_codes)


@facts.stated("3.5", "R", "an answer of menu/get posted back is 40016")
def wrapped_menu(bench: Bench) -> Finding:
    found = bench.errcode("menu/create", bench.once(plain).get.value())
    return Finding(said(found), found == 40016)


@facts.stated("3.9", "R", "an answer of get_current_selfmenu_info posted back is 40016")
def wrapped_selfmenu(bench: Bench) -> Finding:
    found = bench.errcode("menu/create", bench.once(plain).selfmenu.value())
    return Finding(said(found), found == 40016)


@facts.stated("3.2", "D", "a mini program that isn't linked is 45064, or 40166")
def unlinked_mini_program(bench: Bench) -> Finding:
    entry = top(type="miniprogram", url=URL, appid=UNLINKED, pagepath="pages/index")
    found = bench.errcode("menu/create", entry)
    if not found:
        raise CannotTell("it was taken: the server doesn't look whether it is linked")
    return Finding(said(found), found in (45064, 40166))


@facts.question("10", "40018 or 40025 for sub-level names of 61 bytes")
def sub_name_too_long(bench: Bench) -> Finding:
    return Finding(said(bench.errcode("menu/create", sub({**CLICK, "name": "二" * 20 + "a"}))))


@facts.question("10", "True limit of top-level names")
def longest_name(bench: Bench) -> Finding:
    taken = 16
    for size in LONGEST:
        found = bench.errcode("menu/create", top(**{**CLICK, "name": "n" * size}))
        if found:
            return Finding(f"{taken} bytes taken, {size} refused ({found})")
        taken = size
    return Finding(f"{taken} bytes are still taken")


@facts.question("10", "Is article_id checked on create, or only on tap?")
def article_id_is_checked(bench: Bench) -> Finding:
    found = bench.errcode("menu/create", top(type="article_id", article_id="no_such_article"))
    return Finding(f"checked on create: {found}" if found else "a made-up one was taken")


@facts.question("3.2", "Is media_id checked on create?")
def media_id_is_checked(bench: Bench) -> Finding:
    found = bench.errcode("menu/create", top(type="media_id", media_id="no_such_material"))
    return Finding(f"checked on create: {found}" if found else "a made-up one was taken")


@facts.question("10", "How does article_id look in selfmenu?")
def article_id_in_selfmenu(bench: Bench) -> Finding:
    article_id = bench.allowance.article_id or "no_such_article"
    return _in_selfmenu(bench, {"type": "article_id", "article_id": article_id}, "--article-id")


@facts.question("10", "How does view_limited look in selfmenu?")
def view_limited_in_selfmenu(bench: Bench) -> Finding:
    media_id = bench.allowance.media_id or "no_such_material"
    return _in_selfmenu(bench, {"type": "view_limited", "media_id": media_id}, "--media-id")


def _in_selfmenu(bench: Bench, fields: dict[str, Any], flag: str) -> Finding:
    found = bench.errcode("menu/create", top(**fields))
    if found:
        raise CannotTell(f"menu/create answered {found}; name one of the account's with {flag}")
    entries = many(bench.ok("get_current_selfmenu_info"), "selfmenu_info", "button")
    shown = {name: "…" if name not in ("type", "name") else value
             for name, value in at(entries, 0).items()}  # fmt: skip
    return Finding(", ".join(f"{name}={value}" for name, value in shown.items()))
