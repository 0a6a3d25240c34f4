"""Tags: made, renamed, deleted, put on and taken off, each limit with its errcode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from menuops.emulator import Account, Emulator, Follower, Switches, Tag

from .conftest import APPID, Caller, Clock

CLICK = {"type": "click", "name": "a", "key": "default"}
ON, OFF = "tags/members/batchtagging", "tags/members/batchuntagging"


@pytest.fixture(params=["in memory", "in a file"])
def emulator(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, account: Account
) -> Iterator[Emulator]:
    path = tmp_path / "emulator.json" if request.param == "in a file" else None
    emulator = Emulator(state_file=path, clock=clock)
    emulator.add_account(account)
    yield emulator
    if path is not None:  # what was done is there in the next process
        assert Emulator(state_file=path, clock=clock)


def names(call: Caller) -> dict[int, str]:
    return {tag["id"]: tag["name"] for tag in call("tags/get")["tags"]}


def counts(call: Caller) -> dict[int, int]:
    return {tag["id"]: tag["count"] for tag in call("tags/get")["tags"]}


def carriers(call: Caller, tag_id: int) -> list[str]:
    found: list[str] = call("user/tag/get", {"tagid": tag_id}).get("data", {}).get("openid", [])
    return found


def test_a_tag_is_made_renamed_and_deleted(call: Caller) -> None:
    assert call("tags/create", {"tag": {"name": "新"}}) == {"tag": {"id": 102, "name": "新"}}
    assert call("tags/update", {"tag": {"id": 102, "name": "旧"}}) == {
        "errcode": 0,
        "errmsg": "ok",
    }
    assert names(call) == {100: "VIP", 101: "春季", 102: "旧"}
    assert call.errcode("tags/delete", {"tag": {"id": 102}}) == 0
    assert call("tags/create", {"tag": {"name": "新"}})["tag"]["id"] == 103


@pytest.mark.parametrize(
    ("tag", "errcode"),
    [
        ({"name": "VIP"}, 45157),
        ({"name": ""}, 45157),
        ({"name": " "}, 45157),
        ({"name": 5}, 45157),
        ({}, 45157),
        ("VIP", 47001),
        ({"name": "字" * 10}, None),
        ({"name": "字" * 10 + "a"}, 45158),
    ],
)
def test_a_name_is_checked(call: Caller, tag: Any, errcode: int | None) -> None:
    assert call.errcode("tags/create", {"tag": tag}) == errcode


def test_a_tag_may_keep_its_name_and_take_no_other_ones(call: Caller) -> None:
    assert call.errcode("tags/update", {"tag": {"id": 100, "name": "VIP"}}) == 0
    assert call.errcode("tags/update", {"tag": {"id": 100, "name": "春季"}}) == 45157
    assert call.errcode("tags/update", {"tag": {"id": 100, "name": "x" * 31}}) == 45158


@pytest.mark.parametrize("path", ["tags/update", "tags/delete"])
@pytest.mark.parametrize(
    ("tag_id", "errcode"),
    [(0, 45058), (1, 45058), (2, 45058), (999, 45159), (None, 45159), (True, 45159), ([], 45159)],
)
def test_only_tags_of_the_accounts_own_change(
    call: Caller, path: str, tag_id: Any, errcode: int
) -> None:
    assert call.errcode(path, {"tag": {"id": tag_id, "name": "n"}}) == errcode


def test_a_hundred_tags_are_enough(call: Caller, emulator: Emulator, account: Account) -> None:
    many = tuple(Tag(number, f"t{number}") for number in (1, 2, *range(100, 199)))
    emulator.add_account(replace(account, tags=many))
    assert call.errcode("tags/create", {"tag": {"name": "last"}}) is None
    assert call.errcode("tags/create", {"tag": {"name": "more"}}) == 45056


def test_a_tag_of_over_100000_is_not_deleted(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, tags=(Tag(7, "big", 100_001), Tag(8, "so", 100_000))))
    assert call.errcode("tags/delete", {"tag": {"id": 7}}) == 45057
    assert call.errcode("tags/delete", {"tag": {"id": 8}}) == 0


def test_a_deleted_tag_is_off_its_followers_and_stays_away(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    call("tags/delete", {"tag": {"id": 100}})
    emulator.add_account(account)
    assert set(names(call)) == {101}
    assert call("tags/getidlist", {"openid": "oVip"}) == {"tagid_list": [101]}
    assert call.errcode("user/tag/get", {"tagid": 100}) == 45159


def test_a_tag_is_put_on_and_taken_off_and_its_count_follows(call: Caller) -> None:
    assert call.errcode(ON, {"openid_list": ["oPlain", "oVip"], "tagid": 100}) == 0
    assert counts(call) == {100: 4, 101: 0}
    assert carriers(call, 100) == ["oPlain", "oVip", "oSpring"]
    assert call.errcode(OFF, {"openid_list": ["oPlain", "oSpring"], "tagid": 100}) == 0
    assert counts(call) == {100: 2, 101: 0}
    assert carriers(call, 100) == ["oVip"]
    assert call.errcode(OFF, {"openid_list": ["oPlain"], "tagid": 100}) == 0
    assert counts(call) == {100: 2, 101: 0}


def test_the_tag_put_on_last_decides_over_the_menu(call: Caller) -> None:
    call("menu/create", {"button": [CLICK]})
    for tag_id in ("100", "101"):
        entry = {**CLICK, "key": tag_id}
        call("menu/addconditional", {"button": [entry], "matchrule": {"tag_id": tag_id}})

    def seen() -> str:
        key = call("menu/trymatch", {"user_id": "oPlain"})["button"][0]["key"]
        assert isinstance(key, str)
        return key

    found = [seen()]
    for path, number in ((ON, 101), (ON, 100), (ON, 101), (OFF, 100), (OFF, 101)):
        call(path, {"openid_list": ["oPlain"], "tagid": number})
        found.append(seen())
    assert found == ["default", "101", "100", "100", "101", "default"]


@pytest.mark.parametrize("path", [ON, OFF])
@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"openid_list": [], "tagid": 100}, 40032),
        ({"openid_list": ["oVip"] * 51, "tagid": 100}, 40032),
        ({"openid_list": ["oVip"] * 50, "tagid": 100}, 0),
        ({"openid_list": "oVip", "tagid": 100}, 40032),
        ({"tagid": 100}, 40032),
        ({"openid_list": ["oVip"], "tagid": 999}, 45159),
        ({"openid_list": ["oVip"]}, 45159),
        ({"openid_list": ["oVip", "oNobody"], "tagid": 100}, 40003),
        ({"openid_list": ["oGone"], "tagid": 100}, 40003),
        ({"openid_list": [{}], "tagid": 100}, 40003),
        ({"openid_list": ["oElse"], "tagid": 100}, 49003),
        ([], 47001),
    ],
)
def test_a_list_is_checked(
    call: Caller, emulator: Emulator, path: str, body: Any, errcode: int
) -> None:
    emulator.add_account(Account("wxelse", followers=(Follower("oElse"),)))
    assert call.errcode(path, body) == errcode


def test_one_bad_openid_leaves_all_as_they_were(call: Caller) -> None:
    assert call.errcode(ON, {"openid_list": ["oPlain", "oNobody"], "tagid": 100}) == 40003
    assert carriers(call, 100) == ["oVip", "oSpring"]


def test_by_a_switch_the_good_ones_are_tagged(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, switches=Switches(bad_openid="45171")))
    answer = call(ON, {"openid_list": ["oPlain", "oNobody", {}], "tagid": 100})
    assert (answer["errcode"], answer["fail_openid_list"]) == (45171, ["oNobody", {}])
    assert carriers(call, 100) == ["oPlain", "oVip", "oSpring"]


@pytest.mark.parametrize("most", ["20", "3"])
def test_nobody_carries_more_than_so_many(
    call: Caller, emulator: Emulator, account: Account, most: str
) -> None:
    full = Follower("oFull", tags=tuple(range(200, 199 + int(most))))
    tags = tuple(Tag(number, f"t{number}") for number in range(200, 240))
    emulator.add_account(
        replace(account, tags=tags, followers=(full,), switches=Switches(tags_a_follower=most))
    )
    assert call.errcode(ON, {"openid_list": ["oFull"], "tagid": 238}) == 0
    assert call.errcode(ON, {"openid_list": ["oFull", "oPlain"], "tagid": 239}) == 45059
    assert call.errcode(ON, {"openid_list": ["oFull"], "tagid": 238}) == 0
    assert carriers(call, 239) == []


def test_carriers_come_in_pages(call: Caller) -> None:
    first = call("user/tag/get", {"tagid": 100, "next_openid": ""})
    assert first == {
        "count": 2,
        "data": {"openid": ["oVip", "oSpring"]},
        "next_openid": "oSpring",
    }
    rest = call("user/tag/get", {"tagid": 100, "next_openid": "oVip"})
    assert rest["data"] == {"openid": ["oSpring"]}
    end = call("user/tag/get", {"tagid": 100, "next_openid": "oSpring"})
    assert end == {"count": 0, "next_openid": ""}
    assert call.errcode("user/tag/get", {"tagid": 100, "next_openid": "oNobody"}) == 40003
    assert call.errcode("user/tag/get", {"tagid": 999}) == 45159


def test_all_followers_come_in_pages(call: Caller) -> None:
    def behind(openid: str) -> Any:
        asked = {"access_token": call.token, "next_openid": openid}
        return call.send("GET", "user/get", params=asked).json()

    everybody = call("user/get")
    openids = everybody["data"]["openid"]
    assert everybody["total"] == everybody["count"] == len(openids)
    assert {"oVip", "oSpring", "oPlain"} <= set(openids)
    rest = behind(openids[0])
    assert (rest["total"], rest["data"]["openid"]) == (len(openids), openids[1:])
    assert behind(openids[-1]) == {"total": len(openids), "count": 0, "next_openid": ""}
    assert behind("oNobody")["errcode"] == 40003


def test_the_tags_of_a_stranger_are_not_told(call: Caller, emulator: Emulator) -> None:
    emulator.add_account(Account("wxelse", followers=(Follower("oElse"),)))
    for openid, errcode in (("oNobody", 40003), (None, 40003), ([], 40003), ("oElse", 49003)):
        assert call.errcode("tags/getidlist", {"openid": openid}) == errcode


@pytest.mark.parametrize("path", ["tags/create", ON, OFF, "user/tag/get", "tags/delete"])
def test_tags_are_for_verified_accounts(
    call: Caller, emulator: Emulator, account: Account, path: str
) -> None:
    emulator.add_account(replace(account, rights=False))
    assert call.errcode(path, {}) == 48001


def test_what_was_done_is_there_in_the_next_process(
    tmp_path: Path, clock: Clock, account: Account
) -> None:
    path = tmp_path / "emulator.json"
    for at in range(2):
        emulator = Emulator(state_file=path, clock=clock)
        emulator.add_account(account)
        with emulator.serve() as url:
            caller = Caller(url)
            with caller.session:
                caller.token = caller.fetch_stable(appid=APPID)["access_token"]
                if at == 0:
                    caller("tags/delete", {"tag": {"id": 101}})
                    caller("tags/create", {"tag": {"name": "新"}})
                    caller(ON, {"openid_list": ["oPlain"], "tagid": 102})
                assert counts(caller) == {100: 3, 102: 1}
                assert carriers(caller, 102) == ["oPlain"]
