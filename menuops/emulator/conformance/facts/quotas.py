"""Sections 1.1 and 1.2: how often a call may be made. No quota is ever cleared."""

from __future__ import annotations

from menuops.emulator.conformance.bench import Bench, number, record
from menuops.emulator.conformance.fact import Fact, Facts, Finding, said

facts = Facts()

QUOTA = "openapi/quota/get"
PUBLISHED = {
    "menu/create": (1_000, 100),
    "menu/get": (10_000, 1_000),
    "menu/delete": (1_000, 100),
    "menu/addconditional": (2_000,),
    "menu/delconditional": (2_000,),
    "menu/trymatch": (20_000,),
}


def _daily(bench: Bench, path: str) -> int:
    return number(bench.ok(QUOTA, {"cgi_path": f"/cgi-bin/{path}"}), "quota", "daily_limit")


@facts.stated("1.2", "D", "quota/get answers quota{daily_limit, used, remain}", writes=False)
def quota_get(bench: Bench) -> Finding:
    answer = bench.ok(QUOTA, {"cgi_path": "/cgi-bin/menu/create"})
    keys = set(record(answer, "quota"))
    return Finding(", ".join(sorted(keys)), {"daily_limit", "used", "remain"} <= keys)


@facts.stated("1.2", "D", "quota/get of a path without its first slash is 76003", writes=False)
def quota_without_slash(bench: Bench) -> Finding:
    found = bench.errcode(QUOTA, {"cgi_path": "cgi-bin/menu/create"})
    return Finding(said(found), found == 76003)


@facts.stated("1.2", "D", "quota/get of a path with its host is 76003", writes=False)
def quota_with_host(bench: Bench) -> Finding:
    asked = {"cgi_path": "https://api.weixin.qq.com/cgi-bin/menu/create"}
    found = bench.errcode(QUOTA, asked)
    return Finding(said(found), found == 76003)


@facts.stated("1.2", "D", "quota/get of a path that doesn't exist is 76021", writes=False)
def quota_of_no_path(bench: Bench) -> Finding:
    found = bench.errcode(QUOTA, {"cgi_path": "/cgi-bin/menu/no_such_call"})
    return Finding(said(found), found == 76021)


def _published(path: str, figures: tuple[int, ...]) -> Fact:
    def check(bench: Bench) -> Finding:
        found = _daily(bench, path)
        return Finding(f"{found} a day", found in figures)

    words = f"{figures[0]:,}" + "".join(f", {each:,} of a test account" for each in figures[1:])
    statement = f"calls of {path} a day, while fans are few: {words}"
    name = f"quota-of-{path.split('/')[1]}"
    return Fact(name, "1.1", "D", statement, check, writes=False)


facts.listed += [_published(path, figures) for path, figures in PUBLISHED.items()]


@facts.question("10", "Quota of get_current_selfmenu_info", writes=False)
def quota_of_selfmenu(bench: Bench) -> Finding:
    return Finding(f"{_daily(bench, 'get_current_selfmenu_info')} a day")
