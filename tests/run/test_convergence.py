"""Whatever is live and whatever is wanted: an apply gets there, an import says what is there."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from menuops.core.finding import errors_of
from menuops.core.outcome import Outcome
from menuops.core.plan import Plan
from menuops.files.plan_file import read_plan, write_plan
from tests.site import APPID, Json, Site
from tests.strategies import as_file, as_live, menus, pairs

LIFTED = ("remove-conditional", "live-changed")  # each example has another past
MANY = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def put(site: Site, live: Json | None) -> None:
    site.clock.now_s += 1
    if live is None:
        site.no_menu()
    else:
        site.emulator.put_live(APPID, as_live(live))


@MANY
@given(pair=pairs())
def test_after_an_apply_the_plan_is_empty(site: Site, pair: tuple[Json | None, Json]) -> None:
    live, wanted = pair
    put(site, live)
    site.menu(as_file(wanted))
    plan = site.plan(*LIFTED)
    calls = [step.CALL for account in plan.changed for step in account.steps]
    with site.counting() as seen:
        applied = site.apply(plan)
    assert applied.outcome is (Outcome.DONE if calls else Outcome.NO_CHANGES)
    assert [call for call in seen if call in set(calls)] == calls, "each step is sent once"
    assert site.plan().outcome is Outcome.NO_CHANGES
    assert site.now()[0] == as_live(wanted)["menu"]["button"]


@MANY
@given(pair=pairs())
def test_deleting_first_gets_there_too(site: Site, pair: tuple[Json | None, Json]) -> None:
    live, wanted = pair
    put(site, live)
    site.menu(as_file(wanted))
    site.apply(site.plan(*LIFTED, delete_first=True))
    assert site.plan().outcome is Outcome.NO_CHANGES


@MANY
@given(pair=pairs())
def test_a_saved_plan_is_read_back_as_it_was_made(
    site: Site, pair: tuple[Json | None, Json]
) -> None:
    live, wanted = pair
    put(site, live)
    site.menu(as_file(wanted))
    plan: Plan = site.plan(*LIFTED)
    path = site.root / "plan.json"
    write_plan(path, plan)
    again = read_plan(path, "plan.json")
    assert again == plan
    assert again.digest == plan.digest


@MANY
@given(menu=menus())
def test_after_an_import_the_plan_is_empty(site: Site, menu: Json) -> None:
    put(site, menu)
    imported = site.imported()
    assert errors_of(imported.findings) == ()
    assert imported.outcome is Outcome.DONE
    site.menu(imported.text)
    plan = site.plan()
    assert plan.outcome is Outcome.NO_CHANGES
    assert plan.accounts[0].status == "in_sync"


@MANY
@given(menu=menus())
def test_an_imported_file_is_applied_to_an_account_without_menus(site: Site, menu: Json) -> None:
    put(site, menu)
    site.menu(site.imported().text)
    put(site, None)
    site.apply(site.plan("live-changed"))
    default, conditionals = site.now()
    wanted = as_live(menu)
    assert default == wanted["menu"]["button"]
    assert [buttons for _, buttons in conditionals] == [
        one["button"] for one in wanted.get("conditionalmenu", [])
    ]
