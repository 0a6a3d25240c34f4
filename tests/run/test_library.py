"""`menuops.plan` and `menuops.apply`, for programs."""

from __future__ import annotations

import pytest

import menuops
from menuops.core.errors import StalePlan
from menuops.core.outcome import Outcome
from tests.site import SECRET, Site, view


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
