"""`plan` and `show` in every form, and for every terminal."""

from __future__ import annotations

import pytest

from menuops.core.columns import columns
from menuops.render.plan_comment import read_plan_comment

from ..site import Site, click, conditional, view  # noqa: TID252  # tests are no package on the path

HOSTILE = "</code><script>`|@all"


@pytest.fixture
def changing(site: Site) -> Site:
    site.live([view("首页"), click(HOSTILE)])
    site.menu({"button": [view("首页", "https://shop.example.com/v2")]})
    site.project()
    return site


def test_a_saved_plan_is_shown_as_it_was_made_in_every_form(changing: Site) -> None:
    """But for the command that applies it."""
    for form in ("markdown", "html", "text"):
        planned = changing.run("plan", "--out", "plan.json", "--format", form)
        shown = changing.run("show", "plan.json", "--format", form)
        assert planned.code == shown.code == 0
        applies = "menuops apply plan.json" if form == "text" else "menuops apply plan"
        assert applies in shown.out
        assert shown.out.replace(" plan&#46;json", "").replace(" plan.json", "") == planned.out


def test_markdown_is_a_comment_that_tools_can_read(changing: Site) -> None:
    ended = changing.run("plan", "--format", "markdown")
    document = changing.run("plan", "--format", "json").json
    digests = read_plan_comment(ended.out)
    assert digests is not None
    assert (digests.plan, digests.accounts) == (
        document["digest"],
        {"shop": document["accounts"][0]["digest"]},
    )
    assert "<script" not in ended.out
    assert "@all" not in ended.out


def test_html_is_one_page(changing: Site) -> None:
    page = changing.run("plan", "--format", "html").out
    assert page.startswith("<!doctype html>\n")
    assert page.endswith("</html>\n")
    assert page.count("<script>") == 1
    assert page.count('<figure class="phone">') == 2


def test_exit_codes_are_those_of_the_text(changing: Site) -> None:
    for form in ("text", "json", "markdown", "html"):
        assert changing.run("plan", "--detailed-exitcode", "--format", form).code == 2


def test_a_refused_plan_is_printed_all_the_same(site: Site) -> None:
    site.live([view("首页")], conditional(click(), tag_id="100"))
    site.menu({"button": [view("首页")]})
    site.project()
    for form in ("text", "markdown", "html"):
        ended = site.run("plan", "--format", form)
        assert ended.code == 4
        assert "delconditional" in ended.out


def test_text_is_as_wide_as_columns_says(changing: Site) -> None:
    narrow = changing.run("plan", environ={"COLUMNS": "60"}).out
    assert max(map(columns, narrow.splitlines()[:-3])) <= 60
    assert max(map(columns, changing.run("plan", environ={"COLUMNS": ""}).out.splitlines())) > 60


def test_ascii_draws_with_ascii(changing: Site) -> None:
    changing.live([view("首页"), click(), click("签到", "SIGN")])
    changing.menu({"button": [click(), click("签到", "SIGN"), view("首页")]})
    assert "·" in changing.run("plan").out
    drawn = changing.run("plan", "--ascii").out
    assert not set("±·…") & set(drawn)
    assert "首页" in drawn
