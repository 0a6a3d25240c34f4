"""How many requests a run makes: no more than it needs."""

from __future__ import annotations

import pytest

from menuops.core.errors import InvalidFiles
from tests.site import TAGS, Site, click, conditional, view

READS = ["get_current_selfmenu_info", "menu/get"]


def test_a_plan_makes_two_requests_with_a_warm_token(site: Site) -> None:
    site.plan()
    with site.counting() as calls:
        site.plan()
    assert sorted(calls) == READS


def test_a_cold_plan_asks_for_one_token(site: Site) -> None:
    with site.counting() as calls:
        site.plan()
    assert sorted(calls) == [*READS, "stable_token"]


@pytest.mark.parametrize("saved", [True, False])
def test_an_apply_reads_twice_writes_its_steps_and_reads_back_twice(
    site: Site, saved: bool
) -> None:
    site.live([view()], conditional(view(), client_platform_type="2"))
    ios = conditional(click(), client_platform_type="ios")
    site.menu({"button": [click()], "conditionalmenu": [ios], "allow": ["remove-conditional"]})
    plan = site.plan()
    with site.counting() as calls:
        site.apply(plan if saved else None)
    assert sorted(calls[:2]) == READS
    assert calls[2:5] == ["menu/create", "menu/addconditional", "menu/delconditional"]
    assert sorted(calls[5:]) == READS


def test_an_apply_with_nothing_to_do_only_reads(site: Site) -> None:
    site.live([click()])
    site.plan()
    with site.counting() as calls:
        site.apply()
    assert sorted(calls) == READS


def test_a_plan_that_was_asked_about_is_read_once_more(site: Site) -> None:
    site.plan()
    with site.counting() as calls:
        site.apply(ask=lambda: True)
    assert sorted(calls[:4]) == sorted([*READS, *READS])
    assert calls[4] == "menu/create"
    assert sorted(calls[5:]) == READS


def test_files_with_errors_cost_no_request(site: Site) -> None:
    site.menu({"button": []})
    with pytest.raises(InvalidFiles):
        site.plan()
    with pytest.raises(InvalidFiles):
        site.apply()
    assert site.calls == []


def test_tags_are_read_only_where_a_name_must_be_known(site: Site) -> None:
    site.live([click()])
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), tag_id="100")]})
    site.plan()
    assert "tags/get" not in site.calls
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), tag=TAGS[0].name)]})
    site.plan()
    assert site.calls.count("tags/get") == 1


def test_a_live_tag_that_the_file_lacks_is_asked_for_its_name(site: Site) -> None:
    site.live([click()], conditional(view(), group_id="101"))
    account = site.account_plan()
    assert [guard.allow for guard in account.guards] == ["remove-conditional:tag:春季"]
    assert site.calls.count("tags/get") == 1
