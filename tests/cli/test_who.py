"""`menuops who`: by the files, and by WeChat, over HTTP against the emulator."""

from __future__ import annotations

from dataclasses import replace

import pytest

from menuops.emulator import Account, Fault, Follower, Switches
from tests.site import APPID, SECRET, TAGS, Ended, Json, Site, click, conditional, view

FOLLOWERS = (
    Follower("o-vip", tags=(100,), platform="1"),
    Follower("o-plain"),
    Follower("o-both", tags=(101, 100), platform="2", wechat_id="both"),
    Follower("o-gone", subscribed=False),
)
VIP, SPRING = click("会员", "VIP"), click("春", "SPRING")
FILE: Json = {
    "button": [click()],
    "conditionalmenu": [
        {"matchrule": {"tag": "春季"}, "button": [SPRING]},
        {"id": "vip", "matchrule": {"tag": "VIP"}, "button": [VIP]},
    ],
}


@pytest.fixture
def shop(site: Site) -> Site:
    """A site with followers, whose live menus are those of its file."""
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, tags=TAGS, followers=FOLLOWERS))
    site.menu(FILE)
    site.live([click()], conditional(SPRING, group_id="101"), conditional(VIP, group_id="100"))
    return site


def said(ended: Ended) -> Json:
    assert (ended.code, ended.err) == (0, ""), ended
    (account,) = ended.json["accounts"]
    assert isinstance(account, dict)
    return account


def asked(shop: Site, user: str, *more: str) -> Json:
    return said(shop.run("who", "--user", user, "--format", "json", *more))


# By the files.


def test_offline_nothing_is_asked_and_no_secret_is_needed(shop: Site) -> None:
    ended = shop.run("who", environ={"MENUOPS_SECRET_SHOP": None})
    assert (ended.code, ended.err, shop.calls) == (0, "", [])
    assert ended.out == (
        "shop   wx0123456789abcdef   menus/shop.yaml\n"
        "  tag:春季   tag:春季\n"
        "  tag:VIP    vip\n"
        "  others     the default menu\n"
        "\n"
        "  tag:春季\n"
        "    1       春  click  SPRING\n"
        "\n"
        "  vip\n"
        "    1       会员  click  VIP\n"
        "\n"
        "  the default menu\n"
        "    1       帮助  click  HELP\n"
    )


def test_one_follower_with_the_rules_that_were_tried(shop: Site) -> None:
    ended = shop.run("who", "-a", "shop", "--tag", "VIP", "--platform", "ios")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "shop   wx0123456789abcdef   menus/shop.yaml\n"
        "  tag:VIP+ios gets vip\n"
        "     1. tag:春季   no: the tag put on last is VIP, not 春季\n"
        "     2. vip        for tag:VIP; takes them: the first that matches\n"
        "\n"
        "    1       会员  click  VIP\n"
    )


def test_of_several_tags_the_last_counts_and_that_is_said(shop: Site) -> None:
    ended = shop.run("who", "--tag", "VIP", "--tag", "春季", "--format", "json")
    assert ended.err == "Of several tags the one put on last counts: 春季.\n"
    (account,) = ended.json["accounts"]
    assert account["followers"] == [
        {"who": "tag:春季", "tag": "春季", "platform": None, "gets": ["tag:春季"]}
    ]


def test_the_menu_at_another_time_and_with_other_variables(shop: Site) -> None:
    shop.menu({"button": [click("${word}")], "vars": {"word": "冬"}}, name="winter")
    windows = [
        {"from": "2026-12-01T00:00+08:00", "menu": "menus/winter.yaml"},
        {"menu": "menus/shop.yaml"},
    ]
    shop.project(menu=windows)
    words = ("who", "--at", "2026-12-24T00:00+08:00", "--var", "word=雪")
    assert "  everyone gets the default menu\n\n    1       雪  click" in shop.run(*words).out
    assert "vip" in shop.run("who", "--at", "2026-11-24T00:00+08:00").out


def test_accounts_with_the_same_answer_stand_together(site: Site) -> None:
    site.accounts(12)
    site.menu(FILE)
    text = site.run("who", "--tag", "VIP").out
    assert text.startswith("a01, a02, a03, a04, a05, a06, a07, a08, a09, a10 and 2 more   12 acc")
    assert text.count("vip") == 2
    assert len(site.run("who", "--format", "json").json["accounts"]) == 12


def test_a_name_and_an_id_are_not_compared_offline(shop: Site) -> None:
    rules: list[Json] = [{"matchrule": {"tag_id": "104"}, "button": [SPRING]}]
    shop.menu({**FILE, "conditionalmenu": [*rules, *FILE["conditionalmenu"]]})
    text = shop.run("who", "--tag", "VIP").out
    assert "tag:VIP gets tag:104 or vip" in text
    assert "perhaps: only WeChat knows whether VIP is the tag with the id 104" in text
    assert "can't be compared offline; who --user asks WeChat" in text


def test_what_nobody_can_get_is_said(shop: Site) -> None:
    rules = [
        conditional(SPRING, client_platform_type=platform)
        for platform in ("ios", "android", "other")
    ]
    shop.menu({"button": [click()], "conditionalmenu": rules})
    text = " ".join(shop.run("who").out.split())
    assert "nobody ever gets the default menu: ios, android, other above it take all" in text


@pytest.mark.parametrize(
    "words",
    [("--tag", ""), ("--user", ""), ("--platform", "windows"), ("-a", "nobody")],
)
def test_wrong_usage_is_64(shop: Site, words: tuple[str, ...]) -> None:
    assert shop.run("who", *words).code == 64


def test_a_file_with_errors_is_3(shop: Site) -> None:
    shop.menu({"button": []})
    assert shop.run("who").code == 3


def test_names_from_a_file_can_not_reach_the_terminal_raw(shop: Site) -> None:
    evil = "a\u202eb\u200b"
    shop.menu({"button": [click()], "conditionalmenu": [conditional(click(evil), tag=evil)]})
    for words in ((), ("--tag", evil), ("--tag", evil, "--tag", evil)):
        said_all = shop.run("who", *words).said
        assert "\u202e" not in said_all
        assert "\u200b" not in said_all


# By WeChat.


def test_wechat_agrees_with_the_rules(shop: Site) -> None:
    with shop.counting() as calls:
        found = asked(shop, "o-vip")
    assert sorted(calls) == [
        "get_current_selfmenu_info",
        "menu/get",
        "menu/trymatch",
        "stable_token",
        "tags/get",
        "tags/getidlist",
    ]
    assert found["tags"] == [{"id": "100", "name": "VIP"}]
    assert (found["agrees"], found["changes"]) == (True, False)
    assert found["wechat"] == {"menus": ["vip"], "button": [VIP]}
    assert found["expected"] == [
        {"who": "tag:VIP", "live": "vip", "files": "vip", "agrees": True, "changes": False}
    ]
    assert shop.run("who", "--user", "o-vip").out == (
        "shop   wx0123456789abcdef   menus/shop.yaml\n"
        "  o-vip has the tag VIP (100)\n"
        "  WeChat gives this follower vip\n"
        "  WeChat agrees with the rules: vip\n"
        "  By menus/shop.yaml the follower gets the same menu\n"
        "\n"
        "    1       会员  click  VIP\n"
    )


def test_wechat_may_wrap_its_answer(shop: Site) -> None:
    account = Account(appid=APPID, secret=SECRET, tags=TAGS, followers=FOLLOWERS)
    shop.emulator.add_account(replace(account, switches=Switches(trymatch="wrapped")))
    assert asked(shop, "o-vip")["wechat"]["menus"] == ["vip"]


def test_which_of_several_tags_was_last_is_found_by_the_answer(shop: Site) -> None:
    found = asked(shop, "o-both")
    assert [(each["who"], each["live"], each["agrees"]) for each in found["expected"]] == [
        ("tag:春季", "tag:春季", False),
        ("tag:VIP", "vip", True),
    ]
    assert found["agrees"]
    text = " ".join(shop.run("who", "--user", "o-both").out.split())
    assert "tags 春季 (101), VIP (100); WeChat doesn't tell which was put on last" in text
    assert "agrees with the rules: vip for tag:VIP By" in text


def test_a_tag_that_somebody_says_was_last_is_held_against_wechat(shop: Site) -> None:
    assert asked(shop, "o-both", "--tag", "VIP", "--platform", "android")["agrees"]
    found = asked(shop, "o-both", "--tag", "春季")
    assert (found["agrees"], found["last_tag"]) == (False, {"id": "101", "name": "春季"})
    ended = shop.run("who", "--user", "o-both", "--tag", "101")
    assert ended.code == 0
    assert "! WeChat disagrees with the live rules, by which it is tag:春季" in ended.out


def test_a_follower_who_would_get_another_menu_by_the_file(shop: Site) -> None:
    shop.menu({"button": [view()]})
    found = asked(shop, "o-vip")
    assert (found["agrees"], found["changes"]) == (True, True)
    assert found["expected"][0]["files"] == "default"
    text = shop.run("who", "--user", "o-plain").out
    assert "o-plain has no tag" in text
    assert "the follower would get another menu: the default menu\n" in text


def test_it_may_depend_on_what_nobody_tells(shop: Site) -> None:
    """By the file ios gets another menu than the others, and the platform isn't known."""
    shop.menu({**FILE, "conditionalmenu": [conditional(SPRING, client_platform_type="ios")]})
    found = asked(shop, "o-plain")
    assert (found["agrees"], found["changes"]) == (True, None)
    assert not asked(shop, "o-plain", "--platform", "other")["changes"]
    text = " ".join(shop.run("who", "--user", "o-plain").out.split())
    assert (
        "the follower may get another menu: ios for ios; the default menu for android, other"
    ) in text


def test_the_tags_of_a_wechat_id_are_not_known(shop: Site) -> None:
    found = asked(shop, "both")
    assert (found["tags"], found["agrees"]) == (None, True)
    assert [each["who"] for each in found["expected"] if each["agrees"]] == ["tag:VIP"]


def test_a_menu_of_the_console_is_what_the_follower_sees(shop: Site) -> None:
    shop.emulator.put_console(APPID, {"button": [{"name": "x", "type": "text", "value": "y"}]})
    found = asked(shop, "o-plain")
    assert (found["console"], found["agrees"]) == (True, True)
    assert found["changes"], "what is seen now is the console's"
    text = " ".join(shop.run("who", "--user", "o-plain").out.split())
    assert "the web console's menu (公众号后台) is in force: the follower sees that one" in text
    assert "agrees" not in text
    assert "WeChat gives" not in text
    assert "which are not in force, WeChat names the default menu" in text
    assert "would get another menu: the default menu" in text


def test_a_menu_that_the_console_switched_off_is_seen_by_nobody(shop: Site) -> None:
    shop.emulator.close_menu(APPID)
    assert asked(shop, "o-plain")["changes"]
    text = " ".join(shop.run("who", "--user", "o-plain").out.split())
    assert "switched the menu off: the follower sees none" in text
    assert "agrees" not in text


def test_no_menu_at_all(shop: Site) -> None:
    shop.no_menu()
    found = asked(shop, "o-plain")
    assert (found["wechat"], found["agrees"]) == ({"menus": [], "button": []}, True)
    assert "WeChat gives this follower no menu" in shop.run("who", "--user", "o-plain").out


def test_a_menu_that_no_rule_explains(shop: Site) -> None:
    """WeChat has a rule that nothing here knows of: the default menu's followers get another."""
    shop.live([click()], conditional(VIP, group_id="100"))
    shop.menu({"button": [click()]})
    account = Account(appid=APPID, secret=SECRET, tags=TAGS, followers=FOLLOWERS)
    shop.emulator.add_account(account)
    shop.emulator.fail_next("tags/getidlist", Fault.answer({"tagid_list": [101]}))
    found = asked(shop, "o-vip")
    assert (found["agrees"], found["wechat"]["menus"]) == (False, ["tag:VIP"])


@pytest.mark.parametrize(
    ("user", "code", "words"),
    [
        ("o-gone", "65315", "doesn't follow"),
        ("o-nobody", "65302", "no such user"),
        ("a b", "40132", "neither an openid"),
    ],
)
def test_a_stranger_is_named_with_what_to_give(
    shop: Site, user: str, code: str, words: str
) -> None:
    ended = shop.run("who", "--user", user)
    assert (ended.code, ended.out) == (7, "")
    assert words in ended.err
    assert "openid of a follower" in ended.err
    assert shop.run("who", "--user", user, "--format", "json").json["error"]["code"] == code


def test_an_openid_is_of_one_account(site: Site) -> None:
    site.accounts(2)
    ended = site.run("who", "--user", "o-vip")
    assert (ended.code, site.calls) == (64, [])
    assert "name the account with -a" in ended.err


@pytest.mark.parametrize("tag", ["春季", "夏"])
def test_a_tag_that_the_follower_has_not_is_wrong_usage(shop: Site, tag: str) -> None:
    ended = shop.run("who", "--user", "o-vip", "--tag", tag)
    assert (ended.code, tag in ended.err) == (64, True)


def test_a_tag_of_the_file_that_the_account_has_not_is_3(shop: Site) -> None:
    shop.menu({"button": [click()], "conditionalmenu": [conditional(VIP, tag="夏")]})
    ended = shop.run("who", "--user", "o-vip")
    assert ended.code == 3
    assert "menus/shop.yaml:" in ended.err
    assert "夏" in ended.err


def test_nothing_is_written(shop: Site) -> None:
    shop.run("who", "--user", "o-vip")
    assert shop.writes == []


# What can't be read.


def test_an_account_that_can_not_be_read_is_7(shop: Site) -> None:
    shop.emulator.fail_next("menu/get", Fault.errcode(48001))
    ended = shop.run("who", "--user", "o-vip")
    assert (ended.code, ended.out) == (7, "")
    assert "48001" in ended.err


@pytest.mark.parametrize("path", ["menu/trymatch", "tags/getidlist"])
def test_a_question_that_wechat_refuses_is_7_and_no_stranger(shop: Site, path: str) -> None:
    shop.emulator.fail_next(path, Fault.errcode(48001))
    ended = shop.run("who", "--user", "o-vip", "--format", "json")
    assert (ended.code, ended.json["error"]["code"]) == (7, "48001")
    assert "openid of a follower" not in ended.json["error"]["fix"]


def test_tags_that_a_file_names_have_to_be_read(shop: Site) -> None:
    shop.emulator.fail_next("tags/get", Fault.errcode(48001))
    ended = shop.run("who", "--user", "o-vip")
    assert ended.code == 7
    assert "menus/shop.yaml names tags" in ended.err
    assert "`tag_id:`" in ended.err


def test_tags_that_nobody_names_are_told_by_their_ids(shop: Site) -> None:
    rules = ((VIP, "100"), (SPRING, "101"))
    menus = [conditional(entry, tag_id=id_) for entry, id_ in rules]
    shop.menu({"button": [click()], "conditionalmenu": menus})
    shop.emulator.fail_next("tags/get", Fault.errcode(48001))
    found = asked(shop, "o-vip")
    assert (found["agrees"], found["wechat"]["menus"]) == (True, ["tag:100"])


def test_where_no_rule_asks_for_a_tag_none_is_asked_for_its_name(shop: Site) -> None:
    shop.menu({"button": [click()]})
    shop.live([click()])
    assert asked(shop, "o-plain")["agrees"] is True
    assert "tags/get" not in shop.calls
