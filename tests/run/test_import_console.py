"""A menu that the web console made: what is imported, and why the next plan isn't empty."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menuops.core.live import Console
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan
from menuops.run.importing import Imported
from menuops.run.menu_text import schema_seen_from
from menuops.run.settings import Settings
from tests.site import APPID, Json, Site, click, conditional, payload, view
from tests.strategies import TEXT, URLS, buttons, texts

GREETING: Json = {"name": "文本", "type": "text", "value": "您好"}
FINDER: Json = {"name": "视频号", "type": "finder", "value": "a"}


def rules(imported: Imported) -> list[str]:
    return [finding.rule for finding in imported.findings]


def made_in_the_console(site: Site, *button: Json) -> Imported:
    site.emulator.put_console(APPID, {"button": list(button)})
    imported = site.imported()
    site.menu(imported.text)
    return imported


def live_console(site: Site) -> Console:
    (account,) = site.plan().accounts
    assert isinstance(account, AccountPlan)
    return account.live.console


def test_a_console_menu_is_imported_and_says_why_its_plan_is_not_empty(site: Site) -> None:
    imported = made_in_the_console(site, GREETING, view())
    assert imported.outcome is Outcome.DONE
    assert rules(imported) == ["console-menu", "console-entry"]
    assert "#   value: 您好\n" in imported.text
    assert site.plan().outcome is Outcome.REFUSED
    assert live_console(site) is Console.MADE
    assert site.apply(site.plan("console-menu")).outcome is Outcome.DONE
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_a_console_menu_over_that_of_the_api_is_the_one_that_is_imported(site: Site) -> None:
    site.live([click()], conditional(click(), group_id="100"))
    imported = made_in_the_console(site, view("控制台"))
    assert rules(imported) == ["console-menu"]
    assert "控制台" in imported.text
    assert "- id: vip\n" in imported.text
    assert live_console(site) is Console.OVERRIDES
    assert site.apply(site.plan("console-menu")).outcome is Outcome.DONE
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_a_menu_that_is_switched_off_is_imported_as_the_api_made_it(site: Site) -> None:
    site.live([click("关着")])
    site.emulator.close_menu(APPID)
    imported = site.imported()
    site.menu(imported.text)
    assert "关着" in imported.text
    assert rules(imported) == ["console-menu"]
    assert "switched off" in imported.findings[0].message
    assert live_console(site) is Console.CLOSED
    assert site.apply(site.plan("console-menu")).outcome is Outcome.DONE


def test_a_selfmenu_that_shows_what_the_api_made_says_nothing(site: Site) -> None:
    site.live([view()])
    imported = site.imported()
    assert imported.findings == ()
    site.menu(imported.text)
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_an_entry_that_nothing_is_near_to_is_left_out_and_the_plan_says_so(site: Site) -> None:
    imported = made_in_the_console(site, view(), FINDER)
    (_, left_out) = imported.findings
    assert (left_out.rule, left_out.severity) == ("console-entry", "warning")
    assert imported.text.splitlines()[left_out.line - 1].strip().startswith("# 视频号")
    assert site.apply(site.plan("console-menu")).outcome is Outcome.DONE
    assert [entry["name"] for entry in site.now()[0]] == ["首页"]


def test_a_menu_of_which_nothing_is_left_is_no_menu(site: Site) -> None:
    imported = made_in_the_console(site, FINDER)
    assert imported.outcome is Outcome.INVALID
    assert "button: []" in imported.text


def console_buttons(most_bytes: int) -> st.SearchStrategy[Json]:
    """A button as the console makes them, or one of a type that nobody knows."""
    article = st.fixed_dictionaries(
        {"title": TEXT}, optional={"content_url": URLS | TEXT, "digest": TEXT}
    )
    return st.fixed_dictionaries(
        {
            "name": texts(most_bytes),
            "type": st.sampled_from(("text", "img", "photo", "voice", "video", "news", "finder")),
        },
        optional={
            "value": TEXT | st.just("https://mp.weixin.qq.com/a"),
            "news_info": st.fixed_dictionaries({"list": st.lists(article, max_size=2)}),
        },
    )


CONSOLE_MENUS = st.lists(
    console_buttons(16)
    | buttons(16)
    | st.builds(
        lambda name, listed: {"name": name, "sub_button": {"list": listed}},
        texts(16),
        st.lists(console_buttons(60) | buttons(60), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(button=CONSOLE_MENUS)
def test_after_an_import_and_an_apply_the_console_menu_is_as_near_as_can_be(
    site: Site, button: list[Json]
) -> None:
    site.clock.now_s += 1
    site.no_menu()
    imported = made_in_the_console(site, *button)
    assert imported.text == site.imported().text
    names = {finding.rule for finding in imported.findings}
    if imported.outcome is Outcome.INVALID:
        assert "entry-count" in names, "all of it was of a type that nobody knows"
        return
    assert "console-menu" in names
    assert site.apply(site.plan("console-menu")).outcome is Outcome.DONE
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_an_import_gives_the_same_text_each_time(site: Site) -> None:
    """The media ids and download links of a console menu are others at each reading."""
    texts = set()
    for number in range(2):
        info = payload("selfmenu-console")["selfmenu_info"]
        for entry in (*info["button"], *info["button"][0]["sub_button"]["list"]):
            if entry.get("type") in ("img", "voice", "video"):
                entry["value"] = f"OTHER_{number}"
        site.clock.now_s += 86_400
        texts.add(made_in_the_console(site, *info["button"]).text)
    assert len(texts) == 1


def test_every_dead_menu_stands_as_a_comment(site: Site) -> None:
    site.emulator.put_live(
        APPID,
        {
            "menu": {"button": [view()]},
            "conditionalmenu": [
                {"menuid": 8, "matchrule": {"sex": "1"}, "button": [click("甲")]},
                {"menuid": 7, "matchrule": {"city": "广州"}, "button": [click("乙")]},
            ],
        },
    )
    imported = site.imported()
    (finding,) = imported.findings
    assert finding.message.startswith("2 conditional menus match nobody")
    assert [line for line in imported.text.splitlines() if line.startswith("# dead: menuid")]
    assert {"#   - name: 甲", "#   - name: 乙"} <= set(imported.text.splitlines())
    site.menu(imported.text)
    assert site.plan().outcome is Outcome.NO_CHANGES


# The line for editors


def test_a_file_finds_the_schema_that_lies_beside_the_project(site: Site) -> None:
    site.write("schemas/menu.schema.json", {})
    here = site.settings()
    seen = {
        name: schema_seen_from(site.root / name, here)
        for name in ("menu.yaml", "menus/shop.yaml", "menus/a/b.yaml")
    }
    assert list(seen.values()) == [
        "schemas/menu.schema.json",
        "../schemas/menu.schema.json",
        "../../schemas/menu.schema.json",
    ]
    assert schema_seen_from(None, here) is None


def test_the_schema_lies_beside_the_project_file_that_is_named(site: Site) -> None:
    site.write("elsewhere/schemas/menu.schema.json", {})
    there = Settings(directory=site.root, config=site.root / "elsewhere/other.yaml")
    out = site.root / "menus/shop.yaml"
    assert schema_seen_from(out, there) == "../elsewhere/schemas/menu.schema.json"


def test_without_schemas_there_is_no_line_for_editors(site: Site) -> None:
    assert schema_seen_from(site.root / "menu.yaml", site.settings()) is None


@pytest.mark.parametrize("kind", ["menu", "selfmenu"])
def test_a_file_with_the_line_for_editors_is_the_same_menu(site: Site, kind: str) -> None:
    site.write("schemas/menu.schema.json", {})
    site.live([view()])
    ended = site.run("import", "--out", f"menus/{kind}.yaml")
    assert ended.code == 0
    text = (site.root / f"menus/{kind}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schemas/menu.schema.json\nbutton:\n")
