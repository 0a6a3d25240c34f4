"""Section 6: how a body may be spelt."""

from __future__ import annotations

import json
from typing import Any

from menuops.emulator.conformance.bench import Bench, at, text
from menuops.emulator.conformance.caller import encoded
from menuops.emulator.conformance.fact import Facts, Finding, said

from .limits import top, view

facts = Facts()

NAMED = {"button": [{"type": "click", "name": "中", "key": "CONFORMANCE"}]}
FIRST = ("menu", "button", 0)

facts.refused(
    "escapes",
    "6",
    "D",
    "\\uXXXX is 40033, 47002 or 65318",
    json.dumps(NAMED).encode("ascii"),
    40033, 47002, 65318,
)  # fmt: skip
facts.refused(
    "escaped-ampersand",
    "6",
    "R",
    "& alone escaped as \\u0026 is refused alike",
    encoded(top(**view("https://example.com/?a=1&b=2"))).replace(b"&", b"\\u0026"),
    40033, 47002, 65318,
)  # fmt: skip
facts.refused(
    "escaped-emoji",
    "6",
    "R",
    "an emoji escaped as surrogates is refused alike",
    json.dumps(top(type="click", key="K") | {"x": "👍"}).encode("ascii"),
    40033, 47002, 65318,
)  # fmt: skip
facts.refused("other-charset", "6", "D", "a body in GBK is 65318",
              json.dumps(NAMED, ensure_ascii=False).encode("gbk"), 65318)  # fmt: skip
facts.refused("no-json", "7", "D", "what is no JSON is 47001", b'{"button": [', 47001, 40016)
facts.refused("empty-body", "7", "D", "an empty body is 44002, or 40016", b"", 44002, 40016)


@facts.question("10", "Are escapes accepted today?")
def escapes_today(bench: Bench) -> Finding:
    raw = json.dumps(NAMED).encode("ascii")
    found = bench.errcode("menu/create", raw)
    if found:
        return Finding(f"no: errcode {found}")
    return Finding(f"taken, and read back as {text(bench.ok('menu/get'), *FIRST, 'name')}")


@facts.question("10", "Exact effect of a BOM")
def byte_order_mark(bench: Bench) -> Finding:
    return Finding(said(bench.errcode("menu/create", b"\xef\xbb\xbf" + encoded(NAMED))))


def _spelt(bench: Bench) -> Any:
    """Post an escaped slash, and an ampersand as HTML writes it; give the url as read."""
    body = encoded(top(**view("https://example.com/?a=1&amp;b=2"))).replace(b"/", b"\\/")
    bench.ok("menu/create", body)
    return text(bench.ok("menu/get"), *FIRST, "url")


@facts.stated("6", "I", "/ is taken as \\/ too")
def escaped_slashes(bench: Bench) -> Finding:
    url = bench.once(_spelt)
    return Finding(url, url.startswith("https://example.com/"))


@facts.stated("6", "R", "&amp; in a url is stored as it stands")
def html_ampersand(bench: Bench) -> Finding:
    url = bench.once(_spelt)
    return Finding(url, "&amp;" in url)


@facts.stated("6", "R", "the Content-Type of a request isn't looked at")
def request_content_type(bench: Bench) -> Finding:
    headers = {"Content-Type": "text/plain"}
    found = bench.errcode("menu/create", NAMED, headers=headers)
    if found:
        return Finding(said(found), agrees=False)
    name = at(bench.ok("menu/get"), *FIRST, "name")
    return Finding(f"taken, and read back as {name}", name == "中")
