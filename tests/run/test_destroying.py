"""Dropping every menu of one account: named twice, kept first, proved afterwards."""

from __future__ import annotations

import shlex

import pytest

from menuops.core.errors import NotApproved
from menuops.core.outcome import Outcome
from menuops.emulator import Fault
from menuops.locks import FileLocks, LockKey
from menuops.run.destroying import Destroying, destroy
from tests.site import APPID, Site, click, conditional, no_progress, payload, view

WORDS = ("destroy", "-a", "shop", "--yes", "--confirm", "shop")
ANDROID = {"client_platform_type": "2"}


@pytest.fixture(autouse=True)
def _menus(site: Site) -> None:
    site.live([view()], conditional(view("乙"), **ANDROID))


def test_all_menus_go_in_one_call_and_come_back(site: Site) -> None:
    ended = site.run(*WORDS)
    assert ended.code == 0, ended.said
    assert (site.writes, site.now()) == (["menu/delete"], (None, []))
    assert site.steps() == ["menu/delete started", "menu/delete done"]
    assert site.journal()[0]["command"] == "destroy"
    assert site.journal()[-2]["outcome"] == "as_predicted"
    (undo,) = [line for line in ended.out.splitlines() if line.startswith("Undo")]
    back = site.run(*shlex.split(undo)[2:], "--yes")
    assert back.code == 0, back.said
    default, conditionals = site.now()
    assert [entry["name"] for entry in default] == ["首页"]
    assert [[entry["name"] for entry in menu] for _, menu in conditionals] == [["乙"]]


def test_the_plan_of_what_goes_is_shown_before(site: Site) -> None:
    site.emulator.put_console(APPID, {"button": [{"name": "文", "type": "text", "value": "好"}]})
    ended = site.run("destroy", "-a", "shop")
    assert (ended.code, site.writes) == (9, [])
    assert "- #1  android   removed" in ended.out
    assert "! 文 (text) of default: the API can't make it" in ended.out
    assert "menuops destroy -a shop --yes --confirm shop" in ended.err


def test_the_name_is_typed(site: Site) -> None:
    asked: list[Destroying] = []

    def no() -> bool:
        assert asked
        return False

    with pytest.raises(NotApproved):
        destroy(
            site.settings(accounts=("shop",)),
            site.world,
            show=asked.append,
            ask=no,
            progress=no_progress,
        )
    assert (site.writes, site.runs) == ([], [])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["destroy"], 64),
        (["destroy", "-a", "s*", "--yes", "--confirm", "shop"], 64),
        (["destroy", "-a", "shop", "-a", "shop", "--yes", "--confirm", "shop"], 64),
        (["destroy", "-a", "nobody", "--yes", "--confirm", "nobody"], 64),
        (["destroy", "-a", "shop", "--yes"], 64),
        (["destroy", "-a", "shop", "--yes", "--confirm", "Shop"], 9),
        (["destroy", "-a", "shop", "--confirm", "shop"], 9),
        (["destroy", "-a", "shop"], 9),
    ],
)
def test_less_than_the_name_drops_nothing(site: Site, words: list[str], code: int) -> None:
    ended = site.run(*words)
    assert ended.code == code, ended.said
    assert (site.writes, site.runs) == ([], [])


@pytest.mark.parametrize("mode", ["watch", "paused"])
def test_an_account_that_is_not_written_to_is_left_alone(site: Site, mode: str) -> None:
    site.project(mode=mode)
    assert site.run(*WORDS).code == 64
    assert site.writes == []


def test_a_protected_account_is_dropped_by_its_name(site: Site) -> None:
    site.project(protected=True)
    assert site.run(*WORDS).code == 0


def test_nothing_is_left_to_drop_the_second_time(site: Site) -> None:
    site.run(*WORDS)
    ended = site.run(*WORDS, "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (0, "no_changes")
    assert site.writes == ["menu/delete"]


def test_a_menu_of_the_console_alone_is_not_claimed_to_be_dropped(site: Site) -> None:
    site.no_menu()
    site.emulator.put_console(APPID, {"button": [view("后台")]})
    ended = site.run(*WORDS, "--format", "json")
    assert (ended.code, ended.json["error"]["code"]) == (7, "console_menu")
    assert site.writes == []


def test_a_menu_of_the_console_that_stays_is_told(site: Site) -> None:
    site.emulator.put_console(APPID, {"button": [view("后台")]})
    ended = site.run(*WORDS, "--format", "json")
    assert (ended.code, site.writes) == (6, ["menu/delete"])
    assert "the web console's menu is in force" in ended.json["accounts"][0]["differs"]


def test_dead_menus_go_too(site: Site) -> None:
    site.emulator.put_live(APPID, payload("menu-get-with-conditional"))
    assert site.account_plan("remove-conditional").live.dead
    assert site.run(*WORDS).code == 0
    assert site.now() == (None, [])


@pytest.mark.parametrize("fault", [Fault.reset_after(), Fault.half_answer(), Fault.status(502)])
def test_a_lost_answer_is_settled_by_reading(site: Site, fault: Fault) -> None:
    site.project(retry_s=30)
    site.emulator.fail_next("menu/delete", fault)
    applied = destroy(
        site.settings(accounts=("shop",)),
        site.world,
        show=no_progress,
        ask=None,
        progress=no_progress,
    )
    assert applied.outcome is Outcome.DONE
    assert site.now() == (None, [])


def test_what_was_applied_last_is_that_there_is_nothing(site: Site) -> None:
    site.run(*WORDS)
    assert site.account_plan().guards == ()
    site.live([click("同事改的", "X")])
    assert [guard.guard for guard in site.account_plan().guards] == ["live-changed"]


def test_an_account_that_another_run_holds_is_8(site: Site) -> None:
    with FileLocks(site.state / "locks", command="menuops apply").held(
        LockKey(site.url, APPID, "apply")
    ):
        ended = site.run(*WORDS)
    assert (ended.code, site.writes) == (8, [])
    assert "menuops apply, process " in ended.err
