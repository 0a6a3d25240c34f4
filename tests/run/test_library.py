"""`menuops.plan` and `menuops.apply`, for programs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import menuops
from menuops.core.errors import StalePlan, Usage
from menuops.core.outcome import Outcome
from tests.site import SECRET, Site, click, view


def test_a_program_plans_looks_and_applies(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENUOPS_SECRET_SHOP", SECRET)
    plan = menuops.plan(site.root, api_url=site.url)
    assert [account.ref.name for account in plan.changed] == ["shop"]
    applied = menuops.apply(plan, site.root, api_url=site.url)
    assert applied.outcome is Outcome.DONE
    assert menuops.plan(site.root, api_url=site.url).outcome is Outcome.NO_CHANGES
    site.live([view()])
    with pytest.raises(StalePlan):
        menuops.apply(plan, site.root, api_url=site.url)


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match="drift"):
        menuops.drift  # noqa: B018


def test_a_plan_of_another_moment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.menu({"button": [click("新年", "NY")]}, "ny")
    site.menu({"button": [click()]})
    site.project(
        menu=[
            {"from": "2027-01-01T00:00+08:00", "menu": "menus/ny.yaml"},
            {"menu": "menus/shop.yaml"},
        ]
    )
    new_year = datetime(2026, 12, 31, 16, tzinfo=UTC)
    monkeypatch.setenv("MENUOPS_SECRET_SHOP", SECRET)
    made = menuops.plan(site.root, api_url=site.url, at=new_year)
    assert made.changed[0].keys_gained == ("NY",)
    with pytest.raises(Usage, match="offset"):
        menuops.plan(site.root, api_url=site.url, at=new_year.replace(tzinfo=None))
