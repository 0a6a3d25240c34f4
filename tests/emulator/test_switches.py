"""Each switch: what a client sees with its other values, and how switches are written down."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from menuops.emulator import Account, Emulator, Switches, Tag, switches_from
from menuops.emulator.switches import CHOICES

from .conftest import APPID, SECRET, Caller, Clock, encoded

CLICK = {"type": "click", "name": "a", "key": "k"}
MINI = {
    "type": "miniprogram",
    "name": "m",
    "url": "https://a.example/",
    "appid": "wxa",
    "pagepath": "p",
}
RULE = {"tag_id": "100", "client_platform_type": "1"}


def named(name: str, **leaf: Any) -> dict[str, Any]:
    return {"button": [{**CLICK, "name": name, **leaf}]}


def sub(name: str) -> dict[str, Any]:
    return {"button": [{"name": "p", "sub_button": [{**CLICK, "name": name}]}]}


def post(call: Caller, body: bytes) -> Any:
    return call.raw("menu/create", body).json()["errcode"]


def conditional(call: Caller) -> dict[str, Any]:
    call("menu/create", {"button": [CLICK]})
    call("menu/addconditional", {"button": [CLICK], "matchrule": RULE})
    found: dict[str, Any] = call("menu/get")
    return found


def rule(call: Caller) -> Any:
    return conditional(call)["conditionalmenu"][0]["matchrule"]


def menuids(call: Caller) -> list[Any]:
    read = conditional(call)
    return [type(one.get("menuid")) for one in (read["menu"], read["conditionalmenu"][0])]


def first_forced_leaves(call: Caller) -> Any:
    call.fetch_stable(force=True)
    return call.errcode("menu/get")


def selfmenu_fields(call: Caller) -> set[str]:
    call("menu/create", {"button": [MINI]})
    return set(call("get_current_selfmenu_info")["selfmenu_info"]["button"][0])


def clear_v2(call: Caller, where: str) -> Any:
    asked = {"appid": APPID, "appsecret": SECRET}
    sent: dict[str, Any] = {"data": encoded(asked)} if where == "body" else {"params": asked}
    return call.send("POST", "clear_quota/v2", **sent).json()["errcode"]


# (switch, value) -> what a client sees. Each switch stands here with every value.
CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "post_on_get": (
        lambda call: [
            call.errcode(path, {})
            for path in ("menu/get", "menu/delete", "tags/get", "get_current_selfmenu_info")
        ],
        {
            "menu": [46003, 0, 43001, 43001],
            "never": [43001] * 4,
            "always": [46003, 0, None, None],
        },
    ),
    "wrong_appid": (
        lambda call: call.fetch_token(appid="wxno")["errcode"],
        {"40013": 40013, "40001": 40001},
    ),
    "wrong_secret": (
        lambda call: call.fetch_stable(secret="no")["errcode"],
        {"40125": 40125, "40001": 40001},
    ),
    "bom": (
        lambda call: post(call, b"\xef\xbb\xbf" + encoded(named("a"))),
        {"40016": 40016, "47001": 47001, "taken": 0},
    ),
    "unicode_escape": (
        lambda call: post(call, json.dumps(named("字")).encode()),
        {"40033": 40033, "47002": 47002, "65318": 65318, "taken": 0},
    ),
    "name_bytes": (
        lambda call: [call.errcode("menu/create", named("n" * n)) for n in (16, 17, 60, 61)],
        {"16": [0, 40018, 40018, 40018], "60": [0, 0, 0, 40018]},
    ),
    "sub_name_bytes": (
        lambda call: [call.errcode("menu/create", sub("n" * n)) for n in (40, 41, 60, 61)],
        {"60": [0, 0, 0, 40018], "40": [0, 40018, 40018, 40018]},
    ),
    "sub_name_code": (
        lambda call: call.errcode("menu/create", sub("n" * 61)),
        {"40018": 40018, "40025": 40025},
    ),
    "url_bytes": (
        lambda call: [
            call.errcode("menu/create", named("v", type="view", url="http://a/".ljust(n, "x")))
            for n in (256, 257, 1024, 1025)
        ],
        {"1024": [0, 0, 0, 40020], "256": [0, 40020, 40020, 40020]},
    ),
    "post_group_id": (
        lambda call: (
            call("menu/create", {"button": [CLICK]}),
            call.errcode(
                "menu/addconditional", {"button": [CLICK], "matchrule": {"group_id": "100"}}
            ),
        )[1],
        {"ignored": 65304, "taken": None},
    ),
    "delete_nothing": (
        lambda call: call.errcode("menu/delete"),
        {"ok": 0, "46003": 46003},
    ),
    "trymatch": (
        lambda call: (
            call("menu/create", {"button": [CLICK]}),
            list(call("menu/trymatch", {"user_id": "oVip"})),
        )[1],
        {"bare": ["button"], "wrapped": ["menu"]},
    ),
    "rule_tag": (
        lambda call: list(rule(call)),
        {
            "group_id": ["group_id", "client_platform_type"],
            "tag_id": ["tag_id", "client_platform_type"],
        },
    ),
    "rule_values": (
        lambda call: list(rule(call).values()),
        {"text": ["100", "1"], "number": [100, 1]},
    ),
    "menuid_read": (
        menuids,
        {"number": [int, int], "text": [str, str], "absent": [type(None), type(None)]},
    ),
    "selfmenu_miniprogram": (
        selfmenu_fields,
        {"full": {"type", "name", "url", "appid", "pagepath"}, "url": {"type", "name", "url"}},
    ),
    "clear_quota_v2": (
        lambda call: [clear_v2(call, where) for where in ("body", "query")],
        {"body": [0, 44002], "query": [41002, 0], "either": [0, 0]},
    ),
    "quota_clear": (
        lambda call: [
            call.errcode("openapi/quota/clear", {"cgi_path": path})
            for path in ("/cgi-bin/menu/get", "/channels/ec/basics/info/get", "channels/ec/")
        ],
        {"any": [0, 76021, 76003], "channels": [76021, 0, 76003]},
    ),
    "tag_name": (
        lambda call: [
            call.errcode("tags/create", {"tag": {"name": "字" * n}}) for n in (10, 30, 31)
        ],
        {"bytes": [None, 45158, 45158], "characters": [None, None, 45158]},
    ),
    "forced_refresh": (first_forced_leaves, {"overlap": 46003, "at_once": 40001}),
}
# Seen elsewhere, as they need more than one call of one account.
ELSEWHERE = {"not_whitelisted", "text_40001", "old_rid", "tags_a_follower", "bad_openid"}


def test_every_switch_is_tried_with_every_value() -> None:
    assert {*CASES} | ELSEWHERE == set(CHOICES) == {one.name for one in fields(Switches)}
    for name, (_, seen) in CASES.items():
        assert set(seen) == set(CHOICES[name])
        assert next(iter(seen)) == CHOICES[name][0], "the default comes first"


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, seen) in CASES.items() for value in seen]
)
def test_a_switch_is_seen(
    call: Caller, emulator: Emulator, account: Account, name: str, value: str
) -> None:
    emulator.add_account(replace(account, switches=Switches(**{name: value})))
    ask, seen = CASES[name]
    assert ask(call) == seen[value]


@pytest.mark.parametrize(("value", "errcode"), [("40164", 40164), ("61004", 61004)])
def test_an_address_off_the_list(
    anonymous: Caller, emulator: Emulator, account: Account, value: str, errcode: int
) -> None:
    switches = Switches(not_whitelisted=value)
    emulator.add_account(replace(account, ip_whitelist=(), switches=switches))
    assert anonymous.fetch_token()["errcode"] == errcode


@pytest.mark.parametrize(("value", "advised"), [("short", False), ("long", True)])
def test_the_text_of_40001(
    call: Caller, emulator: Emulator, account: Account, value: str, advised: bool
) -> None:
    emulator.add_account(replace(account, switches=Switches(text_40001=value)))
    emulator.void_tokens(APPID)
    answer = call("menu/get")
    assert answer["errcode"] == 40001
    assert ("getStableAccessToken" in answer["errmsg"]) is advised


def test_switches_are_read_from_texts() -> None:
    assert switches_from([]) == Switches()
    read = switches_from(["trymatch=wrapped", " bom = taken ", "trymatch=bare"])
    assert read == Switches(bom="taken")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trymatch", "NAME=VALUE.*trymatch=bare|wrapped"),
        ("tryhard=1", "'tryhard'; known are post_on_get=menu|never|always, wrong_appid"),
        ("bom=maybe", "bom isn't 'maybe'; it is 40016 or 47001 or taken"),
        ("=", "no such switch: ''"),
    ],
)
def test_a_wrong_switch_is_told_with_the_right_ones(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told.replace("|", r"\|")):
        switches_from([text])


def test_switches_are_kept_and_files_of_before_are_read(
    tmp_path: Path, clock: Clock, account: Account
) -> None:
    path = tmp_path / "emulator.json"
    chosen = replace(account, switches=Switches(trymatch="wrapped"), tags=(Tag(100, "VIP"),))
    emulator = Emulator(state_file=path, clock=clock)
    emulator.add_account(chosen)
    document = json.loads(path.read_text())
    assert document["accounts"][0]["account"]["switches"]["trymatch"] == "wrapped"

    old = document["accounts"][0]
    del old["refusals"], old["account"]["callback_url"], old["account"]["deleted_tags"]
    del old["account"]["switches"]
    for wrapped in (True, False):
        old["account"]["trymatch_wrapped"] = wrapped
        path.write_text(json.dumps(document))
        with Emulator(state_file=path, clock=clock).serve() as url:
            caller = Caller(url)
            with caller.session:
                caller.token = caller.fetch_stable()["access_token"]
                caller("menu/create", {"button": [CLICK]})
                seen = caller("menu/trymatch", {"user_id": "oVip"})
                assert ("menu" in seen) is wrapped


def test_an_unknown_switch_in_a_file_is_damage(
    tmp_path: Path, clock: Clock, account: Account
) -> None:
    path = tmp_path / "emulator.json"
    Emulator(state_file=path, clock=clock).add_account(account)
    document = json.loads(path.read_text())
    for switches in ({"nothing": "1"}, {"bom": "maybe"}, {"bom": 5}):
        document["accounts"][0]["account"]["switches"] = switches
        path.write_text(json.dumps(document))
        with pytest.raises(Exception, match="delete this file"):
            Emulator(state_file=path)
