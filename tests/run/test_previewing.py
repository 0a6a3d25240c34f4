"""`menuops preview` on a project: whose menu, when, from a plan, and where it goes."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from menuops.files.fonts import choose_fonts, font_folders

from ..site import Json, Site, click, view  # noqa: TID252  # tests are no package on the path

VIP = {"id": "vip", "matchrule": {"tag": "VIP"}, "button": [click("贵宾", "VIP")]}
APPLE = {
    "id": "apple",
    "matchrule": {"client_platform_type": "ios"},
    "button": [click("苹果", "APPLE")],
}
BY_ID = {"id": "old", "matchrule": {"tag_id": "104"}, "button": [click("老", "OLD")]}


def needs_fonts() -> None:
    """Leave a test out where this machine has no font at all."""
    if choose_fonts("Help 9:41", font_folders())[1]:
        pytest.skip("no font with Latin letters: apt-get install fonts-noto-cjk")


def scenes(site: Site, *arguments: str) -> list[Json]:
    (account,) = site.run("preview", "--format", "json", *arguments).json["accounts"]
    listed: list[Json] = account["scenes"]
    return listed


def shown(site: Site, *arguments: str) -> list[tuple[str, Any]]:
    return [(scene["who"], scene["after"]["menu"]) for scene in scenes(site, *arguments)]


@pytest.fixture
def menus(site: Site) -> Site:
    site.menu({"button": [click()], "conditionalmenu": [VIP, APPLE, BY_ID]})
    return site


def test_every_menu_is_drawn_where_nobody_is_named(menus: Site) -> None:
    assert shown(menus) == [
        ("everyone else", "default"),
        ("tag:VIP", "vip"),
        ("ios", "apple"),
        ("tag:104", "old"),
    ]


def test_text_draws_the_default_menu_and_names_the_others(menus: Site) -> None:
    out = menus.run("preview").out
    assert "帮助" in out
    assert "贵宾" not in out
    assert "Conditional menus: vip (tag:VIP), apple (ios), old (tag:104)." in out


def test_no_request_is_made(menus: Site) -> None:
    menus.run("preview", "--tag", "VIP", "--platform", "ios")
    assert menus.calls == []


MAY_BE_VIP = [("tag:104+android", "vip"), ("tag:104+android", "old")]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--tag", "VIP"), [("tag:VIP", "vip")]),
        (("--tag", "VIP", "--platform", "ios"), [("tag:VIP+ios", "vip")]),
        (
            ("--platform", "ios"),
            [
                ("tag:VIP+ios", "vip"),
                ("tag:104+ios", "vip"),
                ("tag:104+ios", "apple"),
                ("others+ios", "apple"),
            ],
        ),
        (
            ("--platform", "other"),
            [
                ("tag:VIP+other", "vip"),
                ("tag:104+other", "vip"),
                ("tag:104+other", "old"),
                ("others+other", "default"),
            ],
        ),
        (
            ("--tag", "101", "--platform", "other"),
            [("tag:101+other", "vip"), ("tag:101+other", "default")],
        ),
        (("--tag", "104", "--platform", "android"), MAY_BE_VIP),
        (
            ("--tag", "104"),
            [
                ("tag:104+ios", "vip"),
                ("tag:104+ios", "apple"),
                ("tag:104+android, tag:104+other", "vip"),
                ("tag:104+android, tag:104+other", "old"),
            ],
        ),
        (
            ("--tag", "nobody", "--platform", "android"),
            [("tag:nobody+android", "old"), ("tag:nobody+android", "default")],
        ),
    ],
)
def test_a_follower_sees_the_first_menu_that_matches(
    menus: Site, arguments: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    """All that they may see, as `who` answers: only WeChat knows which name has the id 104."""
    assert shown(menus, *arguments) == expected


@pytest.mark.parametrize("format_", ["text", "html", "json", "svg"])
def test_every_format_says_that_only_wechat_knows(menus: Site, format_: str) -> None:
    arguments = ("--tag", "104", "--platform", "android")
    ended = menus.run("preview", *arguments, "--format", format_)
    if format_ == "json":
        scenes_ = ended.json["accounts"][0]["scenes"]
        assert [scene["sure"] for scene in scenes_] == [False, False]
        return
    words = "a tag's name and an id can't be compared offline; who --user asks WeChat"
    assert words in (ended.err if format_ == "svg" else ended.out)
    assert words in menus.run("who", *arguments).out
    for menu in ("vip", "old"):
        assert f"perhaps menu {menu} (tag:104+android)" in ended.out


def test_the_menu_of_another_time(site: Site) -> None:
    site.menu({"button": [click("双十一")]}, "sale")
    sale = {"from": "2026-12-11T00:00+08:00", "menu": "menus/sale.yaml"}
    site.project(menu=[sale, {"menu": "menus/shop.yaml"}])
    (button,) = scenes(site, "--at", "2026-12-12T00:00+08:00")[0]["after"]["button"]
    assert button["name"] == "双十一"


@pytest.fixture
def planned(site: Site) -> Site:
    site.live([click("旧", "OLD"), view()], {"matchrule": {"tag_id": "100"}, "button": [click()]})
    vip = {**VIP, "button": [click("帮助", "HELP"), click("新", "NEW")]}
    site.menu({"button": [view(), click("新旧", "OLD")], "conditionalmenu": [vip]})
    assert site.run("plan", "--out", "plan.json").code == 0
    return site


def test_a_plan_is_drawn_before_and_after_with_its_marks(planned: Site) -> None:
    default, vip = scenes(planned, "--plan", "plan.json")
    marks = [
        [(item["name"], item.get("marks")) for item in default[side]["button"]]
        for side in ("before", "after")
    ]
    assert [name for name, _ in marks[0]] == ["旧", "首页"]
    assert dict(marks[0])["旧"] == dict(marks[1])["新旧"]
    assert "rename" in dict(marks[1])["新旧"]
    assert vip["who"] == "tag:VIP"
    assert [item.get("marks") for item in vip["after"]["button"]] == [None, ["add"]]


def test_a_plan_is_drawn_for_a_follower_by_name_or_id(planned: Site) -> None:
    by_name = scenes(planned, "--plan", "plan.json", "--tag", "VIP")
    by_id = scenes(planned, "--plan", "plan.json", "--tag", "100")
    assert [scene["after"]["menu"] for scene in by_name] == ["vip"]
    assert by_name[0]["after"] == by_id[0]["after"]
    (other,) = scenes(planned, "--plan", "plan.json", "--tag", "101")
    assert (other["before"]["menu"], other["after"]["menu"]) == ("default", "default")


def test_a_plan_needs_no_project(planned: Site) -> None:
    (planned.root / "menuops.yaml").unlink()
    assert planned.run("preview", "--plan", "plan.json", "--out", "p.html").code == 0


def test_pictures_of_a_plan_show_one_account(site: Site) -> None:
    site.accounts(2)
    site.run("plan", "--out", "plan.json")
    refused = site.run("preview", "--plan", "plan.json", "--out", "p.svg")
    assert refused.code == 64
    assert "choose one of a01, a02 with -a" in refused.err
    assert site.run("preview", "--plan", "plan.json", "-a", "a01", "--out", "p.svg").code == 0
    both = site.run("preview", "--plan", "plan.json", "--format", "html").out
    assert both.count("<h1>") == 2
    assert site.run("preview", "--plan", "plan.json", "-a", "b*").code == 64


def test_an_account_that_could_not_be_read_is_named(site: Site) -> None:
    site.accounts(2)
    site.environ["MENUOPS_SECRET_A02"] = "0" * 32
    site.write("plan.json", site.run("plan", "--format", "json").out)
    assert "a02 can't be read" in site.run("preview", "--plan", "plan.json").out
    ended = site.run("preview", "--plan", "plan.json", "-a", "a02", "--format", "svg")
    assert (ended.code, ended.out) == (7, "")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("p.txt", b"default menu"),
        ("p.html", b"<!doctype html>"),
        ("p.svg", b"<svg "),
        ("p.png", b"\x89PNG"),
        ("p.json", b'{"accounts"'),
        ("new/folder/P.HTM", b"<!doctype html>"),
    ],
)
def test_the_ending_gives_the_format(site: Site, name: str, start: bytes) -> None:
    needs_fonts()
    site.menu({"button": [click("Help")]})
    ended = site.run("preview", "--out", name)
    assert (ended.code, ended.out) == (0, f"Wrote {name}\n")
    assert (site.root / name).read_bytes().startswith(start)


def test_a_format_that_is_named_counts_for_more_than_the_ending(site: Site) -> None:
    assert site.run("preview", "--out", "p.html", "--format", "svg").code == 0
    assert (site.root / "p.html").read_bytes().startswith(b"<svg ")


def test_a_png_goes_to_a_pipe_as_it_is(site: Site) -> None:
    needs_fonts()
    site.menu({"button": [click("Help")]})
    site.run("preview", "--out", "p.png")
    words = [sys.executable, "-m", "menuops", "preview", "--format", "png"]
    piped = subprocess.run(
        words,
        cwd=site.root,
        env=site.process_environ(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert piped.stdout == (site.root / "p.png").read_bytes()


def test_an_ending_that_gives_no_format_is_refused(site: Site) -> None:
    ended = site.run("preview", "--out", "menu.gif")
    assert ended.code == 64
    assert ".html" in ended.err
    assert not (site.root / "menu.gif").exists()


def test_a_file_that_is_there_stays(site: Site) -> None:
    site.write("p.svg", "mine")
    assert site.run("preview", "--out", "p.svg").code == 64
    assert (site.root / "p.svg").read_text() == "mine"
    assert site.run("preview", "--out", "p.svg", "--overwrite").code == 0
    assert (site.root / "p.svg").read_text().startswith("<svg")


@pytest.mark.parametrize("out", ["menuops.yaml", "menus/shop.yaml", "menus/new.yml", "a/../link"])
def test_no_source_is_ever_replaced(site: Site, out: str) -> None:
    (site.root / "a").mkdir()
    (site.root / "link").symlink_to("menuops.yaml")
    before = [
        path.read_bytes() for path in (site.root / "menuops.yaml", site.root / "menus/shop.yaml")
    ]
    ended = site.run("preview", "--out", out, "--format", "html", "--overwrite")
    assert ended.code == 64
    assert "no place for a preview" in ended.err
    after = [
        path.read_bytes() for path in (site.root / "menuops.yaml", site.root / "menus/shop.yaml")
    ]
    assert after == before


def test_a_menu_file_in_json_is_a_source_too(site: Site) -> None:
    menu = site.write("menus/shop.json", {"button": [click()]})
    site.project(menu="menus/shop.json")
    before = menu.read_bytes()
    assert site.run("preview", "--out", "menus/shop.json", "--overwrite").code == 64
    assert menu.read_bytes() == before


def test_a_plan_has_its_time_already(planned: Site) -> None:
    ended = planned.run("preview", "--plan", "plan.json", "--at", "2026-12-12T00:00+08:00")
    assert ended.code == 64


def test_lines_are_ascii_where_that_is_wanted(site: Site) -> None:
    site.menu({"button": [{"name": "Help me now", "sub_button": [click("One")]}]})
    assert site.run("preview", "--ascii").out.isascii()


def test_an_invalid_file_is_said_to_be(site: Site) -> None:
    site.menu({"button": []})
    assert site.run("preview").code == 3
