"""What an account's own keys and rights make of the import of its menus."""

from __future__ import annotations

import json
import textwrap

import pytest

from menuops.core.errors import CannotStart
from menuops.core.outcome import Outcome
from menuops.emulator import Fault
from menuops.run.importing import Imported, import_file
from menuops.run.saving import save_answers
from menuops.run.settings import Settings
from tests.site import Site, click, conditional, view


def rules(imported: Imported) -> list[str]:
    return [finding.rule for finding in imported.findings]


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


def test_an_account_without_a_menu_is_led_from_plan_to_import_to_a_file(site: Site) -> None:
    """Neither of the messages leads back to where the person came from."""
    site.no_menu()
    (site.root / "menus/shop.yaml").unlink()
    planned = site.run("plan")
    assert (planned.code, "menuops import -a shop --out menus/shop.yaml" in planned.err) == (
        3,
        True,
    )
    imported = site.run("import", "-a", "shop", "--out", "menus/shop.yaml")
    assert (imported.code, "menuops import" in imported.err) == (7, False)
    said = textwrap.dedent(imported.err)
    assert "write its first menu into menus/shop.yaml:" in said
    site.menu(said[said.index("button:") : said.index("then see")])
    assert "then see what it makes: menuops plan -a shop" in said
    assert site.run("plan", "-a", "shop", "--detailed-exitcode").code == 2
    again = site.run("import", "-a", "shop")
    assert "its file is there already, menus/shop.yaml" in again.err
    assert "menuops plan -a shop" in again.err
