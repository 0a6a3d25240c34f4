"""Section 1: status, errcode, errmsg, content type, where the token goes."""

from __future__ import annotations

import re

from menuops.emulator.conformance.bench import Bench, at, record
from menuops.emulator.conformance.errors import OtherShape
from menuops.emulator.conformance.fact import Facts, Finding, said
from menuops.emulator.conformance.wire import Exchange

facts = Facts()

RID = re.compile(r" ?rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")
UNKNOWN_TOKEN = "90_" + "A" * 133  # the length and the letters of a real one


def _without_token(bench: Bench) -> Exchange:
    return bench.caller.send("GET", "menu/get")


@facts.stated("1", "D", "a failure has HTTP status 200, and errcode and errmsg", writes=False)
def failure_is_status_200(bench: Bench) -> Finding:
    exchange = bench.once(_without_token)
    value = exchange.value()
    keys = sorted({"errcode", "errmsg"} & set(value))
    agrees = exchange.status == 200 and len(keys) == 2 and exchange.errcode != 0
    return Finding(f"HTTP {exchange.status}, {' and '.join(keys) or 'neither'}", agrees)


@facts.stated("1", "D", "errmsg ends in rid: 8-8-8 hexadecimal digits", writes=False)
def errmsg_has_a_rid(bench: Bench) -> Finding:
    errmsg = str(at(bench.once(_without_token).value(), "errmsg"))
    return Finding(f"…{errmsg[-34:]}", RID.search(errmsg) is not None)


@facts.stated("2.4", "D", "a call without a token is 41001", writes=False)
def no_token(bench: Bench) -> Finding:
    found = bench.once(_without_token).errcode
    return Finding(said(found), found == 41001)


@facts.stated("1", "D", "the token is a query parameter; in a header it isn't seen", writes=False)
def token_in_a_header(bench: Bench) -> Finding:
    headers = {"Authorization": f"Bearer {bench.caller.token()}"}
    found = bench.caller.send("GET", "menu/get", headers=headers).errcode
    return Finding(said(found), found == 41001)


@facts.stated("2.4", "D", "a malformed token is 40014, or 40001", writes=False)
def malformed_token(bench: Bench) -> Finding:
    found = bench.caller.send("GET", "menu/get", {"access_token": "x"}).errcode
    return Finding(said(found), found in (40014, 40001))


@facts.stated("2.4", "D", "a well-formed token that nobody holds is 40001, or 40014", writes=False)
def unknown_token(bench: Bench) -> Finding:
    found = bench.caller.send("GET", "menu/get", {"access_token": UNKNOWN_TOKEN}).errcode
    return Finding(said(found), found in (40001, 40014))


@facts.stated("7", "D", "a path that doesn't exist is 40066", writes=False)
def unknown_path(bench: Bench) -> Finding:
    found = bench.caller.call("menu/no_such_call").errcode
    return Finding(said(found), found == 40066)


@facts.stated("1", "D", "reads that succeed have no errcode", writes=False)
def reads_have_no_errcode(bench: Bench) -> Finding:
    exchanges = {
        path: bench.caller.call(path) for path in ("get_current_selfmenu_info", "tags/get")
    }
    exchanges["stable_token"] = bench.caller.fetch_stable()
    told = {path: one.value() for path, one in exchanges.items() if one.errcode == 0}
    having = sorted(path for path, value in told.items() if "errcode" in value)
    seen = f"{', '.join(having)} has one" if having else f"none in {', '.join(sorted(told))}"
    return Finding(seen, not having and bool(told))


@facts.stated(
    "6", "R", "Content-Type is application/json; encoding=utf-8, or text/plain", writes=False
)
def content_type(bench: Bench) -> Finding:
    found = bench.once(_without_token).content_type
    plain = found.split(";")[0].strip().lower() == "text/plain"
    return Finding(found or "none", plain or found == "application/json; encoding=utf-8")


@facts.stated(
    "1.2", "D", "rid/get tells of a call by its rid: invoke_time, request_url, …", writes=False
)
def rid_get(bench: Bench) -> Finding:
    errmsg = str(at(bench.caller.call("menu/no_such_call").value(), "errmsg"))
    rid = RID.search(errmsg)
    if rid is None:
        raise OtherShape("the errmsg has no rid")
    asked = {"rid": rid.group().split("rid: ")[1]}
    answer = bench.ok("openapi/rid/get", asked)
    fields = sorted(record(answer, "request"))  # their names alone: the URL holds the token
    wanted = {"invoke_time", "cost_in_ms", "request_url", "response_body", "client_ip"}
    return Finding(", ".join(fields), wanted <= set(fields))


@facts.stated("1.2", "D", "rid/get of no rid at all is 76002", writes=False)
def malformed_rid(bench: Bench) -> Finding:
    found = bench.errcode("openapi/rid/get", {"rid": "x"})
    return Finding(said(found), found == 76002)


@facts.stated("1.2", "D", "get_api_domain_ip answers {ip_list: [text]}", writes=False)
def api_addresses(bench: Bench) -> Finding:
    return _addresses(bench, "get_api_domain_ip")


@facts.stated("1.2", "D", "getcallbackip answers {ip_list: [text]}", writes=False)
def callback_addresses(bench: Bench) -> Finding:
    return _addresses(bench, "getcallbackip")


def _addresses(bench: Bench, path: str) -> Finding:
    listed = at(bench.ok(path), "ip_list")
    agrees = isinstance(listed, list) and all(isinstance(one, str) for one in listed)
    return Finding(f"{len(listed)} addresses" if agrees else f"{listed!r}", agrees)
