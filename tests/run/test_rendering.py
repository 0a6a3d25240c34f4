"""What would be sent, and where each value comes from."""

from __future__ import annotations

import pytest

from ..site import Site  # noqa: TID252  # tests are no package on the path

MENU = """\
vars:
  base_url: https://example.org
  unit: 店
x-help: &help
  type: click
  key: HELP
button:
  - name: 新品
    type: view
    url: ${base_url}/new?a=${appid}
  - name: 帮助
    sub_button:
      - name: 人工${unit}
        <<: *help
      - name: 订单
        type: miniprogram
        url: ${base_url}/o
        appid: wx286b93c14bbf93aa
        pagepath: pages/index?x=$${y}
conditionalmenu:
  - id: vip
    matchrule:
      tag: VIP
      client_platform_type: ios
    button:
      - name: 会员
        type: view
        url: https://example.org/vip
"""
PROJECT = """\
defaults:
  vars:
    base_url: https://shop.example.com
accounts:
  shop:
    appid: wx0123456789abcdef
    menu: menus/shop.yaml
  trial:
    appid: wxtrial
    menu: menus/shop.yaml
    skip_conditional: true
    miniprogram_as: view
    vars: {unit: 部}
"""
SHOP = """\
# shop  wx0123456789abcdef  menus/shop.yaml
button:
  - name: 新品
    type: view
    url: https://shop.example.com/new?a=wx0123456789abcdef
  - name: 帮助
    sub_button:
      - name: 人工店
        type: click
        key: HELP
      - name: 订单
        type: miniprogram
        url: https://shop.example.com/o
        appid: wx286b93c14bbf93aa
        pagepath: pages/index?x=$${y}
conditionalmenu:
  - matchrule:
      tag: VIP
      client_platform_type: "1"
    button:
      - name: 会员
        type: view
        url: https://example.org/vip
"""
# ruff: noqa: E501  # as long as what is printed
TRIAL = """\
# trial  wxtrial  menus/shop.yaml
button:
  - name: 新品                               # menus/shop.yaml:8:11
    type: view                               # menus/shop.yaml:9:11
    url: https://elsewhere.cn/new?a=wxtrial  # menus/shop.yaml:10:10, ${base_url} --var, ${appid} built in
  - name: 帮助                               # menus/shop.yaml:11:11
    sub_button:
      - name: 人工部                         # menus/shop.yaml:13:15, ${unit} menuops.yaml:13:18
        type: click                          # menus/shop.yaml:5:9
        key: HELP                            # menus/shop.yaml:6:8
      - name: 订单                           # menus/shop.yaml:15:15
        type: view                           # menus/shop.yaml:16:15, miniprogram_as menuops.yaml:12:21
        url: https://elsewhere.cn/o          # menus/shop.yaml:17:14, ${base_url} --var
"""


@pytest.fixture
def shop(site: Site) -> Site:
    site.menu(MENU)
    site.write("menuops.yaml", PROJECT)
    return site


def test_text_is_what_would_be_sent(shop: Site) -> None:
    ended = shop.run("render", "-a", "shop")
    assert (ended.code, ended.out) == (0, SHOP)
    assert shop.run("render", "-a", "shop", "--format", "yaml").out == SHOP
    assert shop.calls == []


def test_each_value_tells_its_origin(shop: Site) -> None:
    ended = shop.run("render", "-a", "trial", "--origin", "--var", "base_url=https://elsewhere.cn")
    assert (ended.code, ended.out) == (0, TRIAL)


def test_origins_name_each_place_that_can_give_a_variable(shop: Site) -> None:
    document = shop.run("render", "-a", "shop", "--origin", "--format", "json").json
    (account,) = document["accounts"]
    origins = {tuple(origin["at"]): origin for origin in account["origins"]}
    url = origins["button", 0, "url"]
    assert (url["file"], url["line"], url["column"]) == ("menus/shop.yaml", 10, 10)
    assert url["parts"] == [
        {"part": "${base_url}", "file": "menuops.yaml", "line": 3, "column": 15},
        {"part": "${appid}", "from": "built in"},
    ]
    name = origins["button", 1, "sub_button", 0, "name"]
    assert name["parts"] == [{"part": "${unit}", "file": "menus/shop.yaml", "line": 3, "column": 9}]
    assert origins["conditionalmenu", 0, "matchrule", "tag"]["line"] == 23
    assert origins["button", 1, "sub_button", 1, "pagepath"]["parts"] == []


def test_json_has_the_bodies_of_the_api(shop: Site) -> None:
    document = shop.run("render", "--format", "json").json
    shop_, trial = document["accounts"]
    assert (document["outcome"], shop_["name"], shop_["menu"]) == (
        "done",
        "shop",
        "menus/shop.yaml",
    )
    assert "origins" not in shop_
    assert shop_["button"][1]["sub_button"][1]["pagepath"] == "pages/index?x=${y}"
    assert trial["conditionalmenu"] == []
    assert trial["button"][1]["sub_button"][1] == {
        "type": "view",
        "name": "订单",
        "url": "https://shop.example.com/o",
    }


def test_many_accounts_are_documents_one_after_the_other(shop: Site) -> None:
    text = shop.run("render").out
    assert text.startswith(SHOP + "---\n# trial  wxtrial  menus/shop.yaml\n")


def test_what_is_rendered_is_a_menu_file_that_comes_to_the_same(shop: Site) -> None:
    shop.menu(shop.run("render", "-a", "shop").out, "again")
    shop.project(menu="menus/again.yaml")
    assert shop.run("render").out == SHOP.replace("shop.yaml", "again.yaml")


def test_an_invalid_file_is_not_rendered(shop: Site) -> None:
    shop.menu(MENU.replace("新品", "新品新品新品新品"))
    ended = shop.run("render", "--format", "json")
    assert ended.code == 3
    assert ended.json["error"]["findings"][0]["rule"] == "name-too-long"


def test_a_moment_chooses_the_menu(shop: Site) -> None:
    shop.menu({"button": [{"name": "新年", "type": "click", "key": "NY"}]}, "ny")
    shop.project(menu=[{"from": "2027-01-01T00:00+08:00", "menu": "menus/ny.yaml"}])
    assert shop.run("render").code == 3
    ended = shop.run("render", "--at", "2027-01-01T00:00+08:00")
    assert "新年" in ended.out


def test_an_account_of_the_environment_has_no_project_file_to_name(shop: Site) -> None:
    ended = shop.run(
        "render", "--menu", "menus/shop.yaml", "--origin", environ={"MENUOPS_APPID": "wx1"}
    )
    assert "menus/shop.yaml:10:10, ${base_url} menus/shop.yaml:2:13" in ended.out
