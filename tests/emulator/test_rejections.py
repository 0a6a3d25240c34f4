"""What a menu must not be, and the number WeChat has for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from menuops.emulator import Account, Emulator
from menuops.emulator.refusal import Refusal
from menuops.emulator.validation import check_menu

from .conftest import APPID, Caller, payload

CLICK = {"type": "click", "name": "一", "key": "A"}
MINI = {
    "type": "miniprogram",
    "name": "wxa",
    "url": "https://example.com",
    "appid": "wx286b93c14bbf93aa",
    "pagepath": "pages/index?a=b",
}
REJECTED = payload("menu-create-rejected")


def view(url: Any) -> dict[str, Any]:
    return {"type": "view", "name": "a", "url": url}


def top(entry: Any) -> dict[str, Any]:
    return {"button": [entry]}


def sub(*entries: Any) -> dict[str, Any]:
    return {"button": [{"name": "菜单", "sub_button": list(entries)}]}


def errcode(body: dict[str, Any], account: Account | None = None, conditional: bool = False) -> int:
    """Give the number that a menu is refused with; 0 if it is taken."""
    try:
        check_menu(account or Account(APPID), body, conditional)
    except Refusal as refusal:
        return refusal.errcode
    return 0


@pytest.mark.parametrize("case", REJECTED, ids=lambda case: case["case"])
def test_each_known_rejection_has_its_number(
    call: Caller, emulator: Emulator, account: Account, case: dict[str, Any]
) -> None:
    emulator.add_account(replace(account, linked_apps=()))
    assert call.errcode("menu/create", case["body"]) == case["errcode"]


def test_the_documentations_second_sample_has_too_many_entries(call: Caller) -> None:
    assert call.errcode("menu/create", payload("menu-create-doc-other-types")) == 40016


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({}, 40016),
        ({"button": None}, 40016),
        ({"button": 5}, 40016),
        ({"button": {"0": CLICK}}, 40016),
        ({"button": [5]}, 40017),
        ({"button": [None]}, 40017),
        (sub(5), 40024),
        (sub(), 40023),
        (top({"name": "a", "sub_button": 5}), 40023),
        (top({"name": "a", "sub_button": {"list": [CLICK]}}), 40023),
        (sub(*[CLICK] * 5), 0),
        (sub({**CLICK, "sub_button": []}), 0),
        (sub({**CLICK, "sub_button": [CLICK]}), 40022),
        (top({"name": "a"}), 40017),
        (top({"name": "a", "type": ["click"], "key": "A"}), 40017),
        (top({"name": "a", "type": "VIEW", "url": "https://example.com"}), 40017),
        (sub({"name": "a"}), 40024),
        (top({"type": "click", "key": "A"}), 40018),
        (top({**CLICK, "name": ""}), 40018),
        (top({**CLICK, "name": 5}), 40018),
        (top({**CLICK, "name": "五个汉字节a"}), 0),
        (top({**CLICK, "name": "五个汉字节ab"}), 40018),
        (sub({**CLICK, "name": "字" * 20}), 0),
        (sub({**CLICK, "name": "字" * 20 + "a"}), 40018),
        (sub({**CLICK, "name": ""}), 40018),
        (top({**CLICK, "key": "字" * 42 + "ab"}), 0),
        (top({**CLICK, "key": "字" * 43}), 40019),
        (top({**CLICK, "key": ""}), 40019),
        (top({**CLICK, "key": 5}), 40019),
        (sub({"type": "click", "name": "a"}), 40026),
        (sub({**CLICK, "key": "K" * 129}), 40026),
        (top(view(None)), 40020),
        (top(view("")), 40020),
        (sub(view("https://example.com/" + "a" * 1005)), 40027),
        (top(view("https://example.com/" + "a" * 1004)), 0),
        (top(MINI), 0),
        (top({**MINI, "url": ""}), 40020),
        (sub({**MINI, "url": None}), 40027),
        (top({**MINI, "appid": "WX286b93c14bbf93aa"}), 40166),
        (top({**MINI, "appid": ""}), 40166),
        (top({**MINI, "appid": 5}), 40166),
        (top({**MINI, "pagepath": ""}), 40165),
        (top({**MINI, "pagepath": "/pages/index"}), 40165),
        (top({"type": "media_id", "name": "a"}), 40117),
        (sub({"type": "view_limited", "name": "a", "media_id": ""}), 40118),
        (top({"type": "article_id", "name": "a"}), 53600),
        (sub({"type": "article_view_limited", "name": "a", "article_id": 5}), 53600),
    ],
)
def test_shape_and_lengths_in_bytes(body: dict[str, Any], wanted: int) -> None:
    assert errcode(body) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "http://a",
        "HTTPS://EXAMPLE.COM",
        "https://example.com:8080?x",
        "https://example.com/中文?x=1#y",
        "https://user@example.com/",
        "https://中文.com",
        "http://[::1]:8080/",
    ],
)
def test_web_addresses_are_taken(url: str) -> None:
    assert errcode(top(view(url))) == 0


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "//example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://:80/",
        "https://exa mple.com",
        "https://example.com/a b",
        "https://example.com/\n",
        " https://example.com",
        "weixin://dl/business",
    ],
)
def test_other_addresses_are_40055_and_40054(url: str) -> None:
    assert errcode(top(view(url))) == 40055
    assert errcode(sub(view(url))) == 40054


def test_ids_are_checked_where_the_account_lists_its_own() -> None:
    listed = Account(
        APPID,
        linked_apps=("wx286b93c14bbf93aa",),
        media_ids=("M1",),
        article_ids=("A1",),
        barred_types=("scancode_push",),
    )
    media = {"type": "media_id", "name": "a", "media_id": "M1"}
    article = {"type": "article_id", "name": "a", "article_id": "A1"}
    for taken in (MINI, media, article):
        assert errcode(top(taken), listed) == 0
    assert errcode(top({**MINI, "appid": "wxother"}), listed) == 45064
    assert errcode(top({**media, "media_id": "M2"}), listed) == 40007
    assert errcode(top({**article, "article_id": "A2"}), listed) == 53600
    barred = {**CLICK, "type": "scancode_push"}
    assert errcode(top(barred), listed) == 40119
    assert errcode(sub(barred), listed) == 40120


def test_a_conditional_menu_has_numbers_of_its_own_for_nothing() -> None:
    assert errcode({"button": []}, conditional=True) == 65307
    assert errcode(top({"name": "a"}), conditional=True) == 65308
    assert errcode(top({"name": "a", "key": "b"}), conditional=True) == 40017
    assert errcode({"menu": {}}, conditional=True) == 40016


@pytest.mark.parametrize("path", ["menu/create", "menu/addconditional"])
@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"", 44002),
        (b" ", 47001),
        (b"{", 47001),
        (b"5", 47001),
        (b"[]", 47001),
        (b"null", 47001),
        (b'{"button": NaN}', 47001),
        (b'{"button": ' + b"9" * 5000 + b"}", 47001),
        (b"[" * 100_000, 47001),
        (b'{"a":' * 100_000, 47001),
        ("{\"button\": '一'}".encode(), 47001),
        (b'{"button": "a\x01"}', 47001),
        ('{"name": "菜单"}'.encode("gbk"), 65318),
        (b'{"name": "\xed\xa0\x80"}', 65318),
        ('\ufeff{"button": []}'.encode(), 40016),
        (b'{"name": "\\u4e2d"}', 40033),
        (b'{"url": "a\\u0026b"}', 40033),
        (b'{"name": "\\ud83d\\udc4d"}', 40033),
        (b'{"name": "\\\\\\u0026"}', 40033),
        (b'{"name": "C:\\\\users"}', 40016),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    call: Caller, path: str, body: bytes, wanted: int
) -> None:
    assert call.raw(path, body).json()["errcode"] == wanted


def test_requests_own_json_is_refused_for_its_escapes(call: Caller) -> None:
    parameters = {"access_token": call.token}
    answer = call.send("POST", "menu/create", params=parameters, json=top(CLICK))
    assert answer.json()["errcode"] == 40033


def test_an_escaped_slash_is_fine(call: Caller) -> None:
    body = b'{"button":[{"type":"view","name":"a","url":"https:\\/\\/example.com\\/"}]}'
    assert call.raw("menu/create", body).json()["errcode"] == 0
    assert call("menu/get")["menu"]["button"][0]["url"] == "https://example.com/"


def test_a_body_over_a_mebibyte_is_refused_and_the_connection_lives(call: Caller) -> None:
    assert call.raw("menu/create", b"x" * ((1 << 20) + 1)).json()["errcode"] == 45002
    assert call.raw("menu/create", b"x" * (1 << 20)).json()["errcode"] == 47001
    assert call.errcode("menu/get") == 46003
