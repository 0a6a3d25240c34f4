"""Conditional menus: rules, order, limits, and which of them a follower sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from menuops.emulator import Account, Emulator, Switches

from .conftest import APPID, Caller, payload

IOS = {"client_platform_type": "1"}


def menu(name: str, **rule: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"button": [{"type": "click", "name": name, "key": name}]}
    return {**body, "matchrule": rule} if rule else body


def linking(*hosts: str, **rule: Any) -> dict[str, Any]:
    views = [{"type": "view", "name": "a", "url": f"https://{host}/x"} for host in hosts]
    return {"button": [{"name": "a", "sub_button": views}], "matchrule": rule or IOS}


@pytest.fixture
def shop(call: Caller) -> Caller:
    """A caller whose account has a default menu."""
    call("menu/create", menu("default"))
    return call


def names(answer: dict[str, Any]) -> list[str]:
    return [one["button"][0]["name"] for one in answer["conditionalmenu"]]


def test_the_documented_request_is_answered_with_a_menuid_as_text(shop: Caller) -> None:
    answer = shop("menu/addconditional", payload("addconditional-request"))
    assert answer.keys() == payload("addconditional-response").keys()
    assert answer["menuid"].isdigit()
    [read] = shop("menu/get")["conditionalmenu"]
    assert read["matchrule"] == {"group_id": "2", "client_platform_type": "2"}
    assert read["menuid"] == int(answer["menuid"])


def test_ids_grow_and_stand_in_the_default_menu_only_beside_conditional_ones(shop: Caller) -> None:
    assert "menuid" not in shop("menu/get")["menu"]
    first = int(shop("menu/addconditional", menu("a", **IOS))["menuid"])
    assert 449_000_000 < shop("menu/get")["menu"]["menuid"] < first
    shop("menu/create", menu("again"))
    read = shop("menu/get")
    assert read["menu"]["menuid"] > first
    assert names(read) == ["a"]
    shop("menu/delconditional", {"menuid": str(first)})
    assert shop("menu/get") == {
        "menu": {"button": [{"type": "click", "name": "again", "key": "again", "sub_button": []}]}
    }


def test_the_newest_is_listed_first_and_equal_rules_are_both_kept(shop: Caller) -> None:
    for name in ("a", "b", "c"):
        shop("menu/addconditional", menu(name, **IOS))
    assert names(shop("menu/get")) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (None, 65304),
        ({}, 65304),
        ([], 65304),
        ("ios", 65304),
        ({"tag_id": "", "client_platform_type": ""}, 65304),
        ({"tag_id": None}, 65304),
        ({"group_id": "100"}, 65304),
        ({"tag_id": "100"}, None),
        ({"tag_id": 100}, None),
        ({"tag_id": "2"}, None),
        ({"tag_id": "100", "client_platform_type": "3", "sex": ""}, None),
        ({"tag_id": "999"}, 45159),
        ({"tag_id": True}, 40035),
        ({"tag_id": ["100"]}, 40035),
        ({"client_platform_type": "4"}, 40035),
        ({"client_platform_type": "ios"}, 40035),
        *[
            ({"tag_id": "100", name: "1"}, 65320)
            for name in ("sex", "country", "province", "city", "language")
        ],
    ],
)
def test_rules(shop: Caller, rule: Any, wanted: int | None) -> None:
    body = {**menu("a"), "matchrule": rule}
    assert shop.errcode("menu/addconditional", body) == wanted


def test_rejected_requests_of_the_documentation(shop: Caller) -> None:
    legacy = payload("addconditional-request-legacy-rejected")
    assert shop.errcode("menu/addconditional", legacy) == 65320
    empty = payload("addconditional-request-empty-rule-rejected")
    assert shop.errcode("menu/addconditional", empty) == 65304


def test_a_default_menu_must_exist_first(call: Caller) -> None:
    assert call.errcode("menu/addconditional", menu("a", **IOS)) == 65303


def test_the_number_of_menus_is_limited(shop: Caller, emulator: Emulator, account: Account) -> None:
    emulator.add_account(replace(account, menu_limit=2))
    for wanted in (None, None, 65305):
        assert shop.errcode("menu/addconditional", menu("a", **IOS)) == wanted


def test_an_account_may_have_no_conditional_menus(
    shop: Caller, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, conditional=False))
    assert shop.errcode("menu/addconditional", menu("a", **IOS)) == 65306
    assert shop.errcode("menu/delconditional", {"menuid": "1"}) == 65306


def test_all_conditional_menus_together_lead_to_three_domains_at_most(shop: Caller) -> None:
    four = linking("a.example", "b.example", "c.example", "d.example")
    assert shop.errcode("menu/addconditional", four) == 65316
    two = shop("menu/addconditional", linking("a.example", "B.example"))["menuid"]
    assert shop.errcode("menu/addconditional", linking("b.example", "c.example:80")) is None
    assert shop.errcode("menu/addconditional", linking("d.example")) == 65316
    assert shop.errcode("menu/delconditional", {"menuid": two}) == 0
    assert shop.errcode("menu/addconditional", linking("d.example")) is None


def test_the_default_menu_may_lead_anywhere(call: Caller) -> None:
    body = linking("a.example", "b.example", "c.example", "d.example")
    assert call.errcode("menu/create", {"button": body["button"]}) == 0


@pytest.mark.parametrize("spell", [str, int])
def test_a_menu_is_deleted_by_its_id(shop: Caller, spell: type) -> None:
    menuid = shop("menu/addconditional", menu("a", **IOS))["menuid"]
    answer = shop("menu/delconditional", {"menuid": spell(menuid)})
    assert answer == payload("delconditional-response-ok")
    assert "conditionalmenu" not in shop("menu/get")


def test_anything_but_the_id_of_a_conditional_menu_is_65301(shop: Caller) -> None:
    menuid = shop("menu/addconditional", menu("a", **IOS))["menuid"]
    default = shop("menu/get")["menu"]["menuid"]
    for body in (
        {"menuId": menuid},
        {"menuid": str(default)},
        {"menuid": "1"},
        {"menuid": None},
        {"menuid": [menuid]},
        {},
        payload("delconditional-request"),
    ):
        answer = shop("menu/delconditional", body)
        wanted = payload("delconditional-response-error")
        assert answer["errcode"] == wanted["errcode"]
        assert answer["errmsg"].startswith(wanted["errmsg"])
    assert names(shop("menu/get")) == ["a"]


def matched(call: Caller, user_id: str) -> str:
    name = call("menu/trymatch", {"user_id": user_id})["button"][0]["name"]
    assert isinstance(name, str)
    return name


def test_the_newest_menu_that_matches_wins(shop: Caller) -> None:
    shop("menu/addconditional", menu("vip ios", tag_id="100", client_platform_type="1"))
    shop("menu/addconditional", menu("android", client_platform_type="2"))
    shop("menu/addconditional", menu("spring", tag_id="101"))
    assert matched(shop, "oPlain") == "default"
    assert matched(shop, "oVip") == "vip ios"
    assert matched(shop, "oSpring") == "spring"
    shop("menu/addconditional", menu("android 2", client_platform_type="2"))
    assert matched(shop, "oSpring") == "android 2"


def test_of_several_tags_the_last_one_counts(shop: Caller) -> None:
    shop("menu/addconditional", menu("spring", tag_id="101"))
    assert matched(shop, "oVip") == "default"
    assert matched(shop, "vip_id") == "default"
    assert matched(shop, "oSpring") == "spring"


def test_menus_with_withdrawn_rules_match_nobody(call: Caller, emulator: Emulator) -> None:
    emulator.put_live(APPID, payload("menu-get-with-conditional"))
    for user in ("oPlain", "oVip", "oSpring"):
        assert matched(call, user) == "今日歌曲"
        assert len(call("menu/trymatch", {"user_id": user})["button"]) == 1


@pytest.mark.parametrize(
    ("user_id", "wanted"),
    [
        ("oNobody", 65302),
        ("weixin", 65302),
        ("oGone", 65315),
        ("", 40132),
        ("a b", 40132),
        ("x" * 65, 40132),
        (None, 40132),
        (5, 40132),
        (["oPlain"], 40132),
    ],
)
def test_trymatch_of_somebody_else(shop: Caller, user_id: Any, wanted: int) -> None:
    assert shop.errcode("menu/trymatch", {"user_id": user_id}) == wanted


def test_trymatch_without_a_menu_is_46003(call: Caller) -> None:
    assert call.errcode("menu/trymatch", {"user_id": "oPlain"}) == 46003


def test_trymatch_answers_bare_or_wrapped(
    shop: Caller, emulator: Emulator, account: Account
) -> None:
    shop("menu/create", {"button": payload("trymatch-response-doc")["button"]})
    asked = {"user_id": "oPlain"}
    assert shop("menu/trymatch", asked) == payload("trymatch-response-doc")
    emulator.add_account(replace(account, switches=Switches(trymatch="wrapped")))
    assert shop("menu/trymatch", asked) == payload("trymatch-response-wrapped")


def test_the_tags_of_a_follower_are_listed_by_id_whenever_they_were_put_on(shop: Caller) -> None:
    assert shop("tags/getidlist", {"openid": "oVip"}) == {"tagid_list": [101, 100]}
    assert shop("tags/getidlist", {"openid": "oSpring"}) == {"tagid_list": [101, 100]}
    assert shop("tags/getidlist", {"openid": "oPlain"}) == {"tagid_list": []}


@pytest.mark.parametrize("openid", ["oNobody", "vip_id", "oGone", "", None, 5, ["oVip"]])
def test_the_tags_of_somebody_else_are_40003(shop: Caller, openid: Any) -> None:
    assert shop.errcode("tags/getidlist", {"openid": openid}) == 40003
