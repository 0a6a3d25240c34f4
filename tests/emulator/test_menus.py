"""create, get, delete, selfmenu and tags: what is posted and what is read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from menuops.emulator import Account, Emulator
from menuops.emulator.refusal import TEXTS

from .conftest import APPID, PAYLOADS, Caller, payload

CLICK = {"type": "click", "name": "一", "key": "A"}
ENTRY = {**CLICK, "sub_button": []}


def test_the_documented_menu_reads_back_as_the_live_service_gave_it(call: Caller) -> None:
    body = (PAYLOADS / "menu-create-basic.json").read_bytes()
    assert call.raw("menu/create", body).content == b'{"errcode":0,"errmsg":"ok"}'
    wanted = (PAYLOADS / "menu-get-live-raw.json").read_bytes()
    assert call.raw("menu/get").content == wanted


def test_every_type_reads_back(call: Caller) -> None:
    assert call.errcode("menu/create", payload("menu-create-all-types")) == 0
    assert call("menu/get") == payload("menu-get-all-types")


@pytest.mark.parametrize(
    "name",
    ["minimal", "limits", "emoji-and-ampersand", "three-plain", "all-types", "basic"],
)
def test_a_valid_menu_is_taken_and_read_back_posts_again(call: Caller, name: str) -> None:
    assert call.errcode("menu/create", payload(f"menu-create-{name}")) == 0
    read = call("menu/get")
    assert call.errcode("menu/create", read["menu"]) == 0
    assert call("menu/get") == read


def test_the_menu_of_the_get_page_reads_back_as_documented(call: Caller) -> None:
    call("menu/create", payload("menu-create-three-plain"))
    assert call("menu/get") == payload("menu-get-plain")


def test_the_bytes_have_raw_chinese_and_emoji_and_escaped_slashes(call: Caller) -> None:
    call("menu/create", payload("menu-create-emoji-and-ampersand"))
    content = call.raw("menu/get").content
    assert "赞👍🏻".encode() in content
    assert rb"https:\/\/example.com\/path?a=1&b=2" in content
    assert b"\\u" not in content


def test_create_replaces_the_whole_menu(call: Caller) -> None:
    call("menu/create", payload("menu-create-basic"))
    call("menu/create", {"button": [CLICK]})
    assert call("menu/get") == {"menu": {"button": [ENTRY]}}


def test_a_refused_menu_changes_nothing(call: Caller) -> None:
    call("menu/create", {"button": [CLICK]})
    assert call.errcode("menu/create", {"button": [CLICK, {"name": "x"}]}) == 40017
    assert call("menu/get") == {"menu": {"button": [ENTRY]}}


def test_fields_that_do_not_belong_to_the_type_are_dropped(call: Caller) -> None:
    view = {"type": "view", "name": "a", "url": "https://example.com", "key": "K", "id": 5}
    parent = {"type": "click", "key": "K", "name": "b", "sub_button": [CLICK]}
    leaf = {**CLICK, "sub_button": []}
    assert call.errcode("menu/create", {"button": [view, parent, leaf], "x": [1]}) == 0
    assert call("menu/get")["menu"]["button"] == [
        {"type": "view", "name": "a", "url": "https://example.com", "sub_button": []},
        {"name": "b", "sub_button": [ENTRY]},
        ENTRY,
    ]


def test_no_menu_is_46003(call: Caller) -> None:
    answer = call("menu/get")
    assert answer["errcode"] == 46003
    assert re.fullmatch(r"menu no exist rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}", answer["errmsg"])


def test_delete_drops_all_menus_and_can_be_repeated(call: Caller) -> None:
    call("menu/create", {"button": [CLICK]})
    rule = {"client_platform_type": "1"}
    call("menu/addconditional", {"button": [CLICK], "matchrule": rule})
    for _ in range(2):
        assert call("menu/delete") == {"errcode": 0, "errmsg": "ok"}
        assert call.errcode("menu/get") == 46003
    call("menu/create", {"button": [CLICK]})
    assert "conditionalmenu" not in call("menu/get")


def test_menu_get_and_delete_may_be_posted_as_some_sdks_do(call: Caller) -> None:
    call("menu/create", {"button": [CLICK]})
    assert call("menu/get", {}) == {"menu": {"button": [ENTRY]}}
    assert call.errcode("menu/delete", {}) == 0


def test_selfmenu_shows_the_api_menu_in_its_own_shape(call: Caller) -> None:
    menu = payload("menu-create-basic")
    call("menu/create", menu)
    listed = menu["button"][1]["sub_button"]
    assert call("get_current_selfmenu_info") == {
        "is_menu_open": 1,
        "selfmenu_info": {
            "button": [menu["button"][0], {"name": "菜单", "sub_button": {"list": listed}}]
        },
    }
    assert rb"http:\/\/www.soso.com\/" in call.raw("get_current_selfmenu_info").content


def test_selfmenu_of_the_documentation_comes_of_its_menu(call: Caller) -> None:
    wanted = payload("selfmenu-api")
    entries = [
        {**entry, "sub_button": entry["sub_button"]["list"]} if "sub_button" in entry else entry
        for entry in wanted["selfmenu_info"]["button"]
    ]
    assert call.errcode("menu/create", {"button": entries}) == 0
    assert call("get_current_selfmenu_info") == wanted


def test_selfmenu_without_any_menu_says_closed(call: Caller) -> None:
    assert call("get_current_selfmenu_info") == {"is_menu_open": 0}


@pytest.mark.parametrize("name", ["console", "live-miniprogram"])
def test_a_console_menu_is_in_force_until_the_next_create(
    call: Caller, emulator: Emulator, name: str
) -> None:
    call("menu/create", {"button": [CLICK]})
    published: dict[str, Any] = payload(f"selfmenu-{name}")
    emulator.put_console(APPID, published["selfmenu_info"])
    assert call("get_current_selfmenu_info") == published
    assert call("menu/get") == {"menu": {"button": [ENTRY]}}
    call("menu/create", {"button": [CLICK]})
    assert call("get_current_selfmenu_info")["selfmenu_info"] == {"button": [CLICK]}


def test_a_console_menu_alone_is_no_menu_to_the_api(call: Caller, emulator: Emulator) -> None:
    emulator.put_console(APPID, {"button": [{"type": "text", "name": "a", "value": "b"}]})
    assert call.errcode("menu/get") == 46003
    emulator.put_console(APPID, None)
    assert call("get_current_selfmenu_info") == {"is_menu_open": 0}


def test_a_console_menu_stays_in_force_over_one_that_is_put_in(
    call: Caller, emulator: Emulator
) -> None:
    published = payload("selfmenu-console")
    emulator.put_console(APPID, published["selfmenu_info"])
    emulator.put_live(APPID, payload("menu-get-plain"))
    assert call("get_current_selfmenu_info") == published
    emulator.put_console(APPID, None)
    assert call("get_current_selfmenu_info")["selfmenu_info"]["button"][0]["name"] == "今日歌曲"


def test_what_the_console_publishes_is_an_object(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="object"):
        emulator.put_console(APPID, [])  # type: ignore[arg-type]


def test_a_closed_menu_shows_nothing_in_force_and_opens_again(
    call: Caller, emulator: Emulator
) -> None:
    call("menu/create", {"button": [CLICK]})
    emulator.close_menu(APPID)
    assert call("get_current_selfmenu_info") == payload("selfmenu-closed")
    assert call("menu/get") == {"menu": {"button": [ENTRY]}}
    emulator.open_menu(APPID)
    assert call("get_current_selfmenu_info")["is_menu_open"] == 1
    emulator.put_console(APPID, {"button": []}, is_open=0)
    assert call("get_current_selfmenu_info") == {"is_menu_open": 0}
    call("menu/create", {"button": [CLICK]})
    assert call("get_current_selfmenu_info")["is_menu_open"] == 1


def test_tags_are_listed(call: Caller) -> None:
    assert call("tags/get") == {
        "tags": [
            {"id": 100, "name": "VIP", "count": 3},
            {"id": 101, "name": "春季", "count": 0},
        ]
    }


def test_an_account_without_rights_reads_selfmenu_and_nothing_else(
    call: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, rights=False))
    for path in ("menu/get", "menu/delete", "tags/get"):
        assert call.errcode(path) == 48001
    for path in ("menu/create", "menu/addconditional", "menu/delconditional", "menu/trymatch"):
        assert call.errcode(path, {"button": [CLICK]}) == 48001
    assert call.errcode("get_current_selfmenu_info") is None


@pytest.mark.parametrize("name", ["create", "addconditional", "delconditional", "trymatch"])
def test_get_on_a_call_that_is_posted_is_43002(call: Caller, name: str) -> None:
    assert call.errcode(f"menu/{name}") == 43002


@pytest.mark.parametrize("path", ["get_current_selfmenu_info", "tags/get"])
def test_post_on_a_call_that_is_read_is_43001(call: Caller, path: str) -> None:
    assert call.errcode(path, {}) == 43001


def test_an_error_says_its_text_and_a_request_id(call: Caller) -> None:
    answer = call("menu/create", {"button": [{**CLICK, "name": "中文菜单名ab"}]})
    wanted = payload("menu-create-response-error-rid")
    assert answer["errcode"] == wanted["errcode"]
    rid = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")
    assert rid.search(answer["errmsg"])
    assert rid.sub("", answer["errmsg"]) == rid.sub("", wanted["errmsg"])


def test_each_text_is_the_one_of_the_table() -> None:
    table = {error["code"]: error["message"] for error in payload("errors")}
    known = {code: text for code, text in TEXTS.items() if code in table}
    assert known == {code: table[code] for code in known}
    assert set(TEXTS) - set(known) == {45002}


def test_answers_are_json_on_one_line(call: Caller) -> None:
    call("menu/create", payload("menu-create-basic"))
    content = call.raw("menu/get").content
    text = content.decode("utf-8")
    compact = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    assert text == compact.replace("/", "\\/")
