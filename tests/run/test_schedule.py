"""A list of menus: the one in force is planned, and the plan says when the next takes over."""

from __future__ import annotations

import pytest

from menuops.core.errors import InvalidFiles, StalePlan
from menuops.core.moments import parse_moment
from menuops.core.schedule import NextSwitch

from ..site import Site, click, view  # noqa: TID252  # tests are no package on the path

NEW_YEAR = "2027-01-01T00:00+08:00"
DAY_AFTER = "2027-01-02T00:00+08:00"


@pytest.fixture
def holiday(site: Site) -> Site:
    site.menu({"button": [click("平日", "EVERYDAY")]}, "everyday")
    site.menu({"button": [click("新年", "NEW_YEAR")]}, "new-year")
    site.project(
        menu=[
            {"from": NEW_YEAR, "until": DAY_AFTER, "menu": "menus/new-year.yaml"},
            {"menu": "menus/everyday.yaml"},
        ]
    )
    return site


def wanted(site: Site, **keys: object) -> str:
    entry = site.account_plan(**keys).after.button[0]
    return entry.name


def at(moment: str, plus_s: int = 0) -> int:
    found = parse_moment(moment)
    assert found is not None
    return found + plus_s


def test_the_menu_in_force_now_is_planned(holiday: Site) -> None:
    assert wanted(holiday) == "平日"
    holiday.clock.now_s = at(NEW_YEAR)
    assert wanted(holiday) == "新年"
    holiday.clock.now_s = at(DAY_AFTER)
    assert wanted(holiday) == "平日"


def test_another_moment_can_be_planned_for(holiday: Site) -> None:
    assert wanted(holiday, at_s=at(NEW_YEAR)) == "新年"
    assert wanted(holiday, at_s=at(NEW_YEAR, -1)) == "平日"


def test_the_plan_tells_the_next_switch_in_sync_or_not(holiday: Site) -> None:
    expected = NextSwitch("2026-12-31T16:00:00Z", "menus/new-year.yaml")
    assert holiday.account_plan().basis.next_switch == expected
    assert holiday.apply().outcome.exit_code == 0
    synced = holiday.account_plan()
    assert synced.status == "in_sync"
    assert synced.basis.next_switch == expected
    later = holiday.account_plan(at_s=at(NEW_YEAR))
    assert later.basis.next_switch == NextSwitch("2027-01-01T16:00:00Z", "menus/everyday.yaml")
    assert holiday.account_plan(at_s=at(DAY_AFTER)).basis.next_switch is None


def test_the_next_switch_is_no_part_of_what_is_approved(holiday: Site) -> None:
    before = holiday.plan()
    holiday.project(menu="menus/everyday.yaml")
    assert holiday.plan().digest == before.digest


def test_while_no_menu_is_in_force_nothing_is_planned(holiday: Site) -> None:
    holiday.project(menu=[{"from": NEW_YEAR, "menu": "menus/new-year.yaml"}])
    with pytest.raises(InvalidFiles) as caught:
        holiday.plan()
    finding = caught.value.findings[-1]
    assert (finding.file, finding.line, finding.rule) == ("menuops.yaml", 1, "nothing-in-force")
    assert finding.column > 1
    assert "shop is in force at 2026-11-21T04:00:00Z" in finding.message
    assert holiday.calls == []


def test_every_menu_of_the_list_is_validated_whenever_it_is_in_force(holiday: Site) -> None:
    holiday.menu({"button": [view("新年", "no-link")]}, "new-year")
    ended = holiday.run("validate")
    assert ended.code == 3
    assert "menus/new-year.yaml:1:" in ended.out
    assert holiday.run("validate", "menus/new-year.yaml").code == 3
    assert holiday.run("validate", "menus/everyday.yaml").code == 0


def test_a_file_that_is_not_in_force_does_not_stop_a_plan(holiday: Site) -> None:
    holiday.menu({"button": [view("新年", "no-link")]}, "new-year")
    assert wanted(holiday) == "平日"


def test_the_command_line_takes_a_moment_with_its_offset(holiday: Site) -> None:
    shown = holiday.run("plan", "--at", NEW_YEAR).out
    assert "新年" in shown
    assert "menuops apply" in shown
    assert "--at 2026-12-31T16:00:00Z" in shown.splitlines()[-1]
    wrong = holiday.run("plan", "--at", "2027-01-01")
    assert wrong.code == 64
    assert "isn't a date, a time and its offset" in wrong.err


def test_a_saved_plan_is_not_changed_by_a_moment(holiday: Site) -> None:
    assert holiday.run("plan", "--at", NEW_YEAR, "--out", "plan.json").code == 0
    assert holiday.run("apply", "plan.json", "--at", NEW_YEAR).code == 64
    assert holiday.run("apply", "plan.json").code == 0
    assert holiday.now()[0][0]["name"] == "新年"


def test_one_menu_that_ends_is_a_switch_to_none(holiday: Site) -> None:
    holiday.project(menu=[{"until": NEW_YEAR, "menu": "menus/everyday.yaml"}])
    assert holiday.account_plan().basis.next_switch == NextSwitch("2026-12-31T16:00:00Z", None)


def test_a_plan_ends_before_its_menu_does(holiday: Site) -> None:
    holiday.clock.now_s = at(NEW_YEAR) - 3600
    plan = holiday.plan()
    assert plan.expires_at == "2026-12-31T15:59:59Z"
    holiday.clock.now_s = at(NEW_YEAR)
    with pytest.raises(StalePlan, match="expired"):
        holiday.apply(plan)
    assert holiday.writes == []


def test_a_plan_of_a_menu_that_ended_already_lives_as_long_as_any(holiday: Site) -> None:
    """Somebody asked for it by its moment."""
    holiday.clock.now_s = at(DAY_AFTER)
    plan = holiday.plan(at_s=at(NEW_YEAR))
    assert plan.expires_at == "2027-01-08T16:00:00Z"


def test_the_plan_warns_of_what_is_doubtful_in_the_list(holiday: Site) -> None:
    holiday.project(menu=[{"until": NEW_YEAR, "menu": "menus/everyday.yaml"}])
    assert "[window-hole]" in holiday.run("plan").err
    assert "[window-hole]" in holiday.run("render").err
