"""The sample payloads: live answers are imported, posted bodies are menu files."""

from __future__ import annotations

from typing import Any

import pytest

from menuops.core.errors import CannotStart, InvalidFiles
from menuops.core.finding import errors_of
from menuops.core.outcome import Outcome
from menuops.emulator import Account, Tag
from menuops.run.validating import validate
from tests.site import APPID, PAYLOADS, SECRET, Site, payload

GOT = sorted(path.stem for path in PAYLOADS.glob("menu-get-*.json"))
POSTED = sorted(
    path.stem
    for path in PAYLOADS.glob("menu-create-*.json")
    if "response" not in path.stem and path.stem != "menu-create-rejected"
)
REJECTED = payload("menu-create-rejected")

MASKED = {"menu-get-live-platform-conditionals", "menu-get-tag-conditional-after-recreate"}
"""Their authors took links out, so they can't be made again as they stand."""
WITHDRAWN = {"menu-get-with-conditional"}
"""A rule by sex and city, which matches nobody any more."""
TOO_MANY = {"menu-create-doc-other-types"}
"""Seven top-level entries, as on the page that it is from, with names for a sub-menu."""
UNLINKED = "mini program not linked to the account"


@pytest.fixture(autouse=True)
def _tag(site: Site) -> None:
    """Give the account the tag that a sample's rule is for."""
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, tags=(Tag(156, "老友"),)))


def test_no_menu_can_not_be_imported(site: Site) -> None:
    site.emulator.put_live(APPID, payload("menu-get-none"))
    with pytest.raises(CannotStart) as caught:
        site.imported()
    assert caught.value.code == "no_menu"


@pytest.mark.parametrize("name", [name for name in GOT if name != "menu-get-none"])
def test_a_live_answer_becomes_a_file_whose_plan_is_empty(site: Site, name: str) -> None:
    site.emulator.put_live(APPID, payload(name))
    imported = site.imported()
    site.menu(imported.text)
    if name in MASKED:
        assert imported.outcome is Outcome.INVALID
        assert errors_of(imported.findings)
        with pytest.raises(InvalidFiles) as caught:
            site.plan()
        assert set(caught.value.findings) == set(imported.findings)
        return
    assert imported.outcome is Outcome.DONE
    assert site.plan().outcome is Outcome.NO_CHANGES
    dead = [finding for finding in imported.findings if finding.rule == "dead-menu"]
    assert bool(dead) is (name in WITHDRAWN)


def test_a_tag_of_a_live_rule_is_written_by_its_name(site: Site) -> None:
    site.emulator.put_live(APPID, payload("menu-get-tag-conditional-after-recreate"))
    assert "tag: 老友" in site.imported().text


@pytest.mark.parametrize("name", POSTED)
def test_a_posted_body_is_a_menu_file(site: Site, name: str) -> None:
    body = payload(name)
    path = site.menu((PAYLOADS / f"{name}.json").read_bytes())
    found = validate(site.settings(), site.world, [path])
    if name in TOO_MANY:
        assert found.outcome is Outcome.INVALID
        rules = {finding.rule for finding in errors_of(found.findings)}
        assert rules == {"entry-count", "name-too-long"}
        return
    assert found.outcome is Outcome.VALID
    assert site.calls == []
    applied = site.apply(site.plan())
    assert applied.outcome is Outcome.DONE
    assert site.plan().outcome is Outcome.NO_CHANGES
    default, _ = site.now()
    assert [entry["name"] for entry in default] == [entry["name"] for entry in body["button"]]


@pytest.mark.parametrize("case", REJECTED, ids=lambda case: str(case["case"]))
def test_what_wechat_refuses_is_refused_offline(site: Site, case: dict[str, Any]) -> None:
    site.menu(case["body"])
    if case["case"] == UNLINKED:
        assert site.plan().outcome is Outcome.CHANGES
        return
    with pytest.raises(InvalidFiles) as caught:
        site.plan()
    assert errors_of(caught.value.findings)
    assert site.calls == []


def test_a_mini_program_that_is_not_linked_is_refused_by_wechat(site: Site) -> None:
    (case,) = (case for case in REJECTED if case["case"] == UNLINKED)
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, linked_apps=()))
    site.menu(case["body"])
    with pytest.raises(CannotStart) as caught:
        site.apply(site.plan())
    assert caught.value.code == str(case["errcode"])
    assert "nothing was written" in caught.value.message
    assert site.now() == (None, [])
    assert site.steps() == ["menu/create started", "menu/create failed"]


def test_every_sample_of_these_kinds_is_tried() -> None:
    assert len(GOT) > 5
    assert len(POSTED) > 5
