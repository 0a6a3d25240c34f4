"""A menu that the web console made: what is imported, and why the next plan isn't empty."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menuops.core.errors import CannotStart
from menuops.core.live import Console
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan
from menuops.emulator import Fault
from menuops.run.importing import Imported, import_file
from menuops.run.menu_text import schema_seen_from
from menuops.run.saving import save_answers
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


def test_an_account_that_is_to_have_less_than_it_has_says_so(site: Site) -> None:
    program = {**view("小程序"), "type": "miniprogram", "appid": "wx286b93c14bbf93aa"}
    program["pagepath"] = "pages/a"
    site.live([program], conditional(click(), group_id="100"))
    assert site.imported().findings == ()
    site.project(skip_conditional=True, miniprogram_as="view")
    imported = site.imported()
    assert rules(imported) == ["adapted-account", "adapted-account"]
    site.menu(imported.text)
    assert site.plan().outcome is Outcome.REFUSED
    site.live([click()])
    assert site.imported().findings == ()


def test_keys_that_the_bot_of_the_account_lacks_are_said(site: Site) -> None:
    more = {"name": "更多", "sub_button": [click("一", "HELP"), click("二", "HELQ")]}
    site.live([click("三", "GONE"), more], conditional(click("四", "VIP"), group_id="100"))
    site.write("bot/keys.txt", "HELP\n")
    site.project(click_keys="bot/keys.txt")
    imported = site.imported()
    assert imported.outcome is Outcome.DONE
    assert rules(imported) == ["adapted-account"] * 3
    lines = imported.text.splitlines()
    for found, key in zip(imported.findings, ("GONE", "HELQ", "VIP"), strict=True):
        assert lines[found.line - 1][found.column - 1 :] == key
        assert f"the bot of shop answers no key `{key}`, says bot/keys.txt" in found.message
        assert found.message.startswith("the next plan refuses this file: ")
    site.menu(imported.text)
    ended = site.run("plan")
    assert (ended.code, ended.err.count("unanswered-key")) == (3, 3)
    site.write("bot/keys.txt", "HEL*\nGONE\nVIP\n")
    assert site.imported().findings == ()
    assert site.plan().outcome is Outcome.NO_CHANGES


def test_keys_of_menus_that_the_account_is_not_to_have_are_not_asked_for(site: Site) -> None:
    site.live([click()], conditional(click("四", "VIP"), group_id="100"))
    site.write("keys.txt", "HELP\n")
    site.project(click_keys="keys.txt", skip_conditional=True)
    (found,) = site.imported().findings
    assert "skip_conditional" in found.message


def test_a_file_of_keys_that_can_not_be_read_is_said(site: Site) -> None:
    site.live([click()])
    site.project(click_keys="keys.txt")
    imported = site.imported()
    (found,) = imported.findings
    assert (found.rule, found.severity) == ("adapted-account", "warning")
    assert found.file == "keys.txt"
    assert imported.outcome is Outcome.DONE
    site.menu(imported.text)
    assert site.run("plan").code == 3


def test_a_file_with_errors_is_mended_before_its_keys_are_looked_at(site: Site) -> None:
    site.live([click()] * 4)
    site.write("keys.txt", "ELSE\n")
    site.project(click_keys="keys.txt")
    assert "adapted-account" not in rules(site.imported())


# Tags


def test_without_tagged_menus_no_tags_are_asked_for(site: Site) -> None:
    site.live([view()], conditional(click(), client_platform_type="1"))
    with site.counting() as calls:
        site.imported()
    assert sorted(calls) == ["get_current_selfmenu_info", "menu/get", "stable_token"]


def test_tags_that_may_not_be_read_stand_by_their_ids_and_that_is_said(site: Site) -> None:
    site.live([view()], conditional(click(), group_id="100"), conditional(click(), group_id="101"))
    site.emulator.fail_next("tags/get", Fault.errcode(48001), times=2)
    document = save_answers(site.settings(), site.world)
    live = site.imported()
    saved = import_file(Settings(), json.dumps(document).encode(), "live.json", "menus/shop.yaml")
    for imported in (live, saved):
        (found,) = imported.findings
        assert (found.rule, found.severity) == ("unnamed-tags", "warning")
        place = imported.text.splitlines()[found.line - 1][found.column - 1 :]
        assert place == '"100"'
        assert imported.outcome is Outcome.DONE
    assert live == saved


def test_tags_that_fail_for_another_reason_than_a_right_end_the_import(site: Site) -> None:
    site.live([view()], conditional(click(), group_id="100"))
    site.emulator.fail_next("tags/get", Fault.errcode(45009))
    with pytest.raises(CannotStart) as caught:
        site.imported()
    assert caught.value.code == "45009"
    assert caught.value.message.startswith("shop: ")


def test_tags_that_failed_do_not_count_where_no_menu_has_one(site: Site) -> None:
    site.live([view()])
    site.emulator.fail_next("tags/get", Fault.errcode(48001))
    document = save_answers(site.settings(), site.world)
    imported = import_file(Settings(), json.dumps(document).encode(), "live.json", "menu.yaml")
    assert imported.findings == ()


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
